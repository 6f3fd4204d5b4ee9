/* tc egress of the node's end of a pod's veth: what the node's own stack sends to the pod. */
#include "deliver.h"

SEC("tc")
int mesh_to_container(struct __sk_buff *skb)
{
	struct packet *p = packet_begin(DIRECTION_INGRESS);

	if (!p)
		return TC_ACT_SHOT;
	if (skb->protocol == bpf_htons(ETH_P_ARP))
		return pass(skb, p, PASS_ARP);
	int reason = parse_network(skb, p);
	if (reason)
		return drop(skb, p, reason);
	struct endpoint *ep = endpoint_of(&p->destination);
	if (!ep || ep->ifindex != skb->ifindex)
		return drop(skb, p, DROP_UNROUTABLE);
	packet_is_of(p, ep);
	p->destination_identity = ep->identity;

	/* The address is all there is to know the sender by, and pods do not come this way: neighbours and tunnels pass the stack by. */
	struct peer *peer = peer_of(&p->source);
	if (endpoint_of(&p->source) || (settings.tunnel && peer && !address_is_none(&peer->tunnel)))
		return drop(skb, p, DROP_INVALID_SOURCE);
	p->source_identity = identity_of(skb, peer, DIRECTION_INGRESS);

	reason = parse_transport(skb, p);
	if (reason)
		return drop(skb, p, reason);
	reason = admit(skb, p->source_identity);
	if (!reason && p->reverse)
		reason = from_backend(skb);
	return reason ? drop(skb, p, reason) : pass(skb, p, PASS_STACK);
}

char _license[] SEC("license") = "Dual BSD/GPL";
