using System.Collections.Immutable;
using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Ingress.Routes;

/// <summary>One annotation as it was written: with its prefix.</summary>
internal readonly record struct Annotation(string FullName, string Value);

/// <summary>Delegates that read one value; false = it is not one.</summary>
internal delegate bool TryRead<T>(string text, out T value);

/// <summary>One Ingress' annotations by name without prefix; a bad value is reported and the default taken.</summary>
internal sealed class AnnotationReader
{
    private readonly IngressObject _ingress;
    private readonly ProblemList _problems;
    private readonly Dictionary<string, Annotation> _annotations = [];

    public AnnotationReader(IngressObject ingress, ImmutableArray<string> prefixes, ProblemList problems)
    {
        (_ingress, _problems) = (ingress, problems);
        var unhonoured = ImmutableArray.CreateBuilder<string>();
        foreach (var prefix in prefixes)
        {
            foreach (var (name, value) in ingress.Meta.Annotations)
            {
                if (!name.StartsWith(prefix, StringComparison.Ordinal))
                    continue;
                if (AnnotationNames.IsHonoured(prefix, name[prefix.Length..]))
                    _annotations.TryAdd(name[prefix.Length..], new Annotation(name, value));
                else
                    unhonoured.Add(name);
            }
        }
        Unhonoured = unhonoured.ToImmutable();
    }

    /// <summary>Full names under a known prefix that nothing here reads.</summary>
    public ImmutableArray<string> Unhonoured { get; }

    public Annotation? Find(string name) => _annotations.TryGetValue(name, out var found) ? found : null;

    /// <summary>The value read, or the default where it is not set or not readable; the latter is reported.</summary>
    public T Read<T>(string name, TryRead<T> read, T otherwise, string expected, string instead)
    {
        if (Find(name) is not { } annotation)
            return otherwise;
        if (read(annotation.Value.Trim(), out var value))
            return value;
        Report(annotation, $"{ProblemList.Quote(annotation.Value)} is not {expected}", instead);
        return otherwise;
    }

    public bool ReadBool(string name, bool otherwise) =>
        Read(name, AnnotationValues.TryBool, otherwise, "true or false", otherwise ? "true is used" : "false is used");

    public void Report(Annotation annotation, string reason, string instead) =>
        _problems.Add(_ingress, annotation.FullName, reason, instead);
}
