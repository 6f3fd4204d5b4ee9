/* Never loaded: one variable of each type of the contract, so that its BTF tells of them all. */
#include <linux/types.h>
#include "contract.h"

enum layout t_layout;
enum limits t_limits;
enum identity t_identity;
enum direction t_direction;
enum scope t_scope;
enum tunnelled t_tunnelled;
enum mark t_mark;
enum frontend_flags t_frontend_flags;
enum drop_reason t_drop_reason;
enum pass_reason t_pass_reason;
enum endpoint_flags t_endpoint_flags;
enum policy_prefix t_policy_prefix;
enum connection_flags t_connection_flags;
enum event_type t_event_type;
struct address t_address;
struct settings t_settings;
struct endpoint t_endpoint;
struct prefix t_prefix;
struct peer t_peer;
struct node t_node;
struct policy_key t_policy_key;
struct policy_entry t_policy_entry;
struct connection_key t_connection_key;
struct connection t_connection;
struct fragment_key t_fragment_key;
struct fragment_ports t_fragment_ports;
struct frontend_key t_frontend_key;
struct frontend t_frontend;
struct reverse t_reverse;
struct backend t_backend;
struct slot_pair t_slot_pair;
struct affinity_key t_affinity_key;
struct affinity t_affinity;
struct event_limit t_event_limit;
struct metric t_metric;
struct event t_event;
