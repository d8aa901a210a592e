/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A picture in, a picture out: compose the network's planes, scale, mirror to the side multiple,
 * forward, crop, scale back, mix. */

#include <math.h>
#include <string.h>

#include "compose.h"
#include "intl.h"
#include "model.h"

/* The sides of the picture, of what the network works on, and of that mirrored to its multiple. */
typedef struct
{
  int width, height;
  int work_w, work_h;
  int padded_w, padded_h;
} Sizes;

/* Longer side of the working size, 0: native. */
static gboolean
find_fit (const P2pModel         *model,
          const P2pApplyOptions  *options,
          int                    *fit,
          GError                **error)
{
  *fit = model->card->fit;
  if (! options->scale || strcmp (options->scale, "default") == 0)
    return TRUE;
  if (p2p_scale_parse (options->scale, fit))
    return TRUE;
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               _("The scale “%s” is not one of “default”, “native” and “fit:” with a number of "
                 "pixels"), options->scale);
  return FALSE;
}

static Sizes
find_sizes (const P2pModel *model,
            int             width,
            int             height,
            int             fit)
{
  int    multiple = model->card->net->side_multiple (&model->card->options);
  double scale = fit ? (double) fit / MAX (width, height) : 1.0;
  Sizes  sizes = { width, height };

  sizes.work_w = MAX (lrint (width * scale), 1);
  sizes.work_h = MAX (lrint (height * scale), 1);
  sizes.padded_w = (sizes.work_w + multiple - 1) / multiple * multiple;
  sizes.padded_h = (sizes.work_h + multiple - 1) / multiple * multiple;
  return sizes;
}

/* ---- Memory ----------------------------------------------------------------------------- */

/* Half of what the system has to give without swapping. */
static guint64
default_budget (void)
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

/* Bytes that an apply takes beyond the picture that is given; 0: it cannot be planned. */
static guint64
needed_bytes (P2pModel     *model,
              const Sizes  *sizes,
              P2pModelMode  mode)
{
  g_autoptr (P2pGraph) graph = p2p_model_plan (model, sizes->padded_w, sizes->padded_h, mode, NULL);
  guint64              planes = model->card->options.input_nc + model->card->options.output_nc;
  guint64              full = (guint64) sizes->width * sizes->height;
  guint64              work = (guint64) sizes->work_w * sizes->work_h;

  if (! graph)
    return 0;
  return graph->arena_size + graph->prepared + sizeof (float) * (planes * (full + work) + 4 * full);
}

static gboolean
check_budget (P2pModel               *model,
              const P2pApplyOptions  *options,
              const Sizes            *sizes,
              P2pModelMode            mode,
              GError                **error)
{
  guint64          budget = options->memory ? options->memory : default_budget ();
  guint64          needed = needed_bytes (model, sizes, mode);
  g_autofree char *needed_text = g_format_size_full (needed, G_FORMAT_SIZE_IEC_UNITS);
  g_autofree char *budget_text = g_format_size_full (budget, G_FORMAT_SIZE_IEC_UNITS);
  int              fits = 0, too_large = MAX (sizes->work_w, sizes->work_h);

  if (needed <= budget)
    return TRUE;

  while (too_large - fits > 1)
    {
      int   side = fits + (too_large - fits) / 2;
      Sizes smaller = find_sizes (model, sizes->width, sizes->height, side);

      if (needed_bytes (model, &smaller, mode) <= budget)
        fits = side;
      else
        too_large = side;
    }

  if (fits)
    g_set_error (error, P2P_ERROR, P2P_ERROR_MEMORY,
                 _("Working on %d×%d pixels needs %s of memory, and %s may be used; "
                   "choose the scale fit:%d or smaller"),
                 sizes->work_w, sizes->work_h, needed_text, budget_text, fits);
  else
    g_set_error (error, P2P_ERROR, P2P_ERROR_MEMORY,
                 _("This model needs at least %s of memory for this picture, and "
                   "%s may be used; close other programs or choose a smaller model"),
                 needed_text, budget_text);
  return FALSE;
}

/* ---- The network's values --------------------------------------------------------------- */

/* A stage's work on rows. */
typedef struct
{
  const P2pNode *node;      /* input or output */
  P2pPlanes     *planes;
} Rows;

/* Planes in [0, 1] → the network's input in [−1, 1], mirrored at the right and the bottom. */
static void
fill_row (int      row,
          int      worker,
          gpointer data)
{
  const Rows      *run = data;
  const P2pNode   *input = run->node;
  const P2pPlanes *planes = run->planes;
  const float     *line = planes->values + (gsize) p2p_mirror (row, planes->height)
                                           * planes->width * input->c;
  p2p_real        *to = input->x + (gsize) row * input->w * input->c;

  for (int x = 0; x < input->w; x++, to += input->c)
    {
      const float *from = line + (gsize) p2p_mirror (x, planes->width) * input->c;

      for (int k = 0; k < input->c; k++)
        to[k] = (from[k] - (p2p_real) 0.5) / (p2p_real) 0.5;
    }
}

