/* One packet on its way through a hook: what its headers say, and what the hook learned about it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "address.h"
#include "contract.h"
#include "maps.h"

#define ICMP_ECHO_REPLY 0
#define ICMP_UNREACHABLE 3
#define ICMP_ECHO 8
#define ICMP_TIME_EXCEEDED 11
#define ICMP_PARAMETER 12
#define ICMP_HEADER 8
#define ICMP_CHECKSUM 2

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10
/* Offset of the byte with the flags. */
#define TCP_FLAGS 13
#define TCP_SEQUENCE 4
#define TCP_CHECKSUM 16
#define UDP_CHECKSUM 6

#define IPV4_CHECKSUM offsetof(struct iphdr, check)

#define IP_MORE_FRAGMENTS 0x2000
#define IP_FRAGMENT_OFFSET 0x1fff

struct packet {
	struct address source;
	struct address destination;
	/* The connection that it belongs to; of an ICMP error: that of the packet it complains about, turned round. */
	struct connection_key tuple;
	__u32 source_identity;
	__u32 destination_identity;
	/* Of the pod that judges it. */
	__u32 policy_revision;
	__u16 policy_flags;
	__u16 endpoint;
	/* The frontend that was asked for, 0 = none; and of a reply, the one to show to the client. */
	__u32 service;
	__u32 reverse;
	struct frontend frontend;
	/* Second of the kernel's monotonic clock when it came to the hook: the clock is read once. */
	__u32 now;
	__u32 transport_offset;
	/* Of the packet inside of an ICMP error. */
	__u32 embedded_transport_offset;
	/* Where it belongs in its datagram (more-fragments bit and offset), and which datagram that is. */
	__be32 fragment_id;
	__u16 fragment;
	__u8 direction;
	__u8 protocol;
	__u8 tcp_flags;
	__u8 icmp_type;
	/* SYN without ACK: opens a connection, whatever is remembered about these ports. */
	bool fresh;
	/* An ICMP error with a readable packet inside. */
	bool related;
	/* The proxy sends it to a backend, and has asked the rest of the rules. */
	bool by_proxy;
};

/*
 * Each CPU's one packet at a time. In a map, and not on the stack, so that functions can be global ones, that find it by themselves:
 * those the verifier looks at once, and not on each way that leads to them.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct packet);
} packet_scratch SEC(".maps");

static __always_inline struct packet *packet_now(void)
{
	__u32 zero = 0;
	return bpf_map_lookup_elem(&packet_scratch, &zero);
}

static __always_inline struct packet *packet_begin(__u8 direction)
{
	struct packet *p = packet_now();

	if (p) {
		__builtin_memset(p, 0, sizeof(*p));
		p->direction = direction;
		p->now = bpf_ktime_get_ns() / 1000000000ull;
	}
	return p;
}

static __always_inline void packet_is_of(struct packet *p, const struct endpoint *ep)
{
	p->endpoint = ep->id;
	p->policy_flags = ep->flags;
	p->policy_revision = ep->policy_revision;
}

static __always_inline void turn_round(struct connection_key *to, const struct connection_key *from)
{
	to->source = from->destination;
	to->destination = from->source;
	to->source_port = from->destination_port;
	to->destination_port = from->source_port;
	to->protocol = from->protocol;
	to->scope = from->scope == SCOPE_INGRESS ? SCOPE_EGRESS : SCOPE_INGRESS;
	to->pad = 0;
}

/* By whom it was sent, or for whom it is. */
static __always_inline bool is_marked(const struct __sk_buff *skb, __u32 mark)
{
	return (skb->mark & MARK_MASK) == mark;
}

/* Of the 25 bits of an identity a mark keeps 24. */
static __always_inline __u32 identity_of_mark(const struct __sk_buff *skb)
{
	__u32 id = skb->mark >> 8;
	return id >= IDENTITY_FIRST_LOCAL && id < 1 << IDENTITY_CLUSTER_SHIFT ? id | IDENTITY_CIDR : id;
}

static __always_inline bool has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == IPPROTO_SCTP;
}
