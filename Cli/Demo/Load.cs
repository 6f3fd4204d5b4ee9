using ClusterMesh.Cli.Processes;

namespace ClusterMesh.Cli.Demo;

/// <summary>Steady traffic in the background, paced so that starting backends have room too.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly List<Answer> _answers = [];
    private readonly Task _workers;
    private readonly TimeProvider _time;

    /// <param name="pace">Of each worker: it asks once in that time, or later when an answer takes longer.</param>
    public Load(Func<Task<Answer>> ask, int workers, TimeSpan pace, TimeProvider time, CancellationToken cancel)
    {
        _time = time;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _workers = Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(ask, pace)));
    }

    public Sample Sofar
    {
        get
        {
            lock (_answers)
                return new([.. _answers]);
        }
    }

    /// <summary>Waits for that many more answers.</summary>
    public async Task MoreAsync(int count, CancellationToken cancel)
    {
        var goal = Count + count;
        await Condition.WaitAsync(() => Count >= goal, TimeSpan.FromSeconds(20), _time, cancel);
    }

    /// <summary>Waits until the answers of late are as asked; false when that does not come in time.</summary>
    public Task<bool> UntilAsync(int answers, Func<Sample, bool> asked, TimeSpan within, CancellationToken cancel)
    {
        var from = Count;
        return Condition.WaitAsync(() => Count >= from + answers && asked(Sofar.Last(answers)), within, _time, cancel);
    }

    /// <summary>Ends the traffic, each request in flight included, and hands over all answers.</summary>
    public async Task<Sample> StopAsync()
    {
        await _stop.CancelAsync();
        await _workers;
        return Sofar;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _workers.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private int Count
    {
        get
        {
            lock (_answers)
                return _answers.Count;
        }
    }

    private async Task WorkAsync(Func<Task<Answer>> ask, TimeSpan pace)
    {
        using var timer = new PeriodicTimer(pace, _time);
        while (!_stop.IsCancellationRequested)
        {
            var answer = await ask();
            lock (_answers)
                _answers.Add(answer);
            try
            {
                await timer.WaitForNextTickAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
