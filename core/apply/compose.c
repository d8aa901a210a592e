/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Composes the planes of the picture that a network sees, pixel by pixel while they are read.  To
 * add a kind of plane, add its row in models/inputs.c and its row in the table kinds here. */

#include <string.h>

#include "compose.h"
#include "pictures/color.h"
#include "pictures/transparency.h"

struct _P2pCompose
{
  P2pComposition  what;
  int             channels;
  P2pExtension   *extension;    /* colors of transparent pixels; NULL: none are needed */
  P2pSource       luma;         /* the picture that line art is made of */
  P2pLineArt     *lines;        /* NULL: the network sees no lines */
};

/* ---- Kinds ------------------------------------------------------------------------------ */

static void
keep (const float *rgba,
      float       *to)
{
  for (int k = 0; k < 3; k++)
    to[k] = p2p_unit (rgba[k]);
}

static void
keep_all (const float *rgba,
          float       *to)
{
  keep (rgba, to);
  to[3] = p2p_unit (rgba[3]);
}

static void
luma (const float *rgba,
      float       *to)
{
  to[0] = p2p_unit (p2p_luma (rgba));
}

static void
lightness (const float *rgba,
           float       *to)
{
  to[0] = p2p_unit (p2p_lab_lightness (rgba) / 100.0f);
}

static const struct
{
  void   (* convert) (const float *rgba, float *to);
  P2pFilter filter;
  gboolean  on_white;     /* transparency becomes white; FALSE: it gets neighbors' colors */
}
kinds[P2P_N_PLANES] =
{
  [P2P_PLANE_RGB]    = { keep,      P2P_CUBIC },
  [P2P_PLANE_RGBA]   = { keep_all,  P2P_CUBIC },
  [P2P_PLANE_GRAY]   = { luma,      P2P_CUBIC },
  [P2P_PLANE_LABELS] = { keep,      P2P_NEAREST, .on_white = TRUE },
  [P2P_PLANE_LAB_L]  = { lightness, P2P_CUBIC },
  [P2P_PLANE_LINES]  = { luma,      P2P_CUBIC,   .on_white = TRUE },   /* line art replaces luma */
};

/* All planes are scaled by one filter.  It is nearest neighbor for all of them if there is a
 * palette or a plane of labels, because labels must not be mixed. */
P2pFilter
p2p_compose_filter (const P2pComposition *composition)
{
  P2pFilter filter = composition->palette ? P2P_NEAREST : P2P_CUBIC;

  for (int i = 0; i < composition->inputs->n; i++)
    if (kinds[composition->inputs->kinds[i]].convert
        && kinds[composition->inputs->kinds[i]].filter == P2P_NEAREST)
      filter = P2P_NEAREST;
  return filter;
}

/* Whether any of the planes needs colors extended into transparent pixels. */
static gboolean
extends (const P2pInputs *inputs)
{
  for (int i = 0; i < inputs->n; i++)
    if (kinds[inputs->kinds[i]].convert && ! kinds[inputs->kinds[i]].on_white)
      return TRUE;
  return FALSE;
}

/* ---- Pixels ----------------------------------------------------------------------------- */

/* Puts a pixel on white.  A pixel that was snapped to a palette must not get a mixed color, so it
 * becomes white where alpha is 0.5 or less, and keeps the palette's color elsewhere. */
static void
put_on_white (float    *rgba,
              gboolean  snapped)
{
  float alpha = snapped ? rgba[3] > 0.5f : rgba[3];

  for (int k = 0; k < 3; k++)
    rgba[k] = alpha * rgba[k] + (1.0f - alpha);
}

/* Converts a pixel to the channels of one plane. */
static void
convert (const P2pCompose *compose,
         P2pPlaneKind      kind,
         const float      *rgba,
         float            *to)
{
  float on_white[4] = { rgba[0], rgba[1], rgba[2], rgba[3] };

  if (! kinds[kind].on_white || rgba[3] >= 1.0f)
    kinds[kind].convert (rgba, to);
  else
    {
      put_on_white (on_white, compose->what.palette != NULL);
      kinds[kind].convert (on_white, to);
    }
}

