using System.Text;
using ClusterMesh.Tests;

namespace ClusterMesh.Mesh.Tests.Scenarios;

/// <summary>
/// Plays a scenario file: steps that write manifests and keys, and tables that are expected in the end, compared with retry.
/// <c>ID</c> in an expected etcd value stands for any identity number, <c>TIME</c> for a time.
/// </summary>
internal sealed class Scenario : IAsyncDisposable
{
    private readonly SortedDictionary<string, ScenarioCluster> _clusters = new(StringComparer.Ordinal);

    public async Task PlayAsync(string text)
    {
        foreach (var step in ScenarioStep.Parse(text)) await PlayAsync(step);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in _clusters.Values) await cluster.DisposeAsync();
    }

    private Task PlayAsync(ScenarioStep step) => step.Words switch
    {
        ["clusters", .. var names] => StartAsync(names),
        ["connect", var reader, var remote] => ConnectAsync(reader, remote),
        ["disconnect", var reader, var remote] => Done(() => File.Delete(Path.Combine(_clusters[reader].RemoteFiles, remote))),
        ["write", var name, var file] => WriteAsync(Path.Combine(_clusters[name].Manifests, file), step.Text),
        ["remove", var name, var file] => Done(() => File.Delete(Path.Combine(_clusters[name].Manifests, file))),
        ["put", var name, var key] => _clusters[name].Client.PutAsync(key, Encoding.UTF8.GetBytes(step.Text)),
        ["delete", var name, var key] => _clusters[name].Client.DeleteAsync(key),
        ["etcd", var name, var prefix] => ExpectAsync(step, async () => (await _clusters[name].ReadAsync(prefix)).Select(pair => $"{Key(pair.Key)} {Masked(pair.Value)}")),
        ["services", var name] => ExpectAsync(step, () => Task.FromResult(ScenarioTables.Services(_clusters[name].Mesh))),
        ["remotes", var name] => ExpectAsync(step, () => Task.FromResult(ScenarioTables.Clusters(_clusters[name]))),
        ["nodes", var name] => ExpectAsync(step, () => Task.FromResult(ScenarioTables.Nodes(_clusters[name]))),
        ["identities", var name] => ExpectAsync(step, () => Task.FromResult(ScenarioTables.Identities(_clusters[name]))),
        ["endpoints", var name] => ExpectAsync(step, () => Task.FromResult(ScenarioTables.Endpoints(_clusters[name]))),
        _ => throw new InvalidOperationException($"line {step.Line}: {string.Join(' ', step.Words)} is no step"),
    };

    private async Task StartAsync(string[] names)
    {
        foreach (var (index, name) in names.Index()) _clusters[name] = await ScenarioCluster.StartAsync(name, index + 1);
    }

    private Task ConnectAsync(string reader, string remote) =>
        WriteAsync(Path.Combine(_clusters[reader].RemoteFiles, remote), $"endpoints: [\"{_clusters[remote].Etcd.Endpoint}\"]\n");

    private static async Task WriteAsync(string path, string text)
    {
        var aside = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}");
        await File.WriteAllTextAsync(aside, text);
        File.Move(aside, path, overwrite: true);
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static async Task ExpectAsync(ScenarioStep step, Func<Task<IEnumerable<string>>> read)
    {
        var seen = "";
        try
        {
            await Eventually.TrueAsync(async () => (seen = string.Join('\n', await read())) == step.Text, "the table", 20);
        }
        catch (Exception)
        {
            Assert.Fail($"line {step.Line}: {string.Join(' ', step.Words)}\nexpected:\n{step.Text}\nseen:\n{seen}");
        }
    }

    // Numbers that etcd gives are not the same every time.
    private static string Key(string key) => key.StartsWith("cilium/state/identities/v1/id/", StringComparison.Ordinal) ? "cilium/state/identities/v1/id/ID" : key;

    private static string Masked(string value) =>
        DateTimeOffset.TryParse(value, out _) ? "TIME" : System.Text.RegularExpressions.Regex.Replace(value, "\"ID\":[0-9]{4,}", "\"ID\":ID");
}
