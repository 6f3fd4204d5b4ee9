/* Between the node and what is outside of the pods' network: services that are asked for from there. */
#pragma once

#include "answer.h"
#include "deliver.h"

/*
 * Tunnels have their own hooks, and are most of what comes by: known by one look, before anything else is done. One that is not known
 * like that (IP options, fragments) is nobody's frontend and goes on to the stack as well, only later.
 */
static __always_inline bool is_tunnel(const struct __sk_buff *skb)
{
	const void *data = (const void *)(long)skb->data, *end = (const void *)(long)skb->data_end;
	const struct iphdr *ip = data + ETH_HLEN;
	const __be16 *ports = (const void *)(ip + 1);

	return skb->protocol == bpf_htons(ETH_P_IP) && (const void *)(ports + 2) <= end && ip->ihl == 5 && ip->protocol == IPPROTO_UDP &&
	       !(ip->frag_off & bpf_htons(IP_FRAGMENT_OFFSET)) && ports[1] == bpf_htons(settings.tunnel_port);
}

/* What is not for a service is the stack's, whatever it is. */
static __always_inline bool parse_any(struct __sk_buff *skb, struct packet *p)
{
	return !parse_network(skb, p) && is_balanced(p->protocol == IPPROTO_ICMP ? IPPROTO_TCP : p->protocol) && !parse_transport(skb, p);
}

/*
 * A frontend that is offered to the outside: to its backend, by way of the stack. Its mark tells nftables to take the node's own
 * address as source on the way to another node, and to_overlay who it was.
 */
static __always_inline int from_network(struct __sk_buff *skb)
{
	if (is_tunnel(skb))
		return TC_ACT_OK;
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
	/* Where not everything is tunnelled the answers to the node's own come here. A pod of this node has its own translation: the stack must
	 * not see an answer that comes from an address of the node itself. */
	if (settings.tunnel != TUNNEL_ALL && !endpoint_of(&p->destination) && recall(skb)) {
		int reason = from_backend(skb);
		if (reason)
			return drop(skb, p, reason);
	}
	return TC_ACT_OK;
}

/* The answers, when the stack has found the way out for them. */
static __always_inline int to_network(struct __sk_buff *skb)
{
	if (is_tunnel(skb))
		return TC_ACT_OK;
	struct packet *p = packet_begin(DIRECTION_EGRESS);

	if (!p)
		return TC_ACT_SHOT;
	bool parsed = parse_any(skb, p);
	/* It was for the proxy, but the rule is not there that would have given it to the stack. */
	if (is_marked(skb, MARK_TO_PROXY))
		return drop(skb, p, DROP_NO_PROXY);
	if (!parsed)
		return TC_ACT_OK;
	if (is_for_nobody(skb, p))
		return drop(skb, p, DROP_INVALID_IDENTITY);
	if (is_marked(skb, MARK_FROM_PROXY))
		proxys_identity(skb, p, endpoint_of(&p->source));
	if (!recall(skb))
		return TC_ACT_OK;
	int reason = from_backend(skb);
	return reason ? drop(skb, p, reason) : TC_ACT_OK;
}
