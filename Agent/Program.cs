using ClusterMesh.Agent.Hosting;
using ClusterMesh.Agent.Options;
using ClusterMesh.Mesh.Hosting;

// clustermesh-agent: flags, file and environment -> checked options -> the agent, until SIGTERM.
return await FlagCommand.InvokeAsync("ClusterMesh agent: tells other clusters what runs here, learns what runs there, and tells this node's proxies.", AgentFlags.Table, args, async flags =>
{
    var options = new OptionsReader(flags).Read();
    foreach (var error in flags.Errors) Console.Error.WriteLine($"clustermesh-agent: {error}");
    return options is null ? 2 : await new NodeAgent(options, TimeProvider.System).RunAsync();
});
