/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Applies a model to a picture, in five steps:
 *
 *   1. Plan the working size, and whether the network runs on the whole picture, in strips or in
 *      tiles (plan.c).
 *   2. Compose the planes that the network sees (compose.c, hints.c), at the working size.
 *   3. Run the network (network.c).  Tiles share one set of norm statistics, which is collected
 *      before the first tile.
 *   4. Take the lines out of the colors if the colors are to lie below a drawing (flats.c).
 *   5. Scale the result to the picture's size and blend it with the picture (blend.c).
 *
 * p2p_apply_compute () does steps 1 to 4; p2p_apply_blend () and p2p_apply_layers () do step 5.
 *
 * Most loops over pixels are parallel-fors, which skip the rest of their work once the cancellable
 * is cancelled.  Plain loops check the cancellable every row or every few thousand pixels.  Where a
 * loop was cut short, its buffer holds garbage.  Nobody sees the garbage, because each stage ends
 * with a check of the cancellable. */

#include <string.h>

#include "base/intl.h"
#include "blend.h"
#include "computed.h"
#include "hints.h"
#include "pictures/flats.h"
#include "pictures/guided-filter.h"

void
p2p_computed_free (P2pComputed *computed)
{
  if (! computed)
    return;
  p2p_planes_free (computed->merged);
  p2p_planes_free (computed->hints);
  p2p_resize_free (computed->reduced);
  p2p_compose_free (computed->compose);
  g_free (computed->palette);
  g_free (computed);
}

/* ---- Composing -------------------------------------------------------------------------- */

static gboolean
check_hints (const P2pComputed *run,
             GError           **error)
{
  const P2pHints *hints = run->options->hints;

  if (hints && ! p2p_inputs_take_hints (&run->model->card->inputs))
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("The model takes no color hints; leave them out, or choose a model that does"));
  else if (hints && hints->image->channels % 2)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("The color hints have no transparency, so every pixel would count as a hint; "
                   "paint them on a transparent layer, or save them as a PNG with alpha"));
  else
    return TRUE;
  return FALSE;
}

static gboolean
find_palette (P2pComputed *run,
              GError     **error)
{
  const char *text = g_hash_table_lookup (run->model->card->texts, "palette");

  if (! run->options->snap_labels)
    return TRUE;
  if (! text)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("The model has no palette that labels could be snapped to"));
      return FALSE;
    }
  run->palette = p2p_palette_new (text);
  return TRUE;
}

/* Reads the network's input: each pixel's channels of the picture, then those of the hints. */
static void
read_joined (gconstpointer data,
             int           y,
             int           x,
             int           n,
             float        *to)
{
  const P2pComputed *run = data;
  const int          c = run->small.channels, d = run->hints->channels;
  const float       *hints = run->hints->values + ((gsize) y * run->hints->width + x) * d;
  float              picture[P2P_PIECE];

  for (int m; n > 0; n -= m, x += m)
    {
      m = p2p_piece (n, c);
      run->small.read (run->small.data, y, x, m, picture);
      for (int i = 0; i < m; i++, to += c + d, hints += d)
        {
          memcpy (to, picture + i * c, c * sizeof *to);
          memcpy (to + c, hints, d * sizeof *to);
        }
    }
}

static gboolean
add_hints (P2pComputed  *run,
           GError      **error)
{
  const P2pCard          *card = run->model->card;
  const P2pSizes         *sizes = &run->plan.sizes;
  g_autoptr (P2pHintMap)  map = p2p_hint_map_reduce (run->options->hints, sizes->width,
                                                     sizes->height, sizes->work_w,
                                                     sizes->work_h, run->model->parallel,
                                                     error);

  run->hints = map ? p2p_hint_planes (&card->inputs, &run->small, map, run->model->parallel, error)
                   : NULL;
  run->input = (P2pSource) { sizes->work_w, sizes->work_h, card->options.input_nc, read_joined,
                             run };
  return run->hints != NULL;
}

/* Sets run->input, which gives the planes that the network sees, and what it reads from: compose,
 * composed, reduced, small and hints.  With P2P_LAYERING_UNDER it also sets run->drawing. */
