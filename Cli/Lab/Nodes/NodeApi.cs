using System.Net.Http.Json;
using ClusterMesh.Mesh.Objects;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Lab.Nodes;

/// <summary>An agent's API on its Unix socket: what a CNI plugin asks, and the admin pages.</summary>
internal sealed class NodeApi(string socket) : IDisposable
{
    private readonly HttpClient _http = UnixHttp.Open(socket, TimeSpan.FromSeconds(20));

    /// <exception cref="LabException">The agent refuses, or cannot be asked.</exception>
    public async Task<EndpointStatus> AddEndpointAsync(EndpointRequest request, CancellationToken cancel)
    {
        using var response = await SendAsync(new(HttpMethod.Post, "/endpoints") { Content = JsonContent.Create(request, StatusJson.Default.EndpointRequest) }, cancel);
        return (await response.Content.ReadFromJsonAsync(StatusJson.Default.EndpointStatus, cancel))!;
    }

    /// <exception cref="LabException"/>
    public async Task DeleteEndpointAsync(ObjectKey pod, CancellationToken cancel) =>
        (await SendAsync(new(HttpMethod.Delete, $"/endpoints/{pod.Namespace}/{pod.Name}"), cancel)).Dispose();

    /// <exception cref="LabException"/>
    public async Task<IReadOnlyList<EndpointStatus>> EndpointsAsync(CancellationToken cancel)
    {
        using var response = await SendAsync(new(HttpMethod.Get, "/endpoints"), cancel);
        return (await response.Content.ReadFromJsonAsync(StatusJson.Default.IReadOnlyListEndpointStatus, cancel))!;
    }

    /// <exception cref="LabException"/>
    public async Task<AgentState> StateAsync(CancellationToken cancel)
    {
        using var response = await SendAsync(new(HttpMethod.Get, "/state"), cancel);
        return (await response.Content.ReadFromJsonAsync(StatusJson.Default.AgentState, cancel))!;
    }

    /// <summary>Any page as it is; for what has no words of its own here.</summary>
    /// <exception cref="LabException"/>
    public async Task<string> PageAsync(string path, CancellationToken cancel)
    {
        using var response = await SendAsync(new(HttpMethod.Get, path), cancel);
        return await response.Content.ReadAsStringAsync(cancel);
    }

    public async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            using var response = await _http.GetAsync("/livez", cancel);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using (request)
        {
            try
            {
                var response = await _http.SendAsync(request, cancel);
                if (response.IsSuccessStatusCode) return response;
                using (response) throw new LabException($"the agent at {socket} answers {(int)response.StatusCode} to {request.Method} {request.RequestUri}: {(await response.Content.ReadAsStringAsync(cancel)).Trim()}");
            }
            catch (HttpRequestException error)
            {
                throw new LabException($"no agent at {socket}: {error.InnerException?.Message ?? error.Message}", error);
            }
            catch (TaskCanceledException error) when (!cancel.IsCancellationRequested)
            {
                throw new LabException($"the agent at {socket} does not answer {request.Method} {request.RequestUri} in {_http.Timeout.TotalSeconds:0} s", error);
            }
        }
    }
}
