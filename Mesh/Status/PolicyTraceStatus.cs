namespace ClusterMesh.Mesh.Status;

/// <summary>GET /policy/trace: what the policies in this node's kernel say of a connection, and of a request on it.</summary>
/// <param name="Port">"80/TCP".</param>
/// <param name="Verdict">allowed, denied or refused (403, of a request); redirected: requests are judged one by one; unknown: neither end is here.</param>
/// <param name="Steps">In the order in which they are asked.</param>
/// <param name="Notes">What this agent could not say, and who can.</param>
public sealed record PolicyTraceStatus(
    PolicyTraceEnd From, PolicyTraceEnd To, string Port, string Verdict, IReadOnlyList<PolicyTraceStep> Steps, IReadOnlyList<string> Notes);

/// <summary>One end of the connection.</summary>
/// <param name="Name">As it was asked about.</param>
public sealed record PolicyTraceEnd(string Name, uint Identity, IReadOnlyList<string> Labels);

/// <summary>One end's policy.</summary>
/// <param name="Direction">egress of the sender, ingress of the receiver.</param>
/// <param name="Verdict">Of the connection: allowed, denied or redirected.</param>
/// <param name="Rule">The rule that decided it; null: none matched.</param>
/// <param name="Reason">In words.</param>
public sealed record PolicyTraceStep(string Direction, string Verdict, string? Rule, string Reason)
{
    /// <summary>Of the request: allowed or refused; null where it was not asked about.</summary>
    public string? Http { get; init; }

    /// <summary>The HTTP rule that allows it.</summary>
    public string? HttpRule { get; init; }

    /// <summary>HTTP rules that were asked and did not match.</summary>
    public IReadOnlyList<string> Tried { get; init; } = [];

    /// <summary>What is done to the request's headers: "Add x-token". Values are not told.</summary>
    public IReadOnlyList<string> Edits { get; init; } = [];
}
