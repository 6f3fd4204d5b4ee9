using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ClusterMesh.Mesh.Status;
using ClusterMesh.Tests;

namespace ClusterMesh.Ingress.Tests.Hosting;

/// <summary>The real clustermesh-ingress as a process of its own, on free ports, with a manifest directory for each cluster.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("clustermesh-test-");
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly List<string> _log = [];
    private Process? _process;

    public GatewayProcess()
    {
        Directory.CreateDirectory(West);
        Directory.CreateDirectory(East);
    }

    public string West => Path.Combine(_root.FullName, "west");

    public string East => Path.Combine(_root.FullName, "east");

    public int Http { get; } = FreePort();

    public int Https { get; } = FreePort();

    public int Admin { get; } = FreePort();

    public int ProcessId => _process!.Id;

    /// <summary>Standard error so far.</summary>
    public string Log
    {
        get
        {
            lock (_log) return string.Join('\n', _log);
        }
    }

    /// <summary>Writes a file whole, as an editor does: beside, then renamed over.</summary>
    public static void Write(string directory, string name, string text)
    {
        var aside = Path.Combine(directory, $".{name}.tmp");
        File.WriteAllText(aside, text);
        File.Move(aside, Path.Combine(directory, name), overwrite: true);
    }

    public async Task StartAsync(params string[] more)
    {
        Run([
            "--cluster", "west", "--manifests", West, "--peer", $"east={East}", "--http", $"127.0.0.1:{Http}", "--https", $"127.0.0.1:{Https}",
            "--admin", $"127.0.0.1:{Admin}", "--access-log", "off", "--warm-up", "0s", "--drain-delay", "300ms", .. more,
        ]);
        await Eventually.TrueAsync(async () => await StatusAsync("/readyz") == 200, $"the gateway is ready; it said:\n{Log}", 60);
    }

    /// <summary>Runs to the end with just these flags; gives the exit code.</summary>
    public async Task<int> ExitCodeAsync(params string[] flags)
    {
        Run(flags);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process!.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    public void Environment(string name, string value) => Variables[name] = value;

    private Dictionary<string, string> Variables { get; } = [];

    public void Terminate() => Process.Start("kill", ["-TERM", $"{ProcessId}"])!.WaitForExit();

    public async Task<int> WaitForExitAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process!.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    /// <summary>Status of a page of the admin port; 0 when nobody answers.</summary>
    public async Task<int> StatusAsync(string path)
    {
        try
        {
            using var response = await _client.GetAsync($"http://127.0.0.1:{Admin}{path}");
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    public async Task<GatewayState> StateAsync() =>
        JsonSerializer.Deserialize(await _client.GetStringAsync($"http://127.0.0.1:{Admin}/state"), StatusJson.Default.GatewayState)!;

    public async Task<Explanation> ExplainAsync(string method, string url, params KeyValuePair<string, string>[] headers)
    {
        var body = JsonSerializer.Serialize(new(method, url, headers), StatusJson.Default.ExplainRequest);
        using var response = await _client.PostAsync($"http://127.0.0.1:{Admin}/explain", new StringContent(body));
        return JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(), StatusJson.Default.Explanation)!;
    }

    public async Task<(int Status, string Body)> GetAsync(string host, string path = "/")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{Http}{path}");
        request.Headers.Host = host;
        using var response = await _client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _client.Dispose();
        _root.Delete(recursive: true);
    }

    private void Run(string[] flags)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "clustermesh-ingress.dll"), .. flags]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in Variables) start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_log) _log.Add(line);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
