namespace ClusterMesh.Load.Http;

/// <summary>What the load client needs of an answer's head.</summary>
/// <param name="Length">Content-Length; null when absent.</param>
/// <param name="Close">The server ends the connection after this answer.</param>
/// <param name="Cluster">x-echo-cluster, "-" when absent.</param>
/// <param name="Version">x-echo-version, "-" when absent.</param>
internal readonly record struct ResponseHead(int Status, long? Length, bool Chunked, bool Close, string Cluster, string Version)
{
    /// <summary>What a failed answer says in its body, for people.</summary>
    public string Text { get; init; } = "";

    /// <summary>RFC 9110 15.2: more heads follow (100, 103), unlike after 101.</summary>
    public bool Interim => Status is >= 100 and < 200 and not 101;

    /// <summary>RFC 9112 6.3, for an answer to GET.</summary>
    public BodyFraming Framing => this switch
    {
        { Status: 204 or 304 } => BodyFraming.OfLength(0),
        { Chunked: true } => BodyFraming.OfChunks(),
        { Length: { } length } => BodyFraming.OfLength(length),
        _ => BodyFraming.UntilClose(),
    };
}
