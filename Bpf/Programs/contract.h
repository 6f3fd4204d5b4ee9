/*
 * What the kernel and the agent agree on: keys, values, numbers and limits; no logic. Contract.cs mirrors it, and a test compares
 * every size, offset and number with the BTF of the built object.
 *
 * Addresses are 16 bytes, IPv4 as ::ffff:a.b.c.d, in all keys: IPv6 is another parser, not another set of maps
 * (docs/decisions/ipv6.md). Ports and addresses are in network order, everything else in the machine's.
 */
#pragma once

/* In the path of the pinned maps: another layout gets maps of its own. */
enum layout { LAYOUT_VERSION = 1 };

enum limits {
	MAX_ENDPOINTS = 4096,
	MAX_IPCACHE = 512000,
	MAX_NODES = 16384,
	MAX_CONNECTIONS = 131072,
	MAX_FRAGMENTS = 8192,
	MAX_POLICY_ENTRIES = 16384,
	EVENT_RING_BYTES = 1 << 20,
	/* One for each reason and direction. */
	MAX_METRICS = 512,
};

/* Reserved identities that the programs speak of (cilium.md 3.1); the first 256 belong to no cluster. */
enum identity {
	IDENTITY_UNKNOWN = 0,
	IDENTITY_HOST = 1,
	IDENTITY_WORLD = 2,
	IDENTITY_REMOTE_NODE = 6,
	IDENTITY_FIRST_LOCAL = 256,
	IDENTITY_CLUSTER_SHIFT = 16,
};

/* As seen by the pod. Also the scope of a connection: who opened it. */
enum direction { DIRECTION_INGRESS = 0, DIRECTION_EGRESS = 1 };

/* Why a packet was dropped: Cilium's numbers. */
enum drop_reason {
	DROP_INVALID_SOURCE = 132,
	DROP_POLICY = 133,
	DROP_INVALID_PACKET = 134,
	DROP_UNSUPPORTED_L3 = 139,
	DROP_WRITE_ERROR = 141,
	DROP_NO_TUNNEL_KEY = 147,
	DROP_UNROUTABLE = 151,
	DROP_CONNECTION_INSERT = 155,
	DROP_NO_TUNNEL_ENDPOINT = 160,
	DROP_NO_POLICY_MAP = 165,
	DROP_INVALID_IDENTITY = 171,
	DROP_UNKNOWN_SENDER = 172,
	DROP_FRAGMENT_NOT_FOUND = 175,
	DROP_PROXY_UNSUPPORTED = 180,
	DROP_POLICY_DENY = 181,
	DROP_INVALID_CLUSTER = 192,
};

/* What else is counted; ours, below Cilium's drop reasons. */
enum pass_reason {
	PASS_LOCAL = 1,
	PASS_TUNNEL = 2,
	PASS_STACK = 3,
	/* Neighbour discovery of IPv4, which the kernel answers. */
	PASS_ARP = 4,
	/* Not a verdict: the peer's identity was not known yet. It was judged as unknown, not as world. */
	SEEN_UNKNOWN_IDENTITY = 16,
	/* Not a verdict: the ring of events was full and one was lost. */
	SEEN_LOST_EVENT = 17,
};

struct address {
	__be32 words[4];
};

/* const volatile in each object, set before it is loaded. Lifetimes in seconds. */
struct settings {
	__u32 overlay_ifindex;
	__u32 tcp_lifetime;
	__u32 opening_lifetime;
	__u32 closing_lifetime;
	__u32 other_lifetime;
	/* 0 or 1: remote pods by VXLAN, else by the node's own routes; events of new connections; events of drops. */
	__u8 tunnel;
	__u8 flow_events;
	__u8 drop_events;
	__u8 pad;
};

enum endpoint_flags { ENDPOINT_INGRESS_POLICY = 1, ENDPOINT_EGRESS_POLICY = 2 };

