using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ClusterMesh.Mesh.Hosting;

namespace ClusterMesh.Agent.Admin;

/// <summary>The Unix socket of those who may change something: its owner alone.</summary>
internal static class ApiServer
{
    public static async Task<WebApplication> StartAsync(string path, ILoggerFactory logs, RequestDelegate answer, CancellationToken stop)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } directory) Directory.CreateDirectory(directory);
        // What an agent before us left behind.
        File.Delete(path);
        var app = AdminListener.Build(path, logs, answer);
        await app.StartAsync(stop);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return app;
    }
}
