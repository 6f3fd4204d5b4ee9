using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>An ICMP echo request and its reply.</summary>
internal static class PingAttempt
{
    private const int Header = 8;
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(800);
    private static int s_last = Environment.ProcessId;

    /// <param name="size">Bytes after the ICMP header.</param>
    /// <param name="whole">It may not be cut on the way.</param>
    public static async Task<string> TryAsync(NetworkNamespace from, IPAddress to, int size, bool whole)
    {
        using var socket = from.OpenSocket(SocketType.Raw, ProtocolType.Icmp);
        var id = (ushort)Interlocked.Increment(ref s_last);
        if (whole) socket.DontFragment = true;
        using var timeout = new CancellationTokenSource(s_patience);
        try
        {
            await socket.SendToAsync(Question(id, size), new IPEndPoint(to, 0), timeout.Token);
            var answer = new byte[65536];
            while (true)
            {
                var got = await socket.ReceiveFromAsync(answer, new IPEndPoint(IPAddress.Any, 0), timeout.Token);
                if (IsAnswer(answer.AsSpan(0, got.ReceivedBytes), id)) return "ok";
            }
        }
        catch (OperationCanceledException)
        {
            return "dropped";
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.MessageSize)
        {
            return "too-big";
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode.ToString();
        }
    }

    private static byte[] Question(ushort id, int size)
    {
        var packet = new byte[Header + size];
        packet[0] = 8;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), id);
        // Ones' complement of a sum that is only type and id: all else is zero.
        var sum = 0x0800 + id;
        sum = (sum & 0xffff) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)~sum);
        return packet;
    }

    // What a raw socket gives begins with the IP header.
    private static bool IsAnswer(ReadOnlySpan<byte> packet, ushort id)
    {
        var icmp = packet[((packet[0] & 15) * 4)..];
        return icmp.Length >= Header && icmp[0] == 0 && BinaryPrimitives.ReadUInt16BigEndian(icmp[4..]) == id;
    }
}
