using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ClusterMesh.Bpf.Contract;
using ClusterMesh.Mesh.Identity;
using ClusterMesh.Mesh.Policy.Selectors;

namespace ClusterMesh.Bpf.Tests.Pure;

/// <summary>Bpf/Contract against contract.h, as the compiler laid it out.</summary>
public sealed class ContractTests
{
    private static readonly Type[] Mirrored = [.. typeof(Address).Assembly.GetExportedTypes().Where(type => type.Namespace == typeof(Address).Namespace)];

    [ObjectFact]
    public void Contract_EveryStruct_HasTheSameSizeAndOffsets()
    {
        using var btf = Btf.Of(Path.Combine(Rings.TestObjects, "contract.o"));
        var mirrored = Mirrored.Where(type => !type.IsEnum).ToDictionary(type => Snake(type.Name));
        foreach (var name in btf.Names(enums: false))
        {
            Assert.True(mirrored.TryGetValue(name, out var type), $"contract.h has struct {name}, Bpf/Contract has not");
            var (size, offsets) = btf.Struct(name);
            Assert.Equal((name, size), (name, SizeOf(type)));
            foreach (var (field, offset) in FieldsOf(type).Where(field => field.Name[0] != '_').Select(field => (Snake(field.Name), (int)Marshal.OffsetOf(type, field.Name))))
                Assert.Equal((name, field, offset), (name, field, offsets.GetValueOrDefault(field, -1)));
            Assert.Subset(FieldsOf(type).Select(field => Snake(field.Name)).ToHashSet(), offsets.Keys.Where(member => member is not ("words" or "pad" or "backends")).ToHashSet());
        }
    }

    [ObjectFact]
    public void Contract_EveryEnum_HasTheSameNumbers()
    {
        using var btf = Btf.Of(Path.Combine(Rings.TestObjects, "contract.o"));
        var mirrored = Mirrored.Where(type => type.IsEnum).ToDictionary(type => Snake(type.Name));
        foreach (var name in btf.Names(enums: true).Where(name => name != "identity"))
        {
            Assert.True(mirrored.TryGetValue(name, out var type), $"contract.h has enum {name}, Bpf/Contract has not");
            var numbers = Enum.GetNames(type).ToDictionary(value => Snake(value).Replace("_", "").ToUpperInvariant(), value => Convert.ToInt64(Enum.Parse(type, value)));
            var values = btf.Enum(name);
            Assert.Equal(values.Count, numbers.Count);
            foreach (var (value, number) in values)
            {
                var match = numbers.Where(own => value.Replace("_", "").EndsWith(own.Key, StringComparison.Ordinal) && own.Value == number);
                Assert.True(match.Any(), $"enum {name}: {value} = {number} has no equal in {type.Name}");
            }
        }
    }

    [ObjectFact]
    public void Contract_Identities_AreThoseOfTheMesh()
    {
        using var btf = Btf.Of(Path.Combine(Rings.TestObjects, "contract.o"));
        Assert.Equal(
            new SortedDictionary<string, long>
            {
                ["IDENTITY_UNKNOWN"] = NumericIdentity.Unknown,
                ["IDENTITY_HOST"] = NumericIdentity.Host,
                ["IDENTITY_WORLD"] = NumericIdentity.World,
                ["IDENTITY_REMOTE_NODE"] = NumericIdentity.RemoteNode,
                ["IDENTITY_INGRESS"] = NumericIdentity.Ingress,
                ["IDENTITY_FIRST_LOCAL"] = NumericIdentity.FirstLocal,
                ["IDENTITY_CLUSTER_SHIFT"] = 16,
                ["IDENTITY_CIDR"] = CidrIdentities.First - NumericIdentity.FirstLocal,
            },
            new SortedDictionary<string, long>(btf.Enum("identity")));
        Assert.Equal(3, NumericIdentity.ClusterOf(3u << 16));
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static string Snake(string name) => string.Concat(name.Select((letter, i) => char.IsUpper(letter) && i > 0 ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
