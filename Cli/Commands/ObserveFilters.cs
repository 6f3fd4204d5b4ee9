using System.CommandLine;
using System.Globalization;
using ClusterMesh.Mesh;

namespace ClusterMesh.Cli.Commands;

/// <summary>The filters of clustermesh observe, in Hubble's words; the agent checks their values.</summary>
internal sealed class ObserveFilters
{
    /// <summary>Without a follower: as many as Hubble shows.</summary>
    private const int FewLast = 20;

    private readonly Option<string[]>[] _filters =
    [
        Many("--pod", "NS/POD", "From or to this pod; the beginning of its name is enough, NS/ is a whole namespace."),
        Many("--from-pod", "NS/POD", "From this pod."),
        Many("--to-pod", "NS/POD", "To this pod."),
        Many("--cluster", "NAME", "From or to this cluster."),
        Many("--from-cluster", "NAME", "From this cluster."),
        Many("--to-cluster", "NAME", "To this cluster."),
        Many("--verdict", "VERDICT", "FORWARDED or DROPPED."),
        Many("--type", "TYPE", "new-connection, end, drop, policy-verdict, l7 or lost-events.", "-t"),
        Many("--protocol", "PROTO", "TCP, UDP, SCTP, ICMP, ICMPv4, ICMPv6, or HTTP: the requests.", "-p"),
        Many("--port", "PORT", "From or to this port."),
        Many("--ip", "ADDR", "From or to this address or range."),
        Many("--http-method", "METHOD", "Requests with this method."),
        Many("--http-path", "REGEX", "Requests in whose path this is found: ^/api/[0-9]+$."),
        Many("--http-status", "STATUS", "Requests that ended so: 404, or 5+ for all of 5xx."),
        Many("--trace-id", "ID", "Requests of this trace."),
    ];

    private readonly Option<int?> _last = new("--last", "-n") { Description = $"The newest so many of those that the agent keeps (default {FewLast}; with --follow 0).", HelpName = "N" };

    private readonly Option<string> _since = new("--since") { Description = "Not older than that: 5m, or 2026-01-01T12:00:00Z.", HelpName = "TIME" };

    public ObserveFilters() => _since.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<string>() is { } text && Time(text, default) is null) result.AddError($"--since: '{text}' is neither a time like 5m nor one like 2026-01-01T12:00:00Z");
    });

    public Option<bool> Follow { get; } = new("--follow", "-f") { Description = "Go on with what comes, until interrupted." };

    public IEnumerable<Option> All => [.. _filters, _last, _since, Follow];

    /// <summary>The query of GET /flows, with its question mark.</summary>
    public string Query(ParseResult parsed, DateTimeOffset now)
    {
        var follow = parsed.GetValue(Follow);
        var parts = _filters.SelectMany(filter => (parsed.GetValue(filter) ?? []).Select(value => (Name: filter.Name[2..], Value: value))).ToList();
        if (parsed.GetValue(_since) is { } since) parts.Add(("since", Time(since, now)!.Value.ToString("O", CultureInfo.InvariantCulture)));
        if ((parsed.GetValue(_last) ?? (follow || parsed.GetValue(_since) is not null ? null : FewLast)) is { } last) parts.Add(("last", last.ToString(CultureInfo.InvariantCulture)));
        if (follow) parts.Add(("follow", "true"));
        return $"?{string.Join('&', parts.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"))}";
    }

    private static DateTimeOffset? Time(string text, DateTimeOffset now)
    {
        if (Duration.Parse(text) is { } ago) return now == default ? DateTimeOffset.UnixEpoch : now - ago;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null;
    }

    private static Option<string[]> Many(string name, string value, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = value, Arity = ArgumentArity.OneOrMore };
}
