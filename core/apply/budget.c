/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "budget.h"
#include "compose.h"
#include "hints.h"
#include "pictures/flats.h"
#include "pictures/guided-filter.h"

/* The program and its libraries, measured. */
#define BASE_BYTES (32 << 20)

gboolean
p2p_is_scaled (const P2pSizes *sizes)
{
  return sizes->work_w != sizes->width || sizes->work_h != sizes->height;
}

guint64
p2p_budget_default (void)
{
  g_autofree char *meminfo = NULL;
  const char      *available;

  if (! g_file_get_contents ("/proc/meminfo", &meminfo, NULL, NULL))
    return G_MAXUINT64;
  available = strstr (meminfo, "MemAvailable:");
  if (! available)
    return G_MAXUINT64;
  return g_ascii_strtoull (available + strlen ("MemAvailable:"), NULL, 10) * 1024 / 2;
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

void
p2p_budget_pictures (const P2pCard  *card,
                     const P2pSizes *sizes,
                     guint64        *during,
                     guint64        *after)
{
  guint64  work_pixels = (guint64) sizes->work_w * sizes->work_h;
  guint64  pixels = (guint64) sizes->width * sizes->height;
  int      planes = p2p_inputs_of_image (&card->inputs);
  gboolean alpha = sizes->channels % 2 == 0;
  guint64  composed = p2p_compose_bytes (&card->inputs, sizes->width, sizes->height, alpha);
  gboolean under = p2p_inputs_layering (&card->inputs, card->output) == P2P_LAYERING_UNDER;
  guint64  flats = under ? p2p_flats_bytes (sizes->work_w, sizes->work_h) : 0;
  /* In layers it is RGB colors and gray lines. */
  guint64  result = sizeof (float) * pixels * MAX (sizes->result_channels, under ? 4 : 0);

  *during = *after = sizeof (float) * (pixels * sizes->channels
                                       + work_pixels * card->options.output_nc) + composed;
  if (p2p_is_scaled (sizes))
    {
      guint64 reduced = sizeof (float) * sizes->height * sizes->work_w * planes;
      guint64 enlarged = sizeof (float) * sizes->work_h * sizes->width * card->options.output_nc;

      *during += reduced;
      flats += under ? reduced : 0;
      result += ! p2p_inputs_guide (&card->inputs, card->output) ? enlarged
                : reduced + p2p_guided_filter_bytes (sizes->width, sizes->height, sizes->work_w,
                                                     sizes->work_h, card->options.output_nc);
    }
  *during += p2p_hint_bytes (&card->inputs, sizes->work_w, sizes->work_h);
  /* Flats are filled before anything is enlarged. */
  *after += MAX (flats, result);
}
