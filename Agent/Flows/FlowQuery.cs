using ClusterMesh.Mesh.Clusters;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ClusterMesh.Agent.Flows;

/// <summary>The query of GET /flows, checked.</summary>
internal sealed record FlowQuery(FlowFilter Filter, bool Follow)
{
    private const int MostValues = 64, LongestValue = 320;

    /// <summary>Null: something in it is wrong; what is not known is wrong, too, as it would show more than was asked for.</summary>
    public static FlowQuery? Parse(IQueryCollection query, out string error)
    {
        (var (filter, follow), error) = ((FlowFilter.All, false), "");
        foreach (var (name, values) in query)
        {
            if (values.Count > MostValues) error = $"{name}: more than {MostValues} values";
            else if (values.Any(value => value is not { Length: > 0 and <= LongestValue })) error = $"{name}: a value is missing or too long";
            else if (name == "follow") follow = values[^1] switch { "true" => true, "false" => false, var text => Wrong(text!, "true or false", ref error) };
            else filter = With(filter, name, values!, ref error);
            if (error.Length > 0) return null;
        }

        // Who follows and says no more wants what comes, not what was.
        if (follow && !query.ContainsKey("last") && !query.ContainsKey("since")) filter = filter with { Last = 0 };
        return new(filter, follow);

        bool Wrong(string text, string what, ref string error)
        {
            error = $"follow: \"{text}\" is not {what}";
            return false;
        }
    }

    private static FlowFilter With(FlowFilter filter, string name, StringValues values, ref string error)
    {
        var check = new ValueCheck(name, values);
        var next = name switch
        {
            "last" => filter with { Last = check.All("a number from 0 to 4095", text => Number(text, FlowHistory.Capacity)).LastOrDefault() },
            "since" => filter with { Since = check.All("a time like 2026-01-01T12:00:00Z", Time).LastOrDefault() },
            "type" => filter with { Types = check.OneOf([.. Enum.GetValues<FlowType>().Select(FlowWriter.TypeWord)]) },
            "verdict" => filter with { Verdicts = check.OneOf(["FORWARDED", "DROPPED"]) },
            "protocol" => filter with { Protocols = check.OneOf(ProtocolWords.Names) },
            "port" => filter with { Ports = check.All("a port", text => Number(text, ushort.MaxValue)) },
            "ip" => filter with { Addresses = check.All("an address or a range", Network) },
            "pod" => filter with { Pods = check.All("NAMESPACE/POD", PodPrefix.Parse) },
            "from-pod" => filter with { FromPods = check.All("NAMESPACE/POD", PodPrefix.Parse) },
            "to-pod" => filter with { ToPods = check.All("NAMESPACE/POD", PodPrefix.Parse) },
            "cluster" => filter with { Clusters = check.All("a cluster", Cluster) },
            "from-cluster" => filter with { FromClusters = check.All("a cluster", Cluster) },
            "to-cluster" => filter with { ToClusters = check.All("a cluster", Cluster) },
            "http-method" => filter with { HttpMethods = check.All("a method", text => HttpFilters.Method(text)) },
            "http-path" => filter with { HttpPaths = check.All("a regular expression without look-around and back references", HttpFilters.Path) },
            "http-status" => filter with { HttpStatuses = check.All("a status like 404 or 5+", HttpFilters.Status) },
            "trace-id" => filter with { TraceIds = check.All("a trace id of 32 hexadecimal digits", HttpFilters.TraceId) },
            _ => null,
        };
        error = next is null ? $"{name}: there is no such filter" : check.Error;
        return next ?? filter;
    }

    private static int? Number(string text, int most) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number : null;

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static IPNetwork? Network(string text) =>
        IPAddress.TryParse(text, out var address) ? new(address, address.GetAddressBytes().Length * 8) : IPNetwork.TryParse(text, out var network) ? network : null;

    private static string? Cluster(string text) => ClusterName.Refusal(text) is null ? text : null;
}
