namespace ClusterMesh.Mesh.Routes;

/// <summary>What is hashed for a sticky split or a consistent-hash pick. Name is empty where the kind needs none.</summary>
public readonly record struct HashKey(HashKeyKind Kind, string Name)
{
    /// <summary>"header:NAME", "cookie:NAME", "query:NAME", "client-address", "uri" or "path"; null when the text is none of them.</summary>
    public static HashKey? Parse(string text)
    {
        var colon = text.IndexOf(':');
        var (kind, name) = colon < 0 ? (text.Trim(), "") : (text[..colon].Trim(), text[(colon + 1)..].Trim());
        return (kind, colon < 0 ? 0 : HttpToken.IsToken(name) ? 1 : -1) switch
        {
            ("header", 1) => new(HashKeyKind.Header, name),
            ("cookie", 1) => new(HashKeyKind.Cookie, name),
            ("query", 1) => new(HashKeyKind.Query, name),
            ("client-address", 0) => new(HashKeyKind.ClientAddress, ""),
            ("uri", 0) => new(HashKeyKind.Uri, ""),
            ("path", 0) => new(HashKeyKind.Path, ""),
            _ => null,
        };
    }

    public override string ToString() => Kind switch
    {
        HashKeyKind.Header => $"header:{Name}",
        HashKeyKind.Cookie => $"cookie:{Name}",
        HashKeyKind.Query => $"query:{Name}",
        HashKeyKind.ClientAddress => "client-address",
        HashKeyKind.Uri => "uri",
        _ => "path",
    };
}

public enum HashKeyKind { Header, Cookie, Query, ClientAddress, Uri, Path }
