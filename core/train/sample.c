/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Pictures are scaled and cropped first, and their colors converted after that, as in the public
 * implementation: Lab values are computed from the scaled RGB picture.  The planes of a picture and
 * its hints are made by the same code (apply/) as when a model is applied. */

#include <string.h>

#include "apply/compose.h"
#include "base/intl.h"
#include "base/memory.h"
#include "base/random.h"
#include "ink.h"
#include "make-hints.h"
#include "pictures/color.h"
#include "sample.h"

/* ---- A view of a picture ---------------------------------------------------------------- */

static void
flip_row (float *row,
          int    n,
          int    c)
{
  for (int i = 0; i < n / 2; i++)
    for (int k = 0; k < c; k++)
      {
        float left = row[i * c + k];

        row[i * c + k] = row[(n - 1 - i) * c + k];
        row[(n - 1 - i) * c + k] = left;
      }
}

/* Reads the view of a picture as planes for inputs, into the array to [h,w,c], in [0, 1]. */
static gboolean
read_view (const P2pImage   *image,
           const P2pInputs  *inputs,
           const P2pView    *view,
           float            *to,
           GError          **error)
{
  /* One thread, the caller: the other processors are busy with the training. */
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  const P2pComposition    composition = { inputs, image, .line_strength = 1.0f };
  g_autoptr (P2pCompose)  compose = p2p_compose_new (&composition, parallel, error);
  g_autoptr (P2pResize)   resize = NULL;
  P2pSource               source, scaled;
  int                     c;

  if (! compose)
    return FALSE;
  source = p2p_compose_source (compose);
  c = source.channels;
  resize = p2p_resize_new (&source, view->load_w, view->load_h, p2p_compose_filter (&composition),
                           parallel, error);
  if (! resize)
    return FALSE;
  scaled = p2p_resize_source (resize);
  for (int y = 0; y < view->h; y++, to += view->w * c)
    {
      scaled.read (scaled.data, view->y + y, view->x, view->w, to);
      if (view->flip)
        flip_row (to, view->w, c);
      for (int i = 0; i < view->w * c; i++)
        to[i] = CLAMP (to[i], 0.0f, 1.0f);
    }
  return TRUE;
}

/* Copies the left (0) or the right half (1) of a picture.  The copy keeps pixels of the other half
 * from being mixed in when it is scaled. */
static P2pImage *
half_of (const P2pImage  *image,
         int              side,
         GError         **error)
{
  const int c = image->channels, width = image->width / 2;
  P2pImage *half = p2p_image_try_new (width, image->height, c, error);

  for (int y = 0; half && y < image->height; y++)
    memcpy (half->pixels + (gsize) y * width * c,
            image->pixels + ((gsize) y * image->width + side * width) * c,
            (gsize) width * c * sizeof (float));
  return half;
}

/* Reads one side of a pair, A (0) or B (1) of the folder, into the array to [h,w,channels of
 * inputs], in [−1, 1].  Its colors are shifted only if it is the network's input. */
static gboolean
read_side (const P2pDataKind  *kind,
           const P2pImage     *image,
           int                 side,
           const P2pInputs    *inputs,
           const P2pView      *view,
           p2p_real           *to,
           GError            **error)
{
  const gboolean       halved = kind->mode == P2P_DATA_ALIGNED;
  g_autoptr (P2pImage) half = halved ? half_of (image, side, error) : NULL;
  const int            c = p2p_inputs_channels (inputs);
  const gsize          n = (gsize) view->w * view->h;
  g_autofree float    *values = NULL;

  if ((halved && ! half) || ! (values = p2p_try_new (float, n * c, error))
      || ! read_view (half ? half : image, inputs, view, values, error))
    return FALSE;
  if (inputs == &kind->inputs)
    p2p_shift_colors (values, n, c, &view->shift);
  for (gsize i = 0; i < n * c; i++)
    to[i] = 2.0f * values[i] - 1.0f;
  return TRUE;
}

/* ---- Hints ------------------------------------------------------------------------------ */

/* Joins the planes of a picture, in [0, 1], and the planes of its hints to the network's input a,
 * in [−1, 1]. */
static gboolean
join (const P2pInputs   *inputs,
      const P2pPlanes   *picture,
      const P2pHintMap  *map,
      p2p_real          *a,
      GError           **error)
{
  const P2pSource       source = p2p_planes_source (picture);
  const gboolean        hinted = p2p_inputs_take_hints (inputs);
  g_autoptr (P2pPlanes) hints = hinted ? p2p_hint_planes (inputs, &source, map, NULL, error)
                                       : NULL;
  const int             c = picture->channels, d = hints ? hints->channels : 0;

  if (hinted && ! hints)
    return FALSE;
  for (gsize i = 0; i < (gsize) picture->width * picture->height; i++)
    {
      for (int k = 0; k < c; k++)
        *a++ = 2.0f * picture->values[i * c + k] - 1.0f;
      for (int k = 0; k < d; k++)
        *a++ = 2.0f * hints->values[i * d + k] - 1.0f;
    }
  return TRUE;
}

