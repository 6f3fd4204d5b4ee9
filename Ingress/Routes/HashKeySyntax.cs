using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>What is hashed, in our words ("cookie:uid") and in nginx' variables ("$cookie_uid").</summary>
internal static class HashKeySyntax
{
    public static bool TrySticky(string text, out HashKey? key)
    {
        key = text switch
        {
            "client-address" => new HashKey(HashKeyKind.ClientAddress, ""),
            _ when text.StartsWith("header:", StringComparison.Ordinal) => Named(HashKeyKind.Header, text["header:".Length..]),
            _ when text.StartsWith("cookie:", StringComparison.Ordinal) => Named(HashKeyKind.Cookie, text["cookie:".Length..]),
            _ => null,
        };
        return key is not null;
    }

    public static bool TryOwn(string text, out HashKey? key)
    {
        key = text == "uri" ? new HashKey(HashKeyKind.Uri, "") : null;
        return key is not null || TrySticky(text, out key);
    }

    public static bool TryVariable(string text, out HashKey? key)
    {
        key = text switch
        {
            "$request_uri" => new HashKey(HashKeyKind.Uri, ""),
            "$uri" => new HashKey(HashKeyKind.Path, ""),
            "$remote_addr" or "$binary_remote_addr" => new HashKey(HashKeyKind.ClientAddress, ""),
            _ when text.StartsWith("$http_", StringComparison.Ordinal) => Named(HashKeyKind.Header, text["$http_".Length..].Replace('_', '-')),
            _ when text.StartsWith("$cookie_", StringComparison.Ordinal) => Named(HashKeyKind.Cookie, text["$cookie_".Length..]),
            _ when text.StartsWith("$arg_", StringComparison.Ordinal) => Named(HashKeyKind.Query, text["$arg_".Length..]),
            _ => null,
        };
        return key is not null;
    }

    private static HashKey? Named(HashKeyKind kind, string name) =>
        // A "$" in the name is nginx' way to join variables, which one key cannot say.
        AnnotationValues.TryToken(name, out _) && !name.Contains('$') ? new HashKey(kind, name) : null;
}
