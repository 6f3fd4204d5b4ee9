namespace ClusterMesh.Mesh.Sources.Readers;

/// <summary>Something wrong in one document, told without its place in the file so that it can be kept with the document.</summary>
/// <param name="Line">Line of the document, from 1.</param>
/// <param name="Subject">"Ingress default/web", or null where the object is not known.</param>
/// <param name="Instead">What is done instead; null = an error: the document's file is not used.</param>
internal sealed record Finding(int Line, string? Subject, string Field, string Reason, string? Instead = null)
{
    public bool IsError => Instead is null;
}
