using ClusterMesh.Proxy.Tests.Support;

namespace ClusterMesh.Proxy.Tests.Retry;

public class BudgetTests
{
    [Fact]
    public async Task DeadService_RetriesStayWithinTheBudget()
    {
        const int Requests = 400;
        await using var one = RawBackend.Resetting("west");
        await using var two = RawBackend.Resetting("east");
        await using var proxy = await ProxyFixture.StartAsync(mesh => mesh.Service("web", one, two).Route("web"));
        var client = proxy.Client();
        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, stop) =>
        {
            using var reply = await client.GetAsync("/", stop);
            Assert.Equal(502, (int)reply.StatusCode);
        });

        // 20 % of the requests and 10 a second for 10 seconds; those that ran side by side may see each other's late.
        Assert.InRange(one.Count + two.Count - Requests, (Requests / 5) + 100 - 8, (Requests / 5) + 100 + 8);
    }
}
