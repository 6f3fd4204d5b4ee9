/*
 * The way to the node's proxy: a mark makes the stack take the packet for its own, and there sk_lookup (lookup.bpf.c) finds the listener
 * by the connection's entry.
 */
#pragma once

#include "events.h"

/* Whether a proxy takes new connections. */
static __always_inline bool proxy_is_there(void)
{
	__u32 zero = 0;
	struct bpf_sock *listener = settings.proxy ? bpf_map_lookup_elem(&proxy_socket, &zero) : NULL;

	if (!listener)
		return false;
	bpf_sk_release(listener);
	return true;
}

/* Whether somebody of the node has the connection: a proxy that takes no new ones goes on with its old ones. */
static __always_inline bool has_socket(struct __sk_buff *skb, const struct packet *p)
{
	struct bpf_sock_tuple tuple = {.ipv4 = {
		.saddr = p->tuple.source.words[3], .daddr = p->tuple.destination.words[3],
		.sport = p->tuple.source_port, .dport = p->tuple.destination_port}};
	struct bpf_sock *socket = bpf_skc_lookup_tcp(skb, &tuple, sizeof(tuple.ipv4), BPF_F_CURRENT_NETNS, 0);

	if (!socket)
		return false;
	bpf_sk_release(socket);
	return true;
}

/* 0: counted, and marked for the stack; else the drop reason. The stack resets no connection to an address that is not its own. */
__noinline int to_proxy(struct __sk_buff *skb)
{
	struct packet *p = packet_now();

	if (!settings.proxy || !p || (!proxy_is_there() && (p->fresh || !has_socket(skb, p))))
		return DROP_NO_PROXY;
	count(skb, PASS_PROXY, p->direction);
	skb->mark = MARK_TO_PROXY;
	return 0;
}
