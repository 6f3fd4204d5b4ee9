using System.Text;

namespace ClusterMesh.Cli.Rendering;

/// <summary>Columns and rows, and how they look where no terminal is: aligned as kubectl does, one row a line.</summary>
internal sealed class TextTable(params string[] columns)
{
    private const string Gap = "   ";

    private readonly List<Cell[]> _rows = [];

    public IReadOnlyList<string> Columns => columns;

    public IReadOnlyList<Cell[]> Rows => _rows;

    public TextTable Add(params Cell[] cells)
    {
        if (cells.Length != columns.Length)
            throw new ArgumentException($"{cells.Length} cells for {columns.Length} columns", nameof(cells));
        _rows.Add(cells);
        return this;
    }

    public override string ToString()
    {
        var lines = _rows.Select(row => Array.ConvertAll(row, cell => cell.Clean)).Prepend(columns).ToList();
        var widths = columns.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var line in lines)
            text.AppendLine(string.Join(Gap, line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return text.ToString();
    }
}
