namespace ClusterMesh.Mesh.Pki;

/// <summary>Certificates and keys as files: NAME.crt for everybody, NAME.key for the owner alone.</summary>
public static class PemFiles
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string Certificate(string directory, string name) => Path.Combine(directory, name + ".crt");

    public static string Key(string directory, string name) => Path.Combine(directory, name + ".key");

    /// <summary>Each file appears whole; the key first, as readers take a new certificate for the sign to read both.</summary>
    public static void Write(string directory, string name, string certificatePem, string keyPem)
    {
        Directory.CreateDirectory(directory);
        Replace(Key(directory, name), keyPem, Owner);
        Replace(Certificate(directory, name), certificatePem, Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    /// <summary>Writes a file aside, as a dot file that no reader of the directory looks at, with its mode from the first byte on, and renames it.</summary>
    public static void Replace(string path, string text, UnixFileMode mode)
    {
        var aside = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.new");
        File.Delete(aside);
        using (var file = new StreamWriter(new FileStream(aside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode })))
        {
            file.Write(text);
        }

        File.Move(aside, path, overwrite: true);
    }
}
