using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ClusterMesh.Ingress.Tests.Hosting;

/// <summary>Takes OTLP over HTTP and keeps what came, by path.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string? Type, byte[] Body)> _came = new();
    private readonly WebApplication _app;

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        ((IApplicationBuilder)_app).Run(TakeAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    public IReadOnlyList<string> Paths => [.. _came.Select(export => export.Path).Distinct().Order()];

    public IReadOnlyList<string?> Types => [.. _came.Select(export => export.Type).Distinct()];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public IEnumerable<ProtobufMessage> At(string path, params int[] way) => _came.Where(export => export.Path == path).SelectMany(export => new ProtobufMessage(export.Body).At(way));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _came.Enqueue((context.Request.Path, context.Request.ContentType, body.ToArray()));
    }
}
