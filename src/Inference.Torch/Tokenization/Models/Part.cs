using System.Runtime.InteropServices;

namespace MlCluster.Inference.Tokenization.Models;

/// <summary>A part of a word, in UTF-16 units.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Part(int Start, int End);
