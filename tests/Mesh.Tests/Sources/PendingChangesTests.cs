using ClusterMesh.Mesh.Sources.Files;

namespace ClusterMesh.Mesh.Tests.Sources;

public sealed class PendingChangesTests
{
    private readonly PendingChanges _pending = new();

    [Fact]
    public void TakeDue_WrittenAgainAfterClose_WaitsForTheNextClose()
    {
        Add(InotifyMask.CloseWrite);
        Add(InotifyMask.Modify);
        Assert.Empty(_pending.TakeDue());

        Add(InotifyMask.CloseWrite);
        Assert.Equal(["a.yaml"], _pending.TakeDue());
        Assert.False(_pending.Any);
    }

    [Fact]
    public void TakeDue_WriterSilentButOpen_IsReadAllTheSame()
    {
        Add(InotifyMask.Modify);
        _pending.ReadUnclosed("a.yaml");

        Assert.Equal(["a.yaml"], _pending.TakeDue());
    }

    [Fact]
    public void TakeGone_OnlyAfterItsTime()
    {
        _pending.Add(InotifyMask.MovedFrom, "a.yaml", TimeSpan.FromMilliseconds(100));

        Assert.Empty(_pending.TakeGone(TimeSpan.FromMilliseconds(99)));
        Assert.True(_pending.AnyGone);
        Assert.Equal(["a.yaml"], _pending.TakeGone(TimeSpan.FromMilliseconds(100)));
        Assert.False(_pending.AnyGone);
    }

    [Fact]
    public void TakeDue_BackAgain_IsNotGone()
    {
        Add(InotifyMask.MovedFrom);
        Add(InotifyMask.MovedTo);

        Assert.Equal(["a.yaml"], _pending.TakeDue());
        Assert.Empty(_pending.TakeGone(TimeSpan.MaxValue));
    }

    [Fact]
    public void TakeDue_DeletedAfterClose_IsOnlyGone()
    {
        Add(InotifyMask.CloseWrite);
        Add(InotifyMask.Delete);

        Assert.Empty(_pending.TakeDue());
        Assert.Equal(["a.yaml"], _pending.TakeGone(TimeSpan.MaxValue));
    }

    private void Add(InotifyMask mask) => _pending.Add(mask, "a.yaml", TimeSpan.Zero);
}
