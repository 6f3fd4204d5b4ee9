/* What the node's own stack sends to a pod. */
#pragma once

#include "answer.h"
#include "deliver.h"

/* By the VXLAN interface, which takes what has the node's own addresses as source; from_overlay lets it by its mark. */
static __always_inline int into_stack(void)
{
	return bpf_redirect(settings.overlay_ifindex, BPF_F_INGRESS);
}

/* The node itself sees the frontend that it asked for; to_network sees to who asked from outside. */
static __always_inline int reset_by_stack(struct __sk_buff *skb, struct packet *p)
{
	if (p->source_identity == IDENTITY_HOST && recall(skb) && from_backend(skb))
		return TC_ACT_SHOT;
	skb->mark = IDENTITY_HOST << 8 | MARK_HOST;
	return into_stack();
}

/* As turn_away, out of the stack. */
static __always_inline int turn_back(struct __sk_buff *skb, struct packet *p, int reason)
{
	if (reason == PASS_PROXY) {
		reason = to_proxy(skb);
		if (!reason)
			return into_stack();
	}
	int verdict = drop(skb, p, reason);
	return is_resettable(p, reason) && !reset_sender(skb) ? reset_by_stack(skb, p) : verdict;
}

/* The proxy is the other end of the pod's connection: nobody is to be asked about it, nor about who seems to have sent it. */
static __always_inline int answer_of_proxy(struct __sk_buff *skb, struct packet *p)
{
	int reason = parse_transport(skb, p);

	if (!reason && is_for_nobody(skb, p))
		reason = DROP_INVALID_IDENTITY;
	if (!reason)
		proxy_answers(skb);
	if (!reason && p->reverse)
		reason = from_backend(skb);
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
 * 1. The proxy's answers pass.
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
	p->source_identity = proxys ? identity_of_mark(skb) : 0;
	p->by_proxy = p->source_identity;
	if (proxys && !p->by_proxy)
		return answer_of_proxy(skb, p);

	reason = p->by_proxy ? 0 : believe_source(skb, p);
	if (!reason)
		reason = parse_transport(skb, p);
	if (reason)
		return drop(skb, p, reason);
	reason = admit(skb, p->source_identity);
	if (!reason && p->reverse)
		reason = from_backend(skb);
	return reason ? turn_back(skb, p, reason) : pass(skb, p, PASS_STACK);
}
