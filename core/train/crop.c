/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "base/random.h"
#include "crop.h"

/* ---- Sizes ------------------------------------------------------------------------------ */

/* The size of a picture that is scaled to a width and keeps its shape, except that its height is at
 * least the crop's and at most P2P_MAX_SIDE. */
static P2pSize
scale_width (const P2pTrainOptions *options,
             int                    width,
             P2pSize                size)
{
  const gint64 height = (gint64) width * size.height / size.width;

  return (P2pSize) { width, CLAMP (height, options->crop_size.height, P2P_MAX_SIDE) };
}

/* The size to which a picture is scaled before it is cropped.  scale: factor on the load size. */
static P2pSize
get_size (const P2pTrainOptions *options,
          double                 scale,
          P2pSize                size)
{
  const P2pSize load = options->load_size, crop = options->crop_size;

  switch (options->preprocess)
    {
    case P2P_PREPROCESS_RESIZE_AND_CROP:
      return (P2pSize) { lrint (load.width * scale), lrint (load.height * scale) };
    case P2P_PREPROCESS_SCALE_WIDTH:
    case P2P_PREPROCESS_SCALE_WIDTH_AND_CROP:
      return scale_width (options, lrint (load.width * scale), size);
    case P2P_PREPROCESS_CROP:
      return (P2pSize) { MAX (size.width, crop.width), MAX (size.height, crop.height) };
    default:
      return size;
    }
}

/* The multiple of multiple that is nearest to side, but not 0. */
static int
round_to (int side,
          int multiple)
{
  return MAX (lrint ((double) side / multiple), 1) * multiple;
}

/* The nearest size whose sides are multiples that the network needs. */
static P2pSize
round_size (const P2pTrainOptions *options,
            P2pSize                size)
{
  const int multiple = options->net_g->side_multiple (&options->g);

  return (P2pSize) { round_to (size.width, multiple), round_to (size.height, multiple) };
}

/* A view of the whole picture, scaled to a size. */
static P2pView
see_all (P2pSize size)
{
  return (P2pView) { size.width, size.height, size.width, size.height };
}

gboolean
p2p_view_is_whole (const P2pTrainOptions *options)
{
  return options->preprocess == P2P_PREPROCESS_SCALE_WIDTH
         || options->preprocess == P2P_PREPROCESS_NONE;
}

gboolean
p2p_view_is_rounded (const P2pTrainOptions *options,
                     P2pSize                size)
{
  const P2pSize asked = get_size (options, 1.0, size), given = round_size (options, asked);

  return p2p_view_is_whole (options)
         && (given.width != asked.width || given.height != asked.height);
}

P2pView
p2p_view_of_validation (const P2pTrainOptions *options,
                        P2pSize                size)
{
  const P2pSize crop = options->crop_size, scaled = get_size (options, 1.0, size);

  switch (options->preprocess)
    {
    case P2P_PREPROCESS_RESIZE_AND_CROP:
      return see_all (round_size (options, crop));
    case P2P_PREPROCESS_CROP:
      return (P2pView) { scaled.width, scaled.height, crop.width, crop.height,
                         (scaled.width - crop.width) / 2, (scaled.height - crop.height) / 2 };
    default:
      return see_all (round_size (options, scaled));
    }
}

/* ---- Random views ----------------------------------------------------------------------- */

/* The random factor on the load size, uniform in its logarithm from 1 to scale_jitter.  The upper
 * limit is lower where the picture would be scaled beyond its own size, but never less than 1. */
static double
draw_scale (const P2pTrainOptions *options,
            int                    epoch,
            guint                  index,
            P2pSize                size)
{
  const guint64 stream = p2p_random_stream ("data.scale") + epoch;
  const P2pSize load = options->load_size;
  double        most = (double) size.width / load.width;

  if (options->preprocess == P2P_PREPROCESS_RESIZE_AND_CROP)
    most = MIN (most, (double) size.height / load.height);
  most = CLAMP (options->scale_jitter, 1.0, MAX (most, 1.0));
  return pow (most, p2p_random_uniform (options->seed, stream, index));
}

static P2pColorShift
draw_shift (const P2pTrainOptions *options,
            int                    epoch,
            guint                  index)
{
  const guint64 stream = p2p_random_stream ("data.color") + epoch;
  float         shift[3];

  for (int k = 0; k < 3; k++)
    shift[k] = options->color_jitter
               * (2.0 * p2p_random_uniform (options->seed, stream, 3 * (guint64) index + k) - 1.0);
  return (P2pColorShift) { shift[0], shift[1], shift[2] };
}

P2pView
p2p_view_of_epoch (const P2pTrainOptions *options,
                   int                    epoch,
                   guint                  index,
                   P2pSize                size)
{
  const guint64  stream = p2p_random_stream ("data.view") + epoch, first = 3 * (guint64) index;
  const double   scale = draw_scale (options, epoch, index, size);
  const P2pSize  scaled = get_size (options, scale, size);
  const gboolean whole = p2p_view_is_whole (options);
  P2pView        view = see_all (whole ? round_size (options, scaled) : scaled);

  if (! whole)
    {
      view.w = options->crop_size.width;
      view.h = options->crop_size.height;
    }
  view.x = p2p_random (options->seed, stream, first) % (view.load_w - view.w + 1);
  view.y = p2p_random (options->seed, stream, first + 1) % (view.load_h - view.h + 1);
  view.flip = options->flip && p2p_random (options->seed, stream, first + 2) & 1;
  view.shift = draw_shift (options, epoch, index);
  view.seed = options->seed;
  view.stream = p2p_random (options->seed, p2p_random_stream ("data.sample") + epoch, index);
  view.train = TRUE;
  return view;
}

/* ---- What the card says ----------------------------------------------------------------- */

int
p2p_view_train_size (const P2pTrainOptions *options)
{
  switch (options->preprocess)
    {
    case P2P_PREPROCESS_NONE:
      return 0;
    case P2P_PREPROCESS_SCALE_WIDTH:
      return options->load_size.width;
    default:
      return MAX (options->crop_size.width, options->crop_size.height);
    }
}

int
p2p_view_fit (const P2pTrainOptions *options)
{
  switch (options->preprocess)
    {
    case P2P_PREPROCESS_RESIZE_AND_CROP:
      return MAX (options->crop_size.width, options->crop_size.height);
    case P2P_PREPROCESS_SCALE_WIDTH:
    case P2P_PREPROCESS_SCALE_WIDTH_AND_CROP:
      return options->load_size.width;
    default:
      return 0;
    }
}
