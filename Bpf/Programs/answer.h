/* What comes from the proxy: answers to clients, and what it sends to backends. */
#pragma once

#include "service.h"

static __always_inline void answered(struct __sk_buff *skb, const struct packet *p, struct connection_key *key, __u8 scope, __u32 *service)
{
	key->scope = scope;
	struct connection *c = connection_at(key, p->now);

	if (!c)
		return;
	*service = c->service;
	if (!p->related && connection_touch(skb, c, p, true, p->now))
		tell_end(skb, p, key, c);
}

/*
 * Keeps the connection that the proxy answers; p->reverse is the frontend that its client sees, if that is another one than the packet
 * says. The frontends that the proxy balances answer by themselves.
 */
__noinline int proxy_answers(struct __sk_buff *skb)
{
	struct packet *p = packet_now();
	struct connection_key back;
	__u32 none;

	if (!p)
		return 0;
	p->reverse = 0;
	turn_round(&back, &p->tuple);
	back.scope = SCOPE_SERVICE;
	struct connection *asked = connection_at(&back, p->now);
	if (asked && (asked->flags & CONNECTION_PROXIED)) {
		if (!p->related)
			connection_touch(skb, asked, p, true, p->now);
		return 0;
	}
	answered(skb, p, &back, SCOPE_EGRESS, &p->reverse);
	answered(skb, p, &back, SCOPE_INGRESS, &none);
	return 0;
}

/* It opens connections on somebody's behalf only: who it is for is not known, and nobody would be asked about it. */
static __always_inline bool is_for_nobody(const struct __sk_buff *skb, const struct packet *p)
{
	return p->fresh && is_marked(skb, MARK_FROM_PROXY) && !identity_of_mark(skb);
}

/*
 * On whose behalf the proxy sends to a backend; 0 = it answers. Where it uses its client's own address, the answers are to come back to it
 * and not to the client.
 */
static __always_inline __u32 proxys_identity(struct __sk_buff *skb, struct packet *p, const struct endpoint *source)
{
	__u32 identity = identity_of_mark(skb);

	p->by_proxy = identity;
	if (!identity)
		proxy_answers(skb);
	else if (source)
		remember(skb);
	return identity;
}
