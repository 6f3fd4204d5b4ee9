namespace ClusterMesh.Agent.Endpoints;

/// <summary>Why an endpoint cannot be made: what was asked for, and what was wrong with it. Nothing has changed.</summary>
/// <param name="status">As HTTP has it: 400 asked for what cannot be, 404 not here, 409 taken, 500 the node failed.</param>
internal sealed class EndpointException(int status, string message, Exception? cause = null) : Exception(message, cause)
{
    public int Status => status;
}
