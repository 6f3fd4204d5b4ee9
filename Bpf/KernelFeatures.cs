using ClusterMesh.Bpf.Attaching;
using ClusterMesh.Bpf.Libbpf;
using ClusterMesh.Bpf.Maps;

namespace ClusterMesh.Bpf;

/// <summary>What this kernel can do, found by trying, not by its version: distributions carry features back.</summary>
internal static unsafe class KernelFeatures
{
    private const uint SchedCls = 3, SkLookup = 30;

    // More than any interface has: tcx says that it is not there, older kernels that they do not know the hook.
    private const int NoInterface = 0x7fff_fff0;

    private static readonly (string Name, string Since, Func<int> Probe)[] Needed =
    [
        ("LRU hash maps (BPF_MAP_TYPE_LRU_HASH)", "4.10", () => NativeLink.ProbeMapType((uint)MapType.LruHash, 0)),
        ("longest prefix maps (BPF_MAP_TYPE_LPM_TRIE)", "4.11", () => NativeLink.ProbeMapType((uint)MapType.LpmTrie, 0)),
        ("maps of maps (BPF_MAP_TYPE_HASH_OF_MAPS)", "4.12", () => NativeLink.ProbeMapType((uint)MapType.HashOfMaps, 0)),
        ("the ring buffer (BPF_MAP_TYPE_RINGBUF)", "5.8", () => NativeLink.ProbeMapType((uint)MapType.RingBuffer, 0)),
        ("tunnel keys (bpf_skb_set_tunnel_key)", "4.3", () => NativeLink.ProbeHelper(SchedCls, 21, 0)),
        ("redirecting into a pod (bpf_redirect_peer)", "5.10", () => NativeLink.ProbeHelper(SchedCls, 155, 0)),
    ];

    /// <exception cref="UnsupportedKernelException">Naming all that is missing.</exception>
    public static void Require()
    {
        if (!Environment.IsPrivilegedProcess) throw new UnsupportedKernelException("the data path needs root (CAP_BPF, CAP_NET_ADMIN)");
        using var log = LibbpfLog.Capture();
        try
        {
            // Asked once for a program that must load anywhere, so that "no BPF at all" is not reported as six missing features.
            LoadEmpty(out var descriptor);
            new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true).Dispose();
            var missing = Needed.Where(feature => feature.Probe() != 1).Select(feature => $"{feature.Name}, since {feature.Since}").ToList();
            if (missing.Count > 0) throw new UnsupportedKernelException($"this kernel lacks {string.Join("; ", missing)}");
        }
        catch (DllNotFoundException)
        {
            throw new UnsupportedKernelException($"{NativeObject.Library} is not installed (Debian: apt-get install libbpf1)");
        }
    }

    /// <summary>Programs that choose the socket of a new connection (BPF_PROG_TYPE_SK_LOOKUP), since 5.9: without, nothing can be given to a proxy.</summary>
    public static bool HasSkLookup()
    {
        using var log = LibbpfLog.Capture();
        return NativeLink.ProbeProgramType(SkLookup, 0) == 1;
    }

    /// <summary>Links at tc's hooks, since 6.6.</summary>
    public static bool HasTcx()
    {
        using var log = LibbpfLog.Capture();
        LoadEmpty(out var descriptor);
        using var program = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
        return NativeLink.Create(descriptor, NoInterface, TcxAttachment.TcxIngress, 0) == -Errno.NoDevice;
    }

    private static void LoadEmpty(out int descriptor)
    {
        // r0 = 0; exit
        var instructions = stackalloc ulong[] { 0xb7, 0x95 };
        descriptor = NativeLink.LoadProgram(SchedCls, "mesh_probe", "GPL", instructions, 2, 0);
        if (descriptor < 0)
            throw new UnsupportedKernelException($"this kernel loads no tc programs (CONFIG_BPF_SYSCALL, CONFIG_NET_CLS_BPF, or no right to): {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(-descriptor)}");
    }
}
