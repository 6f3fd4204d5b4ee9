using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Libbpf;
using Microsoft.Win32.SafeHandles;

namespace ClusterMesh.Bpf.Attaching;

/// <summary>tcx links (kernel 6.6), pinned as hook-ifindex; without a directory they end with this object.</summary>
internal sealed class TcxAttachment(string? directory) : IAttachment
{
    public const uint TcxIngress = 46, TcxEgress = 47;

    private readonly Dictionary<string, SafeFileHandle> _unpinned = new(StringComparer.Ordinal);

    public void Attach(Hook hook, int ifindex, int program)
    {
        var name = $"{hook.Name()}-{ifindex}";
        using (var there = Open(name))
        {
            if (there is not null && Swap(there, program, name)) return;
        }

        var descriptor = NativeLink.Create(program, ifindex, hook.Side() == Direction.Egress ? TcxEgress : TcxIngress, 0);
        if (descriptor < 0) throw new BpfException($"attach {hook.Name()} to interface {ifindex}", -descriptor);
        var link = new SafeFileHandle(descriptor, ownsHandle: true);
        if (directory is null)
        {
            _unpinned[name] = link;
            return;
        }

        using (link)
        {
            var error = NativeMap.Pin(descriptor, Path.Combine(directory, name));
            if (error < 0) throw new BpfException($"pin link {name}", -error);
        }
    }

    public void Detach(Hook hook, int ifindex)
    {
        var name = $"{hook.Name()}-{ifindex}";
        using var link = Open(name);
        if (link is null) return;
        // The link may be held elsewhere: taking its name away would not stop it. Its interface may be gone: nothing to stop.
        _ = NativeLink.Detach(Descriptor(link));
        Forget(name);
    }

    public void Prune()
    {
        if (directory is null) return;
        foreach (var path in Directory.GetFiles(directory))
        {
            using var link = Open(Path.GetFileName(path));
            if (link is not null && IfindexOf(link) == 0) File.Delete(path);
        }
    }

    public void Dispose()
    {
        foreach (var link in _unpinned.Values) link.Dispose();
    }

    private static int Descriptor(SafeFileHandle link) => (int)link.DangerousGetHandle();

    private static unsafe uint IfindexOf(SafeFileHandle link)
    {
        LinkDescription answer = default;
        var size = (uint)sizeof(LinkDescription);
        return NativeMap.Describe(Descriptor(link), &answer, &size) < 0 ? 0 : answer.Ifindex;
    }

    // An interface that went takes its links out of use; its number may be given to another one.
    private bool Swap(SafeFileHandle link, int program, string name)
    {
        var error = NativeLink.Update(Descriptor(link), program, 0);
        if (error == 0) return true;
        if (error != -Errno.NoLink) throw new BpfException($"swap the program of link {name}", -error);
        Forget(name);
        return false;
    }

    private SafeFileHandle? Open(string name)
    {
        if (directory is null)
        {
            if (!_unpinned.TryGetValue(name, out var held)) return null;
            var copy = LibC.Control(Descriptor(held), LibC.DuplicateCloseOnExec, 0);
            return copy < 0 ? null : new SafeFileHandle(copy, ownsHandle: true);
        }

        var descriptor = NativeMap.OpenPin(Path.Combine(directory, name));
        if (descriptor == -Errno.NoEntry) return null;
        return descriptor < 0 ? throw new BpfException($"open link {name}", -descriptor) : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private void Forget(string name)
    {
        if (directory is not null)
            File.Delete(Path.Combine(directory, name));
        else if (_unpinned.Remove(name, out var link))
            link.Dispose();
    }
}
