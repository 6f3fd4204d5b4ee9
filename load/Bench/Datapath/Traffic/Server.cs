using System.Net;
using ClusterMesh.DatapathBench.Topology;

namespace ClusterMesh.DatapathBench.Traffic;

/// <summary>One thread in a pod that serves one connection after the other; blocked, it costs nothing.</summary>
internal sealed class Server : IDisposable
{
    private readonly TcpSocket _listener;
    private readonly Thread _thread;
    private int _threadId;

    public Server(Pod pod, ushort port, Action<TcpSocket> serve)
    {
        TcpSocket listener = default;
        pod.Netns.In(() => listener = TcpSocket.Listen(new IPEndPoint(pod.Ip, port)));
        _listener = listener;
        using var started = new ManualResetEventSlim();
        _thread = new(() =>
        {
            Core.Pin(Core.OfTraffic);
            _threadId = CpuClock.ThreadId();
            started.Set();
            serve(listener);
        }) { IsBackground = true };
        _thread.Start();
        started.Wait();
    }

    public TimeSpan Cpu => CpuClock.OfThread(_threadId);

    public void Dispose()
    {
        _listener.Shutdown();
        _thread.Join();
        _listener.Close();
    }
}
