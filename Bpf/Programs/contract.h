/*
 * What the kernel and the agent agree on: keys, values, numbers and limits; no logic. Bpf/Contract mirrors it, and a test compares
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
	MAX_FRONTENDS = 65536,
	MAX_BACKENDS = 262144,
	/* Of 4 bytes each, all there from the start: 16 MiB. */
	MAX_SLOTS = 1 << 22,
	MAX_AFFINITIES = 65536,
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
	/* A node's gateway, at an address of its own. */
	IDENTITY_INGRESS = 8,
	IDENTITY_FIRST_LOCAL = 256,
	IDENTITY_CLUSTER_SHIFT = 16,
	/*
	 * This and a number of IDENTITY_FIRST_LOCAL to 0xffff: a CIDR's, of this node alone. A mark has no room for the bit, and needs none:
	 * without it the number would be cluster 0's, which there is not.
	 */
	IDENTITY_CIDR = 1 << 24,
};

/* As seen by the pod. */
enum direction { DIRECTION_INGRESS = 0, DIRECTION_EGRESS = 1 };

/*
 * What a connection is kept for. Ingress: the pod that was asked. Egress: the pod that opened it, or the node where it opened it for
 * itself or for somebody outside. Service: the frontend that was asked for, and which backend it was given.
 */
enum scope { SCOPE_INGRESS = 0, SCOPE_EGRESS = 1, SCOPE_SERVICE = 2 };

/* skb->mark of what the node's stack is to know: identity << 8 | one of these (docs/decisions/services.md). */
enum mark {
	MARK_MASK = 0xff,
	/* A pod's connection that the node's proxy takes: the stack delivers it to the node itself (rule and table of HostNetwork). */
	MARK_TO_PROXY = 0x02,
	/* The proxy's own: identity 0 = to whom it answers, else to a backend on behalf of that identity. */
	MARK_FROM_PROXY = 0x0b,
	/* From outside, to a backend: the source is to be the node's own unless the backend is a pod of this node. */
	MARK_OUTSIDE = 0x0e,
	/* Host's own, to a backend that only the stack knows the way to. */
	MARK_HOST = 0x0c,
};

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
	DROP_NO_SERVICE = 158,
	DROP_NO_TUNNEL_ENDPOINT = 160,
	/* What policy or the service gives to the proxy alone, and no proxy takes connections. */
	DROP_NO_PROXY = 161,
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
	/* To the node's proxy. */
	PASS_PROXY = 5,
	/* Not a verdict: the peer's identity was not known yet. It was judged as unknown, not as world. */
	SEEN_UNKNOWN_IDENTITY = 16,
	/* Not a verdict: the ring of events was full and one was lost. */
	SEEN_LOST_EVENT = 17,
	/* Not a verdict: there were so many of its kind in this second that it was not told. */
	SEEN_LIMITED_EVENT = 18,
	/* Not a verdict: a backend was chosen. */
	SEEN_SERVICE = 19,
	/* Not a verdict: the sender was told that nobody is there, a pod by ICMP, and by a reset who needs a proxy. */
	SEEN_REFUSED = 20,
	/* Not a verdict: no proxy takes connections, and a service that it balances was balanced here. */
	SEEN_PROXY_BYPASS = 21,
};

struct address {
	__be32 words[4];
};

/* Which remote pods are reached by VXLAN; others by the node's own routes. SOME: those whose peer has a tunnel. */
enum tunnelled { TUNNEL_NONE = 0, TUNNEL_ALL = 1, TUNNEL_SOME = 2 };

