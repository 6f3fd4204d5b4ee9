/* What the node itself sends into the pods' network: by way of the VXLAN interface, to pods of other nodes and to services. */
#pragma once

#include "answer.h"
#include "deliver.h"

/* Out by the pod's interface, where to_container judges it: redirecting into a pod is for ingress only. */
static __always_inline int out_to_pod(struct __sk_buff *skb, struct packet *p, const struct endpoint *ep)
{
	if (set_macs(skb, ep))
		return drop(skb, p, DROP_WRITE_ERROR);
	count(skb, PASS_LOCAL, p->direction);
	return bpf_redirect(ep->ifindex, 0);
}

/* Through the stack again, that knows the way to nodes and to the world: in by the same interface, marked so that from_overlay lets it. */
static __always_inline int back_to_stack(struct __sk_buff *skb, struct packet *p)
{
	skb->mark = IDENTITY_HOST << 8 | MARK_HOST;
	count(skb, PASS_STACK, p->direction);
	return bpf_redirect(skb->ifindex, BPF_F_INGRESS);
}

/* The proxy speaks for whom it says; what it answers is the asked pod's. */
static __always_inline __u32 identity_by_proxy(struct __sk_buff *skb, struct packet *p)
{
	struct endpoint *source = endpoint_of(&p->source);
	__u32 identity = proxys_identity(skb, p, source);

	return identity ? identity : source ? source->identity : IDENTITY_HOST;
}

/* Who the sender is: as the proxy or from_network said, else by its address; only the node itself is its host. */
static __always_inline __u32 identity_of_sender(struct __sk_buff *skb, struct packet *p)
{
	if (is_marked(skb, MARK_FROM_PROXY))
		return identity_by_proxy(skb, p);
	if (is_marked(skb, MARK_OUTSIDE))
		return identity_of_mark(skb);
	struct peer *peer = peer_of(&p->source);
	return peer && is_own(peer) ? peer->identity : IDENTITY_WORLD;
}

static __always_inline int to_overlay(struct __sk_buff *skb)
{
	struct packet *p = packet_begin(DIRECTION_EGRESS);

	if (!p)
		return TC_ACT_SHOT;
	int reason = parse_network(skb, p);
	if (!reason)
		reason = parse_transport(skb, p);
	if (reason)
		return drop(skb, p, reason);
	/* It was for the proxy, but the rule is not there that would have given it to the stack. */
	if (is_marked(skb, MARK_TO_PROXY))
		return drop(skb, p, DROP_NO_PROXY);
	if (is_for_nobody(skb, p))
		return drop(skb, p, DROP_INVALID_IDENTITY);
	p->source_identity = identity_of_sender(skb, p);

	bool service = p->source_identity == IDENTITY_HOST && !is_marked(skb, MARK_FROM_PROXY) && is_for_frontend(p);
	if (service) {
		reason = to_backend(skb);
		if (reason)
			return drop(skb, p, reason);
		remember(skb);
		struct endpoint *ep = endpoint_of(&p->destination);
		if (ep)
			return out_to_pod(skb, p, ep);
	}
	struct peer *peer = peer_of(&p->destination);
	p->destination_identity = peer ? peer->identity : IDENTITY_WORLD;
	if (settings.tunnel && peer && !address_is_none(&peer->tunnel))
		return set_tunnel(skb, p, peer) ? drop(skb, p, DROP_NO_TUNNEL_ENDPOINT) : pass(skb, p, PASS_TUNNEL);
	return service ? back_to_stack(skb, p) : drop(skb, p, DROP_NO_TUNNEL_ENDPOINT);
}
