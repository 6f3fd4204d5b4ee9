using System.Net;
using ClusterMesh.Mesh;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Probes;

/// <summary>
/// Asks every other node of the mesh whether it is there, on a thread of its own, and answers those that ask us. Without its sockets
/// (no such address, port taken, no CAP_NET_RAW) nobody is called gone, and it tries again.
/// </summary>
internal sealed partial class NodeProbes : IDisposable
{
    // Answers are read as they come; what is due is looked for so often.
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5), s_look = TimeSpan.FromSeconds(1);

    private readonly ProbeConfig _config;
    private readonly Func<IReadOnlyList<ProbeTarget>> _known;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private readonly GoneNodes _gone;
    private readonly ProbeBoard _board;
    private readonly ProbeResponder _responder;
    private readonly HealthReport _report;
    private readonly ProbeMeter _meter;
    private readonly ulong _nonce, _own;
    private readonly long _begun;
    private readonly byte[] _packet = new byte[ProbePacket.Size];
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private volatile NodeReachability _current;

    /// <param name="known">All nodes but this one; asked every second, on the probes' thread.</param>
    public NodeProbes(ProbeConfig config, Func<IReadOnlyList<ProbeTarget>> known, TimeProvider time, IChance chance, ILogger log)
    {
        (_config, _known, _time, _log) = (config, known, time, log);
        _gone = new(config.GoneNodesFile);
        var gone = _gone.Read();
        _board = new(config.Rules, config.Cluster, gone);
        _responder = new(config.Name, _board.Knows);
        _report = new(config.Rules, time.GetUtcNow(), config.Name, gone);
        (_nonce, _own, _begun) = (chance.Next(), ProbePacket.Hash(config.Name), time.GetTimestamp());
        _current = _report.Read(_board, default);
        _meter = new(config.Cluster, config.Node, Read, () => _board.IsCutOff);
        _thread = new(Run) { IsBackground = true, Name = "node probes" };
    }

    /// <summary>After <see cref="Current"/> changed in more than times and latencies; on the probes' thread.</summary>
    public event Action? Changed;

    /// <summary>Who is there, since the last <see cref="Changed"/>.</summary>
    public NodeReachability Current => _current;

    /// <summary>Where it listens; null while it cannot.</summary>
    public int? Port { get; private set; }

    /// <summary>Who is there, with the newest latencies and reasons. Any thread.</summary>
    public NodeReachability Read()
    {
        lock (_lock) return _report.Read(_board, Now);
    }

    public void Start() => _thread.Start();

    public void Dispose()
    {
        _stop.Cancel();
        if (_thread.IsAlive) _thread.Join();
        _meter.Dispose();
        _stop.Dispose();
    }

    private TimeSpan Now => _time.GetElapsedTime(_begun);

    private void Run()
    {
        string? told = null;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var sockets = ProbeSockets.Open(_config.Local);
                told = null;
                Port = sockets.Port;
                Log.Probing(_log, _config.Local.Address, sockets.Port);
                Probe(sockets);
            }
            catch (Exception error)
            {
                Port = null;
                // The same again every few seconds is no news.
                if (told != error.Message) Log.NoSockets(_log, _config.Local, told = error.Message);
                _stop.Token.WaitHandle.WaitOne(s_retry);
            }
        }
    }

    private void Probe(ProbeSockets sockets)
    {
        var (nextTurn, nextLook) = (Now, Now);
        while (!_stop.IsCancellationRequested)
        {
            var now = Now;
            var changed = false;
            // What has come is heard before anybody is judged, however late this thread is.
            sockets.Receive(nextTurn > now ? nextTurn - now : TimeSpan.Zero, OfAgent, OfKernel);
            if ((now = Now) < nextTurn) continue;
            nextTurn = now + s_turn;
            lock (_lock)
            {
                if (now >= nextLook)
                {
                    changed = _board.Know(_known(), now);
                    nextLook = now + s_look;
                }

                changed |= _board.Judge(now);
                foreach (var order in _board.Due(now)) Send(sockets, order);
                if (changed) Publish(now);
            }

            if (!changed) continue;
            Changed?.Invoke();
            _gone.Write(_current);
        }
    }

    private void Send(ProbeSockets sockets, ProbeOrder order)
    {
        _meter.Sent(order.IsEcho);
        if (order.IsEcho)
        {
            EchoPacket.WriteRequest(_packet, _nonce, order.Node.Sequence);
            sockets.AskKernel(order.Node.Target.Address, _packet.AsSpan(0, EchoPacket.Size));
        }
        else
        {
            new ProbePacket(IsAnswer: false, _nonce, order.Node.Sequence, _own, order.Node.NameHash).Write(_packet);
            sockets.Ask(new(order.Node.Target.Address, Port!.Value), _packet);
        }
    }

    private int OfAgent(Span<byte> bytes, IPEndPoint from)
    {
        if (ProbePacket.Read(bytes) is not { } packet)
        {
            _meter.Ignored("malformed");
            return 0;
        }

        lock (_lock) return packet.IsAnswer ? Hear(packet, from) : Answer(packet, from, bytes);
    }

    private int Hear(ProbePacket packet, IPEndPoint from)
    {
        if (packet.Nonce == _nonce && _board.HearAgent(from.Address, packet.Sequence, packet.Asked, Now) is { } rtt) _meter.Answered(rtt, _board.ClusterOf(from.Address));
        else _meter.Ignored("not_asked");
        return 0;
    }

    private int Answer(ProbePacket question, IPEndPoint from, Span<byte> bytes)
    {
        if (_responder.Judge(question, from.Address, Now) is not ProbeAnswer.Give and var why)
        {
            _meter.Ignored(why switch { ProbeAnswer.UnknownSender => "unknown_sender", ProbeAnswer.NotUs => "other_name", _ => "too_often" });
            return 0;
        }

        (question with { IsAnswer = true }).Write(bytes);
        return ProbePacket.Size;
    }

    private void OfKernel(ReadOnlySpan<byte> packet)
    {
        if (EchoPacket.ReadProof(packet, _nonce) is not { } node) return;
        lock (_lock) _board.HearKernel(node, Now);
    }

    private void Publish(TimeSpan now)
    {
        var (before, after) = (_current, _report.Read(_board, now));
        _current = after;
        foreach (var (name, health) in after.Nodes)
            if (health.State != before.Nodes.GetValueOrDefault(name)?.State && health.State != "unknown")
                Log.NodeIs(_log, name, health.State, health.Reason ?? "it answers");
    }

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Information, "probing the other nodes from {Address}, UDP port {Port}")]
        public static partial void Probing(ILogger log, IPAddress address, int port);

        [LoggerMessage(301, LogLevel.Warning, "cannot probe from {Local}: {Reason}; all nodes count as reachable until it works, tried again every 5 s")]
        public static partial void NoSockets(ILogger log, IPEndPoint local, string reason);

        [LoggerMessage(302, LogLevel.Information, "node {Node} is {State}: {Reason}")]
        public static partial void NodeIs(ILogger log, string node, string state, string reason);
    }
}
