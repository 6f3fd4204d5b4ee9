using System.Net;
using ClusterMesh.Agent.Probes;

namespace ClusterMesh.Agent.Tests.Probes;

public sealed class ProbeBoardTests
{
    private static readonly string[] s_two = ["west/n2", "east/e1", "east/e2"];
    private static readonly string[] s_three = ["west/n2", "west/n3", "east/e1", "east/e2"];

    [Fact]
    public void Node_ThatFallsSilent_IsGoneWithinTwoSecondsAndSaysWhy()
    {
        for (var wait = 3.0; wait < 3.5; wait += 0.04)
        {
            var run = new ProbeFieldRun("west/n1", s_two).Run(wait);
            run.Silent.Add("east/e1");
            Assert.InRange(run.Until("east/e1", "unreachable"), 1.3, 2.0);
            Assert.Matches("^3 of 3 probes lost since 12:00:0[0-9]\\.[0-9], by its agent and its kernel$", run.Health("east/e1").Reason);
            Assert.Equal("reachable", run.Health("east/e2").State);
            Assert.False(run.Read().IsClusterGone("east"));
        }
    }

    [Fact]
    public void Node_ThatReturns_IsBackOnlyWhenItHasAnsweredForAWhile()
    {
        var run = new ProbeFieldRun("west/n1", s_two).Run(3);
        run.Silent.Add("east/e1");
        run.Until("east/e1", "unreachable");
        run.Silent.Clear();
        Assert.InRange(run.Until("east/e1", "reachable"), 2.5, 4);
        Assert.Null(run.Health("east/e1").Reason);
    }

    [Fact]
    public void Agent_ThatIsAway_MakesNoNodeGone()
    {
        var run = new ProbeFieldRun("west/n1", s_two).Run(3);
        var changes = run.Changes;
        run.AgentAway.UnionWith(s_two);
        run.Run(60);
        Assert.All(s_two, node => Assert.Equal("reachable", run.Health(node).State));
        Assert.Equal(changes, run.Changes);
    }

    [Fact]
    public void Agent_ThatIsAwayForAWhileBehindAFilter_MakesNoNodeGoneEither()
    {
        var run = new ProbeFieldRun("west/n1", s_two);
        run.Filtered.Add("east/e1");
        run.Run(3);
        run.AgentAway.Add("east/e1");
        run.Run(20);
        Assert.Equal("reachable", run.Health("east/e1").State);
        Assert.Contains("its kernel never answers", run.Health("east/e1").Reason, StringComparison.Ordinal);
        Assert.InRange(run.Until("east/e1", "unreachable"), 9, 12);
    }

    [Fact]
    public void Node_ThatNeverAnswered_IsUnknownAndCountsAsReachable()
    {
        var run = new ProbeFieldRun("west/n1", s_two);
        run.Silent.Add("east/e1");
        run.Run(60);
        Assert.Equal("unknown", run.Health("east/e1").State);
        Assert.False(run.Read().IsGone("east", "e1"));
    }

    [Fact]
    public void Node_ThatWasGoneBeforeTheStart_IsGoneEvenBeforeItsClusterIsHeard()
    {
        var run = new ProbeFieldRun("west/n1", s_two);
        Assert.True(run.Read().IsGone("north", "was-gone"));
        Assert.False(run.Run(130).Read().IsGone("north", "was-gone"));
    }

    [Fact]
    public void Node_ThatWasGoneBeforeTheStart_StaysGoneUntilItAnswers()
    {
        var run = new ProbeFieldRun("west/n1", [.. s_two, "north/was-gone"]);
        run.Silent.Add("north/was-gone");
        run.Run(60);
        Assert.Equal("unreachable", run.Health("north/was-gone").State);
        run.Silent.Clear();
        Assert.InRange(run.Until("north/was-gone", "reachable"), 2.5, 4);
    }

    [Fact]
    public void Cluster_AllItsNodesSilent_IsGoneWithinTwoSeconds()
    {
        var run = new ProbeFieldRun("west/n1", s_two).Run(3);
        run.Silent.Add("east/");
        run.Run(2);
        Assert.True(run.Read().IsClusterGone("east"));
        Assert.False(run.Read().IsClusterGone("west"));
        Assert.False(run.Board.IsCutOff);
    }

    [Fact]
    public void Cluster_AllItsNodesSilentToANodeWithoutNeighbours_IsGone()
    {
        var run = new ProbeFieldRun("west/n1", "east/e1", "east/e2").Run(3);
        run.Silent.Add("east/");
        run.Run(2);
        Assert.True(run.Read().IsClusterGone("east"));
    }

