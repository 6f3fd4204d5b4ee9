using System.Net;
using System.Net.Sockets;
using ClusterMesh.Bpf.Attaching;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Loading;
using ClusterMesh.Bpf.Maps;
using ClusterMesh.Bpf.Services;
using ClusterMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Bpf.Tests;

/// <summary>All programs of a node, loaded with private maps, for test runs. The interface of every run is lo: number 1.</summary>
public sealed class Programs : IDisposable
{
    public const uint Lo = 1;
    private static readonly byte[] Reasons = [.. Enum.GetValues<PassReason>().Select(reason => (byte)reason), .. Enum.GetValues<DropReason>().Select(reason => (byte)reason)];
    private readonly LoadedPrograms? _loaded;
    private readonly ProxySocket? _proxy;
    private Socket? _listener;
    private uint _revision;

    public Programs()
    {
        // A fixture is made even for tests that are skipped.
        if (KernelRing.Missing is not null) return;
        _loaded = Load(new Settings { DropEventLimit = 0, FlowEventLimit = 0 });
        Endpoints = new(_loaded.Map("endpoints"));
        Ipcache = new(_loaded.Map("ipcache"));
        Nodes = new(_loaded.Map("nodes"));
        Connections = new(_loaded.Map("connections"));
        Fragments = new(_loaded.Map("fragments"));
        Policies = new(_loaded.Map("policies"));
        Metrics = new(_loaded.Map("metrics"));
        Frontends = new(_loaded.Map("frontends"));
        Backends = new(_loaded.Map("backends"));
        Affinities = new(_loaded.Map("affinities"));
        Services = ReadServices();
        _proxy = new(_loaded.Map("proxy_socket"));
    }

    public TypedMap<Address, Endpoint> Endpoints { get; } = null!;

    public TypedMap<Prefix, Peer> Ipcache { get; } = null!;

    public TypedMap<Address, Node> Nodes { get; } = null!;

    public TypedMap<ConnectionKey, Connection> Connections { get; } = null!;

    public TypedMap<FragmentKey, FragmentPorts> Fragments { get; } = null!;

    public PolicyMaps Policies { get; } = null!;

    public Metrics Metrics { get; } = null!;

    public TypedMap<FrontendKey, Contract.Frontend> Frontends { get; } = null!;

    public TypedMap<uint, Backend> Backends { get; } = null!;

    public TypedMap<AffinityKey, Affinity> Affinities { get; } = null!;

    public ServiceTable Services { get; private set; } = null!;

    internal static LoadedPrograms Load(Settings settings) => LoadedPrograms.Load(
        [.. Hooks.All.Select(hook => hook.Name()).Append("lookup").Select(name => Path.Combine(Rings.Objects, $"{name}.o")), .. new[] { "container_entry", "overlay_entry", "host_entry" }.Select(name => Path.Combine(Rings.TestObjects, $"{name}.o"))],
        settings, null, NullLogger.Instance);

    /// <summary>As the next agent would.</summary>
    public ServiceTable ReadServices() => new(new ServiceMaps(_loaded!.Map), new FakeTime());

    public EventRing OpenEvents() => new(_loaded!.Map("events"));

    /// <summary>As freshly loaded, but for the counters.</summary>
    public void Clear()
    {
        if (_loaded is null) return;
        StopProxy();
        foreach (var endpoint in Endpoints.Read()) Policies.Remove(endpoint.Value.Id);
        Endpoints.DeleteMany(Keys(Endpoints));
        Ipcache.DeleteMany(Keys(Ipcache));
        Nodes.DeleteMany(Keys(Nodes));
        Connections.DeleteMany(Keys(Connections));
        Fragments.DeleteMany(Keys(Fragments));
        Affinities.DeleteMany(Keys(Affinities));
        // Others may have written since.
        Services = ReadServices();
        foreach (var frontend in Services.Current.Keys.ToList()) Services.Delete(frontend);
    }

    public void Pod(string ip, ushort id, uint identity, uint ifindex = Lo, EndpointFlags flags = 0) =>
        Endpoints.Update(Addr(ip), new() { Id = id, Identity = identity, Ifindex = ifindex, Flags = flags, PolicyRevision = ++_revision, Mac = MacOf(id, 1), GatewayMac = MacOf(id, 2) });

    public void Peer(string cidr, uint identity, string? node = null) =>
        Ipcache.Update(new(IPNetwork.Parse(cidr)), new() { Identity = identity, Tunnel = node is null ? default : Addr(node) });

    public void Node(string ip, uint cluster) => Nodes.Update(Addr(ip), new() { ClusterId = cluster });

