using ClusterMesh.Bpf.Services;

namespace ClusterMesh.Agent.LoadBalancing;

/// <summary>What is to be done about one frontend in the kernel.</summary>
internal enum TableStep
{
    Nothing,
    Set,
    Delete,

    /// <summary>It stays as it is until every source is in sync.</summary>
    Wait,
}

internal static class TableSteps
{
    /// <param name="restored">The kernel had it when this process began, and it was not written since.</param>
    public static TableStep Of(KernelFrontend? wanted, FrontendModel? current, bool restored, bool inSync)
    {
        if (wanted is null) return current is null ? TableStep.Nothing : inSync ? TableStep.Delete : TableStep.Wait;
        if (wanted.Model.Equals(current)) return TableStep.Nothing;
        // Other clusters' backends may still be unheard of.
        return restored && !inSync && wanted.Service.Mode.Global ? TableStep.Wait : TableStep.Set;
    }
}