static void
read_pixels (gconstpointer data,
             int           y,
             int           x,
             int           n,
             float        *to)
{
  const P2pCompose *compose = data;
  const P2pInputs  *inputs = compose->what.inputs;
  const P2pImage   *image = compose->what.image;
  const int         channels = image->channels;
  const gboolean    colour = channels >= 3, alpha = channels % 2 == 0;
  const float      *from = image->pixels + ((gsize) y * image->width + x) * channels;

  for (int i = 0; i < n; i++, from += channels)
    {
      float        rgba[4] = { from[0], from[colour ? 1 : 0], from[colour ? 2 : 0],
                               alpha ? from[channels - 1] : 1.0f };
      const float *extended = compose->extension && rgba[3] <= 0.0f
                              ? p2p_extension_at (compose->extension, y, x + i) : NULL;

      if (compose->what.palette)
        memcpy (rgba, p2p_palette_nearest (compose->what.palette, rgba), 3 * sizeof *rgba);
      for (int k = 0; k < inputs->n && kinds[inputs->kinds[k]].convert; k++)
        {
          const int c = p2p_plane_kinds[inputs->kinds[k]].channels;

          if (extended && ! kinds[inputs->kinds[k]].on_white)
            memcpy (to, extended, MIN (c, 3) * sizeof *to);
          else
            convert (compose, inputs->kinds[k], rgba, to);
          if (extended && c > 3)
            to[3] = 0.0f;    /* only colors are extended; alpha stays 0 */
          to += c;
          if (extended)
            extended += c;
        }
    }
}

/* ---- Lines ------------------------------------------------------------------------------ */

/* Reads the luma of the picture on white, which line art is made of. */
static void
read_luma (gconstpointer data,
           int           y,
           int           x,
           int           n,
           float        *to)
{
  const P2pCompose *compose = data;
  const P2pInputs   luma_inputs = p2p_inputs_one (P2P_PLANE_LINES);
  const P2pCompose  alone = { { &luma_inputs, compose->what.image, compose->what.palette }, 1 };

  read_pixels (&alone, y, x, n, to);
}

/* Reads all planes.  read_pixels () gives luma in the plane of lines; line art of the wanted
 * strength replaces it. */
static void
read_with_lines (gconstpointer data,
                 int           y,
                 int           x,
                 int           n,
                 float        *to)
{
  const P2pCompose *compose = data;
  const P2pInputs  *inputs = compose->what.inputs;
  const P2pSource   lines = p2p_line_art_source (compose->lines);
  const int         offset = p2p_inputs_offset (inputs, P2P_PLANE_LINES);
  const float       strength = compose->what.line_strength;
  float             values[P2P_PIECE];

  read_pixels (data, y, x, n, to);
  for (int m; n > 0; n -= m, x += m)
    {
      m = p2p_piece (n, 1);
      lines.read (lines.data, y, x, m, values);
      for (int i = 0; i < m; i++, to += compose->channels)
        to[offset] = strength == 1.0f ? values[i]
                     : 1.0f - MIN (strength * (1.0f - values[i]), 1.0f);
    }
}

/* ---- All of it -------------------------------------------------------------------------- */

P2pCompose *
p2p_compose_new (const P2pComposition  *composition,
                 P2pParallel           *parallel,
                 GError               **error)
{
  g_autoptr (P2pCompose) compose = g_new0 (P2pCompose, 1);
  const P2pImage        *image = composition->image;
  P2pSource              colours;

  compose->what = *composition;
  compose->channels = p2p_inputs_of_image (composition->inputs);
  colours = p2p_compose_source (compose);
  if (image->channels % 2 == 0 && extends (composition->inputs)
      && ! p2p_extension_new (&colours, image, parallel, &compose->extension, error))
    return NULL;
  if (p2p_inputs_have (composition->inputs, P2P_PLANE_LINES))
    {
      compose->luma = (P2pSource) { image->width, image->height, 1, read_luma, compose };
      compose->lines = p2p_line_art_new (&compose->luma, ! composition->keep_paper, parallel);
    }
  return g_steal_pointer (&compose);
}

void
p2p_compose_free (P2pCompose *compose)
{
  if (! compose)
    return;
  p2p_extension_free (compose->extension);
  p2p_line_art_free (compose->lines);
  g_free (compose);
}

const P2pLineArt *
p2p_compose_line_art (const P2pCompose *compose)
{
  return compose->lines;
}

P2pSource
p2p_compose_source (const P2pCompose *compose)
{
  return (P2pSource) { compose->what.image->width, compose->what.image->height, compose->channels,
                       compose->lines ? read_with_lines : read_pixels, compose };
}

guint64
p2p_compose_bytes (const P2pInputs *inputs,
                   int              width,
                   int              height,
                   gboolean         alpha)
{
  guint64 bytes = 0;

  /* The levels of the pyramid (transparency.c) have a quarter, a sixteenth and so on of the pixels,
   * a third in all; the sides are added because each level is rounded up. */
  if (alpha && extends (inputs))
    bytes += ((guint64) width * height / 3 + width + height)
             * (p2p_inputs_of_image (inputs) * sizeof (float) + 1);
  if (p2p_inputs_have (inputs, P2P_PLANE_LINES))
    bytes += p2p_line_art_bytes (width, height);
  return bytes;
}
