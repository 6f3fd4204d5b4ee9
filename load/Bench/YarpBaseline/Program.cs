// YARP's whole pipeline on one route. Arguments: listen address, backend URL, host of the route.
using System.Net;
using ClusterMesh.Load.Baseline;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;

var builder = BaselineHost.CreateBuilder(IPEndPoint.Parse(args[0]));
var route = new RouteConfig { RouteId = "bench", ClusterId = "bench", Match = new RouteMatch { Hosts = [args[2]], Path = "/{**rest}" } };
var cluster = new ClusterConfig
{
    ClusterId = "bench",
    Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = args[1] } },
};
builder.Services.AddReverseProxy().LoadFromMemory([route], [cluster]);
var app = builder.Build();
app.MapReverseProxy();
await app.RunAsync();
