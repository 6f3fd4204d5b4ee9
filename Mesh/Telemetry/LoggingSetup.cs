using ClusterMesh.Mesh.Telemetry.Otel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace ClusterMesh.Mesh.Telemetry;

/// <summary>Where the gateway's own log goes: standard error, as standard output is the access log's; and OTLP.</summary>
public static class LoggingSetup
{
    public static ILoggerFactory Create(OtlpEndpoint? endpoint, ResourceBuilder resource) => LoggerFactory.Create(log =>
    {
        log.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            // While this category would log anything, ASP.NET makes an activity and a log scope for each request.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            // A listener that cannot be bound is said once, by Gateway.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("Yarp", LogLevel.Error)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.UseUtcTimestamp = true;
            })
            .Services.Configure<ConsoleLoggerOptions>(console =>
            {
                console.LogToStandardErrorThreshold = LogLevel.Trace;
                // Requests run on socket threads: better a lost line than one of them waiting for a terminal.
                console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            });
        if (endpoint is null) return;
        log.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(resource);
            options.AddOtlpExporter(exporter => endpoint.Configure(exporter, "logs"));
        });
    });
}
