using ClusterMesh.Ingress.Options;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ClusterMesh.Ingress.Hosting;

/// <summary>Logs to standard error, and all signals by OTLP where an endpoint is set.</summary>
internal sealed class TelemetryHost(ILoggerFactory logs) : IDisposable
{
    public ILoggerFactory Logs { get; } = logs;

    public static TelemetryHost Create(IngressOptions options) => new(LoggerFactory.Create(log => log
        .SetMinimumLevel(LogLevel.Information)
        .AddFilter("Microsoft", LogLevel.Warning)
        // While anybody could log there, ASP.NET makes an Activity for each request; ours are made in Proxy/Record.
        .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
        .AddFilter("Yarp", LogLevel.Error)
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        })
        .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace)));

    public void Dispose() => Logs.Dispose();
}