    /// <summary>Writes the entries and makes connections be judged again.</summary>
    public void Policy(string ip, params (PolicyKey, PolicyEntry)[] entries)
    {
        Assert.True(Endpoints.TryGet(Addr(ip), out var endpoint));
        Policies.Replace(endpoint.Id, [.. entries.Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2))]);
        Endpoints.Update(Addr(ip), endpoint with { PolicyRevision = ++_revision });
    }

    /// <summary>Backends as "address:port" or "address:port=weight".</summary>
    public void Service(string frontend, byte protocol, params string[] backends) => Service(frontend, protocol, model => model, backends);

    public void Service(string frontend, byte protocol, Func<FrontendModel, FrontendModel> with, params string[] backends) =>
        Services.Set(Shares.Frontend(frontend, protocol), with(Shares.Model(backends)));

    /// <summary>A proxy takes connections from now on; none is ever made to it.</summary>
    public void StartProxy()
    {
        _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _proxy!.Put((int)_listener.Handle);
    }

    public void StopProxy() => _listener?.Dispose();

    internal Outcome ToOverlay(byte[] frame, uint mark = 0) => Counted(() => TestRun.Run(_loaded!.Program("host_entry", "host_entry"), frame, mark: mark));

    internal Outcome FromNetwork(byte[] frame) => Counted(() => TestRun.Run(_loaded!.Program("from_network", "mesh_from_network"), frame));

    internal Outcome ToNetwork(byte[] frame, uint mark = 0) => Counted(() => TestRun.Run(_loaded!.Program("to_network", "mesh_to_network"), frame, mark: mark));

    internal Outcome FromContainer(byte[] frame, uint mark = 0) => Counted(() => TestRun.Run(_loaded!.Program("container_entry", "container_entry"), frame, mark: mark));

    internal Outcome ToContainer(byte[] frame, uint mark = 0) => Counted(() => TestRun.Run(_loaded!.Program("to_container", "mesh_to_container"), frame, mark: mark));

    internal Outcome FromOverlay(byte[] frame, uint identity, string sender) =>
        Counted(() => TestRun.Run(_loaded!.Program("overlay_entry", "overlay_entry"), frame, identity, HostOrder(sender)));

    public int Program(string theObject, string name) => _loaded!.Program(theObject, name);

    public static Address Addr(string ip) => new(IPAddress.Parse(ip));

    public static Mac MacOf(ushort id, byte end) => new([2, 0, 0, end, (byte)(id >> 8), (byte)id]);

    public static uint HostOrder(string ip) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(IPAddress.Parse(ip).GetAddressBytes());

    public void Dispose()
    {
        StopProxy();
        _loaded?.Dispose();
    }

    private static TKey[] Keys<TKey, TValue>(TypedMap<TKey, TValue> map) where TKey : unmanaged where TValue : unmanaged => [.. map.Read().Select(entry => entry.Key)];

    /// <summary>What the pod's packet is sent on as, of whom nothing else is asked.</summary>
    internal string SentAs(byte[] frame) => Frames.Ends(TestRun.Run(_loaded!.Program("container_entry", "container_entry"), frame).Frame);

    private Outcome Counted(Func<TestRunResult> run)
    {
        var before = Counters();
        var result = run();
        return new(result.Verdict, result.Frame, result.Cb0, result.Cb1, result.Mark, [.. Counters().Except(before).Select(counter => counter.Key)]);
    }

    private List<KeyValuePair<(byte Reason, Direction Direction), ulong>> Counters() =>
    [
        .. from reason in Reasons
           from direction in Enum.GetValues<Direction>()
           select KeyValuePair.Create((reason, direction), Metrics.Of((DropReason)reason, direction).Packets),
    ];
}

/// <summary>What a program did with a frame, and what it counted.</summary>
internal sealed record Outcome(Verdict Verdict, byte[] Frame, uint TunnelIdentity, uint TunnelNode, uint Mark, IReadOnlyList<(byte Reason, Direction Direction)> Counted)
{
    public string Ends => Frames.Ends(Frame);

    /// <summary>It left with these, and right checksums.</summary>
    public Outcome Has(string ends)
    {
        Assert.True(Verdict != Verdict.Drop, $"dropped, and counted {string.Join(", ", Counted)}");
        Assert.Equal(ends, Frames.Ends(Frame));
        Checksums.AreRight(Frame);
        return this;
    }

    public void Dropped(DropReason reason, Direction direction, params PassReason[] also)
    {
        Assert.Equal([.. also.Select(seen => ((byte)seen, direction)), ((byte)reason, direction)], Counted);
        Assert.Equal(Verdict.Drop, Verdict);
    }

    /// <summary>To the node's own stack, as the proxy's.</summary>
    /// <param name="verdict">Redirected where it came out of that stack.</param>
    public void GivenToProxy(Direction direction, Verdict verdict = Verdict.Pass, params PassReason[] also)
    {
        Assert.Equal([.. also.Select(seen => ((byte)seen, direction)).Append(((byte)PassReason.Proxy, direction)).Order()], Counted.Order());
        Assert.Equal((verdict, (uint)Contract.Mark.ToProxy), (Verdict, Mark));
    }

    /// <summary>Dropped, and gone back to its sender as a reset.</summary>
    public void Reset(DropReason reason, Direction direction, string ends, PassReason? way = null)
    {
        (byte, Direction)[] back = way is { } counted ? [((byte)counted, direction)] : [];
        Assert.Equal([.. back, ((byte)PassReason.Refused, direction), ((byte)reason, direction)], Counted);
        Has(ends);
        Assert.Equal((Verdict.Redirect, Frames.Rst), (Verdict, (byte)(Frame[Frames.FlagsOffset] & Frames.Rst)));
    }

    public void Passed(PassReason reason, Direction direction)
    {
        Assert.Contains(((byte)reason, direction), Counted);
        Assert.DoesNotContain(Counted, counted => counted.Reason >= (byte)DropReason.InvalidSource);
        Assert.Equal(reason is PassReason.Stack or PassReason.Arp ? Verdict.Pass : Verdict.Redirect, Verdict);
    }
}
