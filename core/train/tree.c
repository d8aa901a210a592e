/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "tree.h"

gboolean
p2p_tree_join (int          n_parts,
               P2pTreeNode *nodes,
               int         *n_nodes)
{
  P2pTreeNode *last = &nodes[*n_nodes - 1], *before = last - 1;

  while (last->index % 2 == 0 && (last->index + 1) << last->level >= n_parts
         && 1 << last->level < n_parts)
    {
      last->level++;
      last->index /= 2;
    }
  if (*n_nodes < 2 || last->level != before->level || (last->index ^ before->index) != 1)
    return FALSE;
  before->level++;
  before->index /= 2;
  --*n_nodes;
  return TRUE;
}

int
p2p_tree_plan (int          n_parts,
               int          first,
               int          end,
               gboolean     reversed,
               P2pTreeNode *nodes,
               int         *most)
{
  int n = 0;

  *most = 0;
  for (int i = first; i < end; i++)
    {
      nodes[n++] = (P2pTreeNode) { 0, reversed ? first + end - 1 - i : i };
      while (p2p_tree_join (n_parts, nodes, &n))
        ;
      if (i < end - 1)
        *most = MAX (*most, n);
    }
  return n;
}

P2P_WIDE static void
add (p2p_real       *sum,
     const p2p_real *values,
     gsize           n)
{
#pragma GCC ivdep
  for (gsize i = 0; i < n; i++)
    sum[i] += values[i];
}

/* The bfloat16 next to a value, ties to even.  Adding half a unit would carry a NaN too far. */
static inline guint16
narrow (p2p_real value)
{
  const float single = value;
  guint32     bits;

  memcpy (&bits, &single, sizeof bits);
  return single != single ? 0x7fc0 : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

static inline p2p_real
widen (guint16 half)
{
  const guint32 bits = (guint32) half << 16;
  float         single;

  memcpy (&single, &bits, sizeof single);
  return single;
}

P2P_WIDE void
p2p_tree_narrow (guint16        *halves,
                 const p2p_real *values,
                 gsize           n)
{
#pragma GCC ivdep
  for (gsize i = 0; i < n; i++)
    halves[i] = narrow (values[i]);
}

P2P_WIDE void
p2p_tree_widen (p2p_real      *values,
                const guint16 *halves,
                gsize          n)
{
#pragma GCC ivdep
  for (gsize i = 0; i < n; i++)
    values[i] = widen (halves[i]);
}

P2P_WIDE static void
round_all (p2p_real *values,
           gsize     n)
{
#pragma GCC ivdep
  for (gsize i = 0; i < n; i++)
    values[i] = widen (narrow (values[i]));
}

void
p2p_tree_add (p2p_real       *sum,
              const p2p_real *values,
              gsize           n,
              gboolean        half)
{
  if (values)
    add (sum, values, n);
  if (half)
    round_all (sum, n);
}
