/* Telling a pod that nobody is there: its packet becomes an ICMP port unreachable about itself, as from the address it asked for. */
#pragma once

#include "deliver.h"

#define ICMP_PORT_UNREACHABLE 3
/* Of a SYN the whole TCP header: the kernel will not cut where it has still to write a checksum. */
#define QUOTED (sizeof(struct iphdr) + 20)
#define ERROR_HEADERS (sizeof(struct iphdr) + ICMP_HEADER)

static __always_inline __be16 checksum_of(const void *from, __u32 bytes)
{
	__u32 sum = bpf_csum_diff(NULL, 0, (__be32 *)from, bytes, 0);

	sum = (sum & 0xffff) + (sum >> 16);
	return ~((sum & 0xffff) + (sum >> 16));
}

/* Only what opens a connection, and datagrams: whoever talks already finds out by himself. */
static __always_inline bool is_refusable(struct __sk_buff *skb, const struct packet *p)
{
	__u32 least = ETH_HLEN + sizeof(struct iphdr) + (p->protocol == IPPROTO_TCP ? 20 : 8);

	return !p->related && !p->fragment && (p->fresh || p->protocol == IPPROTO_UDP) &&
	       p->transport_offset == ETH_HLEN + sizeof(struct iphdr) && skb->len >= least;
}

static __always_inline int write_refusal(struct __sk_buff *skb, const struct packet *p, __u32 quoted)
{
	struct {
		__u8 icmp[ICMP_HEADER];
		__u8 quote[QUOTED];
	} about = {.icmp = {ICMP_UNREACHABLE, ICMP_PORT_UNREACHABLE}};
	struct iphdr ip = {
		.version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_ICMP, .tot_len = bpf_htons(ERROR_HEADERS + quoted),
		.saddr = p->destination.words[3], .daddr = p->source.words[3]};

	/* What is not quoted stays zero, and counts for nothing. */
	if (quoted == QUOTED ? bpf_skb_load_bytes(skb, ETH_HLEN, about.quote, QUOTED)
			     : bpf_skb_load_bytes(skb, ETH_HLEN, about.quote, sizeof(struct iphdr) + 8))
		return -1;
	__be16 sum = checksum_of(&about, sizeof(about));
	__builtin_memcpy(about.icmp + ICMP_CHECKSUM, &sum, sizeof(sum));
	ip.check = checksum_of(&ip, sizeof(ip));
	if (bpf_skb_adjust_room(skb, ERROR_HEADERS, BPF_ADJ_ROOM_MAC, 0) ||
	    bpf_skb_change_tail(skb, ETH_HLEN + ERROR_HEADERS + quoted, 0))
		return -1;
	return bpf_skb_store_bytes(skb, ETH_HLEN, &ip, sizeof(ip), 0) ||
	       bpf_skb_store_bytes(skb, ETH_HLEN + sizeof(ip), about.icmp, ICMP_HEADER, 0);
}

/* Counted and told as the drop that it is. */
static __always_inline int refuse(struct __sk_buff *skb, struct packet *p, struct endpoint *ep, __u8 reason)
{
	int verdict = drop(skb, p, reason);

	if (reason != DROP_NO_SERVICE || !is_refusable(skb, p) ||
	    write_refusal(skb, p, sizeof(struct iphdr) + (p->protocol == IPPROTO_TCP ? 20 : 8)))
		return verdict;
	count(skb, SEEN_REFUSED, p->direction);
	return into_pod(skb, p, ep);
}
