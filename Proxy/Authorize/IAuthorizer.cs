using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Http;
using ClusterMesh.Proxy.Health;

namespace ClusterMesh.Proxy.Authorize;

/// <summary>Whether a caller may ask a backend for this. Asked before each attempt, as each may go to somebody else.</summary>
internal interface IAuthorizer
{
    /// <summary>Touches no socket.</summary>
    /// <param name="asked">The request as its sender sent it: what the sender's policy is about.</param>
    /// <param name="sent">As the backend will see it: what the receiver's policy is about.</param>
    Judgement Judge(IHttpFacts asked, IHttpFacts sent, Caller caller, BackendHealth backend);
}

/// <param name="Allowed">False = 403.</param>
/// <param name="Rule">What decided, for people; null = nothing was to be asked.</param>
/// <param name="Edits">To be done to the request before it is sent.</param>
internal readonly record struct Judgement(bool Allowed, string? Rule, ImmutableArray<HeaderEdit> Edits)
{
    public static readonly Judgement Unasked = new(true, null, []);
}
