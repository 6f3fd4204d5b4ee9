/*
 * A pod that its own service gives to itself. Its kernel would not take a packet from its own address: the pod sees an address that is
 * nobody's (Cilium's), and answers that. No policy comes between a pod and itself.
 */
#pragma once

#include "deliver.h"

/* 169.254.42.1, network order */
#define LOOPBACK_ADDRESS bpf_htonl(0xa9fe2a01)

/* After the backend turned out to be the client. */
static __always_inline int hairpin_forth(struct __sk_buff *skb, struct packet *p, struct endpoint *ep)
{
	struct end loopback = {address_of_ipv4(LOOPBACK_ADDRESS), p->tuple.source_port};

	int reason = rewrite_source(skb, p, &loopback);
	if (reason)
		return drop(skb, p, reason);
	remember(skb);
	return into_pod(skb, p, ep);
}

/* What the pod answers. */
static __always_inline int hairpin_back(struct __sk_buff *skb, struct packet *p, struct endpoint *ep)
{
	struct end client = {p->source, p->tuple.destination_port};

	int reason = recall(skb) ? from_backend(skb) : DROP_UNROUTABLE;
	if (!reason)
		reason = rewrite_destination(skb, p, &client);
	return reason ? drop(skb, p, reason) : into_pod(skb, p, ep);
}
