using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Proxy.Listen;
using ClusterMesh.Proxy.Node;
using ClusterMesh.Proxy.Node.Options;

// clustermesh-proxy: flags, file and environment -> checked options -> the node's proxy, until SIGTERM or a successor.
return await FlagCommand.InvokeAsync("ClusterMesh proxy: serves the requests of this node's pods that the kernel hands over.", ProxyFlags.Table, args, async flags =>
{
    var options = new OptionsReader(flags).Read();
    foreach (var error in flags.Errors) Console.Error.WriteLine($"clustermesh-proxy: {error}");
    if (options is null) return 2;
    KestrelSetup.SetSwitches(options.Listen.Inline);
    return await new NodeProxy(options, TimeProvider.System).RunAsync();
});
