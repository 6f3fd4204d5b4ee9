/*
 * Connections, and whether a packet may pass: the policy decides about the first packet, in the direction that opened the
 * connection; the others and the replies follow, until the policy or the peer's identity changes.
 */
#pragma once

#include "connections.h"
#include "parse.h"
#include "policy.h"
#include "proxy.h"
#include "reset.h"

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

/* What the packet says about the end of its connection. */
static __always_inline __u16 end_of(const struct packet *p, bool reply)
{
	__u16 flags = p->tcp_flags & TCP_RST ? CONNECTION_RESET : 0;

	return p->tcp_flags & TCP_FIN ? flags | (reply ? CONNECTION_REPLY_FIN : CONNECTION_FIN) : flags;
}

/* Of flags and end writes only what changed: the entry is shared by all CPUs. Whether this is the packet that ends it. */
static __always_inline bool connection_touch(struct __sk_buff *skb, struct connection *c, const struct packet *p, bool reply, __u32 now)
{
	__u16 flags = c->flags | end_of(p, reply) | (reply ? CONNECTION_ANSWERED : 0);

	connection_count(skb, c, reply);
	bool ends = is_closed(flags) && !(flags & CONNECTION_TOLD);
	if (ends)
		flags |= CONNECTION_TOLD;
	if (flags != c->flags)
		c->flags = flags;
	__u32 expires = now + lifetime(p->protocol, flags);
	if (expires != c->expires)
		c->expires = expires;
	return ends && settings.flow_events;
}

/* Of ICMP only echo is remembered, and it is asked for by its type. */
static __always_inline __be16 policy_port(const struct connection_key *key)
{
	return key->protocol == IPPROTO_ICMP ? bpf_htons(ICMP_ECHO) : key->destination_port;
}

/*
 * Judges again what was judged by an older policy, or for a peer that has another identity by now; forgets what may not be. What the policy
 * has come to give to the proxy cannot be moved there: it is remembered as the proxy's, who does not know it, so that both ends are reset.
 */
static __always_inline int connection_judge(struct connection *c, const struct connection_key *key, const struct packet *p, __u32 peer)
{
	if (c->policy_revision == p->policy_revision && c->peer_identity == peer)
		return 0;
	int reason = policy_judge(p, key->scope, peer, key->protocol, policy_port(key));
	if (reason && reason != PASS_PROXY) {
		bpf_map_delete_elem(&connections, key);
		return reason;
	}
	c->peer_identity = peer;
	c->policy_revision = p->policy_revision;
	if (!reason || (c->flags & (CONNECTION_PROXIED | CONNECTION_BY_PROXY)))
		return 0;
	c->flags |= CONNECTION_PROXIED;
	return DROP_PROXY_UNSUPPORTED;
}

/* One whose beginning nobody remembers is the proxy's, too, if anybody's. */
static __always_inline int connection_open_proxied(struct __sk_buff *skb, const struct packet *p, struct connection *c)
{
	c->flags = CONNECTION_PROXIED;
	if (p->fresh && !proxy_is_there())
		return DROP_NO_PROXY;
	if (bpf_map_update_elem(&connections, &p->tuple, c, BPF_ANY))
		return DROP_CONNECTION_INSERT;
	if (settings.flow_events && p->fresh)
		tell(skb, EVENT_CONNECTION, 0);
	return PASS_PROXY;
}

