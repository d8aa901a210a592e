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
  const P2pTensors *tensors;   /* the file's; they belong to params */
  P2pStats    *running;     /* NULL when the file has no running statistics */
  P2pStats    *collected;   /* of a picture that is computed in parts */
  P2pParallel *parallel;

  /* The graph of the last p2p_model_graph (), kept because the next one mostly is the same. */
  P2pGraph    *graph;
  P2pNode     *input, *output;
};

/* Opens a file as it is: p2p_model_open () looks for models and converts those of the user's folder
 * first.
 * Errors: the readers', the card's and p2p_model_fill ()'s, with the file's name before them. */
P2pModel *   p2p_model_open_file (const char *path, const char *network, GError **error);

/* Declares the card's network in empty params, which take the tensors (if it succeeds).
 * Errors: P2P_ERROR_UNSUPPORTED says what the tensors nearly are and what does not fit;
 * P2P_ERROR_FILE names a weight that is not finite. */
gboolean     p2p_model_fill (const P2pCard *card, P2pParams *params, P2pParallel *parallel,
                             P2pTensors *tensors, GError **error);

/* How the generator is to run. */
typedef struct
{
  gboolean    running;   /* running statistics, else the picture's own */
  gboolean    dropout;
  P2pStatsUse parts;     /* the picture's own are of what the graph sees (OWN), of the whole batch
                          * and kept in model->collected (COLLECT), or those there (GIVEN) */
  gboolean    once;      /* one forward alone */
  gboolean    features;  /* the network's features are kept (p2p_feature ()) */
} P2pModelMode;

/* What the card, overridden by options, asks for. */
P2pModelMode p2p_model_mode  (const P2pModel *model, const P2pApplyOptions *options);

/* For graphs of parts of the generator. */
P2pGraphOptions p2p_model_graph_options (P2pModel *model, P2pModelMode mode);

/* A planned graph for n pictures of w × h, multiples of the net's side multiple, to be filled
 * through model->input and read through model->output; it belongs to the model and may be the last
 * one. Errors: P2P_ERROR_OPTION when running statistics are wanted and the file has none. */
P2pGraph *   p2p_model_batch (P2pModel *model, int n, int w, int h, P2pModelMode mode,
                              GError **error);

/* The same for one picture. */
P2pGraph *   p2p_model_graph (P2pModel *model, int w, int h, P2pModelMode mode, GError **error);

/* The same as p2p_model_batch (), not kept: to know what a size would take.  To be freed by the
 * caller. */
P2pGraph *   p2p_model_plan  (P2pModel *model, int n, int w, int h, P2pModelMode mode,
                              GError **error);

/* Frees the graph that is kept, and with it the weights that it prepared. */
void         p2p_model_drop_graph (P2pModel *model);
