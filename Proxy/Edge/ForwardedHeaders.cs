using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ClusterMesh.Proxy.Edge;

/// <summary>
/// X-Forwarded-*, X-Real-IP and X-Request-Id as the backend gets them. What a client sends of them is replaced; what a trusted
/// proxy sends is kept and appended to (peers.md section 4).
/// </summary>
internal static class ForwardedHeaders
{
    private const string For = "X-Forwarded-For", Proto = "X-Forwarded-Proto", Host = "X-Forwarded-Host", Port = "X-Forwarded-Port",
        RealIp = "X-Real-IP", Forwarded = "Forwarded";

    public const string RequestId = "X-Request-Id";

    // Set here.
    private static readonly string[] s_set = [For, Proto, Host, Port, RealIp, RequestId, Forwarded];

    // Only a trusted proxy's word.
    private static readonly string[] s_believed =
        ["X-Forwarded-Scheme", "X-Scheme", "X-Forwarded-Prefix", "X-Original-Forwarded-For", "X-Envoy-External-Address", "X-Envoy-Internal", "X-Forwarded-Client-Cert"];

    private static readonly FrozenSet<string> s_ofTrusted = FrozenSet.ToFrozenSet(s_set, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> s_ofOthers = FrozenSet.ToFrozenSet([.. s_set, .. s_believed], StringComparer.OrdinalIgnoreCase);

    /// <summary>What of the request's fields is not copied.</summary>
    public static FrozenSet<string> NotCopied(bool trusted) => trusted ? s_ofTrusted : s_ofOthers;

    public static void Set(Exchange exchange, HttpRequestMessage to)
    {
        var request = exchange.Context.Request;
        var from = request.Headers;
        var client = exchange.Facts.Client?.ToString() ?? "";
        var trusted = exchange.TrustedPeer;
        var headers = to.Headers;
        headers.TryAddWithoutValidation(For, trusted && from[For] is { Count: > 0 } before ? Append(before, client) : client);
        headers.TryAddWithoutValidation(Proto, Kept(from, Proto, trusted) ?? request.Scheme);
        headers.TryAddWithoutValidation(Host, Kept(from, Host, trusted) ?? request.Host.Value);
        headers.TryAddWithoutValidation(Port, Kept(from, Port, trusted) ?? PortText(exchange.Context.Connection.LocalPort));
        headers.TryAddWithoutValidation(RealIp, Kept(from, RealIp, trusted) ?? client);
        headers.TryAddWithoutValidation(RequestId, exchange.RequestId);
        // RFC 7239 is for those who speak it already.
        if (trusted && from[Forwarded] is { Count: > 0 } chain) headers.TryAddWithoutValidation(Forwarded, Append(chain, Element(client, request)));
    }

    /// <summary>The scheme that the client used, as far as the peer may tell.</summary>
    public static string Scheme(HttpRequest request, bool trusted) => Kept(request.Headers, Proto, trusted) ?? request.Scheme;

    private static string? Kept(IHeaderDictionary from, string name, bool trusted) =>
        trusted && from.TryGetValue(name, out StringValues values) && values.Count > 0 ? values[0] : null;

    private static string Append(StringValues before, string last) => $"{string.Join(", ", before.ToArray())}, {last}";

    private static string Element(string client, HttpRequest request) =>
        $"for={(client.Contains(':') ? $"\"[{client}]\"" : client)};host=\"{request.Host.Value}\";proto={request.Scheme}";

    private static string PortText(int port) => port switch { 80 => "80", 443 => "443", _ => port.ToString(System.Globalization.CultureInfo.InvariantCulture) };
}
