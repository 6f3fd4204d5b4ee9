/* Counters, and events to the agent. */
#pragma once

#include <linux/pkt_cls.h>
#include "packet.h"

static __always_inline void count(struct __sk_buff *skb, __u8 reason, __u8 direction)
{
	__u32 at = (__u32)reason * 2 + direction;
	struct metric *metric = bpf_map_lookup_elem(&metrics, &at);

	if (metric) {
		metric->packets++;
		metric->bytes += skb->len;
	}
}

/* A busy node is not drowned: so many events a second of each kind on each CPU, the others are only counted. */
static __always_inline bool may_tell(struct __sk_buff *skb, const struct packet *p, __u8 reason)
{
	__u32 most = reason ? settings.drop_event_limit : settings.flow_event_limit;
	__u32 at = reason, second = bpf_ktime_get_ns() / 1000000000ull;
	struct event_limit *limit = most ? bpf_map_lookup_elem(&event_limits, &at) : NULL;

	if (!limit)
		return true;
	if (limit->second != second) {
		limit->second = second;
		limit->count = 0;
	}
	if (limit->count++ < most)
		return true;
	count(skb, SEEN_LIMITED_EVENT, p->direction);
	return false;
}

static __always_inline struct event *event_about(struct __sk_buff *skb, const struct packet *p, __u8 type, __u8 reason)
{
	if (!may_tell(skb, p, reason))
		return NULL;
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		count(skb, SEEN_LOST_EVENT, p->direction);
		return NULL;
	}
	event->time = bpf_ktime_get_ns();
	event->source = p->source;
	event->destination = p->destination;
	event->source_identity = p->source_identity;
	event->destination_identity = p->destination_identity;
	event->ifindex = skb->ifindex;
	event->length = skb->len;
	/* An ICMP error has no ports of its own. */
	event->source_port = p->related ? 0 : p->tuple.source_port;
	event->destination_port = p->related ? 0 : p->tuple.destination_port;
	event->endpoint = p->endpoint;
	event->type = type;
	event->reason = reason;
	event->direction = p->direction;
	event->protocol = p->protocol;
	event->tcp_flags = p->tcp_flags;
	event->icmp_type = p->icmp_type;
	event->service = p->service;
	event->packets = 1;
	event->bytes = skb->len;
	return event;
}

__noinline int tell(struct __sk_buff *skb, __u32 type, __u32 reason)
{
	struct packet *p = packet_now();
	struct event *event = p ? event_about(skb, p, type, reason) : NULL;

	if (event)
		bpf_ringbuf_submit(event, 0);
	return 0;
}

/* The end of a connection, told as it was opened, by whichever side's packet ended it. */
static __always_inline void tell_end(struct __sk_buff *skb, const struct packet *p, const struct connection_key *key, const struct connection *c)
{
	struct event *event = event_about(skb, p, EVENT_END, 0);

	if (!event)
		return;
	if (!address_equal(&key->source, &p->tuple.source) || key->source_port != p->tuple.source_port) {
		event->source_identity = p->destination_identity;
		event->destination_identity = p->source_identity;
	}
	event->source = key->source;
	event->destination = key->destination;
	event->source_port = key->source_port;
	event->destination_port = key->destination_port;
	event->direction = key->scope;
	event->service = c->service;
	event->packets = c->packets + c->reply_packets;
	event->bytes = c->bytes + c->reply_bytes;
	bpf_ringbuf_submit(event, 0);
}

static __always_inline int drop(struct __sk_buff *skb, const struct packet *p, __u8 reason)
{
	count(skb, reason, p->direction);
	/* Of what could not be read there is nothing to tell, and each idle pod tries its IPv6 now and then. */
	if (settings.drop_events && reason != DROP_UNSUPPORTED_L3)
		tell(skb, EVENT_DROP, reason);
	return TC_ACT_SHOT;
}

static __always_inline int pass(struct __sk_buff *skb, const struct packet *p, __u8 reason)
{
	count(skb, reason, p->direction);
	return TC_ACT_OK;
}
