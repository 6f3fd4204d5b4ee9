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

static __noinline void tell(struct __sk_buff *skb, const struct packet *p, __u8 type, __u8 reason)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		count(skb, SEEN_LOST_EVENT, p->direction);
		return;
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
	bpf_ringbuf_submit(event, 0);
}

static __always_inline int drop(struct __sk_buff *skb, const struct packet *p, __u8 reason)
{
	count(skb, reason, p->direction);
	/* Of what could not be read there is nothing to tell, and each idle pod tries its IPv6 now and then. */
	if (settings.drop_events && reason != DROP_UNSUPPORTED_L3)
		tell(skb, p, EVENT_DROP, reason);
	return TC_ACT_SHOT;
}

static __always_inline int pass(struct __sk_buff *skb, const struct packet *p, __u8 reason)
{
	count(skb, reason, p->direction);
	return TC_ACT_OK;
}
