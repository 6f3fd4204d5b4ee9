/* tc egress of the VXLAN interface: what the node's own stack sends to pods of other nodes, and to services. */
#include "host.h"

SEC("tc")
int mesh_to_overlay(struct __sk_buff *skb)
{
	struct bpf_tunnel_key key;

	/* A pod's, on its way from from_container. */
	if (!bpf_skb_get_tunnel_key(skb, &key, sizeof(key), 0))
		return TC_ACT_OK;
	return to_overlay(skb);
}

char _license[] SEC("license") = "Dual BSD/GPL";
