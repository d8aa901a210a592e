/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* P2pModel of p2p.h as the core sees it: a generator with its card, and the graph that runs it. */

#pragma once

#include "card.h"
#include "p2p.h"

/* p2p_model_open_file () fills it.  p2p_model_batch () sets the graph. */
struct _P2pModel
{
  char        *path;
  P2pCard     *card;
  P2pParams   *params;
  const P2pTensors *tensors;   /* the tensors of the file, owned by params */
  P2pStats    *running;     /* NULL if the file has no running statistics */
  P2pStats    *collected;   /* norm statistics of a picture that is computed in parts */
  P2pParallel *parallel;

  /* The graph of the last p2p_model_batch (), kept because the next call mostly asks for the
   * same. */
  P2pGraph    *graph;
  P2pNode     *input, *output;
};

/* Opens the model file or trained weights at path and converts nothing.  p2p_model_open () also
 * takes ids, and makes model files from a .pth in the user's folder.
 * network: as for p2p_model_info_new ().
 * Errors: those of the readers, of the card and of p2p_model_fill (), with the file's name in front
 * of the message. */
P2pModel *   p2p_model_open_file (const char *path, const char *network, GError **error);

/* Declares the card's network in params, which must be empty, and loads the tensors.  On success
 * params own the tensors; on failure the caller still does.
 * Errors: P2P_ERROR_UNSUPPORTED says which network is nearest and which weights do not fit;
 * P2P_ERROR_FILE names a weight that is not finite. */
gboolean     p2p_model_fill (const P2pCard *card, P2pParams *params, P2pParallel *parallel,
                             P2pTensors *tensors, GError **error);

/* How the generator runs.  p2p_model_mode () fills it; apply and distillation change fields. */
typedef struct
{
  gboolean    running;   /* use running statistics, else the picture's own */
  gboolean    dropout;
  P2pStatsUse parts;     /* without running: use statistics of the graph's own values (OWN), also
                          * collect them over the whole batch in model->collected (COLLECT), or use
                          * those in model->collected (GIVEN) */
  gboolean    once;      /* the graph runs a single forward */
  gboolean    features;  /* keep the network's features readable (p2p_feature ()) */
} P2pModelMode;

/* The mode that the card asks for, where options do not override it. */
P2pModelMode p2p_model_mode  (const P2pModel *model, const P2pApplyOptions *options);

/* Translates a mode for graphs that the caller builds from parts of the generator (strips). */
P2pGraphOptions p2p_model_graph_options (P2pModel *model, P2pModelMode mode);

/* Returns a graph for n pictures of w × h pixels, which must be multiples of the network's side
 * multiple.  It is planned but not allocated (p2p_graph_allocate ()).  model->input takes the
 * pictures, model->output has the result.  The model owns the graph, and replaces it when a call
 * asks for another one; a call that asks for the same gets the same graph.
 * Errors: P2P_ERROR_OPTION if mode wants running statistics and the file has none. */
P2pGraph *   p2p_model_batch (P2pModel *model, int n, int w, int h, P2pModelMode mode,
                              GError **error);

/* p2p_model_batch () for one picture. */
P2pGraph *   p2p_model_graph (P2pModel *model, int w, int h, P2pModelMode mode, GError **error);

/* Like p2p_model_batch (), but the caller frees the graph, and the model's own graph stays.  It
 * serves to find out what a size would take. */
P2pGraph *   p2p_model_plan  (P2pModel *model, int n, int w, int h, P2pModelMode mode,
                              GError **error);

/* Frees the model's graph, and with it the weights that it has prepared. */
void         p2p_model_drop_graph (P2pModel *model);
