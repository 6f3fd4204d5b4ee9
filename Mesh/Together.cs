namespace ClusterMesh.Mesh;

/// <summary>Loops that live and end together.</summary>
internal static class Together
{
    /// <summary>Runs all until one fails, ends the others, and throws what the one threw.</summary>
    public static async Task RunAsync(CancellationToken cancel, params IEnumerable<Func<CancellationToken, Task>> loops)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var running = loops.Select(loop => Task.Run(() => loop(stop.Token), CancellationToken.None)).ToList();
        try
        {
            var open = running.ToList();
            while (open.Count > 0)
            {
                var ended = await Task.WhenAny(open);
                open.Remove(ended);
                await ended;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
