using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>
/// One field of an object, present or not, that knows its full path. Reading it with the wrong type notes an error and gives
/// a stand-in: an object with errors is never used, and one pass finds them all.
/// </summary>
internal sealed class Field(ObjectReading reading, Field? parent, string name, Node? node)
{
    private bool _refused;

    public Node? Node => node;

    public bool IsSet => node is not (null or ScalarNode { Type: ScalarType.Null });

    /// <summary>How many errors were noted in the whole object so far: whether reading a part of it added some.</summary>
    public int Errors => reading.Errors;

    public int Line => node?.Line ?? parent?.Line ?? 1;

    public string Path
    {
        get
        {
            var above = parent?.Path ?? "";
            return above.Length == 0 || name.StartsWith('[') ? above + name : $"{above}.{name}";
        }
    }

    public Field this[string key] => new(reading, this, key, Map()?[key]);

    /// <summary>The map's entries with their values as fields; empty when not set.</summary>
    public IEnumerable<(string Key, Field Value)> Entries() =>
        Map()?.Entries.Select(entry => (entry.Key, new Field(reading, this, $"[\"{Shown.Text(entry.Key)}\"]", entry.Value))) ?? [];

    public IReadOnlyList<Field> Items()
    {
        if (!IsSet)
            return [];
        if (node is ListNode list)
            return [.. list.Items.Select((item, at) => new Field(reading, this, $"[{at}]", item))];
        Expected("a list");
        return [];
    }

    /// <summary>Null when not set.</summary>
    public string? Text()
    {
        if (node is ScalarNode { Type: ScalarType.String } scalar)
            return scalar.Text;
        if (IsSet)
            Expected(node is ScalarNode ? "a string (put it in quotes)" : "a string");
        return null;
    }

    /// <summary>Text that must be there and not be empty.</summary>
    public string Required(string what)
    {
        if (Present(what) && Text() is { } text)
        {
            if (text.Length > 0)
                return text;
            Error($"is empty, expected {what}");
        }

        return "";
    }

    /// <summary>Null when not set.</summary>
    public int? Number(int least, int most)
    {
        if (!IsSet)
            return null;
        var what = $"a number from {least} to {most}";
        if (node is not ScalarNode { Type: ScalarType.Number } scalar)
            Expected(what);
        else if (!int.TryParse(scalar.Text, out var number) || scalar.Text is ['0', _, ..] || number < least || number > most)
            Error($"{Shown.Text(scalar.Text)} is not {what}");
        else
            return number;
        return null;
    }

    /// <summary>Null when not set.</summary>
    public bool? Flag()
    {
        if (node is ScalarNode { Type: ScalarType.Bool } scalar)
            return ScalarTypes.BoolOf(scalar.Text);
        if (IsSet)
            Expected("true or false");
        return null;
    }

    public bool Present(string what)
    {
        if (!IsSet)
            Error($"is missing, expected {what}");
        return IsSet;
    }

    public void Expected(string what) => Error($"{reading.Seen(node!)}, expected {what}");

    /// <summary>Says at most one thing about a field and what is below it.</summary>
    public void Error(string reason)
    {
        if (Refused)
        {
            reading.AlsoWrong();
            return;
        }

        _refused = true;
        reading.Error(Line, Path, reason);
    }

    public void Warn(string reason, string instead) => reading.Warn(Line, Path, reason, instead);

    private bool Refused => _refused || parent is { Refused: true };

    private MapNode? Map()
    {
        if (IsSet && node is not MapNode)
            Expected("a map");
        return node as MapNode;
    }
}
