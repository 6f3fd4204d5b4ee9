/* tc ingress of the VXLAN interface: what other nodes send. */
#include "from_overlay.h"

SEC("tc")
int mesh_from_overlay(struct __sk_buff *skb)
{
	struct bpf_tunnel_key key = {};

	if (bpf_skb_get_tunnel_key(skb, &key, sizeof(key), 0)) {
		/* Of the node's stack, from to_overlay and to_container: nobody else can mark a packet. */
		if (skb->mark == (IDENTITY_HOST << 8 | MARK_HOST) || skb->mark == MARK_TO_PROXY) {
			bpf_skb_change_type(skb, 0 /* PACKET_HOST */);
			return TC_ACT_OK;
		}
		struct packet *p = packet_begin(DIRECTION_INGRESS);
		return p ? drop(skb, p, DROP_NO_TUNNEL_KEY) : TC_ACT_SHOT;
	}
	struct address sender = address_of_ipv4(bpf_htonl(key.remote_ipv4));
	return from_overlay(skb, key.tunnel_id, &sender);
}

char _license[] SEC("license") = "Dual BSD/GPL";
