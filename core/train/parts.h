/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The parts of a step (--accumulate): the networks see one part of the step's pictures at a time,
 * and learn from the sum of the parts' gradients.  If there are ranks, each computes a range of the
 * parts, and all get the sums (sum.h). */

#pragma once

#include "base/parallel.h"
#include "base/real.h"
#include "ranks.h"

/* Most numbers that a recipe notes about each part, such as its losses. */
#define P2P_PART_NUMBERS 16

typedef struct
{
  int              n;             /* parts in a step */
  int              first, end;    /* this rank computes the parts first … end − 1 */
  gboolean         half;          /* sums of gradients are rounded to 16 bits (tree.h) */
  const P2pRanks  *ranks;         /* not owned; NULL: this process computes all parts */
  P2pParallel     *parallel;      /* not owned */
  double         (*numbers)[P2P_PART_NUMBERS];   /* [n] */
} P2pParts;

/* Whether each rank can have a part.
 * Errors: P2P_ERROR_OPTION there are more ranks than parts. */
gboolean   p2p_parts_check  (int n, const P2pRanks *ranks, GError **error);

/* The parts of a step that a rank computes, first … end − 1, of n in all. */
void       p2p_parts_range  (int n, const P2pRanks *ranks, int rank, int *first, int *end);

P2pParts * p2p_parts_new    (int n, gboolean half, const P2pRanks *ranks, P2pParallel *parallel);
void       p2p_parts_free   (P2pParts *parts);

/* Sets all numbers to 0. */
void       p2p_parts_clear_numbers (P2pParts *parts);

/* Gives all ranks the numbers of all parts. */
void       p2p_parts_gather_numbers (P2pParts *parts);

/* The sum of a number over all parts, in their order. */
double     p2p_parts_total  (const P2pParts *parts, int number);

/* Gives all ranks the values of all parts.  values is [n, size], of which each rank has filled in
 * those of its parts. */
void       p2p_parts_share  (const P2pParts *parts, p2p_real *values, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pParts, p2p_parts_free)
