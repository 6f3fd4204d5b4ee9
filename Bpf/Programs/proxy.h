/*
 * The way to the node's proxy: a mark makes the stack take the packet for its own, and there sk_lookup (lookup.bpf.c) finds the listener
 * by the connection's entry. What the proxy has no socket for, the stack resets.
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

/* Whether it is marked with who sent it, or to whom it is to go. */
static __always_inline bool is_marked(const struct __sk_buff *skb, __u32 mark)
{
	return (skb->mark & MARK_MASK) == mark;
}

/*
 * Counted, and told if it is a drop. Whether the packet goes to the proxy's stack: also what is refused because no proxy is there, or
 * because the connection began without one. It has an entry, but nobody a socket for it: the sender gets a reset at once.
 */
static __always_inline bool goes_to_proxy(struct __sk_buff *skb, const struct packet *p, int reason)
{
	if (reason == PASS_PROXY)
		count(skb, PASS_PROXY, p->direction);
	else
		drop(skb, p, reason);
	if (!settings.proxy)
		return false;
	if (reason != PASS_PROXY && reason != DROP_NO_PROXY && !(reason == DROP_PROXY_UNSUPPORTED && p->protocol == IPPROTO_TCP))
		return false;
	skb->mark = MARK_TO_PROXY;
	return true;
}

/* What may not go on as it came. */
static __always_inline int turn_away(struct __sk_buff *skb, const struct packet *p, int reason)
{
	return goes_to_proxy(skb, p, reason) ? TC_ACT_OK : TC_ACT_SHOT;
}
