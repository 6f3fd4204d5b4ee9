using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ClusterMesh.Cli.Bootstrap;

/// <summary>A YAML file that is one map of words and lists of words, which is all that our own files hold.</summary>
internal static class FlatYaml
{
    /// <exception cref="BootstrapException">It is something else; the message names the file and the line.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(string path)
    {
        var events = new Parser(new StringReader(HomeFiles.Read(path)));
        try
        {
            events.Consume<StreamStart>();
            events.Consume<DocumentStart>();
            events.Consume<MappingStart>();
            var map = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            while (!events.TryConsume<MappingEnd>(out _))
            {
                var key = events.Consume<Scalar>();
                if (!map.TryAdd(key.Value, Words(events)))
                    throw new BootstrapException($"{path} line {key.Start.Line}: {key.Value} comes twice");
            }

            return map;
        }
        catch (YamlException error)
        {
            throw new BootstrapException($"{path} line {error.Start.Line}: not the YAML that is expected here: {error.Message}", error);
        }
    }

    private static IReadOnlyList<string> Words(IParser events)
    {
        if (!events.TryConsume<SequenceStart>(out _)) return [events.Consume<Scalar>().Value];
        var words = new List<string>();
        while (!events.TryConsume<SequenceEnd>(out _)) words.Add(events.Consume<Scalar>().Value);
        return words;
    }
}
