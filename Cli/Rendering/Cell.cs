using System.Globalization;

namespace ClusterMesh.Cli.Rendering;

/// <summary>One cell of a table; the tone shows only on a terminal.</summary>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    /// <summary>Stays empty, where an empty text would show as "-".</summary>
    public static readonly Cell Blank = new(" ");

    public static implicit operator Cell(string? text) => new(text ?? "");

    public static implicit operator Cell(long number) => new(Words.Number(number));

    public string Clean => Text.Length == 0 ? "-" : Printable(Text);

    /// <summary>On one line, without what a terminal would obey or turn around: the text may come from somebody's manifest or request.</summary>
    public static string Printable(string text) =>
        text.Any(IsHidden) ? string.Concat(text.Select(sign => IsHidden(sign) ? ' ' : sign)) : text;

    private static bool IsHidden(char sign) =>
        char.GetUnicodeCategory(sign) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}

internal enum Tone { Plain, Good, Bad, Warn, Dim }
