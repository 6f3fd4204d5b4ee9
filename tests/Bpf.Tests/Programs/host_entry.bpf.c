/* to_overlay for test runs, which cannot bring a tunnel key back: cb[0] is its identity, cb[1] the node's IPv4 in host order. */
#include "host.h"

SEC("tc")
int host_entry(struct __sk_buff *skb)
{
	struct bpf_tunnel_key key = {};
	int verdict = to_overlay(skb);

	if (!bpf_skb_get_tunnel_key(skb, &key, sizeof(key), 0)) {
		skb->cb[0] = key.tunnel_id;
		skb->cb[1] = key.local_ipv4;
	}
	return verdict;
}

char _license[] SEC("license") = "Dual BSD/GPL";
