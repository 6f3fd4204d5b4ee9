// The least that YARP's forwarding step costs: no matching, no choice, no records. Arguments: listen address, backend URL.
using System.Diagnostics;
using System.Net;
using ClusterMesh.Load.Baseline;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

var builder = BaselineHost.CreateBuilder(IPEndPoint.Parse(args[0]));
builder.Services.AddHttpForwarder();
var app = builder.Build();

var backend = args[1];
var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
using var client = new HttpMessageInvoker(new SocketsHttpHandler
{
    UseProxy = false,
    AllowAutoRedirect = false,
    AutomaticDecompression = DecompressionMethods.None,
    UseCookies = false,
    EnableMultipleHttp2Connections = true,
    ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
});
var config = ForwarderRequestConfig.Empty;
app.Run(async context => await forwarder.SendAsync(context, backend, client, config, HttpTransformer.Default));
await app.RunAsync();
