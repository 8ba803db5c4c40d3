using Akka.Actor;
using MlCluster.Messages.Models;

namespace MlCluster.Node.Data.Pretrained;

/// <summary>The repository has the model that was asked for.</summary>
/// <param name="Spec">What is registered.</param>
/// <param name="Sha256">What its archive has to have.</param>
internal sealed record PretrainedFound(ModelSpec Spec, string Sha256) : INoSerializationVerificationNeeded;
