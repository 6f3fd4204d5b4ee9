using System.Net;
using System.Text.RegularExpressions;

namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>Kubernetes' rules for names: RFC 1123 labels and subdomains.</summary>
internal static partial class Dns
{
    public const string LabelRule = "a DNS label (lower-case letters, digits and '-', at most 63)";
    public const string SubdomainRule = "a DNS name (lower-case letters, digits, '-' and '.', at most 253)";

    public static bool IsLabel(string name) => name.Length <= 63 && Label().IsMatch(name);

    public static bool IsSubdomain(string name) => name.Length <= 253 && Subdomain().IsMatch(name);

    /// <summary>Notes an error unless the field is missing or follows the rule.</summary>
    public static string? LabelOf(Field field) => Checked(field, field.Text(), IsLabel, LabelRule);

    public static string? SubdomainOf(Field field) => Checked(field, field.Text(), IsSubdomain, SubdomainRule);

    public static string RequiredLabel(Field field, string what) => Checked(field, field.Required(what), IsLabel, LabelRule)!;

    public static string RequiredSubdomain(Field field, string what) => Checked(field, field.Required(what), IsSubdomain, SubdomainRule)!;

    /// <summary>A host of an Ingress, in lower case; null (with an error noted) for anything else.</summary>
    public static string? HostOf(Field field)
    {
        if (field.Text() is not { Length: > 0 } written)
            return null;
        var host = written.ToLowerInvariant();
        if (IPAddress.TryParse(host.Trim('[', ']'), out _))
            field.Error($"\"{Yaml.Shown.Text(written)}\" is an IP address, expected a DNS name or \"*.\" and a DNS name");
        else if (!IsSubdomain(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host))
            field.Error($"\"{Yaml.Shown.Text(written)}\" is not a DNS name nor \"*.\" and a DNS name");
        else
            return host;
        return null;
    }

    private static string? Checked(Field field, string? name, Func<string, bool> follows, string rule)
    {
        if (name is { Length: > 0 } && !follows(name))
            field.Error($"\"{Yaml.Shown.Text(name)}\" is not {rule}");
        return name;
    }

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?\\z", RegexOptions.NonBacktracking)]
    private static partial Regex Label();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\z", RegexOptions.NonBacktracking)]
    private static partial Regex Subdomain();
}