/* endpoints: address -> a pod of this node. A direction without its flag is not judged at all. */
struct endpoint {
	__u32 ifindex;
	__u32 identity;
	/* From one counter of the node, never reused: a connection judged at another revision is judged again. */
	__u32 policy_revision;
	__u16 id;
	__u16 flags;
	__u8 mac[6];
	/* Of the node's end of the veth: the pod's gateway. */
	__u8 gateway_mac[6];
};

/* ipcache: longest prefix -> who and where. The length counts all 128 bits: 96 + n for IPv4. */
struct prefix {
	__u32 length;
	struct address address;
};

struct peer {
	/* 0 where the range belongs to pods but the pod is not known yet. */
	__u32 identity;
	__u32 pad;
	/* The node to tunnel to; all zero: none. */
	struct address tunnel;
};

/* nodes: outer source address -> a node that may speak for the identities of its cluster. */
struct node {
	__u32 cluster_id;
};

/* policies: endpoint id -> LPM of policy_key. Lengths: 40 = any protocol, 48 = any port, 48 + n = a range of ports. */
enum policy_prefix { POLICY_PREFIX_IDENTITY = 40, POLICY_PREFIX_PROTOCOL = 48, POLICY_PREFIX_PORT = 64 };

struct policy_key {
	__u32 length;
	/* 0 = any */
	__u32 identity;
	__u8 egress;
	__u8 protocol;
	/* The destination's; of ICMP: the type. */
	__be16 port;
};

/* The higher precedence of (identity, any) wins, then the longer prefix. Inside one identity the longest prefix is all that is seen. */
struct policy_entry {
	__be16 proxy_port;
	__u8 deny;
	__u8 prefix_length;
	__u32 precedence;
};

/* connections: as its first packet went. ICMP echo has its id as both ports. */
struct connection_key {
	struct address source;
	struct address destination;
	__be16 source_port;
	__be16 destination_port;
	__u8 protocol;
	/* enum direction: kept once for the pod that opened it and once for the one that was asked. */
	__u8 scope;
	__u16 pad;
};

enum connection_flags { CONNECTION_ANSWERED = 1, CONNECTION_FIN = 2, CONNECTION_REPLY_FIN = 4, CONNECTION_RESET = 8 };

struct connection {
	/* Second of the kernel's monotonic clock. */
	__u32 expires;
	__u32 peer_identity;
	__u32 policy_revision;
	__u16 flags;
	/* Of service translation, 0 until there is one: the frontend to show to the client, and the backend that was chosen. */
	__u16 service;
	__u32 backend;
};

/* fragments: the ports that only the first one carries. The id has 32 bits in IPv6. */
struct fragment_key {
	struct address source;
	struct address destination;
	__be32 id;
	__u8 protocol;
	__u8 pad[3];
};

struct fragment_ports {
	__be16 source;
	__be16 destination;
};

/* metrics: per CPU, at reason * 2 + direction. */
struct metric {
	__u64 packets;
	__u64 bytes;
};

enum event_type { EVENT_DROP = 1, EVENT_CONNECTION = 2 };

/* events: what the agent shows as a flow. */
struct event {
	/* Nanoseconds of the kernel's monotonic clock. */
	__u64 time;
	struct address source;
	struct address destination;
	__u32 source_identity;
	__u32 destination_identity;
	__u32 ifindex;
	__u32 length;
	__be16 source_port;
	__be16 destination_port;
	/* The pod of this node that the verdict is about; 0 = none. */
	__u16 endpoint;
	__u8 type;
	__u8 reason;
	__u8 direction;
	__u8 protocol;
	__u8 tcp_flags;
	__u8 icmp_type;
};

_Static_assert(sizeof(struct endpoint) == 28, "endpoint");
_Static_assert(sizeof(struct connection_key) == 40, "connection_key");
_Static_assert(sizeof(struct policy_key) == 12, "policy_key");
_Static_assert(sizeof(struct event) == 72, "event");
