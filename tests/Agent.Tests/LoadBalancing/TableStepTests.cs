using ClusterMesh.Agent.LoadBalancing;

namespace ClusterMesh.Agent.Tests.LoadBalancing;

/// <summary>A restart is not a removal: what the kernel has stays until it is known to be wrong.</summary>
public sealed class TableStepTests
{
    private const string NotGlobal = "", Global = "service.cilium.io/global=true";

    [Theory]
    // In sync: whatever differs.
    [InlineData(Global, "other", false, true, nameof(TableStep.Set))]
    [InlineData(Global, "other", true, true, nameof(TableStep.Set))]
    [InlineData(Global, "same", true, true, nameof(TableStep.Nothing))]
    [InlineData(Global, "none", false, true, nameof(TableStep.Set))]
    [InlineData(null, "other", true, true, nameof(TableStep.Delete))]
    [InlineData(null, "other", false, true, nameof(TableStep.Delete))]
    [InlineData(null, "none", false, true, nameof(TableStep.Nothing))]
    // Not yet: nothing goes, and what other clusters may have a part in stays as the last process left it.
    [InlineData(null, "other", true, false, nameof(TableStep.Wait))]
    [InlineData(null, "other", false, false, nameof(TableStep.Wait))]
    [InlineData(Global, "other", true, false, nameof(TableStep.Wait))]
    [InlineData(Global, "same", true, false, nameof(TableStep.Nothing))]
    [InlineData(Global, "other", false, false, nameof(TableStep.Set))]
    [InlineData(Global, "none", false, false, nameof(TableStep.Set))]
    [InlineData(NotGlobal, "other", true, false, nameof(TableStep.Set))]
    public void Of_WantedAndCurrent_GivesTheStep(string? wanted, string current, bool restored, bool inSync, string expected)
    {
        var frontend = wanted is null ? null : Scene.Compile(Scene.Service(annotations: wanted), "w/n1:10.1.0.1").Frontends[0];
        var inKernel = current switch
        {
            "none" => null,
            "same" => Scene.Compile(Scene.Service(annotations: Global), "w/n1:10.1.0.1").Frontends[0].Model,
            _ => Scene.Compile(Scene.Service(annotations: Global), "w/n1:10.1.0.1 e/n1:10.2.0.1").Frontends[0].Model,
        };
        Assert.Equal(expected, TableSteps.Of(frontend, inKernel, restored, inSync).ToString());
    }
}
