namespace ClusterMesh.Load;

/// <summary>Words, and options as "--name value" or as a bare "--flag".</summary>
internal sealed record Arguments(IReadOnlyList<string> Words, IReadOnlyDictionary<string, string> Options)
{
    private static readonly string[] Flags = ["quick", "keep-files"];

    public static Arguments Parse(IReadOnlyList<string> args)
    {
        var words = new List<string>();
        var options = new Dictionary<string, string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                words.Add(args[i]);
            else if (Flags.Contains(args[i][2..]))
                options[args[i][2..]] = "true";
            else if (i + 1 < args.Count)
                options[args[i][2..]] = args[++i];
            else
                throw new FormatException($"{args[i]} needs a value");
        }

        return new Arguments(words, options);
    }

    public string Text(string name, string otherwise) => Options.GetValueOrDefault(name, otherwise);

    public bool Flag(string name) => Options.ContainsKey(name);

    public int Number(string name, int otherwise)
    {
        if (!Options.TryGetValue(name, out var text))
            return otherwise;
        return int.TryParse(text, out var number) && number > 0 ? number : throw new FormatException($"--{name} {text}: not a positive number");
    }
}
