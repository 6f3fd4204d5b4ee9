/* What no verifier lets pass: a packet read without looking where it ends. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int refused(struct __sk_buff *skb)
{
	return *(char *)(long)skb->data;
}

char _license[] SEC("license") = "Dual BSD/GPL";
