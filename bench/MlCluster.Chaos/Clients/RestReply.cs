namespace MlCluster.Chaos.Clients;

/// <summary>A request that any gateway may answer.</summary>
/// <param name="Body">Null: none. Sent as application/json whatever it is.</param>
internal sealed record RestRequest(string Method, string Path, byte[]? Body, TimeSpan AttemptTimeout);

/// <summary>How one attempt at a request ended.</summary>
internal enum AttemptEnd
{
    /// <summary>An answer that another gateway would give as well.</summary>
    Answered,

    /// <summary>503 or 429 and when to try again.</summary>
    Busy,

    /// <summary>No connection: nothing happened.</summary>
    Refused,

    /// <summary>The connection ended, or no answer came in time: it may have happened.</summary>
    Broken,
}

/// <summary>One attempt.</summary>
/// <param name="Status">0: no answer.</param>
internal sealed record Attempt(string Gateway, AttemptEnd End, int Status, string Text)
{
    /// <summary>What an answer means for the next attempt.</summary>
    public static AttemptEnd EndOf(int status, bool hasRetryAfter) =>
        status is 503 or 429 && hasRetryAfter ? AttemptEnd.Busy : AttemptEnd.Answered;

    /// <summary>True: it may have taken effect, or may yet.</summary>
    public bool MayHaveHappened => End == AttemptEnd.Broken || Status == 503;
}

/// <summary>What became of a request within the client's budget.</summary>
/// <param name="Attempts">All, the last one at the end.</param>
internal sealed record RestReply(IReadOnlyList<Attempt> Attempts)
{
    /// <summary>0: no gateway gave an answer.</summary>
    public int Status => Attempts[^1].End == AttemptEnd.Answered ? Attempts[^1].Status : 0;

    /// <summary>The answer.</summary>
    public string Text => Attempts[^1].Text;

    /// <summary>True: an attempt without an answer may have taken effect, or may yet.</summary>
    public bool IsUnsure => (Status == 0 ? Attempts : Attempts.SkipLast(1)).Any(a => a.MayHaveHappened);

    /// <summary>True: the cluster asked to come back later.</summary>
    public bool WasPutOff => Status == 0 && Attempts.Any(a => a.End == AttemptEnd.Busy);

    public override string ToString() =>
        string.Join("; ", Attempts.TakeLast(4).Select(a => $"{a.Gateway} {a.End} {a.Status} {Short(a.Text)}"));

    private static string Short(string text) => text.Length > 300 ? text[..300] : text;
}
