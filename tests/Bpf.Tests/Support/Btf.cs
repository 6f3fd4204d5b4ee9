using System.Runtime.InteropServices;

namespace ClusterMesh.Bpf.Tests;

/// <summary>The types that an object's BTF tells of, read through libbpf.</summary>
internal sealed unsafe partial class Btf : IDisposable
{
    private const string Library = "libbpf.so.1";
    private const uint KindStruct = 4, KindEnum = 6;
    private readonly nint _btf;

    private Btf(nint btf) => _btf = btf;

    public static Btf Of(string path)
    {
        var btf = Parse(path, 0);
        return btf != 0 ? new(btf) : throw new InvalidOperationException($"{path}: no BTF, error {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Size and, by name, the offset of each member in bytes.</summary>
    public (int Size, Dictionary<string, int> Offsets) Struct(string name)
    {
        var type = Find(name, KindStruct);
        var members = (Member*)(type + 1);
        var offsets = new Dictionary<string, int>();
        for (var i = 0; i < (type->Shape & 0xffff); i++) offsets.Add(Text(members[i].Name), (int)members[i].BitOffset / 8);
        return ((int)type->SizeOrType, offsets);
    }

    public Dictionary<string, long> Enum(string name)
    {
        var type = Find(name, KindEnum);
        var values = (EnumValue*)(type + 1);
        var found = new Dictionary<string, long>();
        for (var i = 0; i < (type->Shape & 0xffff); i++) found.Add(Text(values[i].Name), values[i].Value);
        return found;
    }

    /// <summary>The names of all structs or enums that have one.</summary>
    public IEnumerable<string> Names(bool enums)
    {
        var names = new List<string>();
        for (uint id = 1; id < Count(_btf); id++)
        {
            var type = At(_btf, id);
            if ((type->Shape >> 24 & 31) == (enums ? KindEnum : KindStruct) && Text(type->Name) is { Length: > 0 } name) names.Add(name);
        }

        return names;
    }

    public void Dispose() => Free(_btf);

    private BtfType* Find(string name, uint kind)
    {
        var id = FindByName(_btf, name, kind);
        return id > 0 ? At(_btf, (uint)id) : throw new InvalidOperationException($"BTF has no {name}");
    }

    private string Text(uint offset) => Marshal.PtrToStringUTF8(NameAt(_btf, offset))!;

    [LibraryImport(Library, EntryPoint = "btf__parse", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Parse(string path, nint ext);

    [LibraryImport(Library, EntryPoint = "btf__free")]
    private static partial void Free(nint btf);

    [LibraryImport(Library, EntryPoint = "btf__type_cnt")]
    private static partial uint Count(nint btf);

    [LibraryImport(Library, EntryPoint = "btf__find_by_name_kind", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int FindByName(nint btf, string name, uint kind);

    [LibraryImport(Library, EntryPoint = "btf__type_by_id")]
    private static partial BtfType* At(nint btf, uint id);

    [LibraryImport(Library, EntryPoint = "btf__name_by_offset")]
    private static partial nint NameAt(nint btf, uint offset);

    private readonly record struct BtfType(uint Name, uint Shape, uint SizeOrType);

    private readonly record struct Member(uint Name, uint Type, uint BitOffset);

    private readonly record struct EnumValue(uint Name, int Value);
}
