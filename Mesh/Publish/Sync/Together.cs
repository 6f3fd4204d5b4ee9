namespace ClusterMesh.Mesh.Publish.Sync;

/// <summary>Things that live and end together.</summary>
internal static class Together
{
    /// <summary>Runs them all until the first ends, stops the others, and ends as the first one did.</summary>
    public static async Task RunAsync(CancellationToken stop, params IEnumerable<Func<CancellationToken, Task>> parts)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var tasks = parts.Select(part => Task.Run(() => part(either.Token), CancellationToken.None)).ToArray();
        var first = await Task.WhenAny(tasks);
        await either.CancelAsync();
        await Task.WhenAll(tasks).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await first;
    }
}
