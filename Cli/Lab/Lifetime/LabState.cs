using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClusterMesh.Cli.Lab.Lifetime;

/// <summary>state.json: what there is of a lab, for the commands and for whoever finds its left-overs.</summary>
/// <param name="Holder">The process whose end is the lab's.</param>
/// <param name="Supervised">The holder is a supervisor of `lab up`, and may be told to end.</param>
/// <param name="NotPlayed">What the manifests ask for and nobody does here.</param>
internal sealed record LabState(
    string Name, ProcessId Holder, bool Supervised, string Routing, IReadOnlyList<LabNodeState> Nodes, IReadOnlyList<LabPodState> Pods,
    IReadOnlyList<LabProcessState> Processes, IReadOnlyList<string> NotPlayed)
{
    /// <summary>Null when there is none that can be read.</summary>
    public static LabState? ReadIfThere(LabPaths paths)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(paths.State), LabJson.Default.LabState);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(LabPaths paths)
    {
        File.WriteAllText($"{paths.State}.new", JsonSerializer.Serialize(this, LabJson.Default.LabState));
        File.Move($"{paths.State}.new", paths.State, overwrite: true);
    }
}

/// <param name="Agent">What to give to --agent.</param>
internal sealed record LabNodeState(string Cluster, string Name, string Address, string PodCidr, string Netns, string Agent, string Manifests);

/// <param name="State">starting, ready, terminating, or why it is not ready.</param>
internal sealed record LabPodState(string Cluster, string Namespace, string Name, string Node, string Address, string Netns, string State);

internal sealed record LabProcessState(string Name, ProcessId? Process, string Log);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LabState))]
[JsonSerializable(typeof(LabRequest))]
[JsonSerializable(typeof(LabReply))]
internal sealed partial class LabJson : JsonSerializerContext;
