namespace ClusterMesh.Proxy.Record.Metrics;

/// <summary>Methods as label values: those of RFC 9110 and PATCH; all others are one, so that clients cannot make up series.</summary>
internal static class RequestMethods
{
    public const string Other = "_OTHER";

    private static readonly string[] s_names = [Other, "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];

    /// <summary>0 = one that is not known. Methods are case-sensitive (RFC 9110 9.1).</summary>
    public static int Number(string method) => method switch
    {
        "GET" => 1,
        "HEAD" => 2,
        "POST" => 3,
        "PUT" => 4,
        "DELETE" => 5,
        "CONNECT" => 6,
        "OPTIONS" => 7,
        "TRACE" => 8,
        "PATCH" => 9,
        _ => 0,
    };

    public static string Name(int number) => s_names[number];
}
