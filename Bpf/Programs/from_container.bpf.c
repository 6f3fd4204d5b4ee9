/* tc ingress of the node's end of a pod's veth: what the pod sends. */
#include "from_container.h"

SEC("tc")
int mesh_from_container(struct __sk_buff *skb)
{
	return from_container(skb);
}

char _license[] SEC("license") = "Dual BSD/GPL";