/* const volatile in each object, set before it is loaded. Lifetimes in seconds. */
struct settings {
	__u32 overlay_ifindex;
	__u32 tcp_lifetime;
	__u32 opening_lifetime;
	__u32 closing_lifetime;
	__u32 other_lifetime;
	/* Events a second of each CPU: drops of each reason, and connections. 0 = no limit. */
	__u32 drop_event_limit;
	__u32 flow_event_limit;
	/* The UDP port of tunnels, host order: what the node sends and gets there is not looked at from outside. */
	__u16 tunnel_port;
	/* enum tunnelled */
	__u8 tunnel;
	/* 0 or 1: events of connections, events of drops. */
	__u8 flow_events;
	__u8 drop_events;
	/* 0 or 1: connections can be given to the node's proxy, as the kernel has sk_lookup. Without, what policy gives to it is dropped. */
	__u8 proxy;
	__u8 pad[2];
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
	/* Not 0: allowed by way of the node's proxy, which asks the rest of the rules. */
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
	/* enum scope */
	__u8 scope;
	__u16 pad;
};

enum connection_flags {
	CONNECTION_ANSWERED = 1,
	CONNECTION_FIN = 2,
	CONNECTION_REPLY_FIN = 4,
	CONNECTION_RESET = 8,
	CONNECTION_TOLD = 16,
	/* The node's proxy has it: every packet of it goes there. */
	CONNECTION_PROXIED = 32,
	/* The proxy opened it on behalf of its peer: its answers are the proxy's, whatever address they are for. */
	CONNECTION_BY_PROXY = 64,
};

struct connection {
	/* Second of the kernel's monotonic clock. */
	__u32 expires;
	__u32 peer_identity;
	__u32 policy_revision;
	__u16 flags;
	__u16 pad;
	/* The frontend to show to the client, 0 = none; and in the scope of services the backend that it was given. */
	__u32 service;
	__u32 backend;
	/* As it was opened, and back. */
	__u64 packets;
	__u64 bytes;
	__u64 reply_packets;
	__u64 reply_bytes;
};

/* frontends: what clients ask for -> how new connections are balanced. */
struct frontend_key {
	struct address address;
	__be16 port;
	__u8 protocol;
	__u8 pad;
};

/* L7: while the node's proxy takes connections, it balances what pods ask. */
enum frontend_flags { FRONTEND_RANDOM = 1, FRONTEND_EXTERNAL = 2, FRONTEND_L7 = 4 };

struct frontend {
	/* Of the services' numbers, never reused while something may refer to it. */
	__u32 id;
	/* Its region of the slots; count 0 = nobody is there. */
	__u32 slots;
	__u32 count;
	/* Seconds; 0 = none. */
	__u32 affinity;
	__u32 flags;
};

/* reverse: id of a frontend -> what its clients see. */
struct reverse {
	struct address address;
	__be16 port;
	__u16 pad;
};

/* backends: id -> where. Each belongs to one frontend; gone from here, its connections go elsewhere or end. */
struct backend {
	struct address address;
	__be16 port;
	/* 1: keeps its connections, gets no new ones. */
	__u8 draining;
	__u8 pad;
	__u32 service;
	__u64 weight;
};

/* slots: backend ids, two by two, as the kernel makes no element smaller than 8 bytes. */
struct slot_pair {
	__u32 backends[2];
};

/* affinities: who was where last. */
struct affinity_key {
	struct address client;
	__u32 service;
};

struct affinity {
	__u32 backend;
	/* Second of the kernel's monotonic clock. */
	__u32 used;
};

/* event_limits: per CPU, at the reason of the drop, or 0 for connections. */
struct event_limit {
	__u32 second;
	__u32 count;
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

enum event_type { EVENT_DROP = 1, EVENT_CONNECTION = 2, EVENT_END = 3 };

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
	/* The frontend that was asked for; 0 = none. */
	__u32 service;
	/* Of an ended connection, both ways; else of this packet. */
	__u64 packets;
	__u64 bytes;
};

_Static_assert(sizeof(struct endpoint) == 28, "endpoint");
_Static_assert(sizeof(struct connection_key) == 40, "connection_key");
_Static_assert(sizeof(struct policy_key) == 12, "policy_key");
_Static_assert(sizeof(struct connection) == 56, "connection");
_Static_assert(sizeof(struct frontend_key) == 20, "frontend_key");
_Static_assert(sizeof(struct backend) == 32, "backend");
_Static_assert(sizeof(struct slot_pair) == 8, "slot_pair");
_Static_assert(sizeof(struct event) == 88, "event");
