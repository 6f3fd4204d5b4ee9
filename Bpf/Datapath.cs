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
    private readonly IAttachment _attachment;
    private readonly PinDirectory? _pins;
    private readonly ServiceMaps _services;
    private readonly ConnectionSweeper _sweeper;

    private Datapath(LoadedPrograms programs, IAttachment attachment, PinDirectory? pins, TimeProvider time)
    {
        (_programs, _attachment, _pins) = (programs, attachment, pins);
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

    /// <summary>Loads all programs or none, and attaches nothing.</summary>
    /// <exception cref="UnsupportedKernelException">What the kernel lacks.</exception>
    /// <exception cref="BpfException">A program is refused, with the verifier's log; nothing has changed.</exception>
    public static Datapath Load(DatapathConfig config, ILogger logger)
    {
        KernelFeatures.Require();
        if (config.PinDirectory is { } root) BpfFileSystem.Ensure(root);
        var tcx = !config.PreferClsact && KernelFeatures.HasTcx();
        var pins = config.PinDirectory is { } directory ? new PinDirectory(directory) : null;
        var programs = LoadedPrograms.Load(Hooks.All.Select(hook => Path.Combine(config.ObjectDirectory, $"{hook.Name()}.o")), config.Settings, pins, logger);
        Log.Loaded(logger, config.ObjectDirectory, tcx ? "tcx" : "clsact", config.PinDirectory ?? "nowhere");
        return new(programs, tcx ? new TcxAttachment(pins?.LinksPath) : new ClsactAttachment(), pins, config.Time);
    }

    /// <summary>Attaches, or swaps for the program that is there.</summary>
    /// <exception cref="BpfException">There is no such interface; what was attached stays.</exception>
    public void Attach(Hook hook, int ifindex) => _attachment.Attach(hook, ifindex, Program(hook));

    /// <summary>Nothing to detach is not an error.</summary>
    public void Detach(Hook hook, int ifindex) => _attachment.Detach(hook, ifindex);

    /// <summary>Once everything is attached: forgets links of interfaces that are gone, and maps of other layouts.</summary>
    public void Prune()
    {
        _attachment.Prune();
        _pins?.DeleteOtherLayouts();
    }

    /// <summary>To be called every few seconds; 100,000 connections take about 50 ms.</summary>
    public ConnectionSweep SweepConnections() => _sweeper.Sweep();

    /// <summary>The reader of all programs' events; there must be only one on a node.</summary>
    public EventRing OpenEvents() => new(_programs.Map("events"));

    /// <summary>What is attached and pinned stays.</summary>
    public void Dispose()
    {
        _attachment.Dispose();
        _services.Dispose();
        _programs.Dispose();
    }

    internal int Program(Hook hook) => _programs.Program(hook.Name(), $"mesh_{hook.Name()}");

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Programs of {Directory} loaded; attached by {Attachment}, pinned in {Pins}")]
        public static partial void Loaded(ILogger logger, string directory, string attachment, string pins);
    }
}
