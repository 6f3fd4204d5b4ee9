/* Where a packet goes once it may: a pod of this node, another node, or the node's own stack. */
#pragma once

#include "service.h"

static __always_inline struct endpoint *endpoint_of(const struct address *address)
{
	return bpf_map_lookup_elem(&endpoints, address);
}

static __always_inline struct peer *peer_of(const struct address *address)
{
	struct prefix key = {.length = 128, .address = *address};
	return bpf_map_lookup_elem(&ipcache, &key);
}

/* An address of this node: the others' gateways are behind a tunnel, or a route. */
static __always_inline bool is_own(const struct peer *peer)
{
	return peer->identity == IDENTITY_HOST || (peer->identity == IDENTITY_INGRESS && address_is_none(&peer->tunnel));
}

/* Outside of everything known is the world; known but not yet named is unknown, and never taken for the world. */
static __always_inline __u32 identity_of(struct __sk_buff *skb, const struct peer *peer, __u8 direction)
{
	if (!peer)
		return IDENTITY_WORLD;
	if (peer->identity == IDENTITY_UNKNOWN)
		count(skb, SEEN_UNKNOWN_IDENTITY, direction);
	return peer->identity;
}

/* From the pod's gateway to the pod. */
static __always_inline int set_macs(struct __sk_buff *skb, const struct endpoint *ep)
{
	__u8 macs[2 * ETH_ALEN];

	__builtin_memcpy(macs, ep->mac, ETH_ALEN);
	__builtin_memcpy(macs + ETH_ALEN, ep->gateway_mac, ETH_ALEN);
	return bpf_skb_store_bytes(skb, 0, macs, sizeof(macs), 0);
}

/* Into the pod past the node's end of the veth, whose egress program is not run. */
static __always_inline int into_pod(struct __sk_buff *skb, struct packet *p, struct endpoint *ep)
{
	if (set_macs(skb, ep))
		return drop(skb, p, DROP_WRITE_ERROR);
	count(skb, PASS_LOCAL, p->direction);
	return bpf_redirect_peer(ep->ifindex, 0);
}

/* The id of the network is the identity of the source. A CIDR's number is this node's alone, and would be somebody else there. */
static __always_inline __u32 network_id(__u32 identity)
{
	return identity >= IDENTITY_CIDR ? IDENTITY_WORLD : identity;
}

static __always_inline int set_tunnel(struct __sk_buff *skb, const struct packet *p, const struct peer *peer)
{
	/* No DF outside, the pod's MTU sees to the size. */
	struct bpf_tunnel_key key = {
		.tunnel_id = network_id(p->source_identity), .remote_ipv4 = bpf_ntohl(peer->tunnel.words[3]), .tunnel_ttl = 64};

	return bpf_skb_set_tunnel_key(skb, &key, sizeof(key), BPF_F_ZERO_CSUM_TX);
}

static __always_inline int to_node(struct __sk_buff *skb, const struct packet *p, const struct peer *peer)
{
	if (set_tunnel(skb, p, peer))
		return drop(skb, p, DROP_NO_TUNNEL_ENDPOINT);
	count(skb, PASS_TUNNEL, p->direction);
	return bpf_redirect(settings.overlay_ifindex, 0);
}

/* A reset, to whom it concerns. */
static __always_inline int back_to_sender(struct __sk_buff *skb, struct packet *p)
{
	struct endpoint *ep = endpoint_of(&p->destination);
	if (ep)
		return into_pod(skb, p, ep);
	struct peer *peer = peer_of(&p->destination);
	p->source_identity = p->destination_identity;
	return settings.tunnel && peer && !address_is_none(&peer->tunnel) ? to_node(skb, p, peer) : pass(skb, p, PASS_STACK);
}

/* What may not go on as it came: it is the proxy's, or dropped; a connection that only a proxy could have is reset. On ingress only. */
__noinline int turn_away(struct __sk_buff *skb, int reason)
{
	struct packet *p = packet_now();

	if (!p)
		return TC_ACT_SHOT;
	if (reason == PASS_PROXY) {
		reason = to_proxy(skb);
		if (!reason)
			return TC_ACT_OK;
	}
	int verdict = drop(skb, p, reason);
	return is_resettable(p, reason) && !reset_sender(skb) ? back_to_sender(skb, p) : verdict;
}

static __always_inline int to_pod(struct __sk_buff *skb, struct packet *p, struct endpoint *ep)
{
	p->direction = DIRECTION_INGRESS;
	packet_is_of(p, ep);
	int reason = admit(skb, p->source_identity);
	if (!reason && p->reverse)
		reason = from_backend(skb);
	return reason ? turn_away(skb, reason) : into_pod(skb, p, ep);
}
