/* Between the node and what is outside of the pods' network: services that are asked for from there. */
#pragma once

#include "deliver.h"

/* Tunnels have their own hooks. */
static __always_inline bool is_tunnel(const struct packet *p)
{
	return p->protocol == IPPROTO_UDP && p->tuple.destination_port == bpf_htons(settings.tunnel_port);
}

/* What is not for a service is the stack's, whatever it is. */
static __always_inline bool parse_any(struct __sk_buff *skb, struct packet *p)
{
	return !parse_network(skb, p) && is_balanced(p->protocol == IPPROTO_ICMP ? IPPROTO_TCP : p->protocol) && !parse_transport(skb, p) && !is_tunnel(p);
}

/*
 * A frontend that is offered to the outside: to its backend, by way of the stack. Its mark tells nftables to take the node's own
 * address as source on the way to another node, and to_overlay who it was.
 */
static __always_inline int from_network(struct __sk_buff *skb)
{
	struct packet *p = packet_begin(DIRECTION_INGRESS);

	if (!p)
		return TC_ACT_SHOT;
	if (!parse_any(skb, p))
		return TC_ACT_OK;
	if (is_for_frontend(p) && (p->frontend.flags & FRONTEND_EXTERNAL)) {
		p->source_identity = identity_of(skb, peer_of(&p->source), DIRECTION_INGRESS);
		int reason = to_backend(skb);
		if (reason)
			return drop(skb, p, reason);
		remember(skb);
		skb->mark = p->source_identity << 8 | MARK_OUTSIDE;
		return pass(skb, p, PASS_STACK);
	}
	/* Without tunnels the answers to the node's own come here. */
	if (!settings.tunnel && recall(skb)) {
		int reason = from_backend(skb);
		if (reason)
			return drop(skb, p, reason);
	}
	return TC_ACT_OK;
}

/* The answers, when the stack has found the way out for them. */
static __always_inline int to_network(struct __sk_buff *skb)
{
	struct packet *p = packet_begin(DIRECTION_EGRESS);

	if (!p)
		return TC_ACT_SHOT;
	if (!parse_any(skb, p) || !recall(skb))
		return TC_ACT_OK;
	int reason = from_backend(skb);
	return reason ? drop(skb, p, reason) : TC_ACT_OK;
}
