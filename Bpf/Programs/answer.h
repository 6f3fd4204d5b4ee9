/* What comes back from the proxy's stack: answers to clients, and what the proxy sends to backends. */
#pragma once

#include "service.h"

static __always_inline void answered(struct __sk_buff *skb, const struct packet *p, struct connection *c, const struct connection_key *key)
{
	if (!p->related && connection_touch(skb, c, p, true, p->now))
		tell_end(skb, p, key, c);
}

/*
 * Whether the packet answers a connection that the proxy was given; p->reverse is the frontend that its client sees, if there is another
 * one than the packet says. The frontends that the proxy balances it answers by themselves.
 */
__noinline int answers_proxied(struct __sk_buff *skb)
{
	struct packet *p = packet_now();
	struct connection_key back;

	if (!p)
		return false;
	p->reverse = 0;
	turn_round(&back, &p->tuple);
	back.scope = SCOPE_SERVICE;
	struct connection *asked = connection_at(&back, p->now);
	if (asked && (asked->flags & CONNECTION_PROXIED))
		return true;
	back.scope = SCOPE_INGRESS;
	struct connection *received = connection_at(&back, p->now);
	back.scope = SCOPE_EGRESS;
	struct connection *sent = connection_at(&back, p->now);
	if (!(received && (received->flags & CONNECTION_PROXIED)) && !(sent && (sent->flags & CONNECTION_PROXIED)))
		return false;
	if (sent) {
		p->reverse = sent->service;
		answered(skb, p, sent, &back);
	}
	back.scope = SCOPE_INGRESS;
	if (received)
		answered(skb, p, received, &back);
	return true;
}

/* The stack resets what the proxy has no socket for (any more): that bears no mark. */
static __always_inline bool is_reset(struct __sk_buff *skb, const struct packet *p)
{
	__u8 flags;

	return p->protocol == IPPROTO_TCP && !p->fragment && settings.proxy &&
	       !bpf_skb_load_bytes(skb, p->transport_offset + TCP_FLAGS, &flags, sizeof(flags)) && (flags & TCP_RST);
}

/*
 * On whose behalf the proxy sends to a backend; 0 = it answers. Where it uses its client's own address, the answers are to come back to it
 * and not to the client.
 */
static __always_inline __u32 proxys_identity(struct __sk_buff *skb, struct packet *p, const struct endpoint *source)
{
	__u32 identity = skb->mark >> 8;

	p->by_proxy = identity;
	if (!identity)
		answers_proxied(skb);
	else if (source)
		remember(skb);
	return identity;
}
