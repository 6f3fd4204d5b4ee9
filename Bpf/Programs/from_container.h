/* What a pod sends. */
#pragma once

#include "hairpin.h"
#include "refuse.h"

/* Where a packet of a pod goes: a pod of this node, or somebody in the ipcache; neither: the world. */
static __always_inline int deliver(struct __sk_buff *skb, struct packet *p, struct endpoint *neighbour)
{
	struct peer *peer = neighbour ? NULL : peer_of(&p->destination);
	p->destination_identity = neighbour ? neighbour->identity : identity_of(skb, peer, DIRECTION_EGRESS);

	int reason = admit(skb, p->destination_identity);
	if (reason)
		return turn_away(skb, reason);
	if (neighbour)
		return to_pod(skb, p, neighbour);
	if (settings.tunnel && peer && !address_is_none(&peer->tunnel))
		return to_node(skb, p, peer);
	/* The node itself may have asked by way of a service. */
	if (peer && peer->identity == IDENTITY_HOST && recall(skb)) {
		reason = from_backend(skb);
		if (reason)
			return drop(skb, p, reason);
	}
	return pass(skb, p, PASS_STACK);
}

/*
 * 1. The source must be the pod's own address, on the pod's own interface.
 * 2. Is the destination a service? Then it is the proxy's, or the backend from here on.
 * 3. Who is the destination, and may the pod send it (connection, or egress policy)? By way of the proxy, perhaps.
 * 4. To a pod of this node, after that pod's ingress policy; to another node; or to the node's stack.
 * The mark of a packet says nothing here: it is the pod's word.
 */
static __always_inline int from_container(struct __sk_buff *skb)
{
	struct packet *p = packet_begin(DIRECTION_EGRESS);

	if (!p)
		return TC_ACT_SHOT;
	if (skb->protocol == bpf_htons(ETH_P_ARP))
		return pass(skb, p, PASS_ARP);
	int reason = parse_network(skb, p);
	if (reason)
		return drop(skb, p, reason);
	struct endpoint *ep = endpoint_of(&p->source);
	if (!ep || ep->ifindex != skb->ifindex)
		return drop(skb, p, DROP_INVALID_SOURCE);
	packet_is_of(p, ep);
	p->source_identity = ep->identity;

	reason = parse_transport(skb, p);
	if (reason)
		return drop(skb, p, reason);
	/* An error about a packet that was never sent to this pod. */
	if (p->related && !address_equal(&p->tuple.source, &p->source))
		return drop(skb, p, DROP_INVALID_SOURCE);
	if (p->destination.words[3] == LOOPBACK_ADDRESS)
		return hairpin_back(skb, p, ep);

	struct endpoint *neighbour = endpoint_of(&p->destination);
	if (!neighbour && is_for_frontend(p)) {
		reason = to_backend(skb);
		if (reason == PASS_PROXY)
			return turn_away(skb, reason);
		if (reason)
			return refuse(skb, p, ep, reason);
		if (address_equal(&p->destination, &p->source))
			return hairpin_forth(skb, p, ep);
		neighbour = endpoint_of(&p->destination);
	}
	return deliver(skb, p, neighbour);
}