/* The random stream of hints.  It is another one than the stream that draws lines, so that the two
 * do not depend on each other. */
static guint64
hint_stream (const P2pView *view)
{
  return p2p_random (view->seed, p2p_random_stream ("hints"), view->stream);
}

static P2pHintMap *
make_map (const P2pTruth  *truth,
          const P2pView   *view,
          GError         **error)
{
  g_autoptr (P2pHintMap) map = p2p_hint_map_new (truth->w, truth->h, error);
  const guint64          stream = hint_stream (view);
  g_autofree gsize      *places = view->places ? NULL : g_new (gsize, view->n_dots);
  gboolean               made = map != NULL;

  if (made && ! view->train)
    made = p2p_make_dots (truth, view->n_dots, view->seed, stream, map,
                          view->places ? view->places : places, error);
  else if (made && p2p_wants_hints (view->seed, stream))
    made = p2p_make_hints (truth, view->seed, stream, map, error);
  return made ? g_steal_pointer (&map) : NULL;
}

/* ---- Kinds of data ---------------------------------------------------------------------- */

static gboolean
read_colorize (const P2pDataKind  *kind,
               const P2pImage     *image,
               const P2pView      *view,
               p2p_real           *a,
               p2p_real           *b,
               GError            **error)
{
  const P2pInputs        rgb_inputs = p2p_inputs_one (P2P_PLANE_RGB);
  const gsize            n = (gsize) view->w * view->h;
  g_autofree float      *rgb = p2p_try_new (float, 3 * n, error);
  const P2pTruth         truth = { view->w, view->h, rgb };
  g_autoptr (P2pPlanes)  lightness = rgb ? p2p_planes_new (view->w, view->h, 1, error) : NULL;
  g_autoptr (P2pHintMap) map = NULL;

  if (! lightness || ! read_view (image, &rgb_inputs, view, rgb, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      float lab[3];

      p2p_lab_from_rgb (rgb + 3 * i, lab);
      lightness->values[i] = lab[0] / 100.0f;
      b[2 * i] = lab[1] / 110.0f;
      b[2 * i + 1] = lab[2] / 110.0f;
    }
  map = make_map (&truth, view, error);
  return map && join (&kind->inputs, lightness, map, a, error);
}

/* Lays a picture over white paper, which shows where it is transparent (newly allocated). */
static P2pImage *
on_paper (const P2pImage  *image,
          GError         **error)
{
  const int  c = image->channels, colors = c - (c % 2 == 0);
  P2pImage  *flat = p2p_image_try_new (image->width, image->height, colors, error);

  for (gsize i = 0; flat && i < (gsize) image->width * image->height; i++)
    {
      const float *from = image->pixels + i * c;
      const float  alpha = c % 2 ? 1.0f : from[c - 1];

      for (int k = 0; k < colors; k++)
        flat->pixels[i * colors + k] = alpha * from[k] + (1.0f - alpha);
    }
  return flat;
}

/* Fills lines [h,w], where 1 is paper, from the drawn line art, or if that is NULL, from lines that
 * are made from the colors. */
static gboolean
find_lines (const P2pImage  *drawn,
            const float     *rgb,
            const P2pView   *view,
            float           *lines,
            GError         **error)
{
  const P2pInputs      gray = p2p_inputs_one (P2P_PLANE_GRAY);
  g_autoptr (P2pImage) flat = drawn ? on_paper (drawn, error) : NULL;

  if (drawn)
    return flat && read_view (flat, &gray, view, lines, error);
  return p2p_ink_draw (rgb, view->w, view->h, view->seed, view->stream, lines, error);
}

/* Makes the planes for inputs from line art [h,w] (newly allocated). */
static P2pPlanes *
compose_lines (const P2pInputs  *inputs,
               const float      *lines,
               int               w,
               int               h,
               GError          **error)
{
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (P2pImage)    image = p2p_image_try_new (w, h, 1, error);
  const P2pComposition    composition = { inputs, image, .line_strength = 1.0f };
  g_autoptr (P2pCompose)  compose = NULL;
  P2pPlanes              *planes;
  P2pSource               source;

  if (! image)
    return NULL;
  memcpy (image->pixels, lines, (gsize) w * h * sizeof *lines);
  compose = p2p_compose_new (&composition, parallel, error);
  planes = compose ? p2p_planes_new (w, h, p2p_inputs_of_image (inputs), error) : NULL;
  if (! planes)
    return NULL;
  source = p2p_compose_source (compose);
  for (int y = 0; y < h; y++)
    source.read (source.data, y, 0, w, planes->values + (gsize) y * w * planes->channels);
  return planes;
}

static gboolean
read_sketch (const P2pDataKind  *kind,
             const P2pImage     *drawn,
             const P2pImage     *target,
             const P2pView      *view,
             p2p_real           *a,
             p2p_real           *b,
             GError            **error)
{
  const P2pInputs        rgb_inputs = p2p_inputs_one (P2P_PLANE_RGB);
  const gsize            n = (gsize) view->w * view->h;
  g_autofree float      *rgb = p2p_try_new (float, 3 * n, error);
  g_autofree float      *lines = rgb ? p2p_try_new (float, n, error) : NULL;
  const P2pTruth         truth = { view->w, view->h, rgb, lines };
  g_autoptr (P2pImage)   flat = lines ? on_paper (target, error) : NULL;
  g_autoptr (P2pPlanes)  picture = NULL;
  g_autoptr (P2pHintMap) map = NULL;

  if (! flat || ! read_view (flat, &rgb_inputs, view, rgb, error)
      || ! find_lines (drawn, rgb, view, lines, error))
    return FALSE;
  if (view->train && p2p_inputs_take_hints (&kind->inputs)
      && p2p_wants_hints (view->seed, hint_stream (view))
      && ! p2p_recolor (rgb, view->w, view->h, view->seed,
                        p2p_random (view->seed, p2p_random_stream ("recolor"), view->stream),
                        error))
    return FALSE;
  picture = compose_lines (&kind->inputs, lines, view->w, view->h, error);
  map = picture ? make_map (&truth, view, error) : NULL;
  if (! map || ! join (&kind->inputs, picture, map, a, error))
    return FALSE;
  for (gsize i = 0; i < 3 * n; i++)
    b[i] = 2.0f * rgb[i] - 1.0f;
  return TRUE;
}

gboolean
p2p_sample_read (const P2pDataKind  *kind,
                 const P2pImage     *image,
                 const P2pImage     *target,
                 const P2pView      *view,
                 p2p_real           *a,
                 p2p_real           *b,
                 GError            **error)
{
  const int       from = kind->b_to_a ? 1 : 0;
  const P2pInputs out = p2p_inputs_of_output (kind->output);

  if (kind->mode == P2P_DATA_COLORIZE)
    return read_colorize (kind, image, view, a, b, error);
  if (kind->mode == P2P_DATA_SKETCH)
    return read_sketch (kind, image == target ? NULL : image, target, view, a, b, error);
  if (kind->mode == P2P_DATA_PICTURES)
    return read_side (kind, image, 0, &kind->inputs, view, a, error);
  return read_side (kind, image, from, &kind->inputs, view, a, error)
         && read_side (kind, target, 1 - from, &out, view, b, error);
}

gboolean
p2p_data_kind_check (const P2pDataKind *kind,
                     GError           **error)
{
  const P2pInputs *inputs = &kind->inputs;
  const gboolean   colorize = kind->mode == P2P_DATA_COLORIZE;
  const gboolean   sketch = kind->mode == P2P_DATA_SKETCH;
  const gboolean   one = p2p_inputs_of_image (inputs) == 1;
  const gboolean   colors = kind->output == P2P_OUTPUT_LAB_AB;
  const gboolean   lightness = one && p2p_inputs_have (inputs, P2P_PLANE_LAB_L);
  const gboolean   lines = one && p2p_inputs_have (inputs, P2P_PLANE_LINES);
  const char      *wrong = NULL;

  if (kind->mode == P2P_DATA_PICTURES)
    wrong = _("--mode pictures has no targets to compare with");
  else if (colors != colorize)
    wrong = colors ? _("The model makes colors without their lightness: use --mode colorize")
                   : _("--mode colorize is for models that make colors without their lightness");
  else if (colorize && ! lightness)
    wrong = _("--mode colorize is for models that see only the lightness of a picture");
  else if (sketch && (! lines || kind->output != P2P_OUTPUT_RGB))
    wrong = _("--mode sketch is for models that color line art");
  else if (p2p_inputs_take_hints (inputs) && ! colorize && ! sketch)
    wrong = lines ? _("The model colors line art with hints: use --mode sketch")
                  : _("The model takes hints, which only --mode sketch and --mode colorize make");
  else if ((colorize || sketch) && kind->b_to_a)
    wrong = _("--mode colorize and --mode sketch have only one direction: leave out --direction");
  else if (kind->lines && ! sketch)
    wrong = _("--lines is for --mode sketch");
  if (wrong)
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION, wrong);
  return ! wrong;
}
