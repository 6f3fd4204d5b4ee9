using Microsoft.Extensions.Logging;

namespace ClusterMesh.Agent.Hosting;

/// <summary>
/// The agent's parts that run until it is stopped. What ends one before that is told when it happens; without some of them there is no
/// agent, and it ends too: whoever supervises it starts another, and what is in the kernel goes on meanwhile.
/// </summary>
internal sealed class RunningParts(ILogger log, CancellationToken stop)
{
    private readonly List<Task> _all = [];
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a part has ended that there is no agent without.</summary>
    public Task Failed => _failed.Task;

    /// <summary>The agent goes on without it. It may end in good order when it has nothing to do any more.</summary>
    public void Add(string name, Task? running)
    {
        if (running is not null) _all.Add(WatchAsync(name, running));
    }

    /// <summary>The agent ends with it.</summary>
    public void AddVital(string name, Task? running)
    {
        if (running is not null) _all.Add(WatchVitalAsync(name, running));
    }

    /// <summary>After the stop: when all have ended.</summary>
    public Task EndedAsync() => Task.WhenAll(_all);

    private async Task WatchAsync(string name, Task running)
    {
        if (await FailureAsync(running) is { } failure) Log.PartEnded(log, name, failure);
    }

    private async Task WatchVitalAsync(string name, Task running)
    {
        var failure = await FailureAsync(running);
        if (stop.IsCancellationRequested) return;
        Log.VitalPartEnded(log, name, failure?.Message ?? "it had nothing more to do", failure);
        _failed.TrySetResult();
    }

    // Null: it ended in good order, or because of the stop.
    private async Task<Exception?> FailureAsync(Task running)
    {
        try
        {
            await running;
            return null;
        }
        catch (Exception failure)
        {
            return stop.IsCancellationRequested ? null : failure;
        }
    }
}
