// What clusters cost each other, measured with real etcds in this process (the simulated remotes are in another one). Prints
// "ratio NAME VALUE" and "value NAME VALUE UNIT". --quick tries the harness; its figures mean nothing.
using ClusterMesh.MeshBench;
using ClusterMesh.MeshBench.Simulated;

if (args is ["simulate", var clusters, var port]) return await SimulatedRemotes.ServeAsync(MeshSize.Many(int.Parse(clusters)), int.Parse(port));
var quick = args.Contains("--quick");
bool Wanted(string name) => args.Where(arg => !arg.StartsWith("--", StringComparison.Ordinal)).ToArray() is var names && (names.Length == 0 || names.Contains(name));
if (Wanted("first-sync")) await FirstSyncBench.RunAsync(quick);
if (Wanted("propagation")) await PropagationBench.RunAsync(quick);
if (Wanted("many-clusters")) await ManyClustersBench.RunAsync(quick);
if (Wanted("cache")) await CacheBench.RunAsync(quick);
return 0;
