using System.Collections.Concurrent;
using ClusterMesh.Mesh.Wire.Flows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClusterMesh.Mesh.Tests.Wire.Flows;

/// <summary>The agent's socket with reports alone; it may be away.</summary>
internal sealed class AgentSocket : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("clustermesh-flows-").FullName;
    private WebApplication? _app;

    public string Path => System.IO.Path.Combine(_directory, "agent.sock");

    public ConcurrentQueue<FlowReport> Reports { get; } = new();

    public IEnumerable<RequestFlow> Flows => Reports.SelectMany(report => report.Flows);

    public IEnumerable<RequestCount> Counts => Reports.SelectMany(report => report.Counts);

    /// <param name="take">What is done with each report before it counts as here.</param>
    public async Task StartAsync(Action<FlowReport>? take = null)
    {
        File.Delete(Path);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore().AddLogging();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Path, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.MapFlows(report =>
        {
            take?.Invoke(report);
            Reports.Enqueue(report);
        });
        await _app.StartAsync();
    }

    public async Task StopAsync()
    {
        if (_app is null) return;
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
