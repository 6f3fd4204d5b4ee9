using System.Runtime.CompilerServices;
using ClusterMesh.Proxy.Listen;

namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>The process-wide switches of the real hosts, before the first socket of a test.</summary>
internal static class Switches
{
    [ModuleInitializer]
    internal static void Set() => KestrelSetup.SetSwitches(inline: false);
}
