using System.Text.RegularExpressions;
using ClusterMesh.Mesh.Services;
using ClusterMesh.Mesh.Telemetry;

namespace ClusterMesh.Cli.Tests.Docs;

/// <summary>The README's tables list what the code knows: all of it, and nothing else.</summary>
public sealed class TablesTests
{
    private static readonly Page s_readme = Page.All.Single(page => page.Path == "README.md");

    [Fact]
    public void Annotations_InTheReadme_AreThoseThatAreHonoured()
    {
        var listed = Backticked(s_readme.FirstCells("## Annotations", "### What differs from ingress-nginx")).Where(name => name != "clustermesh.io/");
        Assert.Equal(OfIngresses().Concat(OfServices()).Concat(ByFullName()).Distinct().Order(), listed.Order());
    }

    [Theory]
    [InlineData("Ingress/Options/IngressFlags.cs", "## Settings of the gateway", "## Settings of the agent")]
    [InlineData("Agent/Options/AgentFlags.cs", "## Settings of the agent", "## Settings of the node's proxy")]
    [InlineData("Proxy/Node/Options/ProxyFlags.cs", "## Settings of the node's proxy", "## Why did this request go there?")]
    public void Flags_InTheReadme_AreThoseOfTheProgram(string source, string from, string to)
    {
        var known = Regex.Matches(Repository.Read(source), "= new\\(\"([a-z-]+)\", ").Select(flag => $"--{flag.Groups[1].Value}");
        var listed = s_readme.FirstCells(from, to).SelectMany(cell => Regex.Matches(cell, "--[a-z-]{2,}").Select(flag => flag.Value));
        Assert.Equal(known.Order(), listed.Order().Where(flag => !flag.StartsWith("---", StringComparison.Ordinal)));
    }

    [Fact]
    public void Metrics_OfTheAgent_AreInTheirTable()
    {
        var sources = string.Concat(new[] { "Agent/Admin/AgentMeter.cs", "Mesh/Clusters/RemoteMetrics.cs", "Mesh/Publish/PublishMeter.cs", "Mesh/Telemetry/PropagationMeter.cs", "Agent/Admin/DatapathMeter.cs", "Agent/Probes/ProbeMeter.cs", "Agent/Flows/FlowMeter.cs", "Agent/Flows/Requests/RequestMeter.cs" }.Select(Repository.Read));
        var known = Regex.Matches(sources, "\"((?:cilium|clustermesh|hubble)[_.][a-z_.]+)\",").Select(name => name.Groups[1].Value.Replace('.', '_'))
            .Concat(Regex.Matches(sources, "Gauge\\(\"([a-z_]+)\", remote").Select(name => $"cilium_clustermesh_remote_cluster_{name.Groups[1].Value}")).ToArray();
        var listed = Backticked(Page.All.Single(page => page.Path == "docs/metrics.md").FirstCells("## The agent's metrics", "## Access log"))
            .Where(name => name.StartsWith("cilium_", StringComparison.Ordinal) || name.StartsWith("clustermesh_", StringComparison.Ordinal) || name.StartsWith("hubble_", StringComparison.Ordinal));
        // A scraper sees a unit and _total behind some of them.
        Assert.Equal(known.Order(), listed.Select(name => Regex.Replace(name, "(?<=_read)_bytes_total$|(?<!_errors)_total$|(?<=propagation_duration|request_duration|_latency)_seconds$", "")).Order());
    }

    [Fact]
    public void Words_InTheReadme_AreThoseOfTheVocabulary()
    {
        var known = Enum.GetValues<SplitReason>().Select(reason => reason.Text())
            .Concat(Enum.GetValues<PoolReason>().Select(reason => reason.Text()))
            .Concat(Enum.GetValues<EndReason>().Select(reason => reason.Text()));
        Assert.Equal(known.Order(), Backticked(s_readme.FirstCells("## Why did this request go there?", "## Health, retries, drain")).Order());
    }

    private static IEnumerable<string> Backticked(IEnumerable<string> cells) =>
        cells.SelectMany(cell => Regex.Matches(cell, "`([^`]+)`").Select(name => name.Groups[1].Value));

    private static IEnumerable<string> OfIngresses() =>
        Regex.Matches(Repository.Read("Ingress/Routes/AnnotationNames.cs"), "const string \\w+ = \"([a-z-]+)\"").Select(name => name.Groups[1].Value);

    private static IEnumerable<string> OfServices() => ServiceAnnotations.Honoured;

    /// <summary>Those that the sources spell out: Cilium's, and those of Ingress classes.</summary>
    private static IEnumerable<string> ByFullName() =>
        Repository.Files.Where(file => Regex.IsMatch(file, @"^(Mesh|Ingress)/.*\.cs$"))
            .SelectMany(file => Regex.Matches(Repository.Read(file), "\"((service\\.cilium\\.io|io\\.cilium|clustermesh\\.cilium\\.io)/[a-z-]+)\"|const string \\w*Annotation = \"(?<name>[^\"]+)\""))
            .Select(match => match.Groups["name"].Success ? match.Groups["name"].Value : match.Groups[1].Value);
}
