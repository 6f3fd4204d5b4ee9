using System.Net;
using System.Net.Sockets;
using ClusterMesh.Cli.Lab.Network;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>One connection kept open, on which a request goes forth and back again and again: whatever breaks it is seen.</summary>
internal sealed class SteadyConnection : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _answers;

    private SteadyConnection(Socket socket) => _running = RunAsync(socket);

    public int Answers => Volatile.Read(ref _answers);

    /// <summary>Longest time between a request and its answer.</summary>
    public TimeSpan Longest { get; private set; }

    public string? Broken { get; private set; }

    public static async Task<SteadyConnection> OpenAsync(NamespaceSockets sockets, IPEndPoint to)
    {
        var socket = await sockets.OpenAsync();
        socket.NoDelay = true;
        await socket.ConnectAsync(to);
        return new(socket);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    private async Task RunAsync(Socket socket)
    {
        var buffer = new byte[8192];
        using (socket)
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20)))
        {
            try
            {
                while (await timer.WaitForNextTickAsync(_stop.Token))
                {
                    var asked = TimeProvider.System.GetTimestamp();
                    await socket.SendAsync("GET / HTTP/1.1\r\nHost: echo\r\n\r\n"u8.ToArray(), CancellationToken.None);
                    if (await socket.ReceiveAsync(buffer, _stop.Token) == 0) throw new SocketException((int)SocketError.ConnectionReset);
                    var took = TimeProvider.System.GetElapsedTime(asked);
                    if (took > Longest) Longest = took;
                    Interlocked.Increment(ref _answers);
                }
            }
            catch (OperationCanceledException)
            {
            }
            catch (SocketException e)
            {
                Broken = $"{e.SocketErrorCode} after {Answers} answers";
            }
        }
    }
}
