using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Admin;

/// <summary>Asks the admin port of a gateway or an agent.</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;

    private readonly AdminPort _port;

    private readonly string _address;

    public AdminClient(AdminPort port, Uri address)
    {
        _port = port;
        _address = address.Scheme == "unix" ? $"unix:{Uri.UnescapeDataString(address.AbsolutePath)}" : address.GetLeftPart(UriPartial.Authority);
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (address.Scheme == "unix")
        {
            handler.ConnectCallback = (_, cancel) => UnixSocket.ConnectAsync(_address["unix:".Length..], cancel);
            // A successor takes over the path, and not the connections.
            handler.PooledConnectionLifetime = TimeSpan.Zero;
        }

        _http = new(handler) { BaseAddress = address.Scheme == "unix" ? new("http://localhost") : address, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>By a Unix socket, where an agent takes orders, too.</summary>
    public bool IsSocket => _address.StartsWith("unix:", StringComparison.Ordinal);

    public Task<AdminReply<GatewayState>> StateAsync(CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, "/state"), StatusJson.Default.GatewayState, cancel);

    public Task<AdminReply<AgentState>> AgentStateAsync(CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, "/state"), StatusJson.Default.AgentState, cancel);

    public Task<AdminReply<IReadOnlyList<NodeStatus>>> NodesAsync(CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, "/nodes"), StatusJson.Default.IReadOnlyListNodeStatus, cancel);

    public Task<AdminReply<IReadOnlyList<IdentityStatus>>> IdentitiesAsync(CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, "/identities"), StatusJson.Default.IReadOnlyListIdentityStatus, cancel);

    public Task<AdminReply<IReadOnlyList<EndpointStatus>>> EndpointsAsync(CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, "/endpoints"), StatusJson.Default.IReadOnlyListEndpointStatus, cancel);

    public Task<AdminReply<EndpointStatus>> AddEndpointAsync(EndpointRequest request, CancellationToken cancel) =>
        SendAsync(
            new(HttpMethod.Post, "/endpoints") { Content = JsonContent.Create(request, StatusJson.Default.EndpointRequest) },
            StatusJson.Default.EndpointStatus,
            cancel);

    public Task DeleteEndpointAsync(string space, string pod, CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Delete, $"/endpoints/{Uri.EscapeDataString(space)}/{Uri.EscapeDataString(pod)}"), static (_, _) => Task.FromResult(true), cancel);

    public Task<AdminReply<IReadOnlyList<FrontendStatus>>> FrontendsAsync(CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, "/bpf/lb"), StatusJson.Default.IReadOnlyListFrontendStatus, cancel);

    public Task<AdminReply<IReadOnlyList<TunnelStatus>>> TunnelsAsync(CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, "/bpf/tunnel"), StatusJson.Default.IReadOnlyListTunnelStatus, cancel);

    public Task<AdminReply<IReadOnlyList<IpcacheStatus>>> IpcacheAsync(CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, "/bpf/ipcache"), StatusJson.Default.IReadOnlyListIpcacheStatus, cancel);

    public Task<AdminReply<IReadOnlyList<PolicyEntryStatus>>> PolicyAsync(int endpoint, CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, $"/bpf/policy/{endpoint}"), StatusJson.Default.IReadOnlyListPolicyEntryStatus, cancel);

    /// <param name="query">With its question mark.</param>
    public Task<AdminReply<PolicyTraceStatus>> PolicyTraceAsync(string query, CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, $"/policy/trace{query}"), StatusJson.Default.PolicyTraceStatus, cancel);

    /// <summary>Hands on each line as it comes, until there are no more.</summary>
    /// <param name="query">With its question mark, or empty.</param>
    public Task FlowsAsync(string query, Action<string> line, CancellationToken cancel) =>
        SendAsync(
            new(HttpMethod.Get, $"/flows{query}"),
            async (content, stop) =>
            {
                using var lines = new StreamReader(await content.ReadAsStreamAsync(stop));
                while (await lines.ReadLineAsync(stop) is { } text)
                    line(text);
                return true;
            },
            cancel,
            // A stream has no end to wait for.
            HttpCompletionOption.ResponseHeadersRead);

    public Task<AdminReply<Explanation>> ExplainAsync(ExplainRequest request, CancellationToken cancel) =>
        SendAsync(
            new(HttpMethod.Post, "/explain") { Content = JsonContent.Create(request, StatusJson.Default.ExplainRequest) },
            StatusJson.Default.Explanation,
            cancel);

    public void Dispose() => _http.Dispose();

    private Task<AdminReply<T>> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancel) =>
        SendAsync(request, async (content, stop) => Read(await content.ReadAsStringAsync(stop), type), cancel);

    private async Task<T> SendAsync<T>(HttpRequestMessage request, Func<HttpContent, CancellationToken, Task<T>> read, CancellationToken cancel, HttpCompletionOption whole = HttpCompletionOption.ResponseContentRead)
    {
        using (request)
        {
            try
            {
                using var response = await _http.SendAsync(request, whole, cancel);
                if (response.IsSuccessStatusCode)
                    return await read(response.Content, cancel);
                var refusal = Refusal(await response.Content.ReadAsStringAsync(cancel));
                throw new AdminException(refusal ?? $"{_address} answered {(int)response.StatusCode} to {request.Method} {request.RequestUri}: is this the admin port of {_port.Program}?");
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                throw new AdminException(Unreachable(error.InnerException?.Message ?? error.Message), error);
            }
            catch (TaskCanceledException error) when (!cancel.IsCancellationRequested)
            {
                throw new AdminException(Unreachable($"no answer within {_http.Timeout.TotalSeconds:0} s"), error);
            }
        }
    }

    private AdminReply<T> Read<T>(string body, JsonTypeInfo<T> type)
    {
        try
        {
            var json = JsonNode.Parse(body) ?? throw new JsonException("it is null");
            return new(json, json.Deserialize(type)!);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new AdminException($"{_address} does not answer as the admin port of {_port.Program} does ({error.Message})", error);
        }
    }

    /// <summary>The gateway's own words, {"error": "..."}; null when the body is something else.</summary>
    private static string? Refusal(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject json && json["error"] is JsonValue error ? error.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string Unreachable(string why) =>
        $"no {_port.Who} at {_address} ({why}): check that {_port.Program} runs and which --admin address it has, "
        + $"then pass that with {_port.Option} URL or {_port.Variable}";
}
