using ClusterMesh.Mesh.Objects;

namespace ClusterMesh.Ingress.Routes;

/// <summary>Which Ingresses are ours: by class, by the old annotation, or by default.</summary>
internal sealed class ClassSelection
{
    private const string LegacyAnnotation = "kubernetes.io/ingress.class";

    private readonly IngressSettings _settings;
    private readonly Dictionary<string, string> _controllers = [];
    private readonly bool _servesClassless;

    public ClassSelection(IngressSettings settings, IReadOnlyList<IngressClassObject> classes)
    {
        _settings = settings;
        foreach (var one in classes)
            _controllers.TryAdd(one.Key.Name, one.Controller);

        var defaults = classes.Where(one => one.IsDefault).ToList();
        // Without any default class the gateway stands alone: an Ingress that names no class is meant for it.
        _servesClassless = defaults.Count == 0 || defaults.Any(one => one.Controller == settings.ControllerName);
    }

    public bool Serves(IngressObject ingress, ProblemList problems)
    {
        if (!string.IsNullOrEmpty(ingress.ClassName))
            return ServesClass(ingress, ingress.ClassName, problems);
        return ingress.Meta.Annotation(LegacyAnnotation) is { Length: > 0 } legacy ? ServesLegacy(legacy) : _servesClassless;
    }

    private bool ServesClass(IngressObject ingress, string name, ProblemList problems)
    {
        if (_controllers.TryGetValue(name, out var controller))
            return controller == _settings.ControllerName;
        if (name == _settings.ClassName)
            return true;
        problems.Add(ingress, "spec.ingressClassName", $"no IngressClass {ProblemList.Quote(name)}", "the Ingress is ignored");
        return false;
    }

    private bool ServesLegacy(string name) =>
        name == _settings.ClassName || _controllers.GetValueOrDefault(name) == _settings.ControllerName;
}
