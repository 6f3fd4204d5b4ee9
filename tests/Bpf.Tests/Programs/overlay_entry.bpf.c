/* from_overlay for test runs, which cannot bring a tunnel key: cb[0] is the identity, cb[1] the sender's IPv4 in host order. */
#include "from_overlay.h"

SEC("tc")
int overlay_entry(struct __sk_buff *skb)
{
	struct address sender = address_of_ipv4(bpf_htonl(skb->cb[1]));
	return from_overlay(skb, skb->cb[0], &sender);
}

char _license[] SEC("license") = "Dual BSD/GPL";