    [Fact]
    public void Cluster_OfWhichOnlyWhoWasGoneIsKnown_IsNotGoneUntilItsNodesAreHeardOf()
    {
        var run = new ProbeFieldRun("west/n1", s_two);
        Assert.True(run.Read().IsGone("north", "was-gone"));
        Assert.False(run.Read().IsClusterGone("north"));
        ProbeTarget gone = new("north", "was-gone", IPAddress.Parse("127.0.9.1")), other = new("north", "other", IPAddress.Parse("127.0.9.2"));
        run.Board.Know([.. run.Targets, gone, other], run.Now);
        Assert.False(run.Read().IsClusterGone("north"));
        run.Board.Know([.. run.Targets, gone], run.Now);
        Assert.True(run.Read().IsClusterGone("north"));
    }

    [Fact]
    public void Neighbour_SilentInAClusterOfTwo_IsGone()
    {
        var run = new ProbeFieldRun("west/n1", "west/n2").Run(3);
        run.Silent.Add("west/n2");
        run.Run(2);
        Assert.True(run.Read().IsGone("west", "n2"));
    }

    [Fact]
    public void Everybody_SilentNeighboursIncluded_MeansThatWeAreCutOff()
    {
        var run = new ProbeFieldRun("west/n1", s_three).Run(3);
        run.Silent.UnionWith(["west/", "east/"]);
        run.Run(30);
        Assert.True(run.Board.IsCutOff);
        Assert.All(s_three, node => Assert.Equal("reachable", run.Health(node).State));
        Assert.EndsWith("this node seems to be cut off, so all stay as they were", run.Health("east/e1").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Everybody_HeardAgainButOne_ThatOneIsGoneAfterThreeMoreRounds()
    {
        var run = new ProbeFieldRun("west/n1", s_three).Run(3);
        run.Silent.UnionWith(["west/", "east/"]);
        run.Run(10);
        run.Silent.Clear();
        run.Silent.Add("east/e1");
        run.Run(0.8);
        Assert.False(run.Board.IsCutOff);
        Assert.All(s_three, node => Assert.Equal("reachable", run.Health(node).State));
        Assert.InRange(run.Until("east/e1", "unreachable"), 0.5, 2);
        Assert.All(s_three.Where(node => node != "east/e1"), node => Assert.Equal("reachable", run.Health(node).State));
    }

    [Fact]
    public void Answers_ThatComeLaterThanTheNextQuestion_AreAnswers()
    {
        var run = new ProbeFieldRun("west/n1", s_two) { Rtt = TimeSpan.FromMilliseconds(900) }.Run(60);
        Assert.All(s_two, node => Assert.Equal("reachable", run.Health(node).State));
        Assert.InRange(run.Health("east/e1").RttMicroseconds!.Value, 900_000, 925_000);
    }

    [Fact]
    public void FiveHundredNodes_AreStillFoundGoneInTwoSeconds()
    {
        var run = new ProbeFieldRun("west/n1", [.. Enumerable.Range(0, 500).Select(n => $"c{n % 5}/n{n}")]).Run(5);
        var sent = run.Sent;
        run.Run(10);
        Assert.InRange(run.Sent - sent, 9_000, 12_000);
        run.Silent.Add("c1/n1");
        Assert.InRange(run.Until("c1/n1", "unreachable"), 1.3, 2.0);
    }

    [Fact]
    public void FiveThousandNodes_CostNoMoreThanAThousandProbesASecond()
    {
        var run = new ProbeFieldRun("west/n1", [.. Enumerable.Range(0, 5000).Select(n => $"c{n % 255}/n{n}")]).Run(60);
        var sent = run.Sent;
        run.Run(10);
        Assert.InRange(run.Sent - sent, 9_000, 12_000);
        run.Silent.Add("c1/n1");
        // One interval of five seconds to notice, then as fast as ever.
        Assert.InRange(run.Until("c1/n1", "unreachable"), 1.3, 6.5);
    }

    [Fact]
    public void Nodes_ThatComeAndGoFromTheList_AreProbedAndForgotten()
    {
        var run = new ProbeFieldRun("west/n1", s_two).Run(3);
        Assert.False(run.Board.Know(run.Targets, run.Now));
        Assert.True(run.Board.Know([run.Targets[0] with { Node = "new" }], run.Now));
        run.Run(130);
        Assert.Equal(["west/n1", "west/new"], run.Read().Nodes.Keys.Order());
        Assert.Equal(["local", "reachable"], run.Read().Nodes.OrderBy(node => node.Key).Select(node => node.Value.State));
    }
}
