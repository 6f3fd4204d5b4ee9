namespace ClusterMesh.Cli.Lab.Lifetime;

/// <summary>What a command asks of a lab that is up: one line of JSON each way over its socket.</summary>
/// <param name="Verb">apply, delete, run, cut, heal, delay or loss, kill-agent, start-agent.</param>
/// <param name="Target">The object, pod, link or node.</param>
/// <param name="Value">The manifest of apply and run, the amount of delay and loss.</param>
internal sealed record LabRequest(string Verb, string? Cluster = null, string? Target = null, string? Value = null);

/// <param name="Error">Null = done.</param>
internal sealed record LabReply(string? Error, IReadOnlyList<string> Said);
