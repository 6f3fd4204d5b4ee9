namespace ClusterMesh.Proxy.Record.Metrics;

/// <summary>Cluster names as small numbers, for the keys of series. 0 = no cluster; what does not fit shares the last number.</summary>
internal static class ClusterNumbers
{
    public const int Bits = 12;

    private const int Last = (1 << Bits) - 1;
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<string, int> s_numbers = new(StringComparer.Ordinal) { [""] = 0 };
    private static volatile string[] s_names = [""];

    public static int Of(string cluster)
    {
        lock (s_lock)
        {
            if (s_numbers.TryGetValue(cluster, out var number)) return number;
            if (s_names.Length > Last) return Last;
            if (s_names.Length == Last) cluster = "other";
            s_numbers[cluster] = s_names.Length;
            s_names = [.. s_names, cluster];
            return s_names.Length - 1;
        }
    }

    public static string Name(int number) => s_names[number];
}
