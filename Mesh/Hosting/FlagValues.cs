using System.Collections;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ClusterMesh.Mesh.Hosting;

/// <summary>What was set, from the configuration file, the environment and the command line; the later one wins, flag by flag.</summary>
public sealed class FlagValues
{
    private readonly Dictionary<string, string[]> _values = new(StringComparer.Ordinal);

    /// <summary>What could not be read.</summary>
    public List<string> Errors { get; } = [];

    /// <param name="flags">What the command line gives for a flag; empty = not given.</param>
    public static FlagValues Read(FlagTable table, Func<Flag, string[]> flags, IDictionary environment)
    {
        var values = new FlagValues();
        string[] Environment(Flag flag) => environment[table.Variable(flag)] is string { Length: > 0 } text ? flag.Many ? text.Split(',', StringSplitOptions.TrimEntries) : [text] : [];
        var file = flags(table.Config).Concat(Environment(table.Config)).FirstOrDefault();
        if (file is not null) values.ReadFile(table, file);
        foreach (var flag in table.All)
        {
            if (Environment(flag) is { Length: > 0 } fromEnvironment) values._values[flag.Name] = fromEnvironment;
            if (flags(flag) is { Length: > 0 } fromLine) values._values[flag.Name] = fromLine;
        }

        return values;
    }

    public string? One(Flag flag) => _values.TryGetValue(flag.Name, out var values) ? values[^1] : null;

    public IReadOnlyList<string> Many(Flag flag) => _values.GetValueOrDefault(flag.Name) ?? [];

    private void ReadFile(FlagTable table, string path)
    {
        try
        {
            var map = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object?>?>(File.ReadAllText(path)) ?? [];
            foreach (var (name, value) in map)
            {
                if (table.All.All(flag => flag.Name != name) || name == table.Config.Name) Errors.Add($"{path}: \"{name}\" is not a setting");
                else if (value is IEnumerable<object?> list) _values[name] = [.. list.Select(item => item?.ToString() ?? "")];
                else _values[name] = [value?.ToString() ?? ""];
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or YamlException)
        {
            Errors.Add($"--{table.Config.Name}: {path} cannot be read: {exception.Message}");
        }
    }
}
