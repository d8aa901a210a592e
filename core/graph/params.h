/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Params: the named parameters (weights, biases, running statistics) of a network.
 *
 * The first build of a network, on empty params, declares names, shapes and initializers.  Then
 * p2p_params_take () or p2p_params_init () sets the values and seals params, after which no further
 * parameter can be declared.  Later builds look the parameters up.  Names are those in the state
 * dict of the public PyTorch implementation. */

#pragma once

#include "base/real.h"
#include "files/tensors.h"

typedef enum
{
  P2P_TRAINABLE,    /* the optimizer changes it */
  P2P_STATE,        /* running statistics, which the optimizer does not change */
} P2pParamKind;

/* How a parameter is initialized. */
typedef struct
{
  double mean, std;   /* of a normal distribution; with std 0 all values are mean */
} P2pInit;

/* The prepared forms of a convolution's weight.  A graph without gradients makes such a form before
 * it first uses the weight and keeps it (unless options.once is set).  A weight has at most one of
 * each form.  Training keeps none: it prepares weights anew in each forward, in scratch memory. */
typedef enum
{
  P2P_FORM_PACKED,         /* reordered for the inner loop */
  P2P_FORM_TRANSFORMED,    /* transformed (Winograd) */
  P2P_N_FORMS,
} P2pForm;

/* One parameter.  Its values are either in value or in source. */
typedef struct
{
  char         *name;
  P2pParamKind  kind;
  P2pInit       init;
  int           n_dims;
  int           dims[4];
  gsize         n;                      /* elements */
  int           out_dim;                /* for the weight of a convolution: which of dims is the
                                         * number of output channels, 0 or 1; otherwise 0 */
  gboolean      resized;                /* the weight of a p2p_conv_resize () */
  P2pDtype      dtype;                  /* of source */
  gboolean      missing;                /* not in the file; allowed for running statistics only */
  const void   *source;                 /* values in the mapped file; NULL when they are in value */
  p2p_real     *value;                  /* values in the flat block; NULL when they are in source */
  p2p_real     *gradient;               /* NULL before p2p_params_train () */
  gboolean      gradient_empty;         /* gradient counts as zero, whatever its memory holds */
  p2p_real     *moments[2];             /* Adam's running means of the gradient and its square */
  p2p_real     *prepared[P2P_N_FORMS];  /* memory for the prepared forms, NULL until allocated */
  gboolean      is_prepared[P2P_N_FORMS];    /* that memory holds the form */
  int           users;                  /* nodes of all graphs that use it; when the last one goes,
                                         * the prepared forms are freed */
} P2pParam;

typedef struct _P2pParams P2pParams;

P2pParams * p2p_params_new  (void);
void        p2p_params_free (P2pParams *params);

/* Returns the parameter of this name, which params own.  Declares it when there is none and params
 * are not sealed yet.
 * Errors: P2P_ERROR_FILE when there is one with another shape, or none and params are sealed. */
P2pParam *  p2p_params_declare (P2pParams *params, const char *name, P2pParamKind kind, int n_dims,
                                const int *dims, P2pInit init, GError **error);

/* Returns the parameter of this name, or NULL. */
P2pParam *  p2p_params_lookup (P2pParams *params, const char *name);

/* The number of parameters, and one of them in the order of declaration. */
guint       p2p_params_length (P2pParams *params);
P2pParam *  p2p_params_nth    (P2pParams *params, guint i);

/* The number of elements in all parameters of a kind. */
gsize       p2p_params_count  (P2pParams *params, P2pParamKind kind);

/* Gives the declared parameters their values from tensors, which must match (params-load.h), and
 * seals params.  Weights of two or more dimensions stay in the mapped file and are read when they
 * are prepared; the others are converted into the flat block.  On success params own tensors.
 * Errors: P2P_ERROR_MEMORY, and tensors still belong to the caller. */
gboolean    p2p_params_take (P2pParams *params, P2pTensors *tensors, GError **error);

/* Gives the declared parameters their initial values, and seals params.  The values depend only on
 * the seed and on the parameter's name.  Errors: P2P_ERROR_MEMORY. */
gboolean    p2p_params_init (P2pParams *params, guint64 seed, GError **error);

/* ---- Training --------------------------------------------------------------------------- */

/* All trainable parameters as flat blocks of n elements each, in the order of declaration, so that
 * an optimizer is one loop.  Params own the blocks. */
typedef struct
{
  gsize     n;
  p2p_real *value, *gradient, *moments[2];
} P2pTrained;

/* Allocates gradients and moments, zeroed, unless that has been done.  Errors: P2P_ERROR_MEMORY. */
gboolean    p2p_params_reserve   (P2pParams *params, GError **error);

/* Returns the blocks for training.  The first call gives the parameters their gradients and
 * moments; call p2p_params_reserve () before it, because otherwise a lack of memory aborts.  Each
 * call also writes zeros to the gradients that are marked as zero (gradient_empty) and removes the
 * mark, so that the caller may read the gradients as plain memory.  params must have values that do
 * not come from a file. */
P2pTrained  p2p_params_train     (P2pParams *params);

/* Makes all gradients count as zero.  This is quick, because it does not touch their memory but
 * marks them: the first op that would add to such a gradient sets it instead. */
void        p2p_params_zero_grad (P2pParams *params);

/* Must be called after values were changed; drops the prepared forms of the old values. */
void        p2p_params_changed   (P2pParams *params);

/* ---- Running statistics ----------------------------------------------------------------- */

/* The weight of a batch's own statistics in the running statistics. */
#define P2P_MOMENTUM 0.1

/* Brings one running statistic up to date: *running becomes (1 − P2P_MOMENTUM) · *running + addend,
 * where addend is P2P_MOMENTUM · the batch's own value.  running points into the values of
 * P2P_STATE.  While params have a record, the addend goes there and *running stays as it is. */
void        p2p_params_follow     (P2pParams *params, p2p_real *running, double addend);

/* Makes forwards write to record (double), which must outlive params, instead of changing the
 * running statistics: each appends a row of p2p_params_count (P2P_STATE) addends.  NULL, as at
 * first, ends that. */
void        p2p_params_record     (P2pParams *params, GArray *record);

/* Each forward that changes running statistics calls this first.  Begins a row of the record, if
 * there is one, in which nothing is measured yet (NaN). */
void        p2p_params_begin_row  (P2pParams *params);

/* Changes the running statistics as the forward did that has written this row of a record. */
void        p2p_params_follow_row (P2pParams *params, const double *row);

/* ---- Values ----------------------------------------------------------------------------- */

/* Returns a copy of params with the same values, without gradients.  All values lie in its own flat
 * block, none in a file.  Errors: P2P_ERROR_MEMORY. */
P2pParams * p2p_params_copy   (P2pParams *params, GError **error);

/* Returns all values of a kind as one flat block of p2p_params_count () elements, in the order of
 * declaration; params own it.  params must have values that do not come from a file. */
p2p_real *  p2p_params_values (P2pParams *params, P2pParamKind kind);

/* Copies n values of a parameter, from element start on, to values.  Converts them to p2p_real when
 * they are in the mapped file. */
void        p2p_param_read  (const P2pParam *param, gsize start, gsize n, p2p_real *values);

/* The same for a parameter with a source of type P2P_F16, without widening: the bits of the halves,
 * in the processor's byte order. */
void        p2p_param_read_halves (const P2pParam *param, gsize start, gsize n, guint16 *halves);

/* Frees the parameter's prepared forms. */
void        p2p_param_drop_prepared (P2pParam *param);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pParams, p2p_params_free)
