/* What the node's own stack sends to a pod. */
#pragma once

#include "answer.h"
#include "deliver.h"

/* By the VXLAN interface, which takes what has the node's own addresses as source; from_overlay lets it by its mark. */
static __always_inline int back_to_proxy(struct __sk_buff *skb, struct packet *p, int reason)
{
	return goes_to_proxy(skb, p, reason) ? bpf_redirect(settings.overlay_ifindex, BPF_F_INGRESS) : TC_ACT_SHOT;
}

/* The proxy is the other end of the pod's connection: nobody is to be asked about it, nor about who seems to have sent it. */
static __always_inline int pass_answer(struct __sk_buff *skb, struct packet *p)
{
	int reason = p->reverse ? from_backend(skb) : 0;
	return reason ? drop(skb, p, reason) : pass(skb, p, PASS_STACK);
}

/* The address is all there is to know the sender by, and pods do not come this way: neighbours and tunnels pass the stack by. */
static __always_inline int believe_source(struct __sk_buff *skb, struct packet *p)
{
	struct peer *peer = peer_of(&p->source);

	if (endpoint_of(&p->source) || (settings.tunnel && peer && !address_is_none(&peer->tunnel)))
		return DROP_INVALID_SOURCE;
	p->source_identity = identity_of(skb, peer, DIRECTION_INGRESS);
	return 0;
}

/*
 * 1. The proxy's answers, and the resets of its stack, pass.
 * 2. Who is the sender: the one whom the proxy speaks for, else by the address.
 * 3. May the pod receive it (connection, or ingress policy)? By way of the proxy, perhaps: through the stack again.
 */
static __always_inline int to_container(struct __sk_buff *skb)
{
	struct packet *p = packet_begin(DIRECTION_INGRESS);

	if (!p)
		return TC_ACT_SHOT;
	if (skb->protocol == bpf_htons(ETH_P_ARP))
		return pass(skb, p, PASS_ARP);
	int reason = parse_network(skb, p);
	if (reason)
		return drop(skb, p, reason);
	struct endpoint *ep = endpoint_of(&p->destination);
	if (!ep || ep->ifindex != skb->ifindex)
		return drop(skb, p, DROP_UNROUTABLE);
	packet_is_of(p, ep);
	p->destination_identity = ep->identity;
	/* It was for the proxy, but the rule is not there that would have given it to the stack. */
	if (is_marked(skb, MARK_TO_PROXY))
		return drop(skb, p, DROP_NO_PROXY);

	bool proxys = is_marked(skb, MARK_FROM_PROXY);
	p->source_identity = proxys ? skb->mark >> 8 : 0;
	p->by_proxy = p->source_identity;
	if (!p->by_proxy && (proxys || is_reset(skb, p))) {
		reason = parse_transport(skb, p);
		if (reason)
			return drop(skb, p, reason);
		if (answers_proxied(skb) || proxys)
			return pass_answer(skb, p);
	}

	reason = p->by_proxy ? 0 : believe_source(skb, p);
	if (!reason)
		reason = parse_transport(skb, p);
	if (reason)
		return drop(skb, p, reason);
	reason = admit(skb, p->source_identity);
	if (!reason && p->reverse)
		reason = from_backend(skb);
	return reason ? back_to_proxy(skb, p, reason) : pass(skb, p, PASS_STACK);
}
