/*
 * Ending a TCP connection with the packet at hand, that becomes a reset for its receiver, or for its sender. Data and options stay: nobody
 * looks at those of a reset, and a checksum that the kernel has still to write stays what it is to be.
 */
#pragma once

#include "proxy.h"
#include "translate.h"

/* Of the TCP header, in words: ports, sequence, acknowledgement, and this: offset, flags and window. */
enum tcp_word { TCP_WORD_SEQUENCE = 1, TCP_WORD_ACKNOWLEDGED = 2, TCP_WORD_FLAGS = 3, TCP_WORDS = 4 };

/* Connections that only the proxy could have had, and never the answer to a reset. */
static __always_inline bool is_resettable(const struct packet *p, int reason)
{
	return (reason == DROP_NO_PROXY || reason == DROP_PROXY_UNSUPPORTED) && p->protocol == IPPROTO_TCP && !p->fragment &&
	       !(p->tcp_flags & TCP_RST);
}

static __always_inline int store_tcp_word(struct __sk_buff *skb, const struct packet *p, __u32 word, __be32 from, __be32 to)
{
	if (bpf_l4_csum_replace(skb, p->transport_offset + TCP_CHECKSUM, from, to, sizeof(to)))
		return DROP_WRITE_ERROR;
	return bpf_skb_store_bytes(skb, p->transport_offset + word * sizeof(to), &to, sizeof(to), 0) ? DROP_WRITE_ERROR : 0;
}

static __always_inline __be32 tcp_flags_word(__be32 now, __u8 flags)
{
	return (now & bpf_htonl(0xf0000000)) | bpf_htonl((__u32)flags << 16);
}

/* At the place in the stream where the packet is. 0 or a drop reason. */
static __always_inline int reset_receiver(struct __sk_buff *skb, struct packet *p)
{
	__be32 words[TCP_WORDS];

	if (p->fragment || bpf_skb_load_bytes(skb, p->transport_offset, words, sizeof(words)))
		return DROP_INVALID_PACKET;
	p->tcp_flags = TCP_RST | TCP_ACK;
	return store_tcp_word(skb, p, TCP_WORD_FLAGS, words[TCP_WORD_FLAGS], tcp_flags_word(words[TCP_WORD_FLAGS], p->tcp_flags));
}

/* Sums do not change with the order of what is summed. */
static __always_inline int swap_ends(struct __sk_buff *skb, struct packet *p)
{
	__be32 addresses[2] = {p->destination.words[3], p->source.words[3]};
	__be16 ports[2] = {p->tuple.destination_port, p->tuple.source_port};
	struct connection_key there = p->tuple;

	p->tuple.source = there.destination;
	p->tuple.destination = there.source;
	p->tuple.source_port = ports[0];
	p->tuple.destination_port = ports[1];
	p->source = p->tuple.source;
	p->destination = p->tuple.destination;
	return bpf_skb_store_bytes(skb, ETH_HLEN + offsetof(struct iphdr, saddr), addresses, sizeof(addresses), 0) ||
	       bpf_skb_store_bytes(skb, p->transport_offset, ports, sizeof(ports), 0);
}

/* RFC 9293, 3.10.7.1: from whom it asked for, be that a frontend. From here on p is the reset. 0 or a drop reason. */
__noinline int reset_sender(struct __sk_buff *skb)
{
	struct packet *p = packet_now();
	__be32 words[TCP_WORDS];

	if (!p)
		return DROP_INVALID_PACKET;
	struct reverse *asked = p->service ? bpf_map_lookup_elem(&reverse, &p->service) : NULL;
	if (asked) {
		struct end frontend = {asked->address, asked->port};
		if (rewrite_destination(skb, p, &frontend))
			return DROP_WRITE_ERROR;
	}
	if (bpf_skb_load_bytes(skb, p->transport_offset, words, sizeof(words)) || swap_ends(skb, p))
		return DROP_WRITE_ERROR;

	bool acknowledged = p->tcp_flags & TCP_ACK;
	__be32 sequence = acknowledged ? words[TCP_WORD_ACKNOWLEDGED] : 0;
	__be32 next = acknowledged ? 0 : bpf_htonl(bpf_ntohl(words[TCP_WORD_SEQUENCE]) + 1);
	p->tcp_flags = acknowledged ? TCP_RST : TCP_RST | TCP_ACK;
	p->fresh = false;
	if (store_tcp_word(skb, p, TCP_WORD_SEQUENCE, words[TCP_WORD_SEQUENCE], sequence) ||
	    store_tcp_word(skb, p, TCP_WORD_ACKNOWLEDGED, words[TCP_WORD_ACKNOWLEDGED], next) ||
	    store_tcp_word(skb, p, TCP_WORD_FLAGS, words[TCP_WORD_FLAGS], tcp_flags_word(words[TCP_WORD_FLAGS], p->tcp_flags)))
		return DROP_WRITE_ERROR;
	count(skb, SEEN_REFUSED, p->direction);
	return 0;
}
