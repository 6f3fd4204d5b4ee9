namespace ClusterMesh.Cli.Bootstrap;

/// <summary>A certificate that was just made.</summary>
/// <param name="Renewed">There was one of that name before.</param>
/// <param name="CutShort">It ends before it was to end, with the CA that signed it.</param>
internal sealed record CertificateIssue(string Path, CertificateNames Names, DateTimeOffset NotAfter, bool Renewed, bool CutShort)
{
    public override string ToString() =>
        $"{Path} {(Renewed ? "renewed" : "issued")}: {Names}, until {NotAfter.ToUniversalTime():yyyy-MM-dd}{(CutShort ? ", when its CA ends" : "")}";
}
