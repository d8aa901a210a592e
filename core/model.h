/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A generator with its card, inside the core: what p2p.h's P2pModel is. */

#pragma once

#include "card.h"
#include "p2p.h"

struct _P2pModel
{
  char        *path;
  P2pCard     *card;
  P2pParams   *params;
  P2pStats    *running;     /* NULL when the file has no running statistics */
  P2pParallel *parallel;

  /* The graph of the last p2p_model_graph (), kept because the next one mostly is the same. */
  P2pGraph    *graph;
  P2pNode     *input, *output;
};

/* How the generator is to run. */
typedef struct
{
  gboolean running;   /* running statistics, else the picture's own */
  gboolean dropout;
} P2pModelMode;

/* What the card, overridden by options, asks for. */
P2pModelMode p2p_model_mode  (const P2pModel *model, const P2pApplyOptions *options);

/* A planned graph for a picture of w × h, multiples of the net's side multiple, to be filled through
 * model->input and read through model->output; it belongs to the model and may be the last one.
 * Errors: P2P_ERROR_OPTION when running statistics are wanted and the file has none. */
P2pGraph *   p2p_model_graph (P2pModel *model, int w, int h, P2pModelMode mode, GError **error);

/* The same, not kept: to know what a size would take.  To be freed by the caller. */
P2pGraph *   p2p_model_plan  (P2pModel *model, int w, int h, P2pModelMode mode, GError **error);
