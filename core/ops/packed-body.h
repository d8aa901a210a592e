/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The kernel of packed.c, which includes this file once for each kind of processor, after it has
 * defined
 *
 *   NAME (x)   x with a suffix for the kind of processor
 *   TARGET     the target attribute of the functions
 *   BYTES      the size of a vector in bytes
 *   WIDEN (x)  loads halves from x and converts them to a vector; undefined when the processor has
 *              no such instruction
 *   ROWS       rows of a tile, as many as its registers can hold (see tile_rows) */

typedef p2p_real NAME (Vec) __attribute__ ((vector_size (BYTES)));

/* A vector in memory that need not be aligned. */
typedef p2p_real NAME (VecAt) __attribute__ ((vector_size (BYTES), aligned (sizeof (p2p_real)),
                                              may_alias));

#define LANES ((int) (BYTES / sizeof (p2p_real)))

/* Loads a vector of a panel: the elements from lane on of the panel's row at b. */
static inline __attribute__ ((always_inline)) TARGET NAME (Vec)
NAME (load) (const guint8   *b,
             const gboolean  halves,
             const int       lane)
{
#ifdef WIDEN
  if (halves)
    return (NAME (Vec)) WIDEN (b + lane * sizeof (guint16));
#endif
  return *(const NAME (VecAt) *) (b + lane * sizeof (p2p_real));
}

/* Computes a tile of C, of rows × 2 vectors, as a sum of outer products: for each row of the panel,
 * its 2 vectors times the element of each row of A that belongs to it.  The 2 · rows sums and the 2
 * vectors of the panel stay in registers.  rows, halves and transposed (whether A is) are constants
 * where this is inlined. */
static inline __attribute__ ((always_inline)) TARGET void
NAME (tile_rows) (const int       rows,
                  const gboolean  halves,
                  const gboolean  transposed,
                  const Tile     *t)
{
  NAME (Vec)    sum[ROWS][2];
  const guint8 *b = t->b, *ahead = t->ahead;

  for (int i = 0; i < rows; i++)
    sum[i][0] = sum[i][1] = (NAME (Vec)) { 0 };

  for (int s = 0; s < t->n_segments; s++)
    {
      const p2p_real *a[ROWS], *column = t->columns;

      for (int i = 0; i < rows && ! transposed; i++)
        a[i] = t->from[(gsize) s * t->stride + i] + t->offset;
      for (int k = 0; k < t->length; k++)
        {
          __builtin_prefetch (ahead, 0, 2);
          NAME (Vec) b0 = NAME (load) (b, halves, 0), b1 = NAME (load) (b, halves, LANES);

          for (int i = 0; i < rows; i++)
            {
              const p2p_real x = transposed ? column[i] : a[i][k];

              sum[i][0] += x * b0;
              sum[i][1] += x * b1;
            }
          b += t->b_step;
          ahead += t->ahead_step;
          column += t->pitch;
        }
    }

  /* C is added last, and not where the sums begin: adding up partial sums loses less to rounding
   * than one long sum. */
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < 2; j++)
      {
        NAME (VecAt) *c = (NAME (VecAt) *) (t->c + (gsize) i * t->ldc + j * LANES);

        if (t->accumulate)
          sum[i][j] += *c;
        *c = sum[i][j];
      }
}

#ifdef WIDEN
#define HALVES(t) ((t)->halves)
#else
#define HALVES(t) FALSE
#endif

#define CASE(n)                                                                                 \
  case n:                                                                                       \
    if (t->columns)                                                                             \
      NAME (tile_rows) (n, FALSE, TRUE, t);                                                     \
    else if (HALVES (t))                                                                        \
      NAME (tile_rows) (n, TRUE, FALSE, t);                                                     \
    else                                                                                        \
      NAME (tile_rows) (n, FALSE, FALSE, t);                                                    \
    break;

static TARGET void
NAME (tile) (int         rows,
             const Tile *t)
{
  switch (rows)
    {
    CASE (1) CASE (2) CASE (3) CASE (4) CASE (5) CASE (6)
#if ROWS > 6
    CASE (7) CASE (8) CASE (9) CASE (10) CASE (11) CASE (12) CASE (13) CASE (14)
#endif
    }
}

#undef CASE
#undef HALVES
#undef WIDEN
#undef LANES
#undef NAME
#undef TARGET
#undef BYTES
#undef ROWS
