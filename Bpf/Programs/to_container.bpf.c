/* tc egress of the node's end of a pod's veth: what the node's own stack sends to the pod. */
#include "to_container.h"

SEC("tc")
int mesh_to_container(struct __sk_buff *skb)
{
	return to_container(skb);
}

char _license[] SEC("license") = "Dual BSD/GPL";
