namespace ClusterMesh.Load.Bench;

/// <summary>Says everything on the terminal and in the result file at once.</summary>
internal sealed class BenchLog(string path) : IDisposable
{
    private readonly StreamWriter _file = new(path) { AutoFlush = true };

    public void Write(string line)
    {
        Console.WriteLine(line);
        _file.WriteLine(line);
    }

    public void Dispose() => _file.Dispose();
}
