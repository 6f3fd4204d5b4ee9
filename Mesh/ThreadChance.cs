using System.Security.Cryptography;

namespace ClusterMesh.Mesh;

/// <summary>xorshift64* for each thread, seeded once from the system.</summary>
public sealed class ThreadChance : IChance
{
    [ThreadStatic]
    private static ulong t_state;

    public ulong Next()
    {
        var x = t_state;
        if (x == 0) x = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        t_state = x;
        return x * 0x2545F4914F6CDD1D;
    }
}
