/*
 * Connections, and whether a packet may pass: the policy decides about the first packet, in the direction that opened the
 * connection; the others and the replies follow, until the policy or the peer's identity changes.
 */
#pragma once

#include "events.h"
#include "parse.h"
#include "policy.h"

static __always_inline __u32 now_seconds(void)
{
	return bpf_ktime_get_ns() / 1000000000ull;
}

static __always_inline struct connection *connection_at(const struct connection_key *key, __u32 now)
{
	struct connection *c = bpf_map_lookup_elem(&connections, key);
	return c && c->expires > now ? c : NULL;
}

/* Both ends have said so, or one has broken it off. */
static __always_inline bool is_closed(__u16 flags)
{
	return (flags & CONNECTION_RESET) || (flags & (CONNECTION_FIN | CONNECTION_REPLY_FIN)) == (CONNECTION_FIN | CONNECTION_REPLY_FIN);
}

static __always_inline __u32 lifetime(__u8 protocol, __u16 flags)
{
	if (protocol != IPPROTO_TCP)
		return settings.other_lifetime;
	if (is_closed(flags))
		return settings.closing_lifetime;
	return flags & CONNECTION_ANSWERED ? settings.tcp_lifetime : settings.opening_lifetime;
}

/* One CPU at a time has the packets of one direction, or nearly so: the counters are not locked. */
static __always_inline void connection_count(struct __sk_buff *skb, struct connection *c, bool reply)
{
	if (reply) {
		c->reply_packets++;
		c->reply_bytes += skb->len;
	} else {
		c->packets++;
		c->bytes += skb->len;
	}
}

/* Of flags and end writes only what changed: the entry is shared by all CPUs. */
static __always_inline void connection_touch(struct __sk_buff *skb, struct connection *c, const struct connection_key *key,
					     const struct packet *p, bool reply, __u32 now)
{
	__u16 flags = c->flags;

	if (reply)
		flags |= CONNECTION_ANSWERED;
	if (p->tcp_flags & TCP_FIN)
		flags |= reply ? CONNECTION_REPLY_FIN : CONNECTION_FIN;
	if (p->tcp_flags & TCP_RST)
		flags |= CONNECTION_RESET;
	connection_count(skb, c, reply);
	bool ends = is_closed(flags) && !(flags & CONNECTION_TOLD);
	if (ends)
		flags |= CONNECTION_TOLD;
	if (flags != c->flags)
		c->flags = flags;
	if (ends && settings.flow_events)
		tell_end(skb, p, key, c);
	__u32 expires = now + lifetime(p->protocol, flags);
	if (expires != c->expires)
		c->expires = expires;
}

/* Of ICMP only echo is remembered, and it is asked for by its type. */
static __always_inline __be16 policy_port(const struct connection_key *key)
{
	return key->protocol == IPPROTO_ICMP ? bpf_htons(ICMP_ECHO) : key->destination_port;
}

/* Judges again what was judged by an older policy, or for a peer that has another identity by now; forgets what may not be. */
static __always_inline int connection_judge(struct connection *c, const struct connection_key *key, const struct endpoint *ep,
					    __u32 peer)
{
	if (c->policy_revision == ep->policy_revision && c->peer_identity == peer)
		return 0;
	int reason = policy_judge(ep, key->scope, peer, key->protocol, policy_port(key));
	if (reason) {
		bpf_map_delete_elem(&connections, key);
		return reason;
	}
	c->peer_identity = peer;
	c->policy_revision = ep->policy_revision;
	return 0;
}

static __always_inline int connection_open(struct __sk_buff *skb, const struct packet *p, const struct endpoint *ep, __u32 peer,
					   __u32 now)
{
	bool icmp = p->protocol == IPPROTO_ICMP;
	__be16 port = icmp ? bpf_htons(p->icmp_type) : p->tuple.destination_port;
	int reason = policy_judge(ep, p->direction, peer, p->protocol, port);

	if (reason)
		return reason;
	/* Nothing follows on an error, and nothing good on the end of a connection that nobody remembers. */
	if ((icmp && p->icmp_type != ICMP_ECHO) || (p->tcp_flags & (TCP_FIN | TCP_RST)))
		return 0;

	struct connection c = {
		.expires = now + lifetime(p->protocol, 0), .peer_identity = peer, .policy_revision = ep->policy_revision,
		/* It is the client that sees the frontend. */
		.service = p->direction == DIRECTION_EGRESS ? p->service : 0, .packets = 1, .bytes = skb->len};
	if (bpf_map_update_elem(&connections, &p->tuple, &c, BPF_ANY))
		return DROP_CONNECTION_INSERT;
	if (settings.flow_events)
		tell(skb, p, EVENT_CONNECTION, 0);
	return 0;
}

/* Whether the packet may leave or enter the pod, by p->direction; 0 or a drop reason. */
static __always_inline int admit(struct __sk_buff *skb, struct packet *p, const struct endpoint *ep, __u32 peer)
{
	__u32 now = now_seconds();
	struct connection_key back;
	struct connection *c;
	int reason;

	p->endpoint = ep->id;
	p->tuple.scope = p->direction;
	if (p->fresh)
		return connection_open(skb, p, ep, peer, now);

	c = connection_at(&p->tuple, now);
	if (c) {
		/* An error comes from anybody on the way: the connection's peer is the one to judge. */
		reason = connection_judge(c, &p->tuple, ep, p->related ? c->peer_identity : peer);
		if (!reason && !p->related) {
			connection_touch(skb, c, &p->tuple, p, false, now);
			/* The same ports, now by way of another frontend or of none. */
			if (p->direction == DIRECTION_EGRESS && c->service != p->service)
				c->service = p->service;
		}
		return reason;
	}
	turn_round(&back, &p->tuple);
	c = connection_at(&back, now);
	if (c) {
		/* Who the peer is, is for the direction to say in which the connection was opened. */
		reason = connection_judge(c, &back, ep, c->peer_identity);
		if (!reason && !p->related)
			connection_touch(skb, c, &back, p, true, now);
		p->reverse = c->service;
		return reason;
	}
	return connection_open(skb, p, ep, peer, now);
}
