using ClusterMesh.Mesh.Sources.Yaml;

namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>A field that takes one of a few words.</summary>
internal static class Choice
{
    private static readonly string[] Protocols = ["TCP", "UDP", "SCTP"];

    /// <summary>Null when not set, and, with an error noted, when it is none of them.</summary>
    public static string? Of(Field field, string[] choices)
    {
        if (field.Text() is not { } text)
            return null;
        foreach (var choice in choices)
        {
            if (choice == text)
                return choice;
        }

        field.Error($"\"{Shown.Text(text)}\" is not one of {string.Join(", ", choices)}");
        return null;
    }

    public static string Protocol(Field field) => Of(field, Protocols) ?? "TCP";
}
