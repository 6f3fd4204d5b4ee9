namespace ClusterMesh.Cli.Tests.Docs;

/// <summary>Every command in a fence marked sh does what its page says.</summary>
public sealed class CommandsTests
{
    public static TheoryData<string> PagesWithCommands { get; } = [.. Page.All.Where(page => page.ShellLines.Any() && !page.ShellLines.Any(Page.IsLab)).Select(page => page.Path)];

    /// <summary>A lab needs root and programs for the kernel.</summary>
    public static TheoryData<string> PagesWithLab { get; } = [.. Page.All.Where(page => page.ShellLines.Any(Page.IsLab)).Select(page => page.Path)];

    [WithCommandsTheory]
    [MemberData(nameof(PagesWithCommands))]
    public Task Commands_OfAPage_RunInItsOrder(string path) => RunAsync(path);

    [WithCommandsTheory(Lab = true)]
    [MemberData(nameof(PagesWithLab))]
    public Task Commands_OfAPageWithALab_RunInItsOrder(string path) => RunAsync(path);

    [Theory]
    [InlineData("rm -rf docs")]
    [InlineData("make nothing-that-there-is")]
    [InlineData("kubectl get pods")]
    public async Task Command_ThatNobodyRuns_FailsTheTest(string line)
    {
        using var stage = new Stage([line]);
        using var run = new PageRun(stage);
        await Assert.ThrowsAnyAsync<Exception>(() => run.TypeAsync(line));
    }

    private static async Task RunAsync(string path)
    {
        var lines = Page.All.Single(page => page.Path == path).ShellLines.ToArray();
        using var stage = new Stage(lines);
        await stage.MakeCommandsAsync();
        using var run = new PageRun(stage);
        foreach (var line in lines)
            await run.TypeAsync(line);
    }
}
