using ClusterMesh.Bpf.Libbpf;
using Microsoft.Win32.SafeHandles;

namespace ClusterMesh.Bpf.Attaching;

/// <summary>Links of programs to what they are attached to, pinned by their names; without a directory they end with this object.</summary>
internal sealed class Links(string? directory) : IDisposable
{
    private readonly Dictionary<string, SafeFileHandle> _unpinned = new(StringComparer.Ordinal);

    /// <summary>Attaches, or swaps for the program that is there.</summary>
    /// <param name="target">The interface's number, or a descriptor of the network namespace.</param>
    public void Attach(string name, int program, int target, uint type)
    {
        using (var there = Open(name))
        {
            if (there is not null && Swap(there, program, name)) return;
        }

        var descriptor = NativeLink.Create(program, target, type, 0);
        if (descriptor < 0) throw new BpfException($"attach {name}", -descriptor);
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

    /// <summary>Nothing to detach is not an error.</summary>
    public void Detach(string name)
    {
        using var link = Open(name);
        if (link is null) return;
        // The link may be held elsewhere: taking its name away would not stop it. Its interface may be gone: nothing to stop.
        _ = NativeLink.Detach(Descriptor(link));
        Forget(name);
    }

    /// <summary>Forgets the links to what is gone.</summary>
    public void Prune()
    {
        if (directory is null) return;
        foreach (var path in Directory.GetFiles(directory))
        {
            using var link = Open(Path.GetFileName(path));
            if (link is not null && TargetOf(link) == 0) File.Delete(path);
        }
    }

    public void Dispose()
    {
        foreach (var link in _unpinned.Values) link.Dispose();
    }

    private static int Descriptor(SafeFileHandle link) => (int)link.DangerousGetHandle();

    private static unsafe uint TargetOf(SafeFileHandle link)
    {
        LinkDescription answer = default;
        var size = (uint)sizeof(LinkDescription);
        return NativeMap.Describe(Descriptor(link), &answer, &size) < 0 ? 0 : answer.Target;
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
