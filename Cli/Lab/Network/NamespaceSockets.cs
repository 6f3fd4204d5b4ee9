using System.Collections.Concurrent;
using System.Net.Sockets;

namespace ClusterMesh.Cli.Lab.Network;

/// <summary>Makes sockets in a namespace by one thread that stays there: a thread for each would be most of the work.</summary>
internal sealed class NamespaceSockets : IDisposable
{
    private readonly BlockingCollection<(SocketType Type, ProtocolType Protocol, TaskCompletionSource<Socket> Made)> _wanted = [];

    public NamespaceSockets(NetworkNamespace netns) => _ = Task.Factory.StartNew(() => netns.Run(MakeAll), TaskCreationOptions.LongRunning);

    public Task<Socket> OpenAsync(SocketType type = SocketType.Stream, ProtocolType protocol = ProtocolType.Tcp)
    {
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        _wanted.Add((type, protocol, made));
        return made.Task;
    }

    public void Dispose() => _wanted.CompleteAdding();

    private bool MakeAll()
    {
        foreach (var (type, protocol, made) in _wanted.GetConsumingEnumerable())
        {
            try
            {
                made.SetResult(new(AddressFamily.InterNetwork, type, protocol));
            }
            catch (SocketException e)
            {
                made.SetException(e);
            }
        }

        return true;
    }
}
