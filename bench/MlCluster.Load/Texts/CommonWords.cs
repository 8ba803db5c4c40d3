namespace MlCluster.Load.Texts;

/// <summary>English words that are one token each in BERT's uncased vocabulary, so that lengths can be chosen.</summary>
internal static class CommonWords
{
    private const string Text =
        """
        time year people way day man thing woman life child world school state family student group country
        problem hand part place case week company system program question work government number night point
        home water room mother area money story fact month lot right study book eye job word business issue
        side kind head house service friend father power hour game line end member law car city community
        name president team minute idea kid body information back parent face level office door health
        person art war history party result change morning reason research girl guy moment air teacher force
        education sunny today bright river mountain forest ocean winter summer garden music paper letter
        voice light market price plan model data language science nature animal bird tree stone fire road
        bridge train ship plane field farm village kitchen table window picture camera machine engine energy
        metal glass wood color sound silence memory dream answer search vector cluster node journal replica
        batch queue token sentence meaning small large quick slow early late new old young warm cold deep
        high open closed simple rich clear dark green red blue white black and the of in on with for from to
        at by is was are has had will can may must not but or if when while after before because although
        between under over near far through across without within against about every some many few each
        other another same different
        """;

    public static readonly IReadOnlyList<string> All =
        Text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
