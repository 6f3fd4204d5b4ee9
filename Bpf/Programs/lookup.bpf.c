/*
 * sk_lookup of the node's network namespace: for whom no socket is connected yet. Only connections that a program of ours gave to the
 * proxy get its listener; all others find whom they would have found. Runs for each connection to the node, not for its packets.
 */
#include "connections.h"

static __always_inline bool is_proxied(struct connection_key *key, __u8 scope, __u32 now)
{
	key->scope = scope;
	struct connection *c = connection_at(key, now);
	return c && (c->flags & CONNECTION_PROXIED);
}

SEC("sk_lookup")
int mesh_lookup(struct bpf_sk_lookup *ctx)
{
	if (ctx->family != 2 /* AF_INET */ || ctx->protocol != IPPROTO_TCP || (bpf_ntohl(ctx->local_ip4) >> 24) == 127)
		return SK_PASS;

	struct connection_key key = {
		.source = address_of_ipv4(ctx->remote_ip4), .destination = address_of_ipv4(ctx->local_ip4),
		.source_port = ctx->remote_port, .destination_port = bpf_htons(ctx->local_port), .protocol = IPPROTO_TCP};
	__u32 now = bpf_ktime_get_ns() / 1000000000ull, zero = 0;

	if (!is_proxied(&key, SCOPE_SERVICE, now) && !is_proxied(&key, SCOPE_EGRESS, now) && !is_proxied(&key, SCOPE_INGRESS, now))
		return SK_PASS;
	struct bpf_sock *listener = bpf_map_lookup_elem(&proxy_socket, &zero);
	/* It has just gone. Never to somebody of the node who listens at that port of any address. */
	if (!listener)
		return SK_DROP;
	long error = bpf_sk_assign(ctx, listener, 0);
	bpf_sk_release(listener);
	return error ? SK_DROP : SK_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
