using System.Globalization;
using static ClusterMesh.Ingress.Routes.AnnotationNames;

namespace ClusterMesh.Ingress.Routes;

/// <summary>canary-weight out of canary-weight-total.</summary>
internal static class CanaryWeights
{
    private const long UsualTotal = 100;
    private const long MostTotal = 1_000_000;

    public static CanaryRule Read(AnnotationReader reader)
    {
        var written = ReadTotal(reader);
        var weight = ReadWeight(reader, written);
        // The share stays what was asked for where the total is brought down.
        return written > MostTotal
            ? new CanaryRule((long)Math.Round((decimal)weight * MostTotal / written), MostTotal)
            : new CanaryRule(weight, written);
    }

    private static long ReadTotal(AnnotationReader reader)
    {
        var total = reader.Read(CanaryWeightTotal, TryInteger, UsualTotal, "a whole number", $"{UsualTotal} is used");
        if (total < UsualTotal)
        {
            reader.Report(reader.Find(CanaryWeightTotal)!.Value, $"{total} is below {UsualTotal}", $"{UsualTotal} is used");
            return UsualTotal;
        }
        if (total > MostTotal)
            reader.Report(reader.Find(CanaryWeightTotal)!.Value, $"{total} is above {MostTotal}", $"{MostTotal} is used, the share stays");
        return total;
    }

    private static long ReadWeight(AnnotationReader reader, long total)
    {
        var weight = reader.Read<long>(CanaryWeight, TryInteger, 0, "a whole number", "weight 0 is used");
        if (weight < 0)
            reader.Report(reader.Find(CanaryWeight)!.Value, $"{weight} is negative", "weight 0 is used");
        if (weight > total)
            reader.Report(reader.Find(CanaryWeight)!.Value, $"{weight} is above the total of {total}", $"weight {total} is used");
        return Math.Clamp(weight, 0, total);
    }

    private static bool TryInteger(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
