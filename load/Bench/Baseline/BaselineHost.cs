using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ClusterMesh.Load.Baseline;

/// <summary>The server that both baselines share, with the same switches as clustermesh-ingress, so that only the pipeline differs.</summary>
internal static class BaselineHost
{
    public static WebApplicationBuilder CreateBuilder(IPEndPoint listen)
    {
        // Before the first socket: completions run on the thread that the kernel wakes.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            sockets.WaitForDataBeforeAllocatingBuffer = false;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(listen);
        });
        return builder;
    }
}
