/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The arena: one block of memory for all values, gradients, saved and scratch buffers of a graph.
 * Buffers that do not live at the same time share memory. */

#pragma once

#include "graph.h"

#define P2P_ALIGN 64    /* bytes; every buffer starts at a multiple of this */
#define P2P_GUARD 64    /* bytes behind every buffer; no op may write there, which tests check */

/* Sets what the plan consists of: every node's offsets, storage, g_storage and last_use (P2pNode),
 * and the graph's arena_size. */
void p2p_arena_plan (P2pGraph *graph);
