using System.Globalization;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Mesh.Policy.Rules;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Agent.Admin.Trace;

/// <summary>The query of GET /policy/trace, checked.</summary>
/// <param name="Request">Null = the connection alone.</param>
internal sealed record TraceQuery(string From, string To, ushort Port, IpProtocol Protocol, HttpFacts? Request)
{
    private const int LongestValue = 8192, MostHeaders = 100;

    private static readonly string[] s_names = ["from", "to", "port", "method", "path", "host", "header"];

    /// <summary>Null: something in it is wrong.</summary>
    public static TraceQuery? Parse(IQueryCollection query, out string error)
    {
        error = query.Keys.FirstOrDefault(name => !s_names.Contains(name)) is { } unknown ? $"{unknown}: not one of {string.Join(", ", s_names)}" : "";
        foreach (var (name, values) in query)
        {
            if (values.Count > (name == "header" ? MostHeaders : 1) || values.Any(value => value is not { Length: > 0 and <= LongestValue })) error = $"{name}: its value is missing, too long, or given too often";
        }

        var (from, to, port) = ((string?)query["from"], (string?)query["to"], (string?)query["port"]);
        if (error.Length == 0 && (from is null || to is null || port is null)) error = "from, to and port are needed";
        if (error.Length > 0) return null;
        var (number, protocol) = ReadPort(port!, ref error);
        var request = ReadRequest(query, ref error);
        if (error.Length == 0 && request is not null && protocol is not IpProtocol.Tcp) error = $"port: a request needs TCP, not {protocol.Text()}";
        return error.Length > 0 ? null : new(from!, to!, number, protocol, request);
    }

    private static (ushort Number, IpProtocol Protocol) ReadPort(string text, ref string error)
    {
        var parts = text.Split('/');
        if (parts.Length <= 2 && ushort.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && Enum.TryParse<IpProtocol>(parts.ElementAtOrDefault(1) ?? "TCP", ignoreCase: true, out var protocol) && Enum.IsDefined(protocol) && protocol is not IpProtocol.Any)
            return (number, protocol);
        error = $"port: \"{text}\" is not a port such as 80 or 53/UDP";
        return default;
    }

    private static HttpFacts? ReadRequest(IQueryCollection query, ref string error)
    {
        if (!query.Keys.Any(name => name is "method" or "path" or "host" or "header")) return null;
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in query["header"])
        {
            var colon = header!.IndexOf(':');
            if (colon <= 0) error = $"header: \"{header}\" is not of the form \"Name: value\"";
            else headers[header[..colon]] = headers.TryGetValue(header[..colon], out var before) ? $"{before},{header[(colon + 1)..].Trim()}" : header[(colon + 1)..].Trim();
        }

        return new((string?)query["method"] ?? "GET", (string?)query["path"] ?? "/", (string?)query["host"] ?? "", headers);
    }
}
