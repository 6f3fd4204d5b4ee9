using ClusterMesh.Proxy.Health;

namespace ClusterMesh.Proxy.Authorize;

/// <summary>Whether a caller may ask a backend for this. Asked before each attempt, as each may go to somebody else.</summary>
internal interface IAuthorizer
{
    /// <summary>False = 403. Sets the rule that decided on the exchange. Touches no socket.</summary>
    bool Allows(Exchange exchange, Caller caller, BackendHealth backend);
}
