using ClusterMesh.Bpf.Contract;
using ClusterMesh.Bpf.Libbpf;

namespace ClusterMesh.Bpf.Attaching;

/// <summary>Filters of the clsact qdisc, for kernels before 6.6. They belong to the interface: they stay with it, and go with it.</summary>
internal sealed unsafe class ClsactAttachment : IAttachment
{
    private const int Ingress = 1, Egress = 2;
    private const uint Replace = 1, OurHandle = 1, OurPriority = 1;

    public void Attach(Hook hook, int ifindex, int program)
    {
        // It says so aloud when the qdisc is there already.
        using var log = LibbpfLog.Capture();
        var place = PlaceOf(hook, ifindex);
        var error = NativeLink.CreateClsact(&place);
        if (error is < 0 and not -Errno.Exists) throw new BpfException($"create clsact on interface {ifindex}", -error, log.Text);
        var filter = new TcOptions { Size = (nuint)sizeof(TcOptions), Program = program, Flags = Replace, Handle = OurHandle, Priority = OurPriority };
        error = NativeLink.AttachFilter(&place, &filter);
        if (error < 0) throw new BpfException($"attach {hook.Name()} to interface {ifindex}", -error, log.Text);
    }

    public void Detach(Hook hook, int ifindex)
    {
        using var log = LibbpfLog.Capture();
        var place = PlaceOf(hook, ifindex);
        var filter = new TcOptions { Size = (nuint)sizeof(TcOptions), Handle = OurHandle, Priority = OurPriority };
        var error = NativeLink.DetachFilter(&place, &filter);
        if (error is < 0 and not (-Errno.NoEntry or -Errno.NoDevice or -Errno.Invalid)) throw new BpfException($"detach {hook.Name()} from interface {ifindex}", -error, log.Text);
    }

    private static TcHook PlaceOf(Hook hook, int ifindex) =>
        new() { Size = (nuint)sizeof(TcHook), Ifindex = ifindex, AttachPoint = hook.Side() == Direction.Egress ? Egress : Ingress };
}
