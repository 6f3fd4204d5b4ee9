using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ClusterMesh.DatapathBench.Topology;

namespace ClusterMesh.DatapathBench.Redirect;

/// <summary>The agent's --api, where a pod gets its endpoint.</summary>
internal sealed class AgentSocket(string path) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, stop) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
            return new NetworkStream(socket, ownsSocket: true);
        },
    }) { BaseAddress = new("http://agent"), Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>With its identity, once its policy is in the kernel.</summary>
    /// <exception cref="InvalidOperationException">The agent does not give it one.</exception>
    public Pod AddPod(string name)
    {
        var netns = new Netns();
        using var answer = _http.PostAsJsonAsync("/endpoints", new { @namespace = "bench", pod = name, netns = netns.Path }).Result;
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"pod {name}: {answer.Content.ReadAsStringAsync().Result}");
        JsonElement? status = null;
        Wait.Until($"pod {name} is ready", () => (status = Find(name)) is { } found && found.GetProperty("state").GetString() == "ready", () => $"{status}");
        var endpoint = status!.Value;
        return new(IPAddress.Parse(endpoint.GetProperty("address").GetString()!), endpoint.GetProperty("id").GetUInt16(), endpoint.GetProperty("identity").GetUInt32(), netns);
    }

    public void Dispose() => _http.Dispose();

    private JsonElement? Find(string pod)
    {
        using var all = JsonDocument.Parse(_http.GetStringAsync("/endpoints").Result);
        return all.RootElement.EnumerateArray().Where(endpoint => endpoint.GetProperty("pod").GetString() == pod).Select(endpoint => (JsonElement?)endpoint.Clone()).FirstOrDefault();
    }
}
