namespace ClusterMesh.Mesh.Clusters.Reading;

/// <summary>Why a key or value of a remote is not believed: the words of the status and the metric, so their number is bounded.</summary>
internal static class IgnoredReason
{
    public const string
        BadKey = "the key is not of its prefix's form",
        TooLarge = "the value is larger than 2 MiB",
        TooMany = "there are more keys than are taken",
        BadJson = "the value is not the JSON expected",
        OtherCluster = "it names another cluster",
        WrongClusterId = "its cluster id is not that of the cluster-config",
        NotItsKey = "key and value do not name the same object",
        BadAddress = "an address is not an IP address",
        BadPort = "a port is not between 1 and 65535",
        BadLabels = "the labels are not of the form k8s:a=b;",
        IdOutOfRange = "the identity is not one of that cluster's";
}
