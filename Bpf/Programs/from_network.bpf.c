/* tc ingress of the node's interface to the underlay: what comes from outside, services of the node's addresses among it. */
#include "network.h"

SEC("tc")
int mesh_from_network(struct __sk_buff *skb)
{
	return from_network(skb);
}

char _license[] SEC("license") = "Dual BSD/GPL";
