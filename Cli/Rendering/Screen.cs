using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace ClusterMesh.Cli.Rendering;

/// <summary>Where commands print: in colours and boxes on a terminal, in plain stable columns anywhere else.</summary>
internal sealed class Screen(TextWriter output, TextWriter errors, IAnsiConsole? terminal = null)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Screen Standard() => new(Console.Out, Console.Error, Console.IsOutputRedirected ? null : AnsiConsole.Console);

    public void Line(string text = "", Tone tone = Tone.Plain)
    {
        if (terminal is null)
            output.WriteLine(Cell.Printable(text));
        else
            terminal.MarkupLine(Paint(Cell.Printable(text), tone));
        output.Flush();
    }

    /// <summary>A line to copy: a terminal must not break it where it is full.</summary>
    public void Verbatim(string text)
    {
        var writer = terminal?.Profile.Out.Writer ?? output;
        writer.WriteLine(Cell.Printable(text));
        writer.Flush();
    }

    public void Heading(string text)
    {
        if (terminal is null)
            output.WriteLine(text);
        else
            terminal.MarkupLine($"[bold]{Markup.Escape(text)}[/]");
    }

    public void Table(TextTable table)
    {
        if (terminal is null)
            output.Write(table.ToString());
        else
            terminal.Write(Boxed(table));
        output.Flush();
    }

    public void Json(JsonNode? json) => output.WriteLine(json?.ToJsonString(Indented) ?? "null");

    public void Error(string text) => errors.WriteLine(Cell.Printable($"clustermesh: {text}"));

    private static Table Boxed(TextTable table)
    {
        var box = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var column in table.Columns)
            box.AddColumn(new TableColumn($"[bold]{Markup.Escape(column)}[/]"));
        foreach (var line in table.Lines)
            box.AddRow(line.Note is null ? line.Cells.Select(cell => Painted(cell.Clean, cell.Tone)) : [Painted(Cell.Printable(line.Note), Tone.Dim)]);
        return box;
    }

    private static Markup Painted(string text, Tone tone) => new(Paint(text, tone));

    private static string Paint(string text, Tone tone)
    {
        var escaped = Markup.Escape(text);
        return tone switch
        {
            Tone.Good => $"[green]{escaped}[/]",
            Tone.Bad => $"[red]{escaped}[/]",
            Tone.Warn => $"[yellow]{escaped}[/]",
            Tone.Dim => $"[grey]{escaped}[/]",
            _ => escaped,
        };
    }
}
