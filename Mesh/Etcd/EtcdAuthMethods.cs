using ClusterMesh.Mesh.Etcd.Protos;
using ClusterMesh.Mesh.Grpc;
using Google.Protobuf;

namespace ClusterMesh.Mesh.Etcd;

/// <summary>etcd's methods for users and roles; as "exists already" is no error to us, all may be repeated.</summary>
internal static class EtcdAuthMethods
{
    public static readonly EtcdMethod<AuthUserAddRequest, AuthUserAddResponse> UserAdd =
        Of("UserAdd", AuthUserAddRequest.Parser, AuthUserAddResponse.Parser, answer => answer.Header);

    public static readonly EtcdMethod<AuthUserDeleteRequest, AuthUserDeleteResponse> UserDelete =
        Of("UserDelete", AuthUserDeleteRequest.Parser, AuthUserDeleteResponse.Parser, answer => answer.Header);

    public static readonly EtcdMethod<AuthUserListRequest, AuthUserListResponse> UserList =
        Of("UserList", AuthUserListRequest.Parser, AuthUserListResponse.Parser, answer => answer.Header);

    public static readonly EtcdMethod<AuthUserGetRequest, AuthUserGetResponse> UserGet =
        Of("UserGet", AuthUserGetRequest.Parser, AuthUserGetResponse.Parser, answer => answer.Header);

    public static readonly EtcdMethod<AuthUserRevokeRoleRequest, AuthUserRevokeRoleResponse> UserRevokeRole =
        Of("UserRevokeRole", AuthUserRevokeRoleRequest.Parser, AuthUserRevokeRoleResponse.Parser, answer => answer.Header);

    public static readonly EtcdMethod<AuthRoleGetRequest, AuthRoleGetResponse> RoleGet =
        Of("RoleGet", AuthRoleGetRequest.Parser, AuthRoleGetResponse.Parser, answer => answer.Header);

    public static readonly EtcdMethod<AuthUserGrantRoleRequest, AuthUserGrantRoleResponse> UserGrantRole =
        Of("UserGrantRole", AuthUserGrantRoleRequest.Parser, AuthUserGrantRoleResponse.Parser, answer => answer.Header);

    public static readonly EtcdMethod<AuthRoleAddRequest, AuthRoleAddResponse> RoleAdd =
        Of("RoleAdd", AuthRoleAddRequest.Parser, AuthRoleAddResponse.Parser, answer => answer.Header);

    public static readonly EtcdMethod<AuthRoleGrantPermissionRequest, AuthRoleGrantPermissionResponse> RoleGrantPermission =
        Of("RoleGrantPermission", AuthRoleGrantPermissionRequest.Parser, AuthRoleGrantPermissionResponse.Parser, answer => answer.Header);

    public static readonly EtcdMethod<AuthRoleRevokePermissionRequest, AuthRoleRevokePermissionResponse> RoleRevokePermission =
        Of("RoleRevokePermission", AuthRoleRevokePermissionRequest.Parser, AuthRoleRevokePermissionResponse.Parser, answer => answer.Header);

    public static readonly EtcdMethod<AuthEnableRequest, AuthEnableResponse> Enable =
        Of("AuthEnable", AuthEnableRequest.Parser, AuthEnableResponse.Parser, answer => answer.Header);

    private static EtcdMethod<TRequest, TResponse> Of<TRequest, TResponse>(
        string name, MessageParser<TRequest> requests, MessageParser<TResponse> responses, Func<TResponse, ResponseHeader> header)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        new(new GrpcMethod<TRequest, TResponse>("etcdserverpb.Auth", name, requests, responses), header, Repeatable: true);
}
