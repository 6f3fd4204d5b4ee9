using ClusterMesh.Bpf.Contract;

namespace ClusterMesh.Bpf.Attaching;

/// <summary>tcx links (kernel 6.6), named hook-ifindex.</summary>
internal sealed class TcxAttachment(Links links) : IAttachment
{
    public const uint TcxIngress = 46, TcxEgress = 47;

    public void Attach(Hook hook, int ifindex, int program)
    {
        try
        {
            links.Attach(NameOf(hook, ifindex), program, ifindex, hook.Side() == Direction.Egress ? TcxEgress : TcxIngress);
        }
        catch (BpfException exception)
        {
            throw new BpfException($"attach {hook.Name()} to interface {ifindex}", exception.Errno);
        }
    }

    public void Detach(Hook hook, int ifindex) => links.Detach(NameOf(hook, ifindex));

    private static string NameOf(Hook hook, int ifindex) => $"{hook.Name()}-{ifindex}";
}
