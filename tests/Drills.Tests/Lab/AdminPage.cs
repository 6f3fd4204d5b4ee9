using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClusterMesh.Mesh.Status;

namespace ClusterMesh.Drills.Tests.Lab;

/// <summary>GET /state of one admin port.</summary>
internal sealed class AdminPage<T>(int port, JsonTypeInfo<T> type, Func<string> lastWords)
    where T : class
{
    private static readonly HttpClient s_client = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Null when nobody answers, or with another status than 200.</summary>
    public async Task<T?> ReadAsync()
    {
        try
        {
            using var response = await s_client.GetAsync($"http://127.0.0.1:{port}/state");
            return response.StatusCode == HttpStatusCode.OK ? JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(), type) : null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>Asks until the condition holds, and gives the state for which it does.</summary>
    public async Task<T> UntilAsync(Func<T, bool> condition, string what, double seconds = 30)
    {
        T? last = null;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            last = await ReadAsync() ?? last;
            if (last is not null && condition(last)) return last;
            try
            {
                await timer.WaitForNextTickAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Within {seconds} s: {what}\n{Text(last)}\n{lastWords()}");
            }
        }
    }

    private string Text(T? state) => state switch
    {
        null => "nobody has answered",
        GatewayState gateway => JsonSerializer.Serialize(gateway with { Routes = [] }, StatusJson.Default.GatewayState),
        _ => JsonSerializer.Serialize(state, type),
    };
}
