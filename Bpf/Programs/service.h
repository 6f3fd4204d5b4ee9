/* From frontends to backends, and back. */
#pragma once

#include "balance.h"
#include "translate.h"

static __always_inline bool is_balanced(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
}

static __always_inline struct frontend *frontend_of(const struct packet *p)
{
	struct frontend_key key = {
		.address = p->tuple.destination, .port = p->tuple.destination_port, .protocol = p->tuple.protocol};

	return is_balanced(p->tuple.protocol) ? bpf_map_lookup_elem(&frontends, &key) : NULL;
}

/* Replies do not come by here: a client that has said FIN may listen on, and keeps its backend by what it acknowledges. */
static __always_inline __u32 service_lifetime(const struct packet *p)
{
	if (p->protocol != IPPROTO_TCP)
		return settings.other_lifetime;
	if (p->tcp_flags & TCP_RST)
		return settings.closing_lifetime;
	return p->fresh || (p->tcp_flags & TCP_FIN) ? settings.opening_lifetime : settings.tcp_lifetime;
}

/* The backend of a connection to a frontend: the one that it had, while that exists; else a new one. NULL = nobody. */
static __always_inline struct backend *backend_for(struct __sk_buff *skb, const struct packet *p, const struct frontend *f)
{
	struct connection_key key = p->tuple;
	__u32 now = now_seconds(), expires = now + service_lifetime(p);

	key.scope = SCOPE_SERVICE;
	struct connection *c = p->fresh ? NULL : connection_at(&key, now);
	if (c && c->service == f->id) {
		struct backend *b = backend_of(f, c->backend);
		if (b) {
			if (c->expires != expires && !p->related)
				c->expires = expires;
			return b;
		}
	}
	/* An error about a connection that nobody remembers is nobody's. */
	if (p->related)
		return NULL;
	struct connection chosen = {.expires = expires, .service = f->id};
	struct backend *b = pick(skb, p, f, now, &chosen.backend);
	if (!b)
		return NULL;
	/* Where it cannot be kept, the next packet is given one by the same table. */
	bpf_map_update_elem(&connections, &key, &chosen, BPF_ANY);
	count(skb, SEEN_SERVICE, p->direction);
	return b;
}

/* From the frontend to its backend. 0 or a drop reason; p->service says whose it is. */
static __always_inline int to_backend(struct __sk_buff *skb, struct packet *p, const struct frontend *there)
{
	/* A copy: the agent may replace it meanwhile. */
	struct frontend f = *there;

	p->service = f.id;
	struct backend *b = backend_for(skb, p, &f);
	if (!b)
		return DROP_NO_SERVICE;
	struct end to = {b->address, b->port};
	return rewrite_destination(skb, p, &to);
}

/* Of a reply: from the backend to the frontend that its client knows. A frontend that is gone has no clients. */
static __always_inline int from_backend(struct __sk_buff *skb, struct packet *p)
{
	struct reverse *there = p->reverse ? bpf_map_lookup_elem(&reverse, &p->reverse) : NULL;

	if (!there)
		return p->reverse ? DROP_NO_SERVICE : 0;
	struct end to = {there->address, there->port};
	return rewrite_source(skb, p, &to);
}

/* Keeps what the node opened for itself, or for somebody outside: no policy judges it here, but its replies must find their frontend. */
static __always_inline void remember(struct __sk_buff *skb, struct packet *p)
{
	__u32 now = now_seconds();

	p->tuple.scope = SCOPE_EGRESS;
	struct connection *c = p->fresh ? NULL : connection_at(&p->tuple, now);
	if (c && c->service == p->service) {
		if (!p->related)
			connection_touch(skb, c, &p->tuple, p, false, now);
		return;
	}
	/* Nobody was told of its beginning. */
	struct connection opened = {
		.expires = now + lifetime(p->protocol, 0), .flags = CONNECTION_TOLD, .service = p->service, .packets = 1, .bytes = skb->len};
	if (!p->related)
		bpf_map_update_elem(&connections, &p->tuple, &opened, BPF_ANY);
}

/* Whether the packet answers one of those; p->reverse says whose it is. */
static __always_inline bool recall(struct __sk_buff *skb, struct packet *p)
{
	__u32 now = now_seconds();
	struct connection_key back;

	p->tuple.scope = SCOPE_INGRESS;
	turn_round(&back, &p->tuple);
	struct connection *c = p->fresh ? NULL : connection_at(&back, now);
	if (!c || !c->service)
		return false;
	p->reverse = c->service;
	if (!p->related)
		connection_touch(skb, c, &back, p, true, now);
	return true;
}
