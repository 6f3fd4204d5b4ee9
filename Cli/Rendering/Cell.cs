namespace ClusterMesh.Cli.Rendering;

/// <summary>One cell of a table; the tone shows only on a terminal.</summary>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string? text) => new(text ?? "");

    public static implicit operator Cell(long number) => new(Words.Number(number));

    public string Clean => Text.Length == 0 ? "-" : Printable(Text);

    /// <summary>On one line and without control characters: the text may come from somebody's manifest.</summary>
    public static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(sign => char.IsControl(sign) ? ' ' : sign)) : text;
}

internal enum Tone { Plain, Good, Bad, Warn, Dim }
