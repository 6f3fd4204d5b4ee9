using System.CommandLine;
using ClusterMesh.Cli.Commands;
using ClusterMesh.Cli.Rendering;

// Signals reach every command as a cancelled token; the time is for what must be cleaned up (the demo's processes).
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
return await Root.InvokeAsync(args, Screen.Standard(), configuration);
