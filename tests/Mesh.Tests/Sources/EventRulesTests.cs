using ClusterMesh.Mesh.Sources.Files;

namespace ClusterMesh.Mesh.Tests.Sources;

/// <summary>What each kernel event asks for: "read", "gone", "look" or nothing.</summary>
public sealed class EventRulesTests
{
    private const InotifyMask Directory = InotifyMask.IsDirectory;

    [Theory]
    [InlineData((uint)InotifyMask.CloseWrite, "a.yaml", "read sub/a.yaml")]
    [InlineData((uint)InotifyMask.MovedTo, "a.json", "read sub/a.json")]
    [InlineData((uint)InotifyMask.Modify, "a.yaml", "writing")]
    [InlineData((uint)InotifyMask.Create, "a.yaml", "")]
    [InlineData((uint)InotifyMask.Create, "link.yaml", "read sub/link.yaml")]
    [InlineData((uint)InotifyMask.Create, "link", "look")]
    [InlineData((uint)InotifyMask.MovedTo, "..link", "look")]
    [InlineData((uint)InotifyMask.MovedTo, "a.txt", "")]
    [InlineData((uint)InotifyMask.CloseWrite, ".a.yaml", "")]
    [InlineData((uint)InotifyMask.CloseWrite, "a.yaml.swp", "")]
    [InlineData((uint)InotifyMask.Delete, "a.yaml", "gone sub/a.yaml")]
    [InlineData((uint)InotifyMask.MovedFrom, "a.yaml", "gone sub/a.yaml")]
    [InlineData((uint)(InotifyMask.Create | Directory), "new", "look")]
    [InlineData((uint)(InotifyMask.Create | Directory), "..2026", "")]
    [InlineData((uint)(InotifyMask.Delete | Directory), "old", "look")]
    [InlineData((uint)InotifyMask.DeleteSelf, "", "look")]
    [InlineData((uint)InotifyMask.MoveSelf, "", "look")]
    [InlineData((uint)InotifyMask.Ignored, "", "")]
    [InlineData((uint)InotifyMask.Overflow, "", "look lost")]
    public void Take_Event_AsksFor(uint mask, string name, string expected)
    {
        var pending = new PendingChanges();

        EventRules.Take(new InotifyEvent(1, (InotifyMask)mask, name), _ => "sub", Look, pending, TimeSpan.Zero);

        Assert.Equal(expected, Asked(pending, name));
    }

    [Fact]
    public void Take_UnknownWatch_IsNotOurs()
    {
        var pending = new PendingChanges();

        EventRules.Take(new InotifyEvent(1, InotifyMask.CloseWrite, "a.yaml"), _ => null, Look, pending, TimeSpan.Zero);

        Assert.False(pending.Any);
    }

    private static FileStamp? Look(string path) =>
        new FileStamp() with { Type = path.Contains("link", StringComparison.Ordinal) ? FileType.Symlink : FileType.Regular, Links = 1 };

    private static string Asked(PendingChanges pending, string name)
    {
        if (pending.IsBeingWritten($"sub/{name}"))
            return "writing";
        if (pending.Rescan)
        {
            pending.LookedAgain(out var lost);
            return lost ? "look lost" : "look";
        }

        var due = pending.TakeDue().Select(path => $"read {path}");
        return string.Join(", ", due.Concat(pending.TakeGone(TimeSpan.Zero).Select(path => $"gone {path}")));
    }
}
