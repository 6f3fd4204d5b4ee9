using ClusterMesh.Mesh.Routes;

namespace ClusterMesh.Ingress.Routes;

/// <summary>What is hashed, in our words ("cookie:uid") and in nginx' variables ("$cookie_uid").</summary>
internal static class HashKeySyntax
{
    /// <summary>What a split can be sticky by: it must stay the same for a client.</summary>
    public static bool TrySticky(string text, out HashKey? key)
    {
        key = HashKey.Parse(text) is { Kind: HashKeyKind.Header or HashKeyKind.Cookie or HashKeyKind.ClientAddress } stays ? stays : null;
        return key is not null;
    }

    public static bool TryOwn(string text, out HashKey? key)
    {
        key = HashKey.Parse(text);
        return key is not null;
    }

    public static bool TryVariable(string text, out HashKey? key)
    {
        key = text switch
        {
            "$request_uri" => new HashKey(HashKeyKind.Uri, ""),
            "$uri" => new HashKey(HashKeyKind.Path, ""),
            "$remote_addr" or "$binary_remote_addr" => new HashKey(HashKeyKind.ClientAddress, ""),
            _ when After("$http_", text) is { } header => Named(HashKeyKind.Header, header.Replace('_', '-')),
            _ when After("$cookie_", text) is { } cookie => Named(HashKeyKind.Cookie, cookie),
            _ when After("$arg_", text) is { } parameter => Named(HashKeyKind.Query, parameter),
            _ => null,
        };
        return key is not null;
    }

    private static string? After(string prefix, string text) =>
        text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;

    private static HashKey? Named(HashKeyKind kind, string name) =>
        // A "$" in the name is nginx' way to join variables, which one key cannot say.
        AnnotationValues.TryToken(name, out _) && !name.Contains('$') ? new HashKey(kind, name) : null;
}
