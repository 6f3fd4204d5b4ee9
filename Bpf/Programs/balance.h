/* Which backend of a frontend a new connection gets. */
#pragma once

#include "conntrack.h"

static __always_inline __u32 mix(__u32 hash, __u32 word)
{
	hash = (hash ^ word) * 0x9e3779b1;
	return hash ^ hash >> 15;
}

/*
 * The same on every node that the client may ask, so without the address that it asked for. With affinity a client's connections go
 * together even where nobody remembers it.
 */
static __always_inline __u32 hash_of_client(const struct packet *p, const struct frontend *f)
{
	__u32 hash = p->tuple.protocol;

	for (int i = 0; i < 4; i++)
		hash = mix(hash, p->tuple.source.words[i]);
	if (!f->affinity)
		hash = mix(hash, (__u32)p->tuple.source_port << 16 | p->tuple.destination_port);
	hash ^= hash >> 16;
	return mix(hash, hash >> 3);
}

/* A SYN that is sent again has the same number, and goes to the same backend while that is there: by chance, but once a connection. */
static __always_inline __u32 chance_of(struct __sk_buff *skb, const struct packet *p)
{
	__u32 sequence;

	if (p->fresh && !bpf_skb_load_bytes(skb, p->transport_offset + TCP_SEQUENCE, &sequence, sizeof(sequence)))
		return mix(mix(mix(p->tuple.source.words[3], sequence), p->tuple.source_port), sequence);
	return bpf_get_prandom_u32();
}

/* Only one that belongs to the frontend: its region may have been given to another one this very moment. */
static __always_inline struct backend *backend_of(const struct frontend *f, __u32 id)
{
	struct backend *b = bpf_map_lookup_elem(&backends, &id);
	return b && b->service == f->id ? b : NULL;
}

static __always_inline __u32 pick_slot(struct __sk_buff *skb, const struct packet *p, const struct frontend *f)
{
	__u32 by = f->flags & FRONTEND_RANDOM ? chance_of(skb, p) : hash_of_client(p, f);
	__u32 slot = f->slots + by % f->count, at = slot / 2;
	struct slot_pair *pair = bpf_map_lookup_elem(&slots, &at);

	return pair ? pair->backends[slot & 1] : 0;
}

/* NULL = nobody. */
static __always_inline struct backend *pick(struct __sk_buff *skb, const struct packet *p, const struct frontend *f, __u32 now, __u32 *id)
{
	struct affinity_key key = {.client = p->tuple.source, .service = f->id};
	struct affinity last = {.used = now};
	struct backend *b = NULL;

	if (!f->count)
		return NULL;
	if (f->affinity) {
		struct affinity *before = bpf_map_lookup_elem(&affinities, &key);
		if (before && now - before->used < f->affinity) {
			last.backend = before->backend;
			b = backend_of(f, last.backend);
		}
	}
	if (!b || b->draining) {
		last.backend = pick_slot(skb, p, f);
		b = backend_of(f, last.backend);
	}
	*id = last.backend;
	if (f->affinity && b)
		bpf_map_update_elem(&affinities, &key, &last, BPF_ANY);
	return b;
}
