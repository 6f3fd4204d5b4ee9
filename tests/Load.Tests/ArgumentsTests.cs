namespace ClusterMesh.Load.Tests;

public sealed class ArgumentsTests
{
    [Fact]
    public void Parse_WordsOptionsAndFlags_KeepsThemApart()
    {
        var arguments = Arguments.Parse(["drill", "--rate", "500", "all", "--quick"]);

        Assert.Equal(["drill", "all"], arguments.Words);
        Assert.Equal((500, 7), (arguments.Number("rate", 1), arguments.Number("seconds", 7)));
        Assert.True(arguments.Flag("quick"));
        Assert.False(arguments.Flag("keep-files"));
    }

    [Theory]
    [InlineData("--rate")]
    public void Parse_AnOptionWithoutValue_IsAnErrorThatNamesIt(string option) =>
        Assert.Contains(option, Assert.Throws<FormatException>(() => Arguments.Parse([option])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("abc")]
    public void Number_ThatIsNotPositive_IsAnErrorThatNamesIt(string value) =>
        Assert.Contains($"--rate {value}", Assert.Throws<FormatException>(() => Arguments.Parse(["--rate", value]).Number("rate", 1)).Message, StringComparison.Ordinal);
}
