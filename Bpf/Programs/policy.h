/* What the policy of a pod says about a peer, a protocol and a port (cilium.md 3.3). */
#pragma once

#include "packet.h"

static __always_inline struct policy_entry *policy_stronger(struct policy_entry *a, struct policy_entry *b)
{
	if (!a)
		return b;
	if (!b || a->precedence > b->precedence)
		return a;
	return a->precedence == b->precedence && a->prefix_length >= b->prefix_length ? a : b;
}

/* Of the pod that p speaks of. 0 = allowed, PASS_PROXY = by way of the proxy alone, or a drop reason. */
static __always_inline int policy_judge(const struct packet *p, __u8 direction, __u32 identity, __u8 protocol, __be16 port)
{
	__u16 judged = direction == DIRECTION_EGRESS ? ENDPOINT_EGRESS_POLICY : ENDPOINT_INGRESS_POLICY;
	if (!(p->policy_flags & judged))
		return 0;

	__u32 id = p->endpoint;
	void *entries = bpf_map_lookup_elem(&policies, &id);
	/* The agent has not written it yet, or lost it: what it would have said is not known. */
	if (!entries)
		return DROP_NO_POLICY_MAP;

	struct policy_key key = {
		.length = POLICY_PREFIX_PORT, .identity = identity, .egress = direction, .protocol = protocol, .port = port};
	struct policy_entry *exact = bpf_map_lookup_elem(entries, &key);
	key.identity = 0;
	struct policy_entry *any = bpf_map_lookup_elem(entries, &key);
	struct policy_entry *entry = policy_stronger(exact, any);

	if (!entry)
		return DROP_POLICY;
	if (entry->deny)
		return DROP_POLICY_DENY;
	if (entry->proxy_port)
		return protocol == IPPROTO_TCP && settings.proxy ? PASS_PROXY : DROP_PROXY_UNSUPPORTED;
	return 0;
}
