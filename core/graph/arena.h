/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The arena: every value, saved and scratch buffer of a graph in one block, planned by lifetime. */

#pragma once

#include "graph.h"

#define P2P_ALIGN 64    /* bytes, of every buffer */
#define P2P_GUARD 64    /* bytes behind every buffer that no op may touch: tests look at them */

/* Sets offsets, storages and last_use of all nodes, and the arena's size. */
void p2p_arena_plan (P2pGraph *graph);