/* The network's output in [−1, 1] → planes in [0, 1] of the working size. */
static void
take_row (int      row,
          int      worker,
          gpointer data)
{
  const Rows     *run = data;
  const P2pNode  *output = run->node;
  int             n = run->planes->width * output->c;
  const p2p_real *from = output->x + (gsize) row * output->w * output->c;
  float          *to = run->planes->values + (gsize) row * n;

  for (int i = 0; i < n; i++)
    to[i] = (from[i] + 1) / 2;
}

/* The planes scaled, or themselves when they have the size. */
static P2pPlanes *
scale (P2pPlanes    *planes,    /* taken */
       int           width,
       int           height,
       P2pFilter     filter,
       P2pParallel  *parallel)
{
  P2pPlanes *scaled;

  if (planes->width == width && planes->height == height)
    return planes;
  scaled = p2p_resize (planes, width, height, filter, parallel);
  p2p_planes_free (planes);
  return scaled;
}

/* The picture, composed and scaled, in the network's input. */
static void
prepare_input (P2pModel       *model,
               const P2pImage *image,
               const Sizes    *sizes,
               GCancellable   *cancellable)
{
  g_autoptr (P2pPlanes) planes = NULL;

  p2p_parallel_watch (model->parallel, cancellable, NULL, NULL);
  planes = scale (p2p_compose (model->card, image, model->parallel), sizes->work_w, sizes->work_h,
                  p2p_compose_filter (model->card), model->parallel);
  p2p_parallel_for (model->parallel, model->input->h, fill_row, &(Rows) { model->input, planes });
  p2p_parallel_watch (model->parallel, NULL, NULL, NULL);
}

/* The network's output, cropped and scaled to the picture's size. */
static P2pPlanes *
finish_output (P2pModel     *model,
               const Sizes  *sizes,
               GCancellable *cancellable)
{
  P2pPlanes *planes = p2p_planes_new (sizes->work_w, sizes->work_h, model->output->c);

  p2p_parallel_watch (model->parallel, cancellable, NULL, NULL);
  p2p_parallel_for (model->parallel, sizes->work_h, take_row, &(Rows) { model->output, planes });
  planes = scale (planes, sizes->width, sizes->height, P2P_CUBIC, model->parallel);
  p2p_parallel_watch (model->parallel, NULL, NULL, NULL);
  return planes;
}

/* The result over the picture: strength of it, the picture's alpha. */
static P2pImage *
mix (const P2pImage  *image,
     const P2pPlanes *planes,
     double           strength)
{
  gboolean  colour = image->channels >= 3, alpha = image->channels % 2 == 0;
  int       n = colour || planes->channels == 3 ? 3 : 1;
  P2pImage *result = p2p_image_new (image->width, image->height, n + alpha);

  for (gsize i = 0; i < (gsize) image->width * image->height; i++)
    {
      const float *before = image->pixels + i * image->channels;
      const float *after = planes->values + i * planes->channels;
      float       *to = result->pixels + i * result->channels;

      for (int k = 0; k < n; k++)
        {
          float a = before[colour ? k : 0], b = after[planes->channels == 3 ? k : 0];

          to[k] = strength == 1.0 ? b : a + strength * (b - a);
        }
      if (alpha)
        to[n] = before[image->channels - 1];
    }

  return result;
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
  P2pModelMode          mode = p2p_model_mode (model, options);
  g_autoptr (P2pPlanes) planes = NULL;
  P2pGraph             *graph;
  Sizes                 sizes;
  int                   fit;

  if (! (options->strength >= 0.0 && options->strength <= 1.0))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION, _("The strength must be between 0 and 1"));
      return NULL;
    }
  if (! find_fit (model, options, &fit, error))
    return NULL;
  sizes = find_sizes (model, image->width, image->height, fit);
  graph = p2p_model_graph (model, sizes.padded_w, sizes.padded_h, mode, error);
  if (! graph || ! check_budget (model, options, &sizes, mode, error))
    return NULL;

  p2p_graph_allocate (graph);
  prepare_input (model, image, &sizes, cancellable);
  if (! p2p_graph_forward (graph, options->seed, progress, data, cancellable, error))
    return NULL;

  planes = finish_output (model, &sizes, cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return mix (image, planes, options->strength);
}

/* A fitted picture is scaled as a whole, so that a part of it comes out as it would in the whole. */
P2pRect
p2p_apply_context (P2pModel              *model,
                   const P2pApplyOptions *options,
                   int                    width,
                   int                    height,
                   P2pRect                area)
{
  P2pRect context = { 0, 0, width, height };
  Sizes   sizes = find_sizes (model, area.width, area.height, 0);
  int     halo = model->card->net->halo (&model->card->options), fit;

  if (! find_fit (model, options, &fit, NULL) || fit)
    return context;

  context.width = MIN (sizes.padded_w + 2 * halo, width);
  context.height = MIN (sizes.padded_h + 2 * halo, height);
  context.x = CLAMP (area.x - (context.width - area.width) / 2, 0, width - context.width);
  context.y = CLAMP (area.y - (context.height - area.height) / 2, 0, height - context.height);
  return context;
}
