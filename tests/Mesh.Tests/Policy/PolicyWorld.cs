using System.Globalization;
using System.Net;
using System.Text;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Policy.Labels;
using ClusterMesh.Mesh.Policy.Rules;
using ClusterMesh.Mesh.Policy.Selectors;
using ClusterMesh.Mesh.Sources;
using ClusterMesh.Mesh.Sources.Manifests;

namespace ClusterMesh.Mesh.Tests.Policy;

/// <summary>
/// Two clusters' pods, seen from "west". A peer is a pod's name ("east/client" in the other cluster), a reserved identity or an
/// address; a port is "80/TCP", "8/ICMP".
/// </summary>
internal sealed class PolicyWorld
{
    private readonly PolicyRepository _repository = new("west");
    private readonly Dictionary<string, WorldPod> _pods = [];

    public PolicyWorld()
    {
        Add("web", "default", "west", new() { ["app"] = "web" }, [new("http", 8080), new("dns", 53, "UDP"), new("dns", 53)]);
        Add("db", "default", "west", new() { ["app"] = "db", ["tier"] = "back" }, [new("http", 9090)]);
        Add("client", "default", "west", new() { ["app"] = "client" });
        Add("cart", "shop", "west", new() { ["app"] = "cart" });
        Add("shop-client", "shop", "west", new() { ["app"] = "client" });
        Add("east/client", "default", "east", new() { ["app"] = "client" });
        Add("east/web", "default", "east", new() { ["app"] = "web" }, [new("http", 7070)]);
        _repository.ChangeIdentities(_pods.Values.Select(pod => pod.Identity), []);
        _repository.SetEndpoints(_pods.Values.Where(pod => pod.IsLocal).Select(pod => pod.Endpoint));
    }

    public PolicyRepository Repository => _repository;

    public ClusterObjects Objects { get; private set; } = new("west");

    /// <summary>As if they were the only manifests there.</summary>
    public PolicyWorld With(string policies)
    {
        Update(policies);
        return this;
    }

    public PolicyUpdate Update(string policies)
    {
        var assembly = new ClusterAssembly("west", "/manifests", TimeProvider.System);
        assembly.Assemble([new ManifestFile("a.yaml").With(Encoding.UTF8.GetBytes(policies))], []);
        Objects = assembly.Last;
        return _repository.SetPolicies(ClusterPolicies.Of(Objects));
    }

    public IEnumerable<WorldPod> Pods => _pods.Values;

    public EndpointPolicy PolicyOf(string pod) => _repository.Endpoints[_pods[pod].Endpoint.Id];

    /// <summary>At the receiver.</summary>
    public PolicyVerdict Ingress(string from, string to, string port = "80/TCP") => Decide(to, PolicyDirection.Ingress, from, port);

    /// <summary>At the sender.</summary>
    public PolicyVerdict Egress(string from, string to, string port = "80/TCP") => Decide(from, PolicyDirection.Egress, to, port);

    public uint IdOf(string peer)
    {
        if (_pods.TryGetValue(peer, out var pod)) return pod.Identity.Id;
        if (IPAddress.TryParse(peer, out var address)) return _repository.Cidrs.Of(address);
        return Enumerable.Range(0, 11).Select(id => (uint)id).First(id => NumericIdentity.ReservedName(id) == peer);
    }

    private PolicyVerdict Decide(string subject, PolicyDirection direction, string peer, string port)
    {
        var slash = port.IndexOf('/');
        return PolicyOf(subject).Decide(direction, IdOf(peer), IpProtocols.Parse(port[(slash + 1)..]), ushort.Parse(port[..slash], CultureInfo.InvariantCulture));
    }

    private void Add(string name, string space, string cluster, Dictionary<string, string> labels, params ContainerPort[] ports)
    {
        var pod = new PodObject(new(new(space, name), labels, ObjectMeta.None), "n1", []);
        var text = IdentityLabels.Of(pod, new Dictionary<string, string> { ["team"] = space }, cluster, IdentityLabelFilter.Default, []);
        var id = (uint)((cluster == "west" ? 1 : 2) << 16) + 1000 + (uint)_pods.Count;
        _pods.Add(name, new(name, space, cluster, labels, new(id, LabelSet.Parse(text), [.. ports]), new(id & 0xffff, text, [.. ports])));
    }

}

/// <param name="Cluster">The other one's pods are peers only.</param>
internal sealed record WorldPod(string Name, string Space, string Cluster, IReadOnlyDictionary<string, string> Labels, PolicyIdentity Identity, PolicyEndpoint Endpoint)
{
    public bool IsLocal => Cluster == "west";
}
