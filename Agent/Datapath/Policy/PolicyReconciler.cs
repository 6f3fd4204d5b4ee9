using System.Collections.Immutable;
using System.Net;
using ClusterMesh.Agent.Datapath.Identities;
using ClusterMesh.Agent.Datapath.Ipcache;
using ClusterMesh.Agent.Endpoints;
using ClusterMesh.Agent.Network;
using ClusterMesh.Bpf;
using ClusterMesh.Mesh;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Policy;
using ClusterMesh.Mesh.Policy.Entries;
using ClusterMesh.Mesh.Wire;

namespace ClusterMesh.Agent.Datapath.Policy;

/// <summary>
/// Who everybody is and who may talk to whom: endpoints, ipcache and policy maps, in the order in which no address ever has a number
/// that policies do not know (<see cref="PolicyUpdate"/>).
/// </summary>
internal sealed class PolicyReconciler : IReconciler
{
    private readonly PolicyRepository _repository;
    private readonly PolicyFeed _feed;
    private readonly IpcacheTable _table = new();
    private readonly IpcacheWriter _ipcache;
    private readonly EndpointWriter _endpoints;
    private readonly EndpointResolver _resolver = new();
    private readonly AddressFeed _addresses;

    public PolicyReconciler(string cluster, string node, NodeNetwork network, Bpf.Datapath kernel)
    {
        _repository = new(cluster);
        _ipcache = new(kernel.Ipcache, _table);
        _endpoints = new(kernel);
        _addresses = new(cluster, node, network, _table);
        _feed = new(_repository);
        Left = _endpoints.Left;
    }

    public string Name => "identities and policies";

    /// <summary>Who the endpoints of this node are, by the last pass.</summary>
    public IReadOnlyDictionary<ObjectKey, ResolvedEndpoint> Endpoints { get; private set; } = new Dictionary<ObjectKey, ResolvedEndpoint>();

    /// <summary>What their policies are, by endpoint.</summary>
    public ImmutableDictionary<uint, EndpointPolicy> Policies { get; private set; } = ImmutableDictionary<uint, EndpointPolicy>.Empty;

    /// <summary>Whether some of them have HTTP rules.</summary>
    public bool WantsProxy { get; private set; }

    /// <summary>What is wrong with the policies in force, beyond what their files say.</summary>
    public ImmutableArray<Problem> Problems { get; private set; } = [];

    /// <summary>Pods of the own cluster.</summary>
    public IReadOnlyDictionary<ObjectKey, ClusterPod> Pods => _addresses.Pods.ByKey;

    /// <summary>Numbers of the CIDRs that policies name.</summary>
    public ImmutableDictionary<IPNetwork, uint> Cidrs => _repository.Cidrs.ByCidr;

    /// <summary>How many prefixes are in the ipcache.</summary>
    public int AddressCount { get; private set; }

    /// <summary>Endpoints that are as the agent before left them.</summary>
    public IReadOnlySet<ushort> Left { get; private set; }

    /// <summary>What the node's proxies are told: what the kernel has, and not before it has it.</summary>
    public PolicyHub Told { get; } = new();

    /// <summary>Whether the kernel knows the endpoint.</summary>
    public bool IsWritten(PodEndpoint endpoint) => _endpoints.Find(endpoint.Id) is not null;

    /// <summary>Of an identity of any cluster, "k8s:app=a;k8s:tier=b;"; null = not known.</summary>
    public string? LabelsOf(uint identity) =>
        NumericIdentity.ReservedName(identity) is { } reserved ? $"reserved:{reserved}" : _addresses.LabelsOf(identity) ?? Cidrs.Where(pair => pair.Value == identity).Select(pair => $"cidr:{pair.Key}").FirstOrDefault();

    public void Reconcile(NodeInputs inputs)
    {
        var identities = _addresses.Update(inputs);
        var endpoints = _resolver.Resolve(inputs.Endpoints, _addresses.Pods, _addresses.NumberOf);
        var cidrs = _feed.Update(inputs.Local, identities, endpoints.Values);

        var ids = endpoints.Values.Select(endpoint => endpoint.Endpoint.Id).ToHashSet();
        _endpoints.Forget(id => !ids.Contains(id));
        var errors = new Dictionary<ushort, BpfException>();
        var written = Write(inputs, endpoints.Values, withOld: cidrs, errors);
        _table.Replace(new(LayerKind.Cidrs), IpcacheLayers.Cidrs(inputs.Nodes, _repository.Cidrs.ByCidr));
        _ipcache.Write(inputs.Heard, inputs.Synced);
        AddressCount = _table.Count + _ipcache.Left;
        if (cidrs && written > 0) Write(inputs, endpoints.Values, withOld: false, errors);
        if (!ReferenceEquals(Policies, _repository.Endpoints)) WantsProxy = _repository.Endpoints.Any(pair => pair.Key != PolicyFeed.Gateway.Id && pair.Value.HasHttpRules);
        // Told only now: what is told is in the kernel, but for what could not be written.
        (Endpoints, Policies, Problems, Left) = (endpoints, _repository.Endpoints, _repository.Problems, _endpoints.Left);
        // An agent that has just begun knows less than the one before wrote, and what proxies know of it stays with them. Those that cannot be
        // written keep nobody else waiting.
        if (inputs.Synced && Left.All(errors.ContainsKey)) Told.Apply(new(endpoints.Values.Select(InKernel).OfType<NodeEndpoint>(), Policies[PolicyFeed.Gateway.Id]));
        if (errors.Count > 0) throw errors.Values.First();
    }

    // One that could not be written is as it was told before. Of what the agent before wrote nothing was told yet, but proxies must not forget
    // that it has rules, as the kernel leaves those to them: they judge it by what was to be written.
    private NodeEndpoint? InKernel(ResolvedEndpoint endpoint)
    {
        var (id, policy) = (endpoint.Endpoint.Id, Policies[endpoint.Endpoint.Id]);
        var told = Told.Current?.Find(id);
        return _endpoints.Has(endpoint, policy) || (told is null && _endpoints.IsLeft(id))
            ? new(id, endpoint.Endpoint.Address, endpoint.Endpoint.Pod, endpoint.Identity, endpoint.Subject.Subject, policy)
            : told;
    }

    /// <returns>How many endpoints were written.</returns>
    private int Write(NodeInputs inputs, IEnumerable<ResolvedEndpoint> endpoints, bool withOld, Dictionary<ushort, BpfException> errors)
    {
        var count = 0;
        foreach (var endpoint in endpoints)
        {
            var policy = _repository.Endpoints[endpoint.Endpoint.Id];
            // The agent before knew more than this one does yet.
            var waits = _endpoints.IsLeft(endpoint.Endpoint.Id) && !(inputs.Synced && inputs.Heard.Own);
            if (waits || !_endpoints.Differs(endpoint, policy)) continue;
            try
            {
                _endpoints.Write(endpoint, policy, inputs.Heard, withOld);
                count++;
            }
            catch (BpfException exception)
            {
                errors[endpoint.Endpoint.Id] = exception;
            }
        }

        return count;
    }
}
