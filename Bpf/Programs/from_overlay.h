/* What another node sends through the tunnel. */
#pragma once

#include "deliver.h"

/* A node speaks for the pods of its own cluster, and for nobody's else. */
static __always_inline bool may_claim(const struct node *node, __u32 identity)
{
	return identity < IDENTITY_FIRST_LOCAL || identity >> IDENTITY_CLUSTER_SHIFT == node->cluster_id;
}

/*
 * 1. The outer source must be a known node, and the identity one that it may claim.
 * 2. To a pod of this node, after its ingress policy; the node's own addresses to its stack; nothing else is forwarded.
 */
static __always_inline int from_overlay(struct __sk_buff *skb, __u32 identity, const struct address *sender)
{
	struct packet *p = packet_begin(DIRECTION_INGRESS);

	if (!p)
		return TC_ACT_SHOT;
	p->source_identity = identity;
	int reason = parse_network(skb, p);
	if (reason)
		return drop(skb, p, reason);
	struct node *node = bpf_map_lookup_elem(&nodes, sender);
	if (!node)
		return drop(skb, p, DROP_UNKNOWN_SENDER);
	if (!may_claim(node, identity))
		return drop(skb, p, DROP_INVALID_CLUSTER);
	/* Its own host is our remote node. */
	if (identity == IDENTITY_HOST)
		p->source_identity = IDENTITY_REMOTE_NODE;
	if (identity == IDENTITY_UNKNOWN)
		count(skb, SEEN_UNKNOWN_IDENTITY, DIRECTION_INGRESS);

	reason = parse_transport(skb, p);
	if (reason)
		return drop(skb, p, reason);

	/* The inner frame was addressed to a gateway on the other node. */
	bpf_skb_change_type(skb, 0 /* PACKET_HOST */);
	struct endpoint *ep = endpoint_of(&p->destination);
	if (ep) {
		p->destination_identity = ep->identity;
		return to_pod(skb, p, ep);
	}
	struct peer *peer = peer_of(&p->destination);
	if (!peer || !is_own(peer))
		return drop(skb, p, DROP_UNROUTABLE);
	/* It may have asked by way of a service. */
	reason = recall(skb) ? from_backend(skb) : 0;
	return reason ? drop(skb, p, reason) : pass(skb, p, PASS_STACK);
}
