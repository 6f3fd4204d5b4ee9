using System.Text.RegularExpressions;

namespace ClusterMesh.Cli.Tests.Docs;

/// <summary>What the pages name is there.</summary>
public sealed class NamesTests
{
    private static readonly HashSet<string> s_folders = [.. Repository.Files.Where(file => file.Contains('/')).Select(file => file.Split('/')[0])];

    [Fact]
    public void Types_ThatPagesName_AreInTheSource() => Assert.Empty(
        from page in Page.All
        from span in page.Spans
        where Regex.IsMatch(span, @"^[A-Z]\w*[a-z]\w*(\.[A-Z]\w*)*$")
        where span.Split('.').Any(word => !Repository.SourceWords.Value.Contains(word))
        select $"{page.Path}: {span}");

    [Fact]
    public void Files_ThatPagesName_AreInTheRepository() => Assert.Empty(
        from page in Page.All
        from span in page.Spans
        where IsFile(span) && !IsThere(span.TrimEnd('/'))
        select $"{page.Path}: {span}");

    [Fact]
    public void Links_BetweenPages_LeadSomewhere() => Assert.Empty(
        from page in Page.All
        from link in page.Links
        where !Repository.Has(link)
        select $"{page.Path}: {link}");

    [Fact]
    public void Pages_AreReadWithTheirSpansAndLinks()
    {
        Assert.Contains(Page.All, page => page.Path == "README.md" && page.Links.Contains("docs/life-of-a-change.md") && page.Spans.Contains("config/demo"));
        Assert.Contains(Page.All, page => page.Path == "docs/life-of-a-request.md" && page.Spans.Contains("ProxyPipeline"));
        Assert.Contains("ProxyPipeline", Repository.SourceWords.Value);
        Assert.DoesNotContain("NoSuchTypeAnywhere" + "InTheSource", Repository.SourceWords.Value);
    }

    private static bool IsFile(string span) =>
        Regex.IsMatch(span, @"^[\w.-]+\.(cs|md|sh|yaml|json|targets|props|sln)$")
        || (Regex.IsMatch(span, @"^[\w./-]+$") && s_folders.Contains(span.Split('/')[0]) && span.Contains('/'));

    private static bool IsThere(string name) =>
        name.Contains('/') ? Repository.Has(name) : Repository.Has(name) || Repository.Files.Any(file => file.EndsWith($"/{name}", StringComparison.Ordinal));
}