static __always_inline int connection_open(struct __sk_buff *skb, const struct packet *p, __u32 peer, __u32 now)
{
	bool icmp = p->protocol == IPPROTO_ICMP;
	__be16 port = icmp ? bpf_htons(p->icmp_type) : p->tuple.destination_port;
	int reason = policy_judge(p, p->direction, peer, p->protocol, port);

	if (reason == PASS_PROXY && p->by_proxy)
		reason = 0;
	if (reason && reason != PASS_PROXY)
		return reason;

	struct connection c = {
		.expires = now + lifetime(p->protocol, 0), .peer_identity = peer, .policy_revision = p->policy_revision,
		.flags = p->by_proxy ? CONNECTION_BY_PROXY : 0,
		/* It is the client that sees the frontend. */
		.service = p->direction == DIRECTION_EGRESS ? p->service : 0, .packets = 1, .bytes = skb->len};
	if (reason)
		return connection_open_proxied(skb, p, &c);
	/* Nothing follows on an error, and nothing good on the end of a connection that nobody remembers. */
	if ((icmp && p->icmp_type != ICMP_ECHO) || (p->tcp_flags & (TCP_FIN | TCP_RST)))
		return 0;
	if (bpf_map_update_elem(&connections, &p->tuple, &c, BPF_ANY))
		return DROP_CONNECTION_INSERT;
	if (settings.flow_events)
		tell(skb, EVENT_CONNECTION, 0);
	return 0;
}

/* As it was opened. */
static __always_inline int connection_forth(struct __sk_buff *skb, struct packet *p, struct connection *c, __u32 peer, __u32 now)
{
	/*
	 * The proxy may use its client's address, but the client not its connection: what the proxy was let through for, nobody has asked about
	 * the client. What the node's stack says in the proxy's name may have lost the mark.
	 */
	if ((c->flags & CONNECTION_BY_PROXY) && !p->by_proxy && !p->related && p->source_identity != IDENTITY_HOST)
		return DROP_INVALID_SOURCE;
	/* An error comes from anybody on the way: the connection's peer is the one to judge. */
	int reason = connection_judge(c, &p->tuple, p, p->related ? c->peer_identity : peer);
	int way = c->flags & CONNECTION_PROXIED ? PASS_PROXY : 0;

	if (reason)
		return reason;
	if (p->related)
		return way;
	/* The same ports, now by way of another frontend or of none. */
	if (p->direction == DIRECTION_EGRESS && c->service != p->service)
		c->service = p->service;
	if (connection_touch(skb, c, p, false, now))
		tell_end(skb, p, &p->tuple, c);
	return way;
}

static __always_inline int connection_back(struct __sk_buff *skb, struct packet *p, struct connection *c, const struct connection_key *key,
					   __u32 now)
{
	__u16 flags = c->flags;
	/* Who the peer is, is for the direction to say in which the connection was opened; what the proxy opened for the pod, it has judged. */
	bool judged = key->scope == SCOPE_EGRESS && (flags & CONNECTION_BY_PROXY);
	int reason = judged ? 0 : connection_judge(c, key, p, c->peer_identity);

	p->reverse = c->service;
	/* Whoever waits for an answer may have nothing to send that could be reset: the first answer itself becomes the reset. */
	if (is_resettable(p, reason)) {
		drop(skb, p, reason);
		return reset_receiver(skb, p);
	}
	if (reason)
		return reason;
	if (flags & CONNECTION_PROXIED)
		return DROP_PROXY_UNSUPPORTED;
	if (!p->related && connection_touch(skb, c, p, true, now))
		tell_end(skb, p, key, c);
	return flags & CONNECTION_BY_PROXY ? PASS_PROXY : 0;
}

/* Whether the packet may leave or enter the pod that p speaks of, by p->direction: 0, PASS_PROXY (it is the proxy's) or a drop reason. */
__noinline int admit(struct __sk_buff *skb, __u32 peer)
{
	struct packet *p = packet_now();
	struct connection_key back;

	if (!p)
		return DROP_INVALID_PACKET;
	__u32 now = p->now;
	p->tuple.scope = p->direction;
	p->reverse = 0;
	struct connection *c = p->fresh ? NULL : connection_at(&p->tuple, now);
	if (c)
		return connection_forth(skb, p, c, peer, now);
	turn_round(&back, &p->tuple);
	c = p->fresh ? NULL : connection_at(&back, now);
	return c ? connection_back(skb, p, c, &back, now) : connection_open(skb, p, peer, now);
}
