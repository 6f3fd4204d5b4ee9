/* What a pod sends. */
#pragma once

#include "deliver.h"

/*
 * 1. The source must be the pod's own address, on the pod's own interface.
 * 2. Who is the destination? A pod of this node, somebody in the ipcache, or the world.
 * 3. May the pod send it (connection, or egress policy)?
 * 4. To a pod of this node, after that pod's ingress policy; to another node; or to the node's stack.
 */
static __always_inline int from_container(struct __sk_buff *skb)
{
	struct packet p = {.direction = DIRECTION_EGRESS};

	if (skb->protocol == bpf_htons(ETH_P_ARP))
		return pass(skb, &p, PASS_ARP);
	int reason = parse_network(skb, &p);
	if (reason)
		return drop(skb, &p, reason);
	struct endpoint *ep = endpoint_of(&p.source);
	if (!ep || ep->ifindex != skb->ifindex)
		return drop(skb, &p, DROP_INVALID_SOURCE);
	p.endpoint = ep->id;
	p.source_identity = ep->identity;

	reason = parse_transport(skb, &p);
	if (reason)
		return drop(skb, &p, reason);
	/* An error about a packet that was never sent to this pod. */
	if (p.related && !address_equal(&p.tuple.source, &p.source))
		return drop(skb, &p, DROP_INVALID_SOURCE);

	struct endpoint *neighbour = endpoint_of(&p.destination);
	struct peer *peer = neighbour ? NULL : peer_of(&p.destination);
	p.destination_identity = neighbour ? neighbour->identity : identity_of(skb, peer, DIRECTION_EGRESS);

	reason = admit(skb, &p, ep, p.destination_identity);
	if (reason)
		return drop(skb, &p, reason);
	if (neighbour)
		return to_pod(skb, &p, neighbour);
	if (settings.tunnel && peer && !address_is_none(&peer->tunnel))
		return to_node(skb, &p, peer);
	return pass(skb, &p, PASS_STACK);
}
