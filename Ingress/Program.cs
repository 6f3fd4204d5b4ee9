using ClusterMesh.Ingress.Hosting;
using ClusterMesh.Ingress.Options;
using ClusterMesh.Mesh.Hosting;
using ClusterMesh.Proxy.Listen;

// clustermesh-ingress: flags, file and environment -> checked options -> the gateway, until SIGTERM.
return await FlagCommand.InvokeAsync("ClusterMesh ingress: routes outside requests to the backends of several clusters.", IngressFlags.Table, args, async flags =>
{
    var options = new OptionsReader(flags).Read();
    foreach (var error in flags.Errors) Console.Error.WriteLine($"clustermesh-ingress: {error}");
    if (options is null) return 2;
    KestrelSetup.SetSwitches(options.Listen.Inline);
    return await new Gateway(options, TimeProvider.System).RunAsync();
});
