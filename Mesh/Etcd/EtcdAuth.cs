using ClusterMesh.Mesh.Etcd.Protos;
using ClusterMesh.Mesh.Etcd.Protos.Auth;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>Users and roles by etcd's Auth service. etcd tells "is there already" only by text.</summary>
internal sealed class EtcdAuth(EtcdCaller caller) : IEtcdAuth
{
    public Task AddUserAsync(string name, CancellationToken cancel = default) => CallAsync(
        EtcdAuthMethods.UserAdd, new AuthUserAddRequest { Name = name, Options = new UserAddOptions { NoPassword = true } }, $"add user {name}", "already exists", cancel);

    public Task AddRoleAsync(string name, CancellationToken cancel = default) =>
        CallAsync(EtcdAuthMethods.RoleAdd, new AuthRoleAddRequest { Name = name }, $"add role {name}", "already exists", cancel);

    public Task GrantPermissionAsync(string role, string key, bool prefix, bool write, CancellationToken cancel = default)
    {
        var permission = new Permission
        {
            PermType = write ? Permission.Types.Type.Readwrite : Permission.Types.Type.Read,
            Key = prefix ? EtcdRange.Begin(key) : EtcdRange.Key(key),
            RangeEnd = prefix ? EtcdRange.End(key) : ByteString.Empty,
        };
        var request = new AuthRoleGrantPermissionRequest { Name = role, Perm = permission };
        return CallAsync(EtcdAuthMethods.RoleGrantPermission, request, $"grant role {role} {key}", null, cancel);
    }

    public Task RevokePermissionAsync(string role, string key, bool prefix, CancellationToken cancel = default)
    {
        var request = new AuthRoleRevokePermissionRequest
        {
            Role = role,
            Key = prefix ? EtcdRange.Begin(key) : EtcdRange.Key(key),
            RangeEnd = prefix ? EtcdRange.End(key) : ByteString.Empty,
        };
        return CallAsync(EtcdAuthMethods.RoleRevokePermission, request, $"revoke {key} from role {role}", "is not granted", cancel);
    }

    public async Task<IReadOnlyList<string>> RevokeOtherPermissionsAsync(
        string role, IReadOnlyCollection<(string Key, bool Prefix)> keep, CancellationToken cancel = default)
    {
        var kept = keep.Select(one => one.Prefix ? (EtcdRange.Begin(one.Key), EtcdRange.End(one.Key)) : (EtcdRange.Key(one.Key), ByteString.Empty)).ToHashSet();
        var granted = await caller.CallAsync(EtcdAuthMethods.RoleGet, new AuthRoleGetRequest { Role = role }, $"get role {role}", cancel);
        var others = granted.Perm.Where(permission => !kept.Contains((permission.Key, permission.RangeEnd))).ToList();
        foreach (var permission in others)
        {
            var request = new AuthRoleRevokePermissionRequest { Role = role, Key = permission.Key, RangeEnd = permission.RangeEnd };
            await CallAsync(EtcdAuthMethods.RoleRevokePermission, request, $"revoke a permission of role {role}", "is not granted", cancel);
        }

        return [.. others.Select(permission => permission.Key.ToStringUtf8())];
    }

    public Task GrantRoleAsync(string user, string role, CancellationToken cancel = default) =>
        CallAsync(EtcdAuthMethods.UserGrantRole, new AuthUserGrantRoleRequest { User = user, Role = role }, $"grant user {user} role {role}", null, cancel);

    public async Task<IReadOnlyList<string>> RevokeOtherRolesAsync(string user, string keep, CancellationToken cancel = default)
    {
        var granted = await caller.CallAsync(EtcdAuthMethods.UserGet, new AuthUserGetRequest { Name = user }, $"get user {user}", cancel);
        var others = granted.Roles.Where(role => role != keep).ToList();
        foreach (var role in others)
            await CallAsync(EtcdAuthMethods.UserRevokeRole, new AuthUserRevokeRoleRequest { Name = user, Role = role }, $"revoke role {role} of user {user}", "is not granted", cancel);
        return others;
    }

    public Task DeleteUserAsync(string name, CancellationToken cancel = default) =>
        CallAsync(EtcdAuthMethods.UserDelete, new AuthUserDeleteRequest { Name = name }, $"delete user {name}", "user name not found", cancel);

    public async Task<IReadOnlyList<string>> UsersAsync(CancellationToken cancel = default) =>
        (await caller.CallAsync(EtcdAuthMethods.UserList, new AuthUserListRequest(), "list users", cancel)).Users;

    public Task EnableAsync(CancellationToken cancel = default) =>
        CallAsync(EtcdAuthMethods.Enable, new AuthEnableRequest(), "enable auth", null, cancel);

    /// <param name="same">Said by etcd when all is as it should be already.</param>
    private async Task CallAsync<TRequest, TResponse>(
        EtcdMethod<TRequest, TResponse> method, TRequest request, string call, string? same, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        try
        {
            await caller.CallAsync(method, request, call, cancel);
        }
        catch (EtcdException e) when (e.Error == EtcdError.Refused && same is not null && e.Message.Contains(same, StringComparison.Ordinal))
        {
        }
    }
}
