using System.Net;
using ClusterMesh.Cli.Lab;
using ClusterMesh.Cli.Lab.Network;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Connectivity.Tests;

/// <summary>
/// Plays a scenario file in a lab that is up: "apply CLUSTER NAME" with manifests, "remove CLUSTER NAME", "change
/// CLUSTER" with objects that were there before the scenario and are put back after it; and what is expected in the end,
/// compared with retry: "reach" (who reaches whom), "requests" (how requests are answered), "answers FROM URL" (who answers), "shares of FROM -> METHOD TARGET" (which share of requests who answers, in percent), "flows NODE ..." and "cli NODE ..." (lines that have
/// these words), "problems NODE". What it applied is gone after it.
/// </summary>
internal sealed class Scenario(RunningLab lab) : IAsyncDisposable
{
    private const int Requests = 40;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Places _places = new(lab);
    private readonly Dictionary<(string Cluster, string Name), List<(string Kind, ObjectKey Key)>> _applied = [];
    private readonly HashSet<string> _cut = [], _changed = [], _killed = [];

    public async Task PlayAsync(string text)
    {
        foreach (var step in ScenarioStep.Parse(text)) await PlayAsync(step);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _killed) await lab.StartProxyAsync(node);
        foreach (var target in _cut) await lab.HealAsync(target);
        foreach (var (cluster, name) in _applied.Keys.ToList()) await RemoveAsync(cluster, name);
        foreach (var cluster in _changed) await lab.ApplyAsync(cluster, TwoClusters.Written(cluster));
    }

    private Task PlayAsync(ScenarioStep step) => step.Words switch
    {
        ["apply", var cluster, var name] => ApplyAsync(cluster, name, step.Text),
        ["remove", var cluster, var name] => RemoveAsync(cluster, name),
        ["change", var cluster] => ChangeAsync(cluster, step.Text),
        ["delete", var cluster, var kind, var key] => lab.DeleteAsync(cluster, kind, key),
        ["exec", var target, .. var words] => ExecAsync(step, target, words),
        ["kill", "proxy", var node] => KillProxyAsync(node),
        ["start", "proxy", var node] => StartProxyAsync(node),
        ["cut", var target] => CutAsync(target),
        ["heal", var target] => HealAsync(target),
        ["reach"] => ExpectAsync(step, lines => Task.WhenAll(lines.Select(ReachAsync))),
        ["requests"] => ExpectAsync(step, lines => Task.WhenAll(lines.Select(RequestAsync))),
        ["answers", var from, var url] => ExpectAsync(step, async _ => [await AnswersAsync(from, url)]),
        ["shares", "of", .. var request] => ExpectAsync(step, lines => SharesAsync(string.Join(' ', request), lines)),
        ["cli", var node, .. var words] => ExpectWordsAsync(step, () => CliAsync(node, words)),
        ["flows", var node, .. var filter] => ExpectWordsAsync(step, () => CliAsync(node, ["observe", "--last", "4095", .. filter])),
        ["problems", var node] => ExpectWordsAsync(step, () => CliAsync(node, ["status", "--problems", "all"])),
        _ => throw new InvalidOperationException($"line {step.Line}: {string.Join(' ', step.Words)} is no step"),
    };

    private async Task ApplyAsync(string cluster, string name, string yaml)
    {
        var objects = AppliedObjects.In(yaml);
        // What goes by that name now is all that there is of it.
        if (_applied.TryGetValue((cluster, name), out var before)) await DeleteAsync(cluster, before.Except(objects));
        _applied[(cluster, name)] = objects;
        await lab.ApplyAsync(cluster, yaml);
    }

    private async Task RemoveAsync(string cluster, string name)
    {
        if (!_applied.Remove((cluster, name), out var objects)) return;
        await DeleteAsync(cluster, objects);
    }

    private async Task DeleteAsync(string cluster, IEnumerable<(string Kind, ObjectKey Key)> objects)
    {
        foreach (var (kind, key) in objects) await lab.DeleteAsync(cluster, kind, key.Namespace.Length == 0 ? key.Name : $"{key.Namespace}/{key.Name}");
    }

    private Task ChangeAsync(string cluster, string yaml)
    {
        _changed.Add(cluster);
        return lab.ApplyAsync(cluster, yaml);
    }

    private async Task ExecAsync(ScenarioStep step, string target, string[] words)
    {
        var outcome = await lab.ExecAsync(_places.Target(target), CancellationToken.None, words);
        Assert.True(outcome.Code == 0, $"line {step.Line}: {outcome}");
    }

    private Task CutAsync(string target)
    {
        _cut.Add(target);
        return lab.CutAsync(target);
    }

    private Task HealAsync(string target)
    {
        _cut.Remove(target);
        return lab.HealAsync(target);
    }

    private Task KillProxyAsync(string node)
    {
        _killed.Add(node);
        lab.KillProxy(node);
        return Task.CompletedTask;
    }

    private Task StartProxyAsync(string node)
    {
        _killed.Remove(node);
        return lab.StartProxyAsync(node);
    }

    private async Task<string> RequestAsync(string line) => $"{line[..line.IndexOf(" | ", StringComparison.Ordinal)]} | {await HttpAttempt.Parse(line).TryAsync(_places)}";

    private async Task<string> ReachAsync(string line)
    {
        var attempt = Attempt.Parse(line);
        return $"{line[..line.IndexOf(" | ", StringComparison.Ordinal)]} | {await attempt.TryAsync(_places)}";
    }

    /// <summary>Who answered any of so many requests.</summary>
    private async Task<string> AnswersAsync(string from, string url)
    {
        var host = new Uri(url).Host;
        var at = host.StartsWith("svc.", StringComparison.Ordinal) ? url.Replace(host, $"{_places.Address($"svc/{host["svc.".Length..]}", from)}", StringComparison.Ordinal) : url;
        var answers = new List<LabAnswer>();
        for (var i = 0; i < Requests; i++) answers.Add(await lab.HttpAsync(_places.Target(from), at));
        return string.Join(' ', answers.Select(answer => answer.Headers.TryGetValue("x-echo-pod", out var pod) ? $"{answer.Headers["x-echo-cluster"]}/{pod}" : answer.Failure ?? "nobody").Distinct().Order(StringComparer.Ordinal));
    }

    private async Task<string[]> SharesAsync(string request, string[] lines)
    {
        var attempt = HttpAttempt.Parse($"{request} | 200");
        var (from, to) = (_places.Namespace(attempt.From), new IPEndPoint(_places.Address(attempt.Target, attempt.From), attempt.Port));
        var answers = new LabAnswer[Shares.Requests];
        await Parallel.ForAsync(0, answers.Length, new ParallelOptions { MaxDegreeOfParallelism = Shares.AtOnce }, async (at, _) => answers[at] = await attempt.AskAsync(from, to));
        return Shares.Seen(answers, lines);
    }

    private async Task<string> CliAsync(string node, string[] words) => (await CommandLine.RunAsync([.. words, "--agent", lab.State.Nodes.Single(state => state.Name == node).Agent])).Output;

    private static Task ExpectAsync(ScenarioStep step, Func<string[], Task<string[]>> read)
    {
        var lines = step.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return UntilAsync(step, async () => string.Join('\n', await read(lines)), seen => seen == string.Join('\n', lines));
    }

    /// <summary>Each expected line's words are in one line of what is seen, in that order.</summary>
    private static Task ExpectWordsAsync(ScenarioStep step, Func<Task<string>> read) =>
        UntilAsync(step, read, seen => step.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(line => seen.Split('\n').Any(there => HasWords(there, line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))));

    private static bool HasWords(string line, string[] words)
    {
        var at = 0;
        foreach (var word in words)
        {
            at = line.IndexOf(word, at, StringComparison.Ordinal);
            if (at < 0) return false;
            at += word.Length;
        }

        return true;
    }

    private static async Task UntilAsync(ScenarioStep step, Func<Task<string>> read, Func<string, bool> holds)
    {
        var seen = "";
        try
        {
            await Eventually.TrueAsync(async () => holds(seen = await read()), "as expected", s_patience.TotalSeconds);
        }
        catch (Exception error)
        {
            Assert.Fail($"line {step.Line}: {string.Join(' ', step.Words)}\nexpected:\n{step.Text}\nseen:\n{seen}\n{(error is Xunit.Sdk.FailException ? "" : error)}");
        }
    }
}
