using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Cli.Admin;

/// <summary>Asks a gateway's admin port.</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;

    public AdminClient(Uri address) => _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public Task<AdminReply<GatewayState>> StateAsync(CancellationToken cancel) =>
        SendAsync(new(HttpMethod.Get, "/state"), StatusJson.Default.GatewayState, cancel);

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
                    : throw new AdminException(Refusal(body) ?? $"{Address} answered {(int)response.StatusCode} to {request.Method} {request.RequestUri}: is this a gateway's admin port?");
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
            var json = JsonNode.Parse(body)!.AsObject();
            return new(json, json.Deserialize(type)!);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new AdminException($"{Address} does not answer as a gateway's admin port does ({error.Message})", error);
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
        $"no gateway at {Address} ({why}): check that clustermesh-ingress runs and which --admin address it has, "
        + $"then pass that with --admin URL or {AdminAddress.Variable}";
}
