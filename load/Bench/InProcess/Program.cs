// What the control side and the matcher cost, measured in this process. Prints "ratio NAME VALUE" and "value NAME VALUE UNIT".
// --quick tries the harness; its figures mean nothing.
using ClusterMesh.Bench;

var quick = args.Contains("--quick");
MatchBench.Run(quick);
await SnapshotBench.RunAsync(quick);
await MemoryBench.RunAsync();
