using ClusterMesh.Cli.Rendering;
using Spectre.Console;

namespace ClusterMesh.Cli.Tests.Rendering;

public sealed class ScreenTests
{
    [Fact]
    public void Table_Piped_AlignsColumnsAndLeavesNoTrailingSpaces()
    {
        var output = new StringWriter();
        var table = new TextTable("A", "LONGER", "C").Add("wide cell", "", "x").Note("why\nso").Add("y", 1, Cell.Blank);
        new Screen(output, TextWriter.Null).Table(table);
        Assert.Equal("A           LONGER   C\nwide cell   -        x\n  why so\ny           1\n", output.ToString());
    }

    [Fact]
    public void Table_OnATerminal_HasBoxesAndTakesTextLiterally()
    {
        var output = new StringWriter();
        var terminal = AnsiConsole.Create(new() { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.Standard, Out = new AnsiConsoleOutput(output) });
        new Screen(TextWriter.Null, TextWriter.Null, terminal).Table(new TextTable("[A]").Add(new Cell("[red]x[/]\u001b[2J", Tone.Good)).Note("[n]"));
        var text = output.ToString();
        Assert.Contains("│", text);
        Assert.Contains("[red]x[/]", text);
        Assert.Contains("\u001b[32m", text);
        Assert.DoesNotContain("\u001b[2J", text);
    }

    [Fact]
    public void Table_WithARowOfAnotherWidth_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new TextTable("A", "B").Add("only one"));

    [Fact]
    public void Line_WithControlCharacters_StaysOneLine()
    {
        var output = new StringWriter();
        new Screen(output, TextWriter.Null).Line("a\u001b[31m\nb");
        Assert.Equal("a [31m b\n", output.ToString());
    }

    [Fact]
    public void Verbatim_OnANarrowTerminal_StaysOneLine()
    {
        var output = new StringWriter();
        var terminal = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        terminal.Profile.Width = 20;
        var line = string.Join(' ', Enumerable.Repeat("--option [value]", 10));
        new Screen(TextWriter.Null, TextWriter.Null, terminal).Verbatim(line);
        Assert.Equal($"{line}\n", output.ToString());
    }

    [Theory]
    [InlineData(0.25, "25%")]
    [InlineData(0.333333, "33.3333%")]
    [InlineData(0.000001, "0.0001%")]
    [InlineData(0, "0%")]
    public void Share_OfAnySize_KeepsWhatMatters(double share, string expected) => Assert.Equal(expected, Words.Share(share));
}
