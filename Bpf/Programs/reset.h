/* Ending a connection for whom a packet is sent to: the packet becomes a reset, at the place in the stream where it is. */
#pragma once

#include "packet.h"

/* 0 or a drop reason. */
static __always_inline int make_reset(struct __sk_buff *skb, struct packet *p)
{
	/* Flags are the second byte of a word with the header's length. */
	__u32 at = p->transport_offset + TCP_FLAGS - 1;
	__u8 word[2], reset[2];
	__u16 from, to;

	if ((p->fragment & IP_FRAGMENT_OFFSET) || bpf_skb_load_bytes(skb, at, word, sizeof(word)))
		return DROP_PROXY_UNSUPPORTED;
	reset[0] = word[0];
	reset[1] = TCP_RST | TCP_ACK;
	__builtin_memcpy(&from, word, sizeof(from));
	__builtin_memcpy(&to, reset, sizeof(to));
	if (bpf_l4_csum_replace(skb, p->transport_offset + TCP_CHECKSUM, from, to, sizeof(to)) || bpf_skb_store_bytes(skb, at, reset, sizeof(reset), 0))
		return DROP_WRITE_ERROR;
	p->tcp_flags = TCP_RST | TCP_ACK;
	return 0;
}
