/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A picture in, a picture out: plan (plan.c), compose the network's planes and scale them, find the
 * tiles' common statistics, run the network on each tile and merge (or on the whole in strips),
 * scale back, blend with the picture.
 *
 * Every loop over pixels is a parallel-for that watches the cancellable; what it skipped is
 * garbage, which nobody sees since each stage ends with a look at the cancellable. */

#include <string.h>

#include "base/intl.h"
#include "blend.h"
#include "computed.h"
#include "hints.h"
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
                 _("The color hints have no transparency, so that every pixel would be one: paint "
                   "them on a transparent layer, or save them as a PNG with alpha"));
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

/* The picture's planes, and behind them those of the hints. */
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
  g_autofree float  *picture = g_new (float, (gsize) n * c);

  run->small.read (run->small.data, y, x, n, picture);
  for (int i = 0; i < n; i++, to += c + d)
    {
      memcpy (to, picture + i * c, c * sizeof *to);
      memcpy (to + c, hints + i * d, d * sizeof *to);
    }
}

static void
add_hints (P2pComputed *run)
{
  const P2pCard          *card = run->model->card;
  const P2pSizes         *sizes = &run->plan.sizes;
  g_autoptr (P2pHintMap)  map = p2p_hint_map_reduce (run->options->hints, sizes->width,
                                                     sizes->height, sizes->work_w,
                                                     sizes->work_h, run->model->parallel);

  run->hints = p2p_hint_planes (&card->inputs, &run->small, map, run->model->parallel);
  run->input = (P2pSource) { sizes->work_w, sizes->work_h, card->options.input_nc, read_joined,
                             run };
}

static gboolean
compose (P2pComputed *run,
         GError     **error)
{
  const P2pCard        *card = run->model->card;
  const P2pSizes       *sizes = &run->plan.sizes;
  const P2pComposition  composition = { &card->inputs, run->image, run->palette,
                                        run->options->keep_paper,
                                        run->options->line_strength };
  P2pParallel          *parallel = run->model->parallel;

  p2p_parallel_watch (parallel, run->cancellable, NULL, NULL);
  run->compose = p2p_compose_new (&composition, parallel);
  run->composed = run->small = p2p_compose_source (run->compose);
  if (p2p_is_scaled (sizes))
    {
      run->reduced = p2p_resize_new (&run->composed, sizes->work_w, sizes->work_h,
                                     p2p_compose_filter (&composition), parallel);
      run->small = p2p_resize_source (run->reduced);
    }
  run->input = run->small;
  if (p2p_inputs_take_hints (&card->inputs) && ! g_cancellable_is_cancelled (run->cancellable))
    add_hints (run);
  p2p_parallel_watch (parallel, NULL, NULL, NULL);
  return ! g_cancellable_set_error_if_cancelled (run->cancellable, error);
}

/* ---- The result ------------------------------------------------------------------------- */

P2pImage *
p2p_apply_blend (P2pComputed   *run,
                 double         strength,
                 double         chroma,
                 GCancellable  *cancellable,
                 GError       **error)
{
  P2pParallel                *parallel = run->model->parallel;
  const P2pImage             *image = run->image;
  const P2pSizes             *sizes = &run->plan.sizes;
  const P2pOutput             output = run->model->card->output;
  P2pSource                   merged = p2p_planes_source (run->merged);
  g_autoptr (P2pResize)       enlarged = NULL;
  g_autoptr (P2pGuidedFilter) filter = NULL;
  g_autoptr (P2pImage)        result = NULL;
  P2pBlend                    blend = { image, output, strength, chroma, merged };

  run->cancellable = cancellable;
  p2p_parallel_watch (parallel, cancellable, NULL, NULL);
  if (p2p_is_scaled (sizes) && p2p_inputs_guide (&run->model->card->inputs, output))
    {
      filter = p2p_guided_filter_new (run->merged, &run->small, &run->composed, parallel);
      blend.after = p2p_guided_filter_source (filter);
    }
  else if (p2p_is_scaled (sizes))
    {
      enlarged = p2p_resize_new (&merged, image->width, image->height, P2P_CUBIC, parallel);
      blend.after = p2p_resize_source (enlarged);
    }

  blend.result = result = p2p_image_new (image->width, image->height, sizes->result_channels);
  result->depth = image->depth;
  result->profile = image->profile ? g_bytes_ref (image->profile) : NULL;
  p2p_computed_for_rows (run, image->height, p2p_blend_row, &blend);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&result);
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
  if (! compose (run, error) || ! p2p_computed_run_network (run, error))
    return NULL;

  /* Only what is scaled up along it needs to know what the network saw. */
  if (! p2p_inputs_guide (&model->card->inputs, model->card->output))
    g_clear_pointer (&run->reduced, p2p_resize_free);
  g_clear_pointer (&run->hints, p2p_planes_free);
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
