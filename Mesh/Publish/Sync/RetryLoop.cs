using ClusterMesh.Mesh.Etcd;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Mesh.Publish.Sync;

/// <summary>
/// Runs one duty life after life: whatever ends it is said once, and after a pause that grows it begins anew. Only
/// <see cref="EtcdError.ClusterChanged"/> goes through: then everything over this client begins anew.
/// </summary>
internal sealed partial class RetryLoop(string what, Troubles troubles, PublishMeter meter, TimeProvider time, IChance chance, ILogger log)
{
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5), chance);

    /// <param name="life">Calls its first argument when it has done what it is for: what was wrong is over then.</param>
    public async Task RunAsync(Func<Action, CancellationToken, Task> life, CancellationToken stop)
    {
        try
        {
            await LivesAsync(life, stop);
        }
        finally
        {
            // What is not done any more, as another agent leads, cannot fail either.
            troubles.Clear(what);
        }
    }

    private async Task LivesAsync(Func<Action, CancellationToken, Task> life, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await life(Works, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                throw;
            }
            catch (EtcdException e) when (e.Error == EtcdError.ClusterChanged)
            {
                throw;
            }
            catch (ConflictException e)
            {
                LogConflict(what, e.Message);
            }
            catch (EtcdException e)
            {
                if (troubles.Report(what, e.Message)) LogFailed(what, e.Message);
            }
            catch (Exception e)
            {
                if (troubles.Report(what, $"a defect: {e.Message}")) LogDefect(e, what);
            }

            meter.Failed(what);
            await _backoff.WaitAsync(time, stop);
        }
    }

    private void Works()
    {
        _backoff.Reset();
        if (troubles.Clear(what)) LogWorks(what);
    }

    [LoggerMessage(60, LogLevel.Warning, "publishing {What}: {Reason}; it is tried again")]
    private partial void LogFailed(string what, string reason);

    [LoggerMessage(61, LogLevel.Information, "publishing {What}: works again")]
    private partial void LogWorks(string what);

    [LoggerMessage(62, LogLevel.Error, "publishing {What}: met a defect; it begins anew")]
    private partial void LogDefect(Exception exception, string what);

    [LoggerMessage(63, LogLevel.Information, "publishing {What}: {Reason}; it looks again")]
    private partial void LogConflict(string what, string reason);
}
