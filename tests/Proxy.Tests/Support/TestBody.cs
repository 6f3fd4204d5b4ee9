namespace ClusterMesh.Proxy.Tests.Support;

/// <summary>Bodies in which a lost, doubled or swapped byte shows.</summary>
internal static class TestBody
{
    public static string Of(int length) => string.Create(length, 0, static (text, _) =>
    {
        for (var i = 0; i < text.Length; i++) text[i] = (char)((i * 31 + (i >> 8)) & 0xff);
    });
}
