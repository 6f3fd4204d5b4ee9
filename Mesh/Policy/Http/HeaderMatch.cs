namespace ClusterMesh.Mesh.Policy.Http;

/// <summary>What becomes of a request whose header is not as a rule wants it (cilium.md 4); all but Refuse let it pass.</summary>
public enum HeaderMismatch
{
    Refuse,
    Log,
    Add,
    Delete,
    Replace,
}

/// <summary>A condition on a header.</summary>
/// <param name="Value">Null = it is there, whatever it says.</param>
public sealed record HeaderMatch(string Name, string? Value, HeaderMismatch Mismatch = HeaderMismatch.Refuse)
{
    public bool Holds(IHttpFacts request) => request.Header(Name) is { } value && (Value is null || value == Value);

    // Values may be secrets.
    public override string ToString() => $"{Mismatch} {Name}";
}

/// <summary>What is to be done to a request's header before it is forwarded. Its value is never logged: it may be a secret.</summary>
/// <param name="Value">Empty where only a name was written.</param>
public sealed record HeaderEdit(HeaderMismatch Action, string Name, string Value)
{
    public override string ToString() => $"{Action} {Name}";
}
