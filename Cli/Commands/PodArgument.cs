using System.CommandLine;

namespace ClusterMesh.Cli.Commands;

/// <summary>NS/POD; without NS/ it is of namespace default.</summary>
internal static class PodArgument
{
    public static Argument<string> Create(string description)
    {
        var argument = new Argument<string>("NS/POD") { Description = $"{description} Without NS/ it is of namespace default." };
        argument.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && Split(text) is null)
                result.AddError($"'{text}' is not a pod: give POD or NAMESPACE/POD");
        });
        return argument;
    }

    public static (string Namespace, string Pod)? Split(string text) => text.Split('/') switch
    {
        [{ Length: > 0 } pod] => ("default", pod),
        [{ Length: > 0 } space, { Length: > 0 } pod] => (space, pod),
        _ => null,
    };
}
