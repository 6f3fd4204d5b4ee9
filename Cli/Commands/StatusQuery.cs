using System.Text.Json.Nodes;
using ClusterMesh.Cli.Admin;
using ClusterMesh.Cli.Rendering;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Commands;

/// <summary>What the gateway and the agent of this node say, those of them that run.</summary>
internal sealed record StatusQuery(AdminReply<GatewayState>? Gateway, AdminReply<AgentState>? Agent, IReadOnlyList<string> Errors)
{
    /// <summary>One of the two may be absent without a word, unless its address was given.</summary>
    public static async Task<StatusQuery> AskAsync(Uri gateway, bool gatewayIsMeant, Uri agent, bool agentIsMeant, CancellationToken cancel)
    {
        using var ofGateway = new AdminClient(AdminPort.Gateway, gateway);
        using var ofAgent = new AdminClient(AdminPort.Agent, agent);
        var asked = (Gateway: TryAsync(ofGateway.StateAsync, cancel), Agent: TryAsync(ofAgent.AgentStateAsync, cancel));
        var (first, second) = (await asked.Gateway, await asked.Agent);
        var neither = first.Reply is null && second.Reply is null;
        var errors = new List<string>();
        if (first.Error is { } error && (gatewayIsMeant || neither)) errors.Add(error);
        if (second.Error is { } other && (agentIsMeant || (neither && !gatewayIsMeant))) errors.Add(other);
        return new(first.Reply, second.Reply, errors);
    }

    /// <summary>What is not as it should be; empty = ready.</summary>
    public IReadOnlyList<string> Missing
    {
        get
        {
            var missing = new List<string>(Errors);
            if (Gateway is { Value: var gateway } && gateway.Gateway.State != "ready") missing.Add($"the gateway is {gateway.Gateway.State}");
            if (Agent is { Value: var agent })
            {
                if (agent.Agent.State != "ready") missing.Add($"the agent is {agent.Agent.State}{Because(agent.Agent.Reason)}");
                if (agent.Agent.Publishing is { Synced: false } publishing) missing.Add($"not all is told to other clusters yet{Because(publishing.LastError)}");
            }

            missing.AddRange(Clusters.Where(cluster => cluster.State is not ("ready" or "synced")).Select(cluster => $"cluster {cluster.Name} is {cluster.State}{Because(cluster.Reason ?? cluster.LastError)}"));
            return missing;
        }
    }

    /// <summary>The agent knows more of them; only a gateway knows who is healthy.</summary>
    public IReadOnlyList<ClusterStatus> Clusters
    {
        get
        {
            if (Agent is not { Value.Clusters: var clusters }) return Gateway?.Value.Clusters ?? [];
            var seen = Gateway?.Value.Clusters.ToDictionary(cluster => cluster.Name) ?? [];
            return [.. clusters.Select(cluster => seen.TryGetValue(cluster.Name, out var same) ? cluster with { Backends = same.Backends, Healthy = same.Healthy } : cluster)];
        }
    }

    public JsonObject Json()
    {
        var json = Gateway is { } gateway ? JsonPart.Pick(gateway.Json, "gateway", "clusters", "certificates", "problems") : [];
        if (Agent is { } agent) json["agent"] = JsonPart.Pick(agent.Json, "agent", "clusters", "services", "problems");
        json["ready"] = Missing.Count == 0;
        json["missing"] = new JsonArray([.. Missing.Select(text => (JsonNode)text)]);
        return json;
    }

    private static string Because(string? reason) => reason is null ? "" : $" ({reason})";

    private static async Task<(AdminReply<T>? Reply, string? Error)> TryAsync<T>(Func<CancellationToken, Task<AdminReply<T>>> ask, CancellationToken cancel)
    {
        try
        {
            return (await ask(cancel), null);
        }
        catch (AdminException error)
        {
            return (null, error.Message);
        }
    }
}
