namespace ClusterMesh.Cli.Demo;

/// <summary>Asks a process that may not be there yet.</summary>
internal sealed class Probe : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };

    /// <summary>Null when nobody answers, or too late: who listens may be somebody else, and silent.</summary>
    public async Task<HttpResponseMessage?> AskAsync(Uri url, CancellationToken cancel)
    {
        try
        {
            return await _client.GetAsync(url, cancel);
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
