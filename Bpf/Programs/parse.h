/* Headers to struct packet. Each function returns 0 or a drop reason. */
#pragma once

#include "packet.h"

/*
 * The ports of the packet inside an ICMP error, of which at least 8 bytes after its header are there (RFC 792). It must be one
 * that the receiver of the error sent: else the error would pass by somebody else's connection.
 */
static __always_inline void parse_embedded(struct __sk_buff *skb, struct packet *p, __u32 offset)
{
	struct iphdr inner;
	__be16 words[4];

	if (bpf_skb_load_bytes(skb, offset, &inner, sizeof(inner)) || inner.version != 4 || inner.ihl < 5)
		return;
	if ((inner.frag_off & bpf_htons(IP_FRAGMENT_OFFSET)) || inner.saddr != p->destination.words[3])
		return;
	if (bpf_skb_load_bytes(skb, offset + inner.ihl * 4, words, sizeof(words)))
		return;

	struct connection_key *tuple = &p->tuple;
	tuple->source = address_of_ipv4(inner.daddr);
	tuple->destination = address_of_ipv4(inner.saddr);
	tuple->protocol = inner.protocol;
	if (has_ports(inner.protocol)) {
		tuple->source_port = words[1];
		tuple->destination_port = words[0];
	} else if (inner.protocol == IPPROTO_ICMP) {
		tuple->source_port = words[2];
		tuple->destination_port = words[2];
	}
	p->embedded_transport_offset = offset + inner.ihl * 4;
	p->related = true;
}

static __always_inline int parse_icmp(struct __sk_buff *skb, struct packet *p)
{
	__u8 header[ICMP_HEADER];

	if (bpf_skb_load_bytes(skb, p->transport_offset, header, sizeof(header)))
		return DROP_INVALID_PACKET;
	p->icmp_type = header[0];
	if (p->icmp_type == ICMP_ECHO || p->icmp_type == ICMP_ECHO_REPLY) {
		__be16 id;
		__builtin_memcpy(&id, header + 4, sizeof(id));
		p->tuple.source_port = id;
		p->tuple.destination_port = id;
	} else if (p->icmp_type == ICMP_UNREACHABLE || p->icmp_type == ICMP_TIME_EXCEEDED || p->icmp_type == ICMP_PARAMETER) {
		parse_embedded(skb, p, p->transport_offset + ICMP_HEADER);
	}
	return 0;
}

static __always_inline int parse_ports(struct __sk_buff *skb, struct packet *p)
{
	struct {
		__be16 ports[2];
		__u8 tcp[TCP_FLAGS + 1 - 2 * sizeof(__be16)];
	} header;

	/* Of TCP as far as the flags, at once. */
	if (p->protocol == IPPROTO_TCP ? bpf_skb_load_bytes(skb, p->transport_offset, &header, sizeof(header))
				       : bpf_skb_load_bytes(skb, p->transport_offset, header.ports, sizeof(header.ports)))
		return DROP_INVALID_PACKET;
	p->tuple.source_port = header.ports[0];
	p->tuple.destination_port = header.ports[1];
	if (p->protocol != IPPROTO_TCP)
		return 0;
	p->tcp_flags = header.tcp[sizeof(header.tcp) - 1];
	p->fresh = (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	return 0;
}

static __always_inline int parse_later_fragment(struct packet *p, const struct fragment_key *key)
{
	/* RFC 1858: the second fragment must not write over the flags of the first. */
	if (p->protocol == IPPROTO_TCP && (p->fragment & IP_FRAGMENT_OFFSET) == 1)
		return DROP_INVALID_PACKET;
	struct fragment_ports *ports = bpf_map_lookup_elem(&fragments, key);
	if (!ports)
		return DROP_FRAGMENT_NOT_FOUND;
	p->tuple.source_port = ports->source;
	p->tuple.destination_port = ports->destination;
	p->icmp_type = ICMP_ECHO;
	return 0;
}

/* Only the first fragment has ports; the others find them in the map, or are dropped. To be called when the source is believed. */
static __always_inline int parse_transport(struct __sk_buff *skb, struct packet *p)
{
	struct fragment_key key = {
		.source = p->source, .destination = p->destination, .id = p->fragment_id, .protocol = p->protocol};

	if (p->fragment & IP_FRAGMENT_OFFSET)
		return parse_later_fragment(p, &key);

	int reason = 0;
	if (has_ports(p->protocol))
		reason = parse_ports(skb, p);
	else if (p->protocol == IPPROTO_ICMP)
		reason = parse_icmp(skb, p);
	if (reason || !p->fragment)
		return reason;
	/* Of ICMP only echo is ever long. */
	if (p->protocol != IPPROTO_ICMP || p->icmp_type == ICMP_ECHO || p->icmp_type == ICMP_ECHO_REPLY) {
		struct fragment_ports ports = {p->tuple.source_port, p->tuple.destination_port};
		bpf_map_update_elem(&fragments, &key, &ports, BPF_ANY);
	}
	return 0;
}

static __always_inline int parse_ipv4(struct __sk_buff *skb, struct packet *p)
{
	struct iphdr ip;

	if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)))
		return DROP_INVALID_PACKET;
	if (ip.version != 4 || ip.ihl < 5 || bpf_ntohs(ip.tot_len) < ip.ihl * 4 || ETH_HLEN + bpf_ntohs(ip.tot_len) > skb->len)
		return DROP_INVALID_PACKET;

	p->source = address_of_ipv4(ip.saddr);
	p->destination = address_of_ipv4(ip.daddr);
	p->protocol = ip.protocol;
	p->tuple.source = p->source;
	p->tuple.destination = p->destination;
	p->tuple.protocol = ip.protocol;
	p->transport_offset = ETH_HLEN + ip.ihl * 4;
	p->fragment = bpf_ntohs(ip.frag_off) & (IP_MORE_FRAGMENTS | IP_FRAGMENT_OFFSET);
	p->fragment_id = ip.id;
	return 0;
}

/* The network header: who and to whom. */
static __always_inline int parse_network(struct __sk_buff *skb, struct packet *p)
{
	return skb->protocol == bpf_htons(ETH_P_IP) ? parse_ipv4(skb, p) : DROP_UNSUPPORTED_L3;
}
