namespace ClusterMesh.Load.Drills;

/// <summary>Something done to a running gateway under load, and what must be true during and after it.</summary>
internal interface IDrill
{
    string Name { get; }

    /// <summary>One sentence: what is done and what is demanded.</summary>
    string Story { get; }

    /// <summary>Adds to the scene before gateways start.</summary>
    Task PrepareAsync(DrillContext context, CancellationToken stop) => Task.CompletedTask;

    int Gateways => 1;

    /// <summary>Plays while the load is on.</summary>
    Task PlayAsync(DrillContext context, CancellationToken stop);
}
