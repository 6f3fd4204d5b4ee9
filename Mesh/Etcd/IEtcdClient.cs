namespace ClusterMesh.Mesh.Etcd;

/// <summary>
/// What the mesh needs of one etcd v3 cluster, over one connection that fails over between its endpoints. The instance is pinned
/// to the etcd cluster that answered first: once another one answers, every call fails with
/// <see cref="EtcdError.ClusterChanged"/>, and whoever keeps state by revisions opens a new client and lists again.
/// Every method throws <see cref="EtcdException"/>, and OperationCanceledException only for its own token. Thread-safe.
/// </summary>
public interface IEtcdClient : IAsyncDisposable
{
    /// <summary>The endpoint in use, or the last one tried; empty before the first call.</summary>
    string Endpoint { get; }

    /// <summary>From the last answer's header; 0 before it.</summary>
    ulong ClusterId { get; }

    /// <summary>The key, or null; with the revision of the answer.</summary>
    Task<(EtcdKeyValue? Item, long Revision)> GetAsync(string key, CancellationToken cancel = default);

    /// <summary>All keys under the prefix in key order, in pages, all as of the first page's revision.</summary>
    IAsyncEnumerable<EtcdPage> ListAsync(string prefix, CancellationToken cancel = default);

    /// <summary>Writes one key. Gives the revision.</summary>
    /// <param name="lease">0 = none. A lease that is gone is <see cref="EtcdError.LeaseNotFound"/>.</param>
    Task<long> PutAsync(string key, ReadOnlyMemory<byte> value, long lease = 0, CancellationToken cancel = default);

    /// <summary>Deletes one key, or with <paramref name="prefix"/> all under it. Gives how many were there.</summary>
    Task<long> DeleteAsync(string key, bool prefix = false, CancellationToken cancel = default);

    /// <summary>If all conditions hold, all of the first operations happen, else all of the second; at most 128 of each.</summary>
    Task<EtcdTxnResult> TxnAsync(EtcdTxn txn, CancellationToken cancel = default);

    /// <summary>Grants a lease and keeps it alive until it is disposed or lost.</summary>
    Task<IEtcdLease> OpenLeaseAsync(TimeSpan ttl, CancellationToken cancel = default);

    /// <summary>
    /// Keeps a lease alive that somebody granted earlier, as <see cref="EtcdKeyValue.Lease"/> tells: its keys stay as they are, and
    /// nobody who watches them sees a change. <see cref="EtcdError.LeaseNotFound"/> when it has run out.
    /// </summary>
    Task<IEtcdLease> AdoptLeaseAsync(long id, CancellationToken cancel = default);

    /// <summary>
    /// Changes of the keys under a prefix from that revision on, in order, none lost: it goes on by itself after a broken
    /// connection, at another endpoint if need be, and yields an empty batch where the server only says how far it is.
    /// Ends with an exception when it cannot go on: <see cref="EtcdError.Compacted"/> (list again), PermissionDenied,
    /// ClusterChanged, or Unavailable once no endpoint has answered for <see cref="EtcdConfig.GiveUp"/>.
    /// </summary>
    IAsyncEnumerable<EtcdWatchBatch> WatchAsync(string prefix, long fromRevision, CancellationToken cancel = default);

    /// <summary>
    /// The same of one key alone: a reader whose role names the key, as a remote's does the heartbeat and the cluster-config, may
    /// not watch a prefix.
    /// </summary>
    IAsyncEnumerable<EtcdWatchBatch> WatchKeyAsync(string key, long fromRevision, CancellationToken cancel = default);

    /// <summary>Asks every open watch of this client to say how far it is; the answer is an empty batch of each.</summary>
    void RequestProgress();

    Task<EtcdStatus> StatusAsync(CancellationToken cancel = default);

    /// <summary>Users and roles.</summary>
    IEtcdAuth Auth { get; }
}

/// <summary>A lease that is being kept alive in the background.</summary>
public interface IEtcdLease : IAsyncDisposable
{
    long Id { get; }

    /// <summary>
    /// Cancelled when the lease expired, or may have: nothing confirmed it for its TTL, or etcd said that it is gone. Disposing
    /// stops the keep-alive and revokes the lease, with the keys on it.
    /// </summary>
    CancellationToken Lost { get; }

    /// <summary>Stops the keep-alive and revokes nothing: the keys stay until the lease runs out or somebody adopts it.</summary>
    void Leave();
}

/// <summary>Users and roles of etcd (cilium.md 1.3). What exists already is not an error.</summary>
public interface IEtcdAuth
{
    /// <summary>A user without a password: only a client certificate of that common name is it.</summary>
    Task AddUserAsync(string name, CancellationToken cancel = default);

    Task AddRoleAsync(string name, CancellationToken cancel = default);

    /// <param name="prefix">The key is a prefix.</param>
    Task GrantPermissionAsync(string role, string key, bool prefix, bool write, CancellationToken cancel = default);

    Task RevokePermissionAsync(string role, string key, bool prefix, CancellationToken cancel = default);

    /// <summary>Takes away whatever else the role may do. Gives the keys where what was taken away began.</summary>
    Task<IReadOnlyList<string>> RevokeOtherPermissionsAsync(string role, IReadOnlyCollection<(string Key, bool Prefix)> keep, CancellationToken cancel = default);

    Task GrantRoleAsync(string user, string role, CancellationToken cancel = default);

    /// <summary>Takes away every other role of the user. Gives their names.</summary>
    Task<IReadOnlyList<string>> RevokeOtherRolesAsync(string user, string keep, CancellationToken cancel = default);

    Task DeleteUserAsync(string name, CancellationToken cancel = default);

    Task<IReadOnlyList<string>> UsersAsync(CancellationToken cancel = default);

    /// <summary>The user root with the role root must exist.</summary>
    Task EnableAsync(CancellationToken cancel = default);
}
