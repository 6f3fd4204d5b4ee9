using System.Net;
using ClusterMesh.Cli.Echo;

namespace ClusterMesh.Cli.Demo;

/// <summary>Sends real requests through a gateway and notes who answered.</summary>
internal sealed class Traffic(Uri gateway, TimeProvider time) : IDisposable
{
    private const int Workers = 8;

    /// <summary>About 1,000 requests per second.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(8);

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });

    private readonly long _start = time.GetTimestamp();

    /// <summary>The clock that answers are stamped with.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>That many requests, as fast as they go.</summary>
    public Task<Sample> SendAsync(string host, int count, CancellationToken cancel, params (string Name, string Value)[] headers) =>
        Burst.SendAsync(count, Workers, () => AskAsync(host, headers, cancel));

    /// <summary>Steady traffic until it is stopped.</summary>
    public Load StartLoad(string host, CancellationToken cancel) => new(() => AskAsync(host, [], cancel), Workers, Pace, time, cancel);

    public void Dispose() => _client.Dispose();

    private async Task<Answer> AskAsync(string host, (string Name, string Value)[] headers, CancellationToken cancel)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timeout.CancelAfter(RequestTimeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway);
        request.Headers.Host = host;
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        try
        {
            using var response = await _client.SendAsync(request, timeout.Token);
            await response.Content.CopyToAsync(Stream.Null, timeout.Token);
            return response.StatusCode == HttpStatusCode.OK
                ? new(Now, Header(response, EchoHeaders.Cluster), Header(response, EchoHeaders.Version), Header(response, EchoHeaders.Pod))
                : Answer.Failed(Now, $"status {(int)response.StatusCode}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Answer.Failed(Now, $"no answer within {RequestTimeout.TotalSeconds:0} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return Answer.Failed(Now, error.Message);
        }
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : "";
}
