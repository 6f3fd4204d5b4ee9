using ClusterMesh.Bpf.Libbpf;
using Microsoft.Win32.SafeHandles;

namespace ClusterMesh.Bpf.Attaching;

/// <summary>The sk_lookup program of a network namespace, by a link that is named after the namespace.</summary>
internal sealed class LookupAttachment(Links links)
{
    public const string Name = "lookup";
    private const uint SkLookup = 36;
    private const string OwnNamespace = "/proc/thread-self/ns/net";

    /// <summary>To that of the calling thread; swaps for the program that is there.</summary>
    public void Attach(int program)
    {
        var descriptor = LibC.Open(OwnNamespace, LibC.ReadOnlyCloseOnExec);
        if (descriptor < 0) throw new BpfException($"open {OwnNamespace}", System.Runtime.InteropServices.Marshal.GetLastPInvokeError());
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        // net:[4026531840]
        var number = new FileInfo(OwnNamespace).LinkTarget?.Split('[', ']').ElementAtOrDefault(1);
        links.Attach($"{Name}-{number}", program, descriptor, SkLookup);
    }
}
