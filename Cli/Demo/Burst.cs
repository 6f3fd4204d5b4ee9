namespace ClusterMesh.Cli.Demo;

/// <summary>So many requests, as fast as they go.</summary>
internal static class Burst
{
    public static async Task<Sample> SendAsync(int count, int workers, Func<Task<Answer>> ask)
    {
        var answers = new Answer[count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, workers).Select(async _ =>
        {
            for (var index = Interlocked.Increment(ref next); index < count; index = Interlocked.Increment(ref next))
                answers[index] = await ask();
        }));
        return new(answers);
    }
}
