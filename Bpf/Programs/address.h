/* Addresses of 16 bytes. */
#pragma once

#include <stdbool.h>
#include <linux/types.h>
#include <bpf/bpf_endian.h>
#include "contract.h"

static __always_inline struct address address_of_ipv4(__be32 ip)
{
	return (struct address){.words = {0, 0, bpf_htonl(0xffff), ip}};
}

static __always_inline bool address_is_none(const struct address *a)
{
	return !(a->words[0] | a->words[1] | a->words[2] | a->words[3]);
}

static __always_inline bool address_equal(const struct address *a, const struct address *b)
{
	return !((a->words[0] ^ b->words[0]) | (a->words[1] ^ b->words[1]) | (a->words[2] ^ b->words[2]) | (a->words[3] ^ b->words[3]));
}
