using System.Threading.Channels;
using ClusterMesh.Cli.Lab.Topology;
using ClusterMesh.Mesh;

namespace ClusterMesh.Cli.Lab.Network;

/// <summary>
/// Makes the way to a port of a bridge long or lossy: takes the port out of its bridge, and carries frames between the two by hand. Not by
/// tc netem, which many kernels come without.
/// </summary>
internal sealed class DelayLine : IAsyncDisposable
{
    private const int MaxFrame = 10_000, MaxWaiting = 20_000;

    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);

    private readonly NetworkNamespace _switch;
    private readonly LabLink _link;
    private readonly TapDevice _near;
    private readonly TapDevice _far;
    private readonly TimeProvider _time;
    private readonly IChance _chance = new ThreadChance();
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<(long Since, byte[] Frame)> _waiting = Channel.CreateBounded<(long, byte[])>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<Task> _work = [];
    private LinkFault _fault;

    private DelayLine(NetworkNamespace theSwitch, LabLink link, LinkFault fault, TapDevice near, TapDevice far, TimeProvider time) =>
        (_switch, _link, _fault, _near, _far, _time) = (theSwitch, link, fault, near, far, time);

    /// <summary>Holds for frames that come from now on.</summary>
    public LinkFault Fault
    {
        set
        {
            lock (_stop) _fault = value;
        }
    }

    /// <exception cref="LabException"/>
    public static async Task<DelayLine> StartAsync(NetworkNamespace theSwitch, LabLink link, LinkFault fault, TimeProvider time)
    {
        // Of the two, far is beside the port.
        var line = new DelayLine(theSwitch, link, fault, TapDevice.Open(theSwitch, Near(link)), TapDevice.Open(theSwitch, Far(link)), time);
        await Tool.IpAsync(
            theSwitch,
            $"link add {Aside(link)} type bridge", $"link set {Aside(link)} up", $"link set {Far(link)} master {Aside(link)} up",
            $"link set {link.Port} master {Aside(link)}", $"link set {Near(link)} master {link.Bridge} up");
        line._work.Add(Task.Factory.StartNew(line.Back, TaskCreationOptions.LongRunning));
        line._work.Add(Task.Factory.StartNew(line.Take, TaskCreationOptions.LongRunning));
        line._work.Add(line.GiveAsync());
        return line;
    }

    /// <summary>The port is in its bridge again.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _waiting.Writer.TryComplete();
        await Task.WhenAll(_work);
        _near.Dispose();
        _far.Dispose();
        await Tool.IpAsync(_switch, $"link set {_link.Port} master {_link.Bridge}", $"link delete {Aside(_link)}");
        _stop.Dispose();
    }

    private void Back()
    {
        var frame = new byte[MaxFrame];
        while (!_stop.IsCancellationRequested)
            if (_far.Read(frame, s_poll) is var length and > 0) _near.Write(frame.AsSpan(0, length));
    }

    private void Take()
    {
        var frame = new byte[MaxFrame];
        while (!_stop.IsCancellationRequested)
        {
            if (_near.Read(frame, s_poll) is not (var length and > 0)) continue;
            if (_chance.Next() / (double)ulong.MaxValue >= Current.Loss) _waiting.Writer.TryWrite((_time.GetTimestamp(), frame[..length]));
        }
    }

    private async Task GiveAsync()
    {
        try
        {
            await foreach (var (since, frame) in _waiting.Reader.ReadAllAsync(_stop.Token))
            {
                // A timer takes whole milliseconds, and what is late is better than what is early.
                if (Current.Delay - _time.GetElapsedTime(since) is var left && left > TimeSpan.Zero) await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), _time, _stop.Token);
                _far.Write(frame);
            }
        }
        catch (OperationCanceledException)
        {
            // What was under way is lost.
        }
    }

    private LinkFault Current
    {
        get
        {
            lock (_stop) return _fault;
        }
    }

    private static string Near(LabLink link) => $"{link.Port}t";

    private static string Far(LabLink link) => $"{link.Port}u";

    private static string Aside(LabLink link) => $"{link.Port}b";
}

/// <summary>A port of the underlay, and the bridge that it belongs to. With a letter behind it a port's name has at most 15.</summary>
internal readonly record struct LabLink(string Port, string Bridge);
