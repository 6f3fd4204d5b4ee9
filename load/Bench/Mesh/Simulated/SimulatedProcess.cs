using System.Diagnostics;
using System.Globalization;

namespace ClusterMesh.MeshBench.Simulated;

/// <summary>The simulated remotes as a process of their own, so that what they cost is not counted.</summary>
internal sealed class SimulatedProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly int _port;
    private readonly HttpClient _http = new();

    private SimulatedProcess(Process process, int port) => (_process, _port) = (process, port);

    public static async Task<SimulatedProcess> StartAsync(int clusters)
    {
        var port = BenchEtcd.FreePort();
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(SimulatedProcess).Assembly.Location, "simulate", $"{clusters}", $"{port}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line == "serving") return new(process, port);
        }

        throw new InvalidOperationException("the simulated remotes did not start");
    }

    public IEnumerable<(string Name, Uri Endpoint)> Remotes(int clusters) => Enumerable.Range(1, clusters).Select(cluster => (SimulatedRemotes.NameOf(cluster), new Uri($"http://{SimulatedRemotes.AddressOf(cluster)}:{_port}")));

    /// <summary>Bytes that all remotes together have answered lists with.</summary>
    public async Task<long> BytesReadAsync() => long.Parse(await _http.GetStringAsync($"http://127.0.0.1:{_port}/bytes"), CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
    }
}
