using System.Globalization;
using System.Text;
using System.Text.Json;
using ClusterMesh.Cli.Bootstrap;
using ClusterMesh.Cli.Rendering;
using ClusterMesh.Mesh.Etcd;
using ClusterMesh.Mesh.Schema;

namespace ClusterMesh.Cli.Inspect;

/// <summary>What the remote has published: who it is, whether it lives, whether all is there, and how much.</summary>
internal sealed class StateSteps(IEtcdClient client, string remote, TimeProvider time)
{
    private static readonly string[] s_prefixes = [StateKeys.Nodes, StateKeys.Services, StateKeys.Identities, StateKeys.Ips];

    private readonly string _agent = $"see that clustermesh-agent runs in {remote}, with that name, and writes to this etcd: its log, or clustermesh status there";

    /// <summary>Written every minute (cilium.md 2); readers take two minutes of silence for a failure.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(2);

    public Task<InspectStep> ClusterConfigAsync(CancellationToken cancel) => ReadAsync(InspectSteps.ClusterConfig, async () =>
    {
        if (await TextAsync(StateKeys.ClusterConfig(remote), cancel) is not { } json)
            return InspectStep.Failed(InspectSteps.ClusterConfig, $"{StateKeys.ClusterConfig(remote)} is missing", _agent);
        try
        {
            return Judge(JsonSerializer.Deserialize(json, SchemaJson.Instance.ClusterConfigRecord) ?? throw new JsonException("null"));
        }
        catch (JsonException error)
        {
            return InspectStep.Failed(InspectSteps.ClusterConfig, $"not the JSON of a cluster-config: {error.Message}", _agent);
        }
    });

    public Task<InspectStep> HeartbeatAsync(CancellationToken cancel) => ReadAsync(InspectSteps.Heartbeat, async () =>
    {
        if (await TextAsync(StateKeys.Heartbeat, cancel) is not { } text)
            return InspectStep.Failed(InspectSteps.Heartbeat, $"{StateKeys.Heartbeat} is missing: nobody writes to this etcd", _agent);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var beat))
            return InspectStep.Failed(InspectSteps.Heartbeat, $"'{Shown(text)}' is not a time", _agent);
        var age = time.GetUtcNow() - beat;
        var seen = FormattableString.Invariant($"{Math.Max(0, age.TotalSeconds):0} s old");
        if (age > s_silence) return InspectStep.Warning(InspectSteps.Heartbeat, $"{seen}: the remote is silent, or its clock is behind ours", _agent);
        return age < -s_silence
            ? InspectStep.Warning(InspectSteps.Heartbeat, FormattableString.Invariant($"{-age.TotalSeconds:0} s in the future"), "the clocks of the two clusters differ: check NTP on both sides")
            : InspectStep.Ok(InspectSteps.Heartbeat, seen);
    });

    public Task<InspectStep> CanariesAsync(CancellationToken cancel) => ReadAsync(InspectSteps.Canaries, async () =>
    {
        var (present, missing) = (new List<string>(), new List<string>());
        foreach (var prefix in s_prefixes)
            (await TextAsync(StateKeys.Synced(remote, prefix), cancel) is null ? missing : present).Add(prefix);
        return missing.Count == 0
            ? InspectStep.Ok(InspectSteps.Canaries, $"present: {string.Join(", ", present)}")
            : InspectStep.Failed(
                InspectSteps.Canaries, $"missing: {string.Join(", ", missing)}{(present.Count == 0 ? "" : $"; present: {string.Join(", ", present)}")}",
                "readers wait until the remote has written all of its state: see the log of clustermesh-agent there");
    });

    public Task<InspectStep> ContentsAsync(CancellationToken cancel) => ReadAsync(InspectSteps.Contents, async () =>
    {
        var nodes = await CountAsync($"{StateKeys.Nodes}/{remote}/", cancel);
        var services = await CountAsync($"{StateKeys.Services}/{remote}/", cancel);
        var identities = await CountAsync($"{StateKeys.IdentityIds}/", cancel);
        var addresses = await CountAsync($"{StateKeys.IpsDefault}/", cancel);
        return InspectStep.Ok(
            InspectSteps.Contents,
            $"{Words.Count(nodes, "node", "nodes")}, {Words.Count(services, "service", "services")}, {Words.Count(identities, "identity", "identities")}, {Words.Count(addresses, "address", "addresses")}");
    });

    private InspectStep Judge(ClusterConfigRecord config)
    {
        var said = config.Capabilities;
        var most = said.MaxConnectedClusters == 0 ? 255 : said.MaxConnectedClusters;
        var seen = $"id {Words.Number(config.Id)}, {(said.SyncedCanaries ? "writes canaries" : "writes no canaries")}, at most {Words.Number(most)} clusters{(said.Cached ? ", a mirror" : "")}";
        if (config.Id is < int.MinValue or > int.MaxValue || ClusterIdentity.IdError((int)config.Id) is not null)
            return InspectStep.Failed(InspectSteps.ClusterConfig, $"the id is not in 1..255: {seen}", $"give {remote} an id of its own from 1 to 255");
        return most == 255
            ? InspectStep.Ok(InspectSteps.ClusterConfig, seen)
            : InspectStep.Failed(InspectSteps.ClusterConfig, $"identities are numbered another way there: {seen}", "every cluster of a mesh must have the same maxConnectedClusters, and ours is 255");
    }

    private async Task<string?> TextAsync(string key, CancellationToken cancel) =>
        (await client.GetAsync(key, cancel)).Item is { } item ? Encoding.UTF8.GetString(item.Value.Span) : null;

    private async Task<long> CountAsync(string prefix, CancellationToken cancel)
    {
        var count = 0L;
        await foreach (var page in client.ListAsync(prefix, cancel)) count += page.Items.Count;
        return count;
    }

    private static async Task<InspectStep> ReadAsync(string name, Func<Task<InspectStep>> read)
    {
        try
        {
            return await read();
        }
        catch (EtcdException error)
        {
            return InspectStep.Failed(
                name, error.Message,
                error.Error == EtcdError.PermissionDenied ? "the role remote is not whole there: `clustermesh etcd init` at the remote mends it" : "see the log of that etcd");
        }
    }

    private static string Shown(string text) => text.Length > 60 ? $"{text[..60]}..." : text;
}
