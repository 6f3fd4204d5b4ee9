using System.Text.Json;

namespace ClusterMesh.Agent.Network;

/// <summary>iproute2's ip: the words are its own.</summary>
internal static class IpTool
{
    /// <summary>Lines of its language, in turn, up to the first that fails.</summary>
    public static void Run(params IEnumerable<string> lines)
    {
        var batch = string.Join('\n', lines);
        if (batch.Length > 0) ChildProcess.Run("ip", ["-batch", "-"], batch + "\n");
    }

    /// <summary>The same, but a line that fails does not keep the others from being done.</summary>
    public static void RunAll(IEnumerable<string> lines)
    {
        var batch = string.Join('\n', lines);
        if (batch.Length > 0) ChildProcess.Run("ip", ["-force", "-batch", "-"], batch + "\n");
    }

    /// <param name="netns">Path of the network namespace to do it in.</param>
    public static void RunIn(string netns, params IEnumerable<string> lines) =>
        ChildProcess.Run("nsenter", [$"--net={netns}", "--", "ip", "-batch", "-"], string.Join('\n', lines) + "\n");

    /// <summary>The elements of what it shows.</summary>
    public static IReadOnlyList<JsonElement> Show(params string[] arguments)
    {
        var text = ChildProcess.Run("ip", ["-j", "-d", .. arguments]);
        if (text.Trim().Length == 0) return [];
        using var document = JsonDocument.Parse(text);
        // ip shows {} for what its filter left out.
        return [.. document.RootElement.EnumerateArray().Where(element => element.EnumerateObject().Any()).Select(element => element.Clone())];
    }

    public static string? Text(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static int Number(this JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : 0;
}
