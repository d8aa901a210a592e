/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base/random.h"
#include "pool.h"

P2pParams *
p2p_pool_new (int      size,
              int      h,
              int      w,
              int      c,
              GError **error)
{
  const int     dims[] = { size, h, w, c };
  const P2pInit empty = { 0.0, 0.0 };
  P2pParams    *pool = p2p_params_new ();

  if (p2p_params_declare (pool, "pictures", P2P_STATE, 4, dims, empty, error)
      && p2p_params_init (pool, 0, error))
    return pool;
  p2p_params_free (pool);
  return NULL;
}

void
p2p_pool_exchange (P2pParams      *pool,
                   guint64         before,
                   guint64         seed,
                   guint64         stream,
                   const p2p_real *picture,
                   p2p_real       *shown)
{
  P2pParam   *pictures = p2p_params_nth (pool, 0);
  const guint size = pictures->dims[0];
  const gsize n = pictures->n / size;
  guint       place = before;

  memcpy (shown, picture, n * sizeof (p2p_real));
  if (before >= size)
    {
      if (p2p_random_uniform (seed, stream, 2 * before) <= 0.5)
        return;
      place = p2p_random (seed, stream, 2 * before + 1) % size;
      memcpy (shown, pictures->value + place * n, n * sizeof (p2p_real));
    }
  memcpy (pictures->value + place * n, picture, n * sizeof (p2p_real));
}
