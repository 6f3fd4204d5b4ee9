namespace ClusterMesh.Tests;

/// <summary>A line "> words", and the text up to the next one.</summary>
internal sealed record ScenarioStep(int Line, string[] Words, string Text)
{
    /// <summary>Lines that begin with # before the first step, or between steps, are for people.</summary>
    public static IReadOnlyList<ScenarioStep> Parse(string text)
    {
        var steps = new List<ScenarioStep>();
        var body = new List<string>();
        (int Line, string[] Words)? open = null;
        foreach (var (index, line) in text.Split('\n').Index())
        {
            if (line.StartsWith("> ", StringComparison.Ordinal))
            {
                Close();
                open = (index + 1, line[2..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
            else if (!line.StartsWith("# ", StringComparison.Ordinal))
            {
                body.Add(line);
            }
        }

        Close();
        return steps;

        void Close()
        {
            if (open is { } step) steps.Add(new(step.Line, step.Words, string.Join('\n', body).Trim('\n')));
            body.Clear();
        }
    }
}
