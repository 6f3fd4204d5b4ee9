using System.Net;
using ClusterMesh.Agent.Datapath;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Explain;

/// <summary>Makes the decisions of the node for a pod's request that is never sent, and tells each of them; what its proxy decides the proxy is asked.</summary>
/// <param name="askProxy">Gives its answer, or why there is none.</param>
internal sealed class PodExplainer(PodScene scene, ScenePod from, Func<ExplainRequest, Task<(Explanation? Answer, string Why)>> askProxy)
{
    private readonly List<ExplainStep> _steps = [];
    private readonly Destinations _destinations = new(scene, from);

    public async Task<Explanation> ExplainAsync(ExplainRequest request, Uri url)
    {
        Tell("endpoint", $"{from.Pod} is endpoint {from.Id} of {scene.Cluster}/{scene.Node}: {from.Address}, identity {from.Identity} ({string.Join(", ", from.Labels)})");
        var resolved = ClusterNames.Resolve(url.IdnHost, from.Pod.Namespace, scene.Mesh);
        Tell("resolve", resolved.Text);
        if (resolved.Address is not { } address) return Drop("there is nothing to connect to");
        var asked = new IPEndPoint(address, url.Port);
        if (scene.FrontendAt(asked) is { } frontend) return await ToServiceAsync(request, asked, frontend);
        if (resolved.Service is null && !scene.IsOfFrontend(address)) return await ToAddressesAsync(request, [_destinations.Of(asked)], $"{asked}");
        Tell("frontend", $"no service is served at {asked}{(resolved.Service is { } service ? $": the ports of {service.Key} are {string.Join(", ", service.Ports.Select(port => port.Port.Port))}" : "")}");
        return Drop(DropReasonText.Of((byte)DropReason.NoService));
    }

    private async Task<Explanation> ToServiceAsync(ExplainRequest request, IPEndPoint asked, FrontendStatus frontend)
    {
        Tell("frontend", $"{frontend.Frontend} is port {frontend.Port} of Service {frontend.Namespace}/{frontend.Service} ({frontend.Type})");
        if (L7Port(frontend) is var (service, port))
        {
            var why = L7Reason.Of(service.Object);
            if (frontend.L7 && scene.HasProxy)
            {
                Tell("way", $"the node's proxy, request by request: {why}");
                return await ByProxyAsync(request, "service", asked, $"{service.Key}:{port}");
            }

            Tell("way", $"the kernel, connection by connection: {why}, but {(frontend.L7 ? "no proxy takes connections now" : $"not at this address ({frontend.Type})")}");
        }
        else
        {
            Tell("way", "the kernel, connection by connection: no annotation and no HTTPRoute asks for the proxy");
        }

        var chosen = frontend.Backends.Where(backend => backend.Share > 0).ToArray();
        Tell("cluster", chosen.Length == 0 ? frontend.Why : $"{frontend.Why}: {Shares(chosen)}");
        if (chosen.Length == 0) return Drop(DropReasonText.Of((byte)DropReason.NoService));
        Tell("pick", chosen.Length == 1 ? $"the one backend {chosen[0].Address}" : $"one of {string.Join(", ", chosen.Select(backend => $"{backend.Cluster} {backend.Address} {backend.Share:P1}"))}");
        var explanation = await ToAddressesAsync(request, [.. chosen.Select(backend => _destinations.Of(IPEndPoint.Parse(backend.Address)))], $"{frontend.Namespace}/{frontend.Service}:{frontend.Port}");
        return explanation.Route is not null
            ? explanation
            : explanation with
            {
                Cluster = chosen.Select(backend => backend.Cluster).Distinct().ToArray() is [var one] ? one : null,
                Backends = [.. frontend.Backends.Select(backend => new BackendStatus(backend.Cluster, backend.Address, backend.State, null, backend.Share > 0, 0, backend.Pod, backend.Node, null))],
            };
    }

    private async Task<Explanation> ToAddressesAsync(ExplainRequest request, IReadOnlyList<Destination> destinations, string target)
    {
        _steps.AddRange(Destinations.Tell(destinations));
        if (!destinations.Any(destination => destination.IsAllowed)) return Drop(DropReasonText.Of((byte)DropReason.Policy));
        if (destinations.FirstOrDefault(destination => destination.ProxyScope is not null) is { ProxyScope: { } scope } first)
        {
            if (!scene.HasProxy)
            {
                Tell("way", "HTTP rules need the node's proxy, and none takes connections now: the connection is reset");
                return Drop(DropReasonText.Of((byte)DropReason.NoProxy));
            }

            Tell("way", $"the node's proxy, request by request: a policy has HTTP rules ({scope}){(destinations.Count > 1 ? $"; what follows is for {Destinations.Name(first)}" : "")}");
            return await ByProxyAsync(request, scope, first.Address);
        }

        Tell("forward", "by the kernel; the whole connection stays with its backend");
        return Answer("forward") with { Target = target };
    }

    private async Task<Explanation> ByProxyAsync(ExplainRequest request, string scope, IPEndPoint asked, string? service = null)
    {
        var endpoint = scope == "ingress" && scene.PodAt(asked.Address) is { } receiver ? receiver : from;
        var caller = new ExplainCaller($"{from.Pod}", $"{from.Address}", endpoint.Id, from.Identity, scope, $"{asked}", service);
        var (answer, why) = await askProxy(request with { Caller = caller });
        if (answer is null)
        {
            Tell("proxy", why);
            return Answer("proxy");
        }

        _steps.AddRange(answer.Steps);
        // Of L3 and L4 the agent knows which rule it was, too.
        if (answer.Outcome == "forward" && !answer.Steps.Any(step => step.Stage is "egress" or "ingress"))
            _steps.AddRange(Destinations.Tell([.. Addresses(answer.Backends).Select(_destinations.Of)]));
        return answer with { Steps = _steps };
    }

    private static IEnumerable<IPEndPoint> Addresses(IEnumerable<BackendStatus> backends)
    {
        foreach (var backend in backends.Where(backend => backend.Chosen))
        {
            if (IPEndPoint.TryParse(backend.Address, out var address)) yield return address;
        }
    }

    /// <summary>The service and its port where that is to be balanced by request; at node ports, say, it is not for all that.</summary>
    private (ServiceModel Service, int Port)? L7Port(FrontendStatus frontend)
    {
        if (!scene.Mesh.Services.TryGetValue(new(frontend.Namespace, frontend.Service), out var service)) return null;
        var port = service.Ports.FirstOrDefault(port => port.Port.Name == frontend.Port || $"{port.Port.Port}" == frontend.Port)?.Port.Port ?? 0;
        return service.L7Ports.Contains(port) ? (service, port) : null;
    }

    private static string Shares(IEnumerable<LbBackendStatus> backends) =>
        string.Join(", ", backends.GroupBy(backend => backend.Cluster).Select(cluster => $"{cluster.Key} {cluster.Sum(backend => backend.Share):P1}"));

    private Explanation Drop(string reason) => Answer("drop") with { Reason = reason };

    private Explanation Answer(string outcome) => new(outcome, null, null, null, null, null, null, null, null, [], [], [], _steps);

    private void Tell(string stage, string text) => _steps.Add(new(stage, text));
}