static gboolean
make_input (P2pComputed *run,
            GError     **error)
{
  const P2pCard        *card = run->model->card;
  const P2pSizes       *sizes = &run->plan.sizes;
  const gboolean        under = p2p_model_layering (run->model) == P2P_LAYERING_UNDER;
  const gboolean        keep = run->options->keep_paper;
  const P2pComposition  composition = { &card->inputs, run->image, run->palette, keep && ! under,
                                        run->options->line_strength };
  P2pParallel          *parallel = run->model->parallel;

  run->compose = p2p_compose_new (&composition, parallel, error);
  if (! run->compose)
    return FALSE;
  if (under)
    p2p_drawing_init (&run->drawing, run->image, p2p_compose_line_art (run->compose), keep,
                      parallel);
  run->composed = run->small = p2p_compose_source (run->compose);
  if (p2p_is_scaled (sizes))
    {
      run->reduced = p2p_resize_new (&run->composed, sizes->work_w, sizes->work_h,
                                     p2p_compose_filter (&composition), parallel, error);
      if (! run->reduced)
        return FALSE;
      run->small = p2p_resize_source (run->reduced);
    }
  run->input = run->small;
  return ! p2p_inputs_take_hints (&card->inputs)
         || g_cancellable_is_cancelled (run->cancellable) || add_hints (run, error);
}

/* Runs a stage.  Its loops stop early when the cancellable is cancelled.  Returns FALSE with an
 * error when the stage failed or was cancelled. */
static gboolean
watched (P2pComputed  *run,
         gboolean    (*stage) (P2pComputed *run, GError **error),
         GError      **error)
{
  gboolean done;

  p2p_parallel_watch (run->model->parallel, run->cancellable, NULL, NULL);
  done = stage (run, error);
  p2p_parallel_watch (run->model->parallel, NULL, NULL, NULL);
  return done && ! g_cancellable_set_error_if_cancelled (run->cancellable, error);
}

/* ---- The result ------------------------------------------------------------------------- */

/* Makes flat colors for the layer below a drawing: removes the blurred lines from the colors that
 * the network gave.  If the colors are smaller than the picture, also enlarges them, so that two
 * colors meet under the lines of the full-size drawing. */
static gboolean
make_flats (P2pComputed  *run,
            GError      **error)
{
  const int    lines = p2p_inputs_offset (&run->model->card->inputs, P2P_PLANE_LINES);
  P2pParallel *parallel = run->model->parallel;

  if (! p2p_flats_fill (run->merged, &run->small, lines, parallel, error))
    return FALSE;
  if (p2p_is_enlarged (&run->plan.sizes))
    {
      P2pPlanes *flats = p2p_flats_enlarge (run->merged, &run->small, &run->composed, lines,
                                            parallel, error);

      if (! flats)
        return FALSE;
      p2p_planes_free (run->merged);
      run->merged = flats;
    }
  return TRUE;
}

/* Scales the network's planes to the picture's size, if they do not have it yet. */
typedef struct
{
  P2pSource        merged;     /* the planes at the size that they were computed at */
  P2pGuidedFilter *filter;     /* scales along the picture's edges, else NULL */
  P2pResize       *resize;     /* scales without a guide, else NULL */
  P2pSource        source;     /* the planes at the picture's size */
} Enlarged;

static void
enlarged_clear (Enlarged *enlarged)
{
  p2p_guided_filter_free (enlarged->filter);
  p2p_resize_free (enlarged->resize);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Enlarged, enlarged_clear)

static gboolean
enlarge (const P2pComputed  *run,
         Enlarged           *enlarged,
         GError            **error)
{
  const P2pCard  *card = run->model->card;
  P2pParallel    *parallel = run->model->parallel;
  const gboolean  scaled = run->merged->width != run->image->width
                           || run->merged->height != run->image->height;

  *enlarged = (Enlarged) { p2p_planes_source (run->merged) };
  enlarged->source = enlarged->merged;
  p2p_parallel_watch (parallel, run->cancellable, NULL, NULL);
  if (scaled && p2p_inputs_guide (&card->inputs, card->output))
    {
      enlarged->filter = p2p_guided_filter_new (run->merged, &run->small, &run->composed,
                                                parallel, error);
      if (! enlarged->filter)
        return FALSE;
      enlarged->source = p2p_guided_filter_source (enlarged->filter);
    }
  else if (scaled)
    {
      enlarged->resize = p2p_resize_new (&enlarged->merged, run->image->width,
                                         run->image->height, P2P_CUBIC, parallel, error);
      if (! enlarged->resize)
        return FALSE;
      enlarged->source = p2p_resize_source (enlarged->resize);
    }
  return TRUE;
}

/* Allocates a result with the size, depth, resolution and profile of the input picture.  The pixels
 * are not initialized.  Errors: those of p2p_image_try_new (). */
static P2pImage *
new_image (const P2pComputed  *run,
           int                 channels,
           GError            **error)
{
  P2pImage *image = p2p_image_try_new (run->image->width, run->image->height, channels, error);

  if (! image)
    return NULL;
  image->depth = run->image->depth;
  image->x_dpi = run->image->x_dpi;
  image->y_dpi = run->image->y_dpi;
  image->profile = run->image->profile ? g_bytes_ref (run->image->profile) : NULL;
  return image;
}

