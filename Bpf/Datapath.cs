using ClusterMesh.Bpf.Attaching;
using ClusterMesh.Bpf.Connections;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Loading;
using ClusterMesh.Bpf.Maps;
using ClusterMesh.Bpf.Pinning;
using ClusterMesh.Bpf.Services;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Bpf;

/// <summary>
/// The programs and maps of one node. Load, fill the maps, then attach: with a pin directory everything attached stays when this process
/// ends, and the next one finds the maps as they were and swaps the programs under the packets. The interfaces are those of the network
/// namespace of the calling thread.
/// </summary>
public sealed partial class Datapath : IDisposable
{
    private readonly LoadedPrograms _programs;
    private readonly Links _links;
    private readonly IAttachment _attachment;
    private readonly LookupAttachment? _lookup;
    private readonly ProxySocket _proxy;
    private readonly PinDirectory? _pins;
    private readonly ServiceMaps _services;
    private readonly ConnectionSweeper _sweeper;

    private Datapath(LoadedPrograms programs, bool tcx, bool lookup, PinDirectory? pins, TimeProvider time)
    {
        (_programs, _pins) = (programs, pins);
        _links = new(pins?.LinksPath);
        _attachment = tcx ? new TcxAttachment(_links) : new ClsactAttachment();
        _lookup = lookup ? new(_links) : null;
        _proxy = new(programs.Map("proxy_socket"));
        _services = new(programs.Map);
        Services = new(_services, time);
        Endpoints = new(programs.Map("endpoints"));
        Ipcache = new(programs.Map("ipcache"));
        Nodes = new(programs.Map("nodes"));
        Connections = new(programs.Map("connections"));
        _sweeper = new(Connections, time);
        Policies = new(programs.Map("policies"));
        Metrics = new(programs.Map("metrics"));
    }

    public TypedMap<Address, Endpoint> Endpoints { get; }

    public TypedMap<Prefix, Peer> Ipcache { get; }

    public TypedMap<Address, Node> Nodes { get; }

    public TypedMap<ConnectionKey, Connection> Connections { get; }

    public PolicyMaps Policies { get; }

    public Metrics Metrics { get; }

    public ServiceTable Services { get; }

    /// <summary>
    /// Whether connections can be given to a proxy of the node: the kernel has sk_lookup. Without, what policy gives to a proxy is dropped, and
    /// no frontend is to be the proxy's.
    /// </summary>
    public bool CanProxy => _lookup is not null;

    /// <summary>Whether a proxy takes connections now.</summary>
    public bool HasProxy => _proxy.Cookie() is not null;

    /// <summary>Whether this process and this kernel can do it at all; to be asked before anything is changed for it.</summary>
    /// <exception cref="UnsupportedKernelException">What is missing.</exception>
    public static void Require() => KernelFeatures.Require();

    /// <summary>Loads all programs or none, and attaches nothing.</summary>
    /// <exception cref="UnsupportedKernelException">What the kernel lacks.</exception>
    /// <exception cref="BpfException">A program is refused, with the verifier's log; nothing has changed.</exception>
    public static Datapath Load(DatapathConfig config, ILogger logger)
    {
        KernelFeatures.Require();
        if (config.PinDirectory is { } root) BpfFileSystem.Ensure(root);
        var tcx = !config.PreferClsact && KernelFeatures.HasTcx();
        var pins = config.PinDirectory is { } directory ? new PinDirectory(directory) : null;
        var lookup = config.Settings.Proxy != 0 && KernelFeatures.HasSkLookup();
        var names = Hooks.All.Select(hook => hook.Name()).Concat(lookup ? [LookupAttachment.Name] : []);
        var programs = LoadedPrograms.Load(names.Select(name => Path.Combine(config.ObjectDirectory, $"{name}.o")), config.Settings with { Proxy = (byte)(lookup ? 1 : 0) }, pins, logger);
        pins?.ShareWith(config.ProxyGroup);
        Log.Loaded(logger, config.ObjectDirectory, tcx ? "tcx" : "clsact", config.PinDirectory ?? "nowhere");
        if (!lookup) Log.NoLookup(logger);
        return new(programs, tcx, lookup, pins, config.Time);
    }

    /// <summary>
    /// The program that finds the proxy's listener, in the network namespace of the calling thread. Before any other: what they give to the
    /// proxy would find somebody else of the node. Nothing happens where <see cref="CanProxy"/> is false.
    /// </summary>
    public void AttachLookup() => _lookup?.Attach(_programs.Program(LookupAttachment.Name, $"mesh_{LookupAttachment.Name}"));

    /// <summary>Attaches, or swaps for the program that is there.</summary>
    /// <exception cref="BpfException">There is no such interface; what was attached stays.</exception>
    public void Attach(Hook hook, int ifindex) => _attachment.Attach(hook, ifindex, Program(hook));

    /// <summary>Nothing to detach is not an error.</summary>
    public void Detach(Hook hook, int ifindex) => _attachment.Detach(hook, ifindex);

    /// <summary>Once everything is attached: forgets links of interfaces that are gone, and maps of other layouts.</summary>
    public void Prune()
    {
        _links.Prune();
        _pins?.DeleteOtherLayouts();
    }

    /// <summary>To be called every few seconds; 100,000 connections take about 50 ms.</summary>
    public ConnectionSweep SweepConnections() => _sweeper.Sweep();

    /// <summary>The reader of all programs' events; there must be only one on a node.</summary>
    public EventRing OpenEvents() => new(_programs.Map("events"));

    /// <summary>What is attached and pinned stays.</summary>
    public void Dispose()
    {
        _links.Dispose();
        _services.Dispose();
        _programs.Dispose();
    }

    internal int Program(Hook hook) => _programs.Program(hook.Name(), $"mesh_{hook.Name()}");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Programs of {Directory} loaded; attached by {Attachment}, pinned in {Pins}")]
        public static partial void Loaded(ILogger logger, string directory, string attachment, string pins);

        [LoggerMessage(2, LogLevel.Warning, "This kernel cannot give connections to the node's proxy (BPF_PROG_TYPE_SK_LOOKUP, since 5.9): L7 services are balanced as any other, what L7 policy is about is dropped")]
        public static partial void NoLookup(ILogger logger);
    }
}
