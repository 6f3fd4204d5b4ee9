using System.Collections.Immutable;
using Microsoft.Extensions.Primitives;

namespace ClusterMesh.Agent.Flows;

/// <summary>Reads all values of one filter, and remembers the first that is wrong.</summary>
internal sealed class ValueCheck(string filter, StringValues values)
{
    public string Error { get; private set; } = "";

    public ImmutableArray<T> All<T>(string what, Func<string, T?> read) where T : struct => Read(what, text => read(text) is { } value ? (value, true) : (default, false));

    public ImmutableArray<T> All<T>(string what, Func<string, T?> read) where T : class => Read(what, text => read(text) is { } value ? (value, true) : (default!, false));

    /// <summary>However its letters are written.</summary>
    public ImmutableArray<string> OneOf(IReadOnlyList<string> words) =>
        All($"one of {string.Join(", ", words)}", text => words.FirstOrDefault(word => word.Equals(text, StringComparison.OrdinalIgnoreCase)));

    private ImmutableArray<T> Read<T>(string what, Func<string, (T Value, bool IsRight)> read)
    {
        var all = ImmutableArray.CreateBuilder<T>(values.Count);
        foreach (var text in values)
        {
            var (value, isRight) = read(text!);
            if (isRight) all.Add(value);
            else if (Error.Length == 0) Error = $"{filter}: \"{text}\" is not {what}";
        }

        return all.ToImmutable();
    }
}