P2pImage *
p2p_apply_blend (P2pComputed   *run,
                 double         strength,
                 double         chroma,
                 GCancellable  *cancellable,
                 GError       **error)
{
  const gboolean       under = p2p_model_layering (run->model) == P2P_LAYERING_UNDER;
  g_auto (Enlarged)    enlarged = { 0 };
  g_autoptr (P2pImage) result = new_image (run, run->plan.sizes.result_channels, error);
  P2pBlend             blend = { run->image, run->model->card->output, strength, chroma,
                                 .drawing = &run->drawing, .result = result };

  if (! result)
    return NULL;
  run->cancellable = cancellable;
  if (! enlarge (run, &enlarged, error))
    return NULL;
  blend.after = enlarged.source;
  p2p_computed_for_rows (run, run->image->height, under ? p2p_blend_drawing_row : p2p_blend_row,
                         &blend);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&result);
}

void
p2p_layers_clear (P2pLayers *layers)
{
  g_clear_pointer (&layers->colors, p2p_image_free);
  g_clear_pointer (&layers->lines, p2p_image_free);
}

gboolean
p2p_apply_layers (P2pComputed   *run,
                  double         strength,
                  GCancellable  *cancellable,
                  P2pLayers     *layers,
                  GError       **error)
{
  g_auto (Enlarged) enlarged = { 0 };
  P2pBlend          blend = { run->image, run->model->card->output, strength, 1.0f,
                              .drawing = &run->drawing };

  g_return_val_if_fail (p2p_model_layering (run->model) == P2P_LAYERING_UNDER, FALSE);

  *layers = (P2pLayers) { new_image (run, 3, error), NULL, run->drawing.light };
  if (layers->colors && run->drawing.cleaned)
    layers->lines = new_image (run, 1, error);
  run->cancellable = cancellable;
  if (! layers->colors || (run->drawing.cleaned && ! layers->lines)
      || ! enlarge (run, &enlarged, error))
    {
      p2p_layers_clear (layers);
      return FALSE;
    }
  blend.after = enlarged.source;
  blend.result = layers->colors;
  blend.lines = layers->lines;
  p2p_computed_for_rows (run, run->image->height, p2p_blend_layers_row, &blend);
  if (! g_cancellable_set_error_if_cancelled (cancellable, error))
    return TRUE;
  p2p_layers_clear (layers);
  return FALSE;
}

P2pComputed *
p2p_apply_compute (P2pModel               *model,
                   const P2pImage         *image,
                   const P2pApplyOptions  *options,
                   P2pProgress             progress,
                   gpointer                data,
                   GCancellable           *cancellable,
                   GError                **error)
{
  g_autoptr (P2pComputed) run = g_new0 (P2pComputed, 1);

  *run = (P2pComputed) { model, image, options, cancellable, .progress = progress, .data = data };
  if (! p2p_plan_make (model, image->width, image->height, image->channels, options, &run->plan,
                       error)
      || ! find_palette (run, error) || ! check_hints (run, error))
    return NULL;

  run->total = run->plan.sample_flops + p2p_plan_tiles (&run->plan) * run->plan.flops;
  if (! watched (run, make_input, error) || ! p2p_computed_run_network (run, error))
    return NULL;

  g_clear_pointer (&run->hints, p2p_planes_free);
  if (p2p_model_layering (model) == P2P_LAYERING_UNDER && ! watched (run, make_flats, error))
    return NULL;

  /* From here on, nothing but a guided filter reads the picture's planes at the working size. */
  if (! p2p_inputs_guide (&model->card->inputs, model->card->output))
    g_clear_pointer (&run->reduced, p2p_resize_free);
  return g_steal_pointer (&run);
}

P2pImage *
p2p_apply (P2pModel               *model,
           const P2pImage         *image,
           const P2pApplyOptions  *options,
           P2pProgress             progress,
           gpointer                data,
           GCancellable           *cancellable,
           GError                **error)
{
  g_autoptr (P2pComputed) computed = p2p_apply_compute (model, image, options, progress, data,
                                                        cancellable, error);

  if (! computed)
    return NULL;
  return p2p_apply_blend (computed, options->strength, options->chroma, cancellable, error);
}

gboolean
p2p_apply_plan (P2pModel               *model,
                int                     width,
                int                     height,
                int                     channels,
                const P2pApplyOptions  *options,
                P2pApplyPlan           *plan,
                GError                **error)
{
  P2pPlan whole;
  int     tiles;

  if (! p2p_plan_make (model, width, height, channels, options, &whole, error))
    return FALSE;
  tiles = p2p_plan_tiles (&whole);
  *plan = (P2pApplyPlan) { whole.sizes.work_w, whole.sizes.work_h, tiles, whole.bytes,
                           (whole.sample_flops + tiles * whole.flops) / 1e9 };
  return TRUE;
}
