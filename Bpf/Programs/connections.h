/* The map of connections. */
#pragma once

#include "packet.h"

static __always_inline struct connection *connection_at(const struct connection_key *key, __u32 now)
{
	struct connection *c = bpf_map_lookup_elem(&connections, key);
	return c && c->expires > now ? c : NULL;
}
