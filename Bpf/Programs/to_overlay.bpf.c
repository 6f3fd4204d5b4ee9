/* tc egress of the VXLAN interface: what the node's own stack sends to pods of other nodes. */
#include "deliver.h"

SEC("tc")
int mesh_to_overlay(struct __sk_buff *skb)
{
	struct packet p = {.direction = DIRECTION_EGRESS, .source_identity = IDENTITY_HOST};
	struct bpf_tunnel_key key;

	/* A pod's, on its way from from_container. */
	if (!bpf_skb_get_tunnel_key(skb, &key, sizeof(key), 0))
		return TC_ACT_OK;
	int reason = parse_network(skb, &p);
	if (reason)
		return drop(skb, &p, reason);
	struct peer *peer = peer_of(&p.destination);
	if (!peer || address_is_none(&peer->tunnel))
		return drop(skb, &p, DROP_NO_TUNNEL_ENDPOINT);
	p.destination_identity = peer->identity;
	return set_tunnel(skb, &p, peer) ? drop(skb, &p, DROP_NO_TUNNEL_ENDPOINT) : pass(skb, &p, PASS_TUNNEL);
}

char _license[] SEC("license") = "Dual BSD/GPL";
