/*
 * Rewriting one end of a packet, and its checksums. Each function returns 0 or a drop reason. An ICMP error is about a packet that
 * went the other way: there the other end is rewritten, and the error's own address only where it is that of the same end.
 */
#pragma once

#include "packet.h"

struct end {
	struct address address;
	__be16 port;
};

static __always_inline int store_port(struct __sk_buff *skb, const struct packet *p, bool destination, __be16 from, __be16 to)
{
	bool tcp = p->protocol == IPPROTO_TCP;
	__u32 checksum = p->transport_offset + (tcp ? TCP_CHECKSUM : UDP_CHECKSUM);

	if (bpf_l4_csum_replace(skb, checksum, from, to, (tcp ? 0 : BPF_F_MARK_MANGLED_0) | sizeof(to)))
		return DROP_WRITE_ERROR;
	return bpf_skb_store_bytes(skb, p->transport_offset + (destination ? 2 : 0), &to, sizeof(to), 0) ? DROP_WRITE_ERROR : 0;
}

static __always_inline int store_address(struct __sk_buff *skb, __u32 header, bool destination, __be32 from, __be32 to)
{
	__u32 at = header + (destination ? offsetof(struct iphdr, daddr) : offsetof(struct iphdr, saddr));

	if (bpf_l3_csum_replace(skb, header + IPV4_CHECKSUM, from, to, sizeof(to)))
		return DROP_WRITE_ERROR;
	return bpf_skb_store_bytes(skb, at, &to, sizeof(to), 0) ? DROP_WRITE_ERROR : 0;
}

/* The transport's checksum covers the addresses too. A later fragment has none of its own. */
static __always_inline int rewrite_transport(struct __sk_buff *skb, const struct packet *p, bool destination, const struct end *from,
					     const struct end *to)
{
	bool tcp = p->protocol == IPPROTO_TCP;
	__u32 checksum = p->transport_offset + (tcp ? TCP_CHECKSUM : UDP_CHECKSUM);
	__u64 flags = BPF_F_PSEUDO_HDR | (tcp ? 0 : BPF_F_MARK_MANGLED_0) | sizeof(__be32);

	if (p->fragment & IP_FRAGMENT_OFFSET)
		return 0;
	if (bpf_l4_csum_replace(skb, checksum, from->address.words[3], to->address.words[3], flags))
		return DROP_WRITE_ERROR;
	return from->port == to->port ? 0 : store_port(skb, p, destination, from->port, to->port);
}

/* The quoted address and its header's checksum cancel each other out: the error's checksum only sees the port. Nobody checks the quoted transport's. */
static __always_inline int rewrite_embedded(struct __sk_buff *skb, const struct packet *p, bool destination, const struct end *from,
					    const struct end *to)
{
	__u32 header = p->transport_offset + ICMP_HEADER;

	if (store_address(skb, header, destination, from->address.words[3], to->address.words[3]))
		return DROP_WRITE_ERROR;
	if (bpf_l4_csum_replace(skb, p->transport_offset + ICMP_CHECKSUM, from->port, to->port, sizeof(to->port)))
		return DROP_WRITE_ERROR;
	__u32 at = p->embedded_transport_offset + (destination ? 2 : 0);
	return bpf_skb_store_bytes(skb, at, &to->port, sizeof(to->port), 0) ? DROP_WRITE_ERROR : 0;
}

static __always_inline int rewrite_destination(struct __sk_buff *skb, struct packet *p, const struct end *to)
{
	struct end from = {p->tuple.destination, p->tuple.destination_port};

	if (address_equal(&p->destination, &from.address)) {
		if (store_address(skb, ETH_HLEN, true, from.address.words[3], to->address.words[3]))
			return DROP_WRITE_ERROR;
		p->destination = to->address;
	}
	p->tuple.destination = to->address;
	p->tuple.destination_port = to->port;
	return p->related ? rewrite_embedded(skb, p, false, &from, to) : rewrite_transport(skb, p, true, &from, to);
}

static __always_inline int rewrite_source(struct __sk_buff *skb, struct packet *p, const struct end *to)
{
	struct end from = {p->tuple.source, p->tuple.source_port};

	if (address_equal(&p->source, &from.address)) {
		if (store_address(skb, ETH_HLEN, false, from.address.words[3], to->address.words[3]))
			return DROP_WRITE_ERROR;
		p->source = to->address;
	}
	p->tuple.source = to->address;
	p->tuple.source_port = to->port;
	return p->related ? rewrite_embedded(skb, p, true, &from, to) : rewrite_transport(skb, p, false, &from, to);
}
