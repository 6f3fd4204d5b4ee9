using System.Collections.Immutable;
using ClusterMesh.Mesh.Policy.Labels;
using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers.Policies;

/// <summary>
/// meta/v1 LabelSelector. A requirement with errors is left out: the object is then used only to isolate, and what is selected
/// for that had better be too much than too little.
/// </summary>
internal static class SelectorReader
{
    private static readonly string[] Operators = Enum.GetNames<LabelOperator>();

    /// <param name="label">Makes a label's source and key of what was written.</param>
    public static LabelSelector Read(Field field, Func<string, (string Source, string Key)> label)
    {
        if (!field.IsSet) return LabelSelector.Everything;
        KnownFields.Only(field, "matchLabels", "matchExpressions");
        var requirements = new List<LabelRequirement>();
        foreach (var (key, value) in field["matchLabels"].Entries())
        {
            var (errors, (source, name)) = (value.Errors, label(key));
            var text = MetaReader.TextOf(value);
            CheckKey(value, key);
            if (value.Errors == errors) requirements.Add(new(source, name, text));
        }

        requirements.AddRange(field["matchExpressions"].Items().Select(item => Expression(item, label)).OfType<LabelRequirement>());
        return new(requirements);
    }

    private static LabelRequirement? Expression(Field field, Func<string, (string Source, string Key)> label)
    {
        var errors = field.Errors;
        KnownFields.Only(field, "key", "operator", "values");
        var key = field["key"].Required("a label's key");
        CheckKey(field["key"], key);
        var choice = field["operator"].Present($"one of {string.Join(", ", Operators)}") ? Choice.Of(field["operator"], Operators) : null;
        ImmutableArray<string> values = [.. field["values"].Items().Select(MetaReader.TextOf)];
        if (choice is "In" or "NotIn" && values.IsEmpty) field["values"].Error($"is empty, expected values as the operator is {choice}");
        if (choice is "Exists" or "DoesNotExist" && !values.IsEmpty) field["values"].Error($"has values, which the operator {choice} does not take");
        var (source, name) = label(key);
        return field.Errors == errors ? new(source, name, Enum.Parse<LabelOperator>(choice!), values) : null;
    }

    private static void CheckKey(Field field, string key)
    {
        if (key.Length == 0 || key.Length > 400 || key.Any(letter => char.IsControl(letter) || letter is ';' or '=' or ' '))
            field.Error($"\"{Shown.Text(key)}\" is not a label's key");
    }
}
