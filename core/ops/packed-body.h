/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The kernel of packed.c, which includes this once for each kind of processor with
 *   NAME (x)   x with the kind's suffix
 *   TARGET     the functions' target attribute
 *   BYTES      of a vector
 *   ROWS       of a tile: as many as there are registers for, see tile_rows. */

typedef p2p_real NAME (Vec) __attribute__ ((vector_size (BYTES), aligned (sizeof (p2p_real)),
                                            may_alias));

#define LANES ((int) (BYTES / sizeof (p2p_real)))

/* C [rows, two vectors] (+)= rows times one panel, an outer product for each k: 2 · rows sums stay in registers,
 * beside two vectors of the panel.  rows is a constant where this is inlined. */
static inline __attribute__ ((always_inline)) TARGET void
NAME (tile_rows) (const int    rows,
                  const Tile  *t)
{
  NAME (Vec)      sum[ROWS][2];
  const p2p_real *b = t->b, *ahead = t->ahead;

  for (int i = 0; i < rows; i++)
    sum[i][0] = sum[i][1] = (NAME (Vec)) { 0 };

  for (int s = 0; s < t->n_segments; s++)
    {
      const p2p_real *a[ROWS];

      for (int i = 0; i < rows; i++)
        a[i] = t->from[(gsize) s * t->stride + i] + t->offset;
      for (int k = 0; k < t->length; k++, b += 2 * LANES, ahead += t->ahead_step)
        {
          __builtin_prefetch (ahead);
          NAME (Vec) b0 = *(const NAME (Vec) *) b, b1 = *(const NAME (Vec) *) (b + LANES);

          for (int i = 0; i < rows; i++)
            {
              sum[i][0] += a[i][k] * b0;
              sum[i][1] += a[i][k] * b1;
            }
        }
    }

  /* Sums of parts, added up last, round less than one long sum. */
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < 2; j++)
      {
        NAME (Vec) *c = (NAME (Vec) *) (t->c + (gsize) i * t->ldc + j * LANES);

        if (t->accumulate)
          sum[i][j] += *c;
        *c = sum[i][j];
      }
}

static TARGET void
NAME (tile) (int         rows,
             const Tile *t)
{
  switch (rows)
    {
    case 1: NAME (tile_rows) (1, t); break;
    case 2: NAME (tile_rows) (2, t); break;
    case 3: NAME (tile_rows) (3, t); break;
    case 4: NAME (tile_rows) (4, t); break;
    case 5: NAME (tile_rows) (5, t); break;
    case 6: NAME (tile_rows) (6, t); break;
#if ROWS > 6
    case 7: NAME (tile_rows) (7, t); break;
    case 8: NAME (tile_rows) (8, t); break;
    case 9: NAME (tile_rows) (9, t); break;
    case 10: NAME (tile_rows) (10, t); break;
    case 11: NAME (tile_rows) (11, t); break;
    case 12: NAME (tile_rows) (12, t); break;
    case 13: NAME (tile_rows) (13, t); break;
    case 14: NAME (tile_rows) (14, t); break;
#endif
    }
}

#undef LANES
#undef NAME
#undef TARGET
#undef BYTES
#undef ROWS
