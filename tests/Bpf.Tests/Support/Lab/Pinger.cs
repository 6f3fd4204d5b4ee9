using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ClusterMesh.Bpf.Tests.Lab;

/// <summary>Pings a pod from another one, some hundred times a second, until it is stopped; then tells how many answers are missing.</summary>
internal sealed class Pinger : IDisposable
{
    private static int _lastId;
    private readonly Socket _socket;
    private readonly IPEndPoint _target;
    private readonly ushort _id = (ushort)Interlocked.Increment(ref _lastId);
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<ushort> _answered = [];
    private readonly Task _sender;
    private readonly Task _receiver;
    private volatile bool _disposed;
    private int _sent;

    public Pinger(LabPod from, LabPod to)
    {
        _target = new(to.Address, 0);
        _socket = from.Socket(SocketType.Raw, ProtocolType.Icmp);
        _socket.Bind(new IPEndPoint(from.Address, 0));
        (_sender, _receiver) = (SendAsync(), ReceiveAsync());
    }

    public int Sent => Volatile.Read(ref _sent);

    public int Answered
    {
        get
        {
            lock (_answered) return _answered.Count;
        }
    }

    /// <summary>Sends no more, and waits for the last answers.</summary>
    public async Task<int> LostAsync()
    {
        await _stop.CancelAsync();
        await _sender;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        try
        {
            while (Answered < Sent && !_receiver.IsCompleted) await timer.WaitForNextTickAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            // Some will not come.
        }

        if (_receiver.IsCompleted) await _receiver;
        return Sent - Answered;
    }

    public void Dispose()
    {
        _disposed = true;
        _stop.Cancel();
        _socket.Dispose();
    }

    private async Task SendAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        var echo = new byte[16];
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                echo.AsSpan().Clear();
                echo[0] = 8;
                BinaryPrimitives.WriteUInt16BigEndian(echo.AsSpan(4), _id);
                BinaryPrimitives.WriteUInt16BigEndian(echo.AsSpan(6), (ushort)_sent);
                BinaryPrimitives.WriteUInt16BigEndian(echo.AsSpan(2), Checksum(echo));
                await _socket.SendToAsync(echo, _target);
                Interlocked.Increment(ref _sent);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private async Task ReceiveAsync()
    {
        var packet = new byte[256];
        try
        {
            while (true)
            {
                await _socket.ReceiveAsync(packet);
                var icmp = packet.AsMemory((packet[0] & 15) * 4);
                if (icmp.Span[0] != 0 || BinaryPrimitives.ReadUInt16BigEndian(icmp.Span[4..]) != _id) continue;
                lock (_answered) _answered.Add(BinaryPrimitives.ReadUInt16BigEndian(icmp.Span[6..]));
            }
        }
        catch (Exception) when (_disposed)
        {
            // The test is over.
        }
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var i = 0; i < bytes.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        return (ushort)~(sum + (sum >> 16));
    }
}
