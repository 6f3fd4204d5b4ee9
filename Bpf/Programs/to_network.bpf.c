/* tc egress of the node's interface to the underlay: what leaves the node, answers of services among it. */
#include "network.h"

SEC("tc")
int mesh_to_network(struct __sk_buff *skb)
{
	return to_network(skb);
}

char _license[] SEC("license") = "Dual BSD/GPL";
