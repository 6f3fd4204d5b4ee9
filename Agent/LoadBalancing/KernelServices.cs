using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Services;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>One merged service to what one node's kernel is to have of it. Pure.</summary>
internal static class KernelServices
{
    /// <summary>Of one service: it can have no more than its share of the table.</summary>
    public const int MostFrontends = 1024;

    /// <param name="before">What the same service came to last time.</param>
    public static KernelService Compile(ServiceModel service, NodeView view, KernelService? before = null)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        void Report(string field, string reason, string instead) => problems.Add(new(view.Node.Cluster, $"Service {service.Key}", field, reason, instead));
        var frontends = new OrderedDictionary<Frontend, KernelFrontend>();
        var choices = ImmutableArray.CreateBuilder<PortChoice>();
        foreach (var port in service.AllPorts)
        {
            var choice = new PortChoices(service, port, view, before?.Choices.FirstOrDefault(known => Same(known.Port, port.Port)));
            foreach (var (address, number, type) in FrontendAddresses.Of(service.Object, port.Port, view.Node).Where(place => FrontendAddresses.IsServed(place.Address)))
            {
                var frontend = new Frontend(address, (ushort)number, port.Port.Protocol == "UDP" ? (byte)17 : (byte)6);
                if (frontends.Count < MostFrontends) frontends.TryAdd(frontend, new(frontend, type, service, choice.For(type), view.Node.CanProxy && IsL7(service, port.Port, type)));
            }

            if (choice.Mesh is { } mesh) choices.Add(mesh);
        }

        ReportUnserved(service.Object, view.Node, Report);
        return new(service, [.. frontends.Values], choices.ToImmutable(), problems.ToImmutable());
    }

    // A node port is asked for from outside, and from there the kernel balances. What refuses everybody must not be opened by a proxy.
    private static bool IsL7(ServiceModel service, ServicePort port, FrontendType type) =>
        port.Protocol == "TCP" && service.L7Ports.Contains(port.Port) && type != FrontendType.NodePort
        && !(type == FrontendType.LoadBalancer && PortChoices.IsClosed(service.Object));

    private static bool Same(ServicePort one, ServicePort other) => one.Name == other.Name && one.Port == other.Port && one.Protocol == other.Protocol;

    private static void ReportUnserved(ServiceObject service, ThisNode node, Action<string, string, string> report)
    {
        var places = service.Ports.SelectMany(port => FrontendAddresses.Of(service, port, node)).ToArray();
        if (places.Length == 0) return;
        if (places.Length > MostFrontends) report("spec", $"its ports and addresses make {places.Length} frontends, more than {MostFrontends}", "only the first are served");
        if (service.Ports.FirstOrDefault(port => port.Protocol == "SCTP") is { } sctp) report($"spec.ports[{sctp.Name}].protocol", "SCTP is not balanced", "the port is not served");
        var unserved = places.Where(place => place.Type != FrontendType.NodePort && !FrontendAddresses.IsServed(place.Address)).Select(place => place.Address).Distinct().ToArray();
        if (unserved.Length > 0) report("spec", $"{string.Join<IPAddress>(", ", unserved.Take(3))}: IPv6 is not balanced yet", "nobody answers there");
        if (PortChoices.IsClosed(service) && places.Any(place => place.Type == FrontendType.LoadBalancer))
            report("spec.loadBalancerSourceRanges", "source ranges are not enforced yet", "the load balancer's addresses refuse everybody");
    }
}
