// The node's proxy, with an ordinary listener beside the one that the kernel hands connections to: the same process, routes, policies and
// pools on both, so that what differs is how a connection comes. TwoDoors LISTEN IDENTITY ENDPOINT ASKED FLAGS-OF-THE-PROXY
using System.Globalization;
using System.Net;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Proxy.Listen;
using ClusterMesh.Proxy.Node;
using ClusterMesh.Proxy.Node.Options;
using ClusterMesh.TwoDoors;

var (listen, asked) = (IPEndPoint.Parse(args[0]), IPEndPoint.Parse(args[3]));
var gate = new FixedCaller(uint.Parse(args[1], CultureInfo.InvariantCulture), ushort.Parse(args[2], CultureInfo.InvariantCulture), asked);
return await FlagCommand.InvokeAsync("The node's proxy with a second door.", ProxyFlags.Table, args[4..], async flags =>
{
    var options = new OptionsReader(flags).Read();
    foreach (var error in flags.Errors) Console.Error.WriteLine(error);
    if (options is null) return 2;
    KestrelSetup.SetSwitches(options.Listen.Inline);
    return await new NodeProxy(options, TimeProvider.System, (server, logs) => server.Build(listen, OrdinaryListener.Bind, gate.Use, logs).StartAsync()).RunAsync();
});
