using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Admin;

/// <summary>Asks the admin port of a gateway or an agent.</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;

    private readonly AdminPort _port;

    public AdminClient(AdminPort port, Uri address)
    {
        _port = port;
        _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    }

    public Task<AdminReply<GatewayState>> StateAsync(CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, "/state"), StatusJson.Default.GatewayState, cancel);

    public Task<AdminReply<AgentState>> AgentStateAsync(CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, "/state"), StatusJson.Default.AgentState, cancel);

    public Task<AdminReply<IReadOnlyList<NodeStatus>>> NodesAsync(CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, "/nodes"), StatusJson.Default.IReadOnlyListNodeStatus, cancel);

    public Task<AdminReply<IReadOnlyList<IdentityStatus>>> IdentitiesAsync(CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, "/identities"), StatusJson.Default.IReadOnlyListIdentityStatus, cancel);

    public Task<AdminReply<Explanation>> ExplainAsync(ExplainRequest request, CancellationToken cancel) =>
        SendAsync(
            new(HttpMethod.Post, "/explain") { Content = JsonContent.Create(request, StatusJson.Default.ExplainRequest) },
            StatusJson.Default.Explanation,
            cancel);

    public void Dispose() => _http.Dispose();

    private async Task<AdminReply<T>> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        using (request)
        {
            try
            {
                using var response = await _http.SendAsync(request, cancel);
                var body = await response.Content.ReadAsStringAsync(cancel);
                return response.IsSuccessStatusCode
                    ? Read(body, type)
                    : throw new AdminException(Refusal(body) ?? $"{Address} answered {(int)response.StatusCode} to {request.Method} {request.RequestUri}: is this the admin port of {_port.Program}?");
            }
            catch (HttpRequestException error)
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
            throw new AdminException($"{Address} does not answer as the admin port of {_port.Program} does ({error.Message})", error);
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

    private string Address => _http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    private string Unreachable(string why) =>
        $"no {_port.Who} at {Address} ({why}): check that {_port.Program} runs and which --admin address it has, "
        + $"then pass that with {_port.Option} URL or {_port.Variable}";
}
