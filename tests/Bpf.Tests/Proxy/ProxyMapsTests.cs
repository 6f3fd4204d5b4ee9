using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Libbpf;
using ClusterMesh.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterMesh.Bpf.Tests.Proxy;

public sealed class ProxyMapsTests : IDisposable
{
    private static int _last;
    private readonly string _pins = Path.Combine(Netns.PinRoot, $"cmbpf-{Environment.ProcessId}-proxy{Interlocked.Increment(ref _last)}");
    private readonly Datapath? _datapath;

    public ProxyMapsTests()
    {
        if (KernelRing.Missing is not null) return;
        _datapath = Datapath.Load(new() { PinDirectory = _pins }, NullLogger.Instance);
    }

    public void Dispose()
    {
        _datapath?.Dispose();
        if (Directory.Exists(_pins)) Directory.Delete(_pins, recursive: true);
    }

    [KernelFact]
    public void Maps_OfAPinnedNode_ShowWhatTheAgentWrote()
    {
        using var maps = ProxyMaps.Open(_pins);
        _datapath!.Endpoints.Update(Programs.Addr("10.1.1.11"), new() { Id = 11, Identity = 300 });
        _datapath.Ipcache.Update(new(IPNetwork.Parse("10.1.2.0/24")), new() { Identity = 400 });
        var key = new ConnectionKey { Source = Programs.Addr("10.1.1.11"), Protocol = 6, Scope = Scope.Service };
        _datapath.Connections.Update(key, new() { Flags = ConnectionFlags.Proxied });
        Assert.True(maps.Endpoints.TryGet(Programs.Addr("10.1.1.11"), out var endpoint));
        Assert.Equal(300u, endpoint.Identity);
        Assert.True(maps.Ipcache.TryGet(new(IPNetwork.Parse("10.1.2.3/32")), out var peer));
        Assert.Equal(400u, peer.Identity);
        Assert.True(maps.Connections.TryGet(key, out var connection));
        Assert.Equal(ConnectionFlags.Proxied, connection.Flags);
    }

    [KernelFact]
    public void Maps_OfTheNode_CannotBeWritten()
    {
        using var maps = ProxyMaps.Open(_pins);
        Assert.Equal(1, Assert.Throws<BpfException>(() => maps.Endpoints.Update(Programs.Addr("10.1.1.11"), default)).Errno);
        Assert.Equal(1, Assert.Throws<BpfException>(() => maps.Ipcache.Update(default, default)).Errno);
        Assert.Equal(1, Assert.Throws<BpfException>(() => maps.Connections.Delete(default)).Errno);
    }

    [KernelTheory]
    [InlineData(4242u, 4242, true)]
    [InlineData(4242u, 4243, false)]
    [InlineData(null, 4242, false)]
    public void Pins_GivenToAGroup_AreItsToOpenAndNobodyElses(uint? group, int asks, bool may)
    {
        using (Datapath.Load(new() { PinDirectory = _pins, ProxyGroup = group }, NullLogger.Instance))
        {
            Assert.Equal(may, May(asks, "-r", "connections", "endpoints", "ipcache", "proxy_socket"));
            Assert.Equal(may, May(asks, "-w", "proxy_socket"));
            foreach (var map in new[] { "connections", "endpoints", "ipcache" }) Assert.False(May(asks, "-w", map));
            foreach (var map in Directory.GetFiles(Path.Combine(_pins, "v1")).Select(path => Path.GetFileName(path)).Except(["connections", "endpoints", "ipcache", "proxy_socket"])) Assert.False(May(asks, "-r", map), map);
        }

        // The next agent takes the rights away again.
        using (Datapath.Load(new() { PinDirectory = _pins }, NullLogger.Instance)) Assert.False(May(asks, "-r", "connections"));
    }

    [KernelFact]
    public void Pins_GivenToAGroup_CannotKeepTheAgentFromThem()
    {
        using (Datapath.Load(new() { PinDirectory = _pins, ProxyGroup = 4242 }, NullLogger.Instance))
        {
            foreach (var directory in new[] { _pins, $"{_pins}/v1", $"{_pins}/links" })
            {
                // flock needs no more than a descriptor to read with.
                using var process = Process.Start("setpriv", ["--reuid", "65534", "--regid", "4242", "--clear-groups", "flock", "--nonblock", directory, "true"]);
                process.WaitForExit();
                Assert.NotEqual(0, process.ExitCode);
            }
        }
    }

    [KernelFact]
    public void Maps_OfAnAgentThatMadeOthers_AreNotCurrent()
    {
        using var maps = ProxyMaps.Open(_pins);
        Assert.True(maps.IsCurrent());
        _datapath!.Dispose();
        using (Datapath.Load(new() { PinDirectory = _pins }, NullLogger.Instance)) Assert.True(maps.IsCurrent());
        Directory.Delete(_pins, recursive: true);
        Assert.False(maps.IsCurrent());
        using (Datapath.Load(new() { PinDirectory = _pins }, NullLogger.Instance)) Assert.False(maps.IsCurrent());
    }

    [KernelFact]
    public void Maps_NotPinned_NameTheFile()
    {
        var error = Assert.Throws<BpfException>(() => ProxyMaps.Open(_pins + "-none"));
        Assert.Equal(Errno.NoEntry, error.Errno);
        Assert.Contains($"{_pins}-none/v1/connections", error.Message);
    }

    [KernelFact]
    public void Listener_PutIn_IsThereUntilItIsTakenOut()
    {
        using var maps = ProxyMaps.Open(_pins);
        using var listener = Listener();
        Assert.Null(maps.ListenerCookie());
        maps.PutListener(listener.SafeHandle);
        Assert.NotNull(maps.OwnCookie);
        Assert.Equal(maps.OwnCookie, maps.ListenerCookie());
        maps.TakeListenerOut();
        Assert.Null(maps.ListenerCookie());
        maps.TakeListenerOut();
    }

    [KernelFact]
    public void Listener_ThatASuccessorReplaced_IsNotTakenOut()
    {
        using var old = ProxyMaps.Open(_pins);
        using var next = ProxyMaps.Open(_pins);
        using Socket first = Listener(), second = Listener();
        old.PutListener(first.SafeHandle);
        next.PutListener(second.SafeHandle);
        Assert.NotEqual(old.OwnCookie, old.ListenerCookie());
        old.TakeListenerOut();
        Assert.NotNull(old.ListenerCookie());
        Assert.Equal(next.OwnCookie, old.ListenerCookie());
    }

    [KernelFact]
    public void Listener_Closed_IsGone()
    {
        using var maps = ProxyMaps.Open(_pins);
        using (var listener = Listener()) maps.PutListener(listener.SafeHandle);
        Assert.Null(maps.ListenerCookie());
        // A place that the kernel emptied is no error.
        maps.TakeListenerOut();
    }

    [KernelFact]
    public void Listener_ThatDoesNotListen_IsRefused()
    {
        using var maps = ProxyMaps.Open(_pins);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Throws<BpfException>(() => maps.PutListener(socket.SafeHandle));
        Assert.Null(maps.ListenerCookie());
        Assert.Null(maps.OwnCookie);
    }

    private bool May(int group, string right, params string[] maps)
    {
        var test = string.Join(" && ", maps.Select(map => $"test {right} {_pins}/v1/{map}"));
        using var process = Process.Start("setpriv", ["--reuid", "65534", "--regid", $"{group}", "--clear-groups", "sh", "-c", test]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static Socket Listener()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        return socket;
    }
}
