using System.Diagnostics;
using ClusterMesh.Mesh.Sources;

namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>A real directory of manifests that goes away with the test.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("clustermesh-").FullName;

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public TempDirectory With(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Of(name))!);
        File.WriteAllText(Of(name), text);
        return this;
    }

    /// <summary>Writes aside and moves into place, as careful writers do.</summary>
    public void Replace(string name, string text)
    {
        File.WriteAllText(Of(name + ".new"), text);
        File.Move(Of(name + ".new"), Of(name), overwrite: true);
    }

    /// <summary>rename(2), also of symlinks to directories, which .NET will not do.</summary>
    public async Task RenameAsync(string from, string to)
    {
        using var mv = Process.Start("mv", ["-T", Of(from), Of(to)]);
        await mv.WaitForExitAsync();
        Assert.Equal(0, mv.ExitCode);
    }

    public ClusterObjects Load()
    {
        using var source = new DirectorySource("west", Path, TimeProvider.System);
        return source.Load();
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
