using ClusterMesh.Load.Generator;

namespace ClusterMesh.Load.Http;

/// <summary>Hears what happens on a connection.</summary>
internal interface IConnectionOwner
{
    void Answered(Exchange exchange, in ResponseHead head);

    /// <summary>The connection can take the next request.</summary>
    void Idle(ClientConnection connection);

    /// <param name="exchange">The request that was left without a whole answer, if any.</param>
    /// <param name="answerBegun">Whether any byte of its answer had arrived.</param>
    void Ended(ClientConnection connection, Exchange? exchange, FailureKind failure, bool answerBegun);
}
