using ClusterMesh.Bpf;
using ClusterMesh.Mesh;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Proxy.Hosting;

/// <summary>The maps that the node's agent pins, which it may not have done yet.</summary>
internal static partial class AgentMaps
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(100), s_longest = TimeSpan.FromSeconds(5);

    /// <returns>Null = it was given up before they were there.</returns>
    public static async Task<ProxyMaps?> OpenAsync(string pinDirectory, ILogger log, TimeProvider time, Task giveUp)
    {
        var backoff = new Backoff(s_first, s_longest, new ThreadChance());
        string? said = null;
        while (!giveUp.IsCompleted)
        {
            try
            {
                return ProxyMaps.Open(pinDirectory);
            }
            catch (BpfException exception)
            {
                if (said != exception.Message) LogWaits(log, said = exception.Message);
                await Task.WhenAny(backoff.WaitAsync(time, CancellationToken.None), giveUp);
            }
        }

        return null;
    }

    [LoggerMessage(114, LogLevel.Warning, "waits for the agent's maps: {Reason}")]
    private static partial void LogWaits(ILogger log, string reason);
}
