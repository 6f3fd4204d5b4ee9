using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ClusterMesh.Mesh.Grpc;

/// <summary>
/// gRPC methods on Kestrel's routes, over any HTTP/2 listener: plain with prior knowledge, TLS or a Unix socket. A handler ends
/// its call with a status by throwing <see cref="GrpcException"/>; every other exception is UNKNOWN to the client, without its text.
/// </summary>
public static class GrpcEndpoints
{
    /// <summary>One message each way.</summary>
    public static IEndpointConventionBuilder MapUnary<TRequest, TResponse>(
        this IEndpointRouteBuilder routes, GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcServerCall, Task<TResponse>> handler, GrpcLimits? limits = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Map(routes, method, limits, async (call, exchange) => exchange.Write(await handler(await exchange.ReadOneAsync(), call)));

    /// <summary>One message there, any number back. Messages that are ready together are sent together.</summary>
    public static IEndpointConventionBuilder MapServerStream<TRequest, TResponse>(
        this IEndpointRouteBuilder routes, GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcServerCall, IAsyncEnumerable<TResponse>> handler, GrpcLimits? limits = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Map(routes, method, limits, async (call, exchange) => await exchange.WriteAllAsync(handler(await exchange.ReadOneAsync(), call)));

    /// <summary>Any number of messages each way, in any order.</summary>
    public static IEndpointConventionBuilder MapDuplex<TRequest, TResponse>(
        this IEndpointRouteBuilder routes, GrpcMethod<TRequest, TResponse> method,
        Func<IAsyncEnumerable<TRequest>, GrpcServerCall, IAsyncEnumerable<TResponse>> handler, GrpcLimits? limits = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Map(routes, method, limits, (call, exchange) => exchange.WriteAllAsync(handler(exchange.ReadAllAsync(), call)));

    /// <summary>Answers calls of methods that nobody mapped: UNIMPLEMENTED, or 415 for what is not gRPC.</summary>
    public static IEndpointConventionBuilder MapUnknownMethods(this IEndpointRouteBuilder routes) =>
        routes.Map("/{service}/{method}", http => ServerCall.RunAsync(
            http, _ => throw new GrpcException(GrpcStatus.Unimplemented, $"there is no method {http.Request.Path}"))).WithOrder(int.MaxValue);

    private static IEndpointConventionBuilder Map<TRequest, TResponse>(
        IEndpointRouteBuilder routes, GrpcMethod<TRequest, TResponse> method, GrpcLimits? limits, Func<GrpcServerCall, ServerExchange<TRequest, TResponse>, Task> run)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        routes.Map(method.Path, http => ServerCall.RunAsync(http, async call =>
        {
            using var exchange = new ServerExchange<TRequest, TResponse>(call, method, limits ?? GrpcLimits.Default);
            await run(call, exchange);
        }));
}
