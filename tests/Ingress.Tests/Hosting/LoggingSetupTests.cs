using ClusterMesh.Mesh.Telemetry;
using System.Diagnostics;
using System.Net;
using ClusterMesh.Ingress.Hosting;
using ClusterMesh.Ingress.Tests.Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Resources;

namespace ClusterMesh.Ingress.Tests.Hosting;

[Collection(TelemetryRunsAlone.Name)]
public sealed class LoggingSetupTests
{
    [Fact]
    public async Task Request_NobodyListens_GetsNoActivityOfHosting()
    {
        using var logs = LoggingSetup.Create(null, ResourceBuilder.CreateEmpty());
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<ILoggerFactory>(logs);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        ((IApplicationBuilder)app).Run(context => context.Response.WriteAsync(Activity.Current?.OperationName ?? "none"));
        await app.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        Assert.Equal("none", await client.GetStringAsync(app.Urls.Single()));
    }

    [Theory]
    [InlineData("ClusterMesh.Ingress", LogLevel.Information, true)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Warning, true)]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Information, false)]
    [InlineData("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogLevel.Warning, false)]
    public void Category_Level_IsLogged(string category, LogLevel level, bool logged)
    {
        using var logs = LoggingSetup.Create(null, ResourceBuilder.CreateEmpty());
        Assert.Equal(logged, logs.CreateLogger(category).IsEnabled(level));
    }
}
