/* From frontends to backends, and back. */
#pragma once

#include "balance.h"
#include "translate.h"

static __always_inline bool is_balanced(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
}

/* Whether it asks for a frontend. p->frontend is a copy: the agent may replace it meanwhile. */
static __always_inline bool is_for_frontend(struct packet *p)
{
	struct frontend_key key = {
		.address = p->tuple.destination, .port = p->tuple.destination_port, .protocol = p->tuple.protocol};
	struct frontend *there = is_balanced(p->tuple.protocol) ? bpf_map_lookup_elem(&frontends, &key) : NULL;

	if (!there)
		return false;
	p->frontend = *there;
	p->service = there->id;
	return true;
}

/*
 * Replies of backends do not come by here, so that nobody knows when both ends have closed: a client that has said FIN may listen on, and
 * keeps its backend by what it acknowledges.
 */
static __always_inline __u32 service_lifetime(const struct packet *p, __u16 flags)
{
	if (p->protocol != IPPROTO_TCP)
		return settings.other_lifetime;
	if (flags & CONNECTION_RESET)
		return settings.closing_lifetime;
	return p->fresh || (flags & CONNECTION_FIN) ? settings.opening_lifetime : settings.tcp_lifetime;
}

/* What the client said once counts from then on: the acknowledgement of the other end's FIN has no FIN of its own. */
static __always_inline void service_touch(struct connection *c, const struct packet *p)
{
	__u16 flags = c->flags | end_of(p, false);
	__u32 expires = p->now + service_lifetime(p, flags);

	if (flags != c->flags)
		c->flags = flags;
	if (expires != c->expires)
		c->expires = expires;
}

/* What pods ask of a frontend of the proxy's, while it takes connections. */
static __always_inline bool is_for_proxy(struct __sk_buff *skb, const struct packet *p, const struct frontend *f)
{
	if (!(f->flags & FRONTEND_L7) || !p->endpoint)
		return false;
	if (proxy_is_there())
		return true;
	if (p->fresh)
		count(skb, SEEN_PROXY_BYPASS, p->direction);
	return false;
}

/*
 * The backend of a connection to a frontend: the one that it had, while that exists; else a new one. NULL = nobody, or with *proxied set:
 * the proxy.
 */
static __always_inline struct backend *backend_for(struct __sk_buff *skb, const struct packet *p, const struct frontend *f, bool *proxied)
{
	struct connection_key key = p->tuple;
	__u32 now = p->now;

	key.scope = SCOPE_SERVICE;
	struct connection *c = p->fresh ? NULL : connection_at(&key, now);
	if (c && (c->flags & CONNECTION_PROXIED)) {
		if (!p->related)
			connection_touch(skb, c, p, false, now);
		*proxied = true;
		return NULL;
	}
	if (c && c->service == f->id) {
		struct backend *b = backend_of(f, c->backend);
		if (b) {
			if (!p->related)
				service_touch(c, p);
			return b;
		}
	}
	/* An error about a connection that nobody remembers is nobody's. */
	if (p->related)
		return NULL;
	__u16 flags = end_of(p, false);
	struct connection chosen = {.expires = now + service_lifetime(p, flags), .service = f->id, .flags = flags};
	if (is_for_proxy(skb, p, f)) {
		/* Its end is nobody's to tell: it is no pod's connection to another. */
		chosen.flags |= CONNECTION_PROXIED | CONNECTION_TOLD;
		/* Where it cannot be kept, sk_lookup would not find it. */
		*proxied = !bpf_map_update_elem(&connections, &key, &chosen, BPF_ANY);
		return NULL;
	}
	struct backend *b = pick(skb, p, f, now, &chosen.backend);
	if (!b)
		return NULL;
	/* Where it cannot be kept, the next packet is given one by the same table. */
	bpf_map_update_elem(&connections, &key, &chosen, BPF_ANY);
	count(skb, SEEN_SERVICE, p->direction);
	return b;
}

/* From p->frontend to its backend. 0, PASS_PROXY or a drop reason. */
__noinline int to_backend(struct __sk_buff *skb)
{
	struct packet *p = packet_now();
	bool proxied = false;
	struct backend *b = p ? backend_for(skb, p, &p->frontend, &proxied) : NULL;

	if (!b)
		return proxied ? PASS_PROXY : DROP_NO_SERVICE;
	struct end to = {b->address, b->port};
	return rewrite_destination(skb, p, &to);
}

/* From the backend to the frontend that the client of p->reverse knows. One that is gone has no clients. 0 or a drop reason. */
__noinline int from_backend(struct __sk_buff *skb)
{
	struct packet *p = packet_now();
	struct reverse *there = p ? bpf_map_lookup_elem(&reverse, &p->reverse) : NULL;

	if (!there)
		return DROP_NO_SERVICE;
	struct end to = {there->address, there->port};
	return rewrite_source(skb, p, &to);
}

/* Keeps what the node opened for itself, or for somebody outside: no policy judges it here, but its replies must find their frontend. */
__noinline int remember(struct __sk_buff *skb)
{
	struct packet *p = packet_now();

	if (!p)
		return 0;
	__u32 now = p->now;

	p->tuple.scope = SCOPE_EGRESS;
	struct connection *c = p->fresh ? NULL : connection_at(&p->tuple, now);
	if (c && c->service == p->service) {
		if (!p->related)
			connection_touch(skb, c, p, false, now);
		return 0;
	}
	/* Nobody was told of its beginning. */
	struct connection opened = {
		.expires = now + lifetime(p->protocol, 0), .flags = CONNECTION_TOLD | (p->by_proxy ? CONNECTION_BY_PROXY : 0),
		.service = p->service, .packets = 1, .bytes = skb->len};
	if (!p->related)
		bpf_map_update_elem(&connections, &p->tuple, &opened, BPF_ANY);
	return 0;
}

/* Whether the packet answers one of those; p->reverse says whose it is. */
__noinline int recall(struct __sk_buff *skb)
{
	struct packet *p = packet_now();
	struct connection_key back;

	if (!p)
		return false;
	__u32 now = p->now;

	p->tuple.scope = SCOPE_INGRESS;
	turn_round(&back, &p->tuple);
	struct connection *c = p->fresh ? NULL : connection_at(&back, now);
	if (!c || !c->service)
		return false;
	p->reverse = c->service;
	if (!p->related)
		connection_touch(skb, c, p, true, now);
	return true;
}
