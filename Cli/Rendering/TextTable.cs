using System.Text;

namespace ClusterMesh.Cli.Rendering;

/// <summary>Columns and rows, and how they look where no terminal is: aligned as kubectl does, one row a line.</summary>
internal sealed class TextTable(params string[] columns)
{
    private const string Gap = "   ";

    private readonly List<TableLine> _lines = [];

    public IReadOnlyList<string> Columns => columns;

    public IReadOnlyList<TableLine> Lines => _lines;

    public TextTable Add(params Cell[] cells)
    {
        if (cells.Length != columns.Length)
            throw new ArgumentException($"{cells.Length} cells for {columns.Length} columns", nameof(cells));
        _lines.Add(new(cells, null));
        return this;
    }

    /// <summary>A sentence about the rows above it.</summary>
    public TextTable Note(string text)
    {
        _lines.Add(new([], text));
        return this;
    }

    public override string ToString()
    {
        var rows = _lines.Where(line => line.Note is null).Select(line => Texts(line.Cells)).Prepend(columns).ToList();
        var widths = columns.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder(Aligned(columns, widths));
        foreach (var line in _lines)
            text.Append(line.Note is null ? Aligned(Texts(line.Cells), widths) : $"  {Cell.Printable(line.Note)}\n");
        return text.ToString();
    }

    private static string[] Texts(Cell[] cells) => Array.ConvertAll(cells, cell => cell.Clean);

    private static string Aligned(string[] texts, int[] widths) =>
        string.Join(Gap, texts.Select((text, column) => text.PadRight(widths[column]))).TrimEnd() + '\n';
}

/// <summary>Either the cells of a row, or a note.</summary>
internal sealed record TableLine(Cell[] Cells, string? Note);
