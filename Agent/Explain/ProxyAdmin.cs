using System.Net.Http.Json;
using System.Text.Json;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Agent.Explain;

/// <summary>Asks this node's proxy, at the Unix socket of its admin pages.</summary>
/// <param name="path">Null: nobody said where it is.</param>
internal sealed class ProxyAdmin(string? path) : IDisposable
{
    private const int LargestAnswer = 4 * 1024 * 1024;

    // No connection is used twice: a successor takes over the path, and not the connections.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero, ConnectCallback = (_, cancel) => UnixSocket.ConnectAsync(path ?? "", cancel),
    })
    {
        BaseAddress = new("http://proxy"), Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = LargestAnswer,
    };

    /// <summary>Its answer, or why there is none.</summary>
    public async Task<(Explanation? Answer, string Why)> ExplainAsync(ExplainRequest request, CancellationToken cancel)
    {
        if (path is null) return (null, "the proxy decides what follows; the agent was not told where to ask it (--proxy-admin)");
        try
        {
            using var answer = await _http.PostAsJsonAsync("/explain", request, StatusJson.Default.ExplainRequest, cancel);
            if (!answer.IsSuccessStatusCode) return (null, $"the proxy at {path} answers {(int)answer.StatusCode}: {(await answer.Content.ReadAsStringAsync(cancel)).Trim()}");
            var explanation = await answer.Content.ReadFromJsonAsync(StatusJson.Default.Explanation, cancel);
            return explanation is { Steps: not null, Backends: not null } ? (explanation, "") : (null, $"the proxy at {path} does not answer with an explanation");
        }
        catch (Exception exception) when (IsFailure(exception, cancel))
        {
            return (null, $"the proxy decides what follows; it cannot be asked at {path}: {exception.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private static bool IsFailure(Exception exception, CancellationToken cancel) =>
        !cancel.IsCancellationRequested && exception is HttpRequestException or IOException or JsonException or System.Net.Sockets.SocketException or TaskCanceledException;
}
