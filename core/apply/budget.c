/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "budget.h"

#include "base/memory.h"
#include "compose.h"
#include "hints.h"
#include "pictures/flats.h"
#include "pictures/guided-filter.h"

/* Memory of the program and its libraries, as measured. */
#define BASE_BYTES (32 << 20)

gboolean
p2p_is_scaled (const P2pSizes *sizes)
{
  return sizes->work_w != sizes->width || sizes->work_h != sizes->height;
}

gboolean
p2p_is_enlarged (const P2pSizes *sizes)
{
  return p2p_is_scaled (sizes) && sizes->work_w <= sizes->width
         && sizes->work_h <= sizes->height;
}

guint64
p2p_budget_default (void)
{
  const guint64 available = p2p_memory_read ("MemAvailable");

  return available == G_MAXUINT64 ? available : available / 2;
}

guint64
p2p_budget_fixed (P2pParams *params)
{
  guint64 bytes = BASE_BYTES;

  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      const P2pParam *param = p2p_params_nth (params, i);

      if (param->source)
        bytes += param->n * p2p_dtype_size (param->dtype);
    }
  return bytes;
}

/* Returns the most bytes that making flat colors takes.  *kept gets the bytes of the enlarged
 * colors, which stay allocated while the result is made.  *kept is 0 if colors are not enlarged. */
static guint64
flats_bytes (const P2pSizes *sizes,
             int             channels,
             guint64        *kept)
{
  guint64 fill = p2p_flats_fill_bytes (sizes->work_w, sizes->work_h), enlarge;

  *kept = 0;
  if (! p2p_is_enlarged (sizes))
    return fill;
  *kept = sizeof (float) * sizes->width * (guint64) sizes->height * channels;
  enlarge = p2p_flats_enlarge_bytes (sizes->width, sizes->height, sizes->work_w, sizes->work_h,
                                     channels);
  return MAX (fill, enlarge);
}

/* Returns the bytes that scaling the network's result to the picture's size takes.  reduced is the
 * number of bytes of the P2pResize that scales the picture's planes to the working size.  These
 * bytes count only if there is a guided filter, because it reads from that P2pResize. */
static guint64
enlarge_bytes (const P2pCard  *card,
               const P2pSizes *sizes,
               guint64         reduced)
{
  const int channels = card->options.output_nc;

  if (! p2p_is_scaled (sizes))
    return 0;
  if (p2p_inputs_guide (&card->inputs, card->output))
    return reduced + p2p_guided_filter_bytes (sizes->width, sizes->height, sizes->work_w,
                                              sizes->work_h, channels);
  return sizeof (float) * sizes->work_h * sizes->width * channels;
}

void
p2p_budget_pictures (const P2pCard  *card,
                     const P2pSizes *sizes,
                     guint64        *during,
                     guint64        *after)
{
  guint64  work_pixels = (guint64) sizes->work_w * sizes->work_h;
  guint64  pixels = (guint64) sizes->width * sizes->height;
  guint64  reduced = ! p2p_is_scaled (sizes) ? 0
                     : sizeof (float) * sizes->height * sizes->work_w
                       * p2p_inputs_of_image (&card->inputs);
  gboolean under = p2p_inputs_layering (&card->inputs, card->output) == P2P_LAYERING_UNDER;
  guint64  kept = 0;
  guint64  flats = under ? reduced + flats_bytes (sizes, card->options.output_nc, &kept) : 0;
  guint64  enlarge = kept ? 0 : enlarge_bytes (card, sizes, reduced);
  /* The network's result with the frame, from which the result without it is copied. */
  guint64  framed = card->frame == 0 ? 0
                    : sizeof (float) * (sizes->work_w + 2 * card->frame)
                      * (sizes->work_h + 2 * card->frame) * card->options.output_nc;
  /* As layers the result is RGB colors and gray lines, 4 channels in all. */
  guint64  result = sizeof (float) * pixels * MAX (sizes->result_channels, under ? 4 : 0);

  *during = *after = sizeof (float) * (pixels * sizes->channels
                                       + work_pixels * card->options.output_nc)
                     + p2p_compose_bytes (&card->inputs, sizes->width, sizes->height,
                                          sizes->channels % 2 == 0);
  *during += framed + reduced + p2p_hint_bytes (&card->inputs, sizes->work_w, sizes->work_h);
  /* Flats are finished before the result is allocated, so only the larger sum counts. */
  *after += MAX (flats, kept + enlarge + result);
}
