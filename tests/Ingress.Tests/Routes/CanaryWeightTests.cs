namespace ClusterMesh.Ingress.Tests.Routes;

public sealed class CanaryWeightTests
{
    [Theory]
    [InlineData("0", null, "web:80=100 v2:80=0")]
    [InlineData("1", null, "web:80=99 v2:80=1")]
    [InlineData("100", null, "web:80=0 v2:80=100")]
    [InlineData(" 25 ", "100", "web:80=75 v2:80=25")]
    [InlineData("5", "200", "web:80=195 v2:80=5")]
    [InlineData("1", "1000000", "web:80=999999 v2:80=1")]
    [InlineData(null, null, "web:80=100 v2:80=0")]
    [InlineData(null, "1000", "web:80=1000 v2:80=0")]
    public void Weight_Good_IsItsPartOfTheTotal(string? weight, string? total, string split)
    {
        var model = Edge.Of(Primary(), Canary("c", "v2", weight, total));

        Assert.Equal(split, model.Route("foo.example /").Split());
        model.HasNoProblems();
    }

    [Theory]
    [InlineData("abc", null, "web:80=100 v2:80=0", "canary-weight", "\"abc\" is not a whole number", "weight 0 is used")]
    [InlineData("", null, "web:80=100 v2:80=0", "canary-weight", "\"\" is not a whole number", "weight 0 is used")]
    [InlineData("12.5", null, "web:80=100 v2:80=0", "canary-weight", "\"12.5\" is not a whole number", "weight 0 is used")]
    [InlineData("99999999999999999999", null, "web:80=100 v2:80=0", "canary-weight", "is not a whole number", "weight 0 is used")]
    [InlineData("-1", null, "web:80=100 v2:80=0", "canary-weight", "-1 is negative", "weight 0 is used")]
    [InlineData("101", null, "web:80=0 v2:80=100", "canary-weight", "101 is above the total of 100", "weight 100 is used")]
    [InlineData("300", "200", "web:80=0 v2:80=200", "canary-weight", "300 is above the total of 200", "weight 200 is used")]
    [InlineData("10", "abc", "web:80=90 v2:80=10", "canary-weight-total", "\"abc\" is not a whole number", "100 is used")]
    [InlineData("10", "50", "web:80=90 v2:80=10", "canary-weight-total", "50 is below 100", "100 is used")]
    [InlineData("10", "-5", "web:80=90 v2:80=10", "canary-weight-total", "-5 is below 100", "100 is used")]
    [InlineData("10", "0", "web:80=90 v2:80=10", "canary-weight-total", "0 is below 100", "100 is used")]
    [InlineData("500000", "2000000", "web:80=750000 v2:80=250000", "canary-weight-total", "2000000 is above 1000000", "1000000 is used, the share stays")]
    public void Weight_Bad_IsReportedAndReplaced(string weight, string? total, string split, string key, string reason, string instead)
    {
        var model = Edge.Of(Primary(), Canary("c", "v2", weight, total));

        Assert.Equal(split, model.Route("foo.example /").Split());
        model.HasOnly("Ingress default/c", $"clustermesh.io/{key}", reason, instead);
    }

    [Theory]
    [InlineData("10", "100", "30", "100", "web:80=60 v1:80=10 v2:80=30")]
    [InlineData("10", "100", "5", "1000", "web:80=895 v1:80=100 v2:80=5")]
    [InlineData("1", "150", "1", "100", "web:80=295 v1:80=2 v2:80=3")]
    [InlineData("1", "999999", "1", "1000000", "web:80=999997000001 v1:80=1000000 v2:80=999999")]
    [InlineData("60", "100", "40", "100", "web:80=0 v1:80=60 v2:80=40")]
    public void Weights_OfSeveralCanaries_AreBroughtToOneTotal(string weight1, string total1, string weight2, string total2, string split)
    {
        var model = Edge.Of(Primary(), Canary("a", "v1", weight1, total1), Canary("b", "v2", weight2, total2));

        Assert.Equal(split, model.Route("foo.example /").Split());
        model.HasNoProblems();
    }

    [Fact]
    public void Weights_WhoseCommonTotalIsTooLarge_AreRoundedToABillionth()
    {
        var model = Edge.Of(
            Primary(), Canary("a", "v1", "1000", "999983"), Canary("b", "v2", "1000", "999979"), Canary("c", "v3", "1000", "999961"));

        Assert.Equal("web:80=996999923 v1:80=1000017 v2:80=1000021 v3:80=1000039", model.Route("foo.example /").Split());
        model.HasNoProblems();
    }

    [Fact]
    public void Weights_AboveTheWhole_ShareItInProportion()
    {
        var model = Edge.Of(Primary(), Canary("a", "v1", "80"), Canary("b", "v2", "40"), Canary("c", "v3", "40"));

        Assert.Equal("web:80=0 v1:80=80 v2:80=40 v3:80=40", model.Route("foo.example /").Split());
        model.HasOnly("Ingress default/b", "clustermesh.io/canary-weight", "add up to more than the whole", "they share all requests in proportion");
    }

    private static IngressBuilder Primary() => An.Ingress("web").Rule("foo.example", "/", "web:80");

    private static IngressBuilder Canary(string name, string service, string? weight, string? total = null)
    {
        var canary = An.Ingress(name).Canary(weight).Rule("foo.example", "/", $"{service}:80");
        return total is null ? canary : canary.With("canary-weight-total", total);
    }
}
