/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Finds how much of the picture around a selection the network must see. */

#include "options.h"

/* Widens [*start, *start + *length) on one axis of side pixels to the part that the network must
 * see. */
static void
add_surroundings (const P2pCard *card,
                  int            side,
                  int           *start,
                  int           *length)
{
  int multiple = card->net->side_multiple (&card->options);
  int halo = card->net->halo (&card->options);
  int first, wanted;

  if (halo)
    {
      /* The sides of the network's input are multiples of multiple.  The part also begins at such a
       * multiple, so that the strides have the same phase in it as in the whole picture. */
      first = MAX (*start - halo, 0) / multiple * multiple;
      wanted = *start + *length + halo - first;
    }
  else
    {
      /* The receptive field is the whole picture.  The network sees at least as much as in
       * training. */
      wanted = MAX (*length, card->train_size);
      wanted = MIN ((wanted + multiple - 1) / multiple * multiple, side);
      first = CLAMP (*start - (wanted - *length) / 2, 0, side - wanted);
    }
  *start = first;
  *length = MIN ((wanted + multiple - 1) / multiple * multiple, side - first);
}

/* Whether every part of the picture influences every other part before the network runs.  Line art
 * is cleaned with the brightest paper of the whole picture, and hints spread from anywhere. */
static gboolean
sees_whole (const P2pInputs *inputs)
{
  return p2p_inputs_have (inputs, P2P_PLANE_LINES) || p2p_inputs_take_hints (inputs);
}

/* If the picture is scaled to a given longer side (scale "fit:N"), the context is the whole
 * picture, because a part alone would be scaled by another factor. */
P2pRect
p2p_apply_context (P2pModel              *model,
                   const P2pApplyOptions *options,
                   int                    width,
                   int                    height,
                   P2pRect                area)
{
  P2pRect context = area;
  int     fit;

  if (! p2p_apply_options_fit (model, options, &fit, NULL) || fit
      || sees_whole (&model->card->inputs))
    return (P2pRect) { 0, 0, width, height };

  add_surroundings (model->card, width, &context.x, &context.width);
  add_surroundings (model->card, height, &context.y, &context.height);
  return context;
}
