namespace ClusterMesh.Mesh.Policy.Rules;

/// <summary>Seen from the endpoint whose policy it is; the numbers are those of the policy map's egress bit.</summary>
public enum PolicyDirection
{
    Ingress = 0,
    Egress = 1,
}
