/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Named weights.  A network's first build on empty params declares names, shapes and
 * initialisers; p2p_params_take () or p2p_params_init () then gives values and seals them, and
 * later builds look them up.  Names are those of the public PyTorch implementation's state dict. */

#pragma once

#include "base/real.h"
#include "files/tensors.h"

typedef enum
{
  P2P_TRAINABLE,    /* an optimizer changes it */
  P2P_STATE,        /* running statistics: no optimizer touches it */
} P2pParamKind;

typedef struct
{
  double mean, std;   /* normal distribution; std 0: the constant mean */
} P2pInit;

/* What an algorithm makes of a weight once: rearranged for its inner loop, or transformed
 * (Winograd).  At most one of each form per weight. */
typedef enum
{
  P2P_FORM_PACKED,
  P2P_FORM_TRANSFORMED,
  P2P_N_FORMS,
} P2pForm;

typedef struct
{
  char         *name;
  P2pParamKind  kind;
  P2pInit       init;
  int           n_dims;
  int           dims[4];
  gsize         n;                      /* elements */
  int           out_dim;                /* the dimension of a convolution's weight that its output
                                         * channels are; 0 for all others */
  gboolean      resized;                /* a convolution's after doubling: p2p_conv_resize () */
  P2pDtype      dtype;                  /* of source */
  gboolean      missing;                /* the file has none: running statistics may be left out */
  const void   *source;                 /* values in a mapped file, or NULL: value holds them */
  p2p_real     *value;                  /* in the flat block; NULL while source is used */
  p2p_real     *gradient;               /* these only in training (p2p_params_train ()) */
  gboolean      gradient_empty;         /* nothing was added to it since it was zeroed */
  p2p_real     *moments[2];             /* Adam's, of the gradient and of its square */
  p2p_real     *prepared[P2P_N_FORMS];
  gboolean      is_prepared[P2P_N_FORMS];    /* there is more than room for it */
  int           users;                  /* graphs that use it; prepared forms go with the last */
} P2pParam;

typedef struct _P2pParams P2pParams;

P2pParams * p2p_params_new  (void);
void        p2p_params_free (P2pParams *params);

/* Declares a parameter, or finds it when params is sealed.
 * Errors: P2P_ERROR_FILE when a sealed params has no such name, or has it with another shape. */
P2pParam *  p2p_params_declare (P2pParams *params, const char *name, P2pParamKind kind, int n_dims,
                                const int *dims, P2pInit init, GError **error);

P2pParam *  p2p_params_lookup (P2pParams *params, const char *name);
guint       p2p_params_length (P2pParams *params);
P2pParam *  p2p_params_nth    (P2pParams *params, guint i);

/* Elements of all parameters of a kind. */
gsize       p2p_params_count  (P2pParams *params, P2pParamKind kind);

/* Takes the declared parameters' values from tensors that are known to match (params-load.h);
 * params then owns the tensors.  Weights of two or more dimensions stay where they are mapped and
 * are read when they are prepared; the small ones are widened into the flat block.
 * Errors: P2P_ERROR_MEMORY; then tensors stay the caller's. */
gboolean    p2p_params_take (P2pParams *params, P2pTensors *tensors, GError **error);

/* Fills the declared parameters from their initialisers.  Errors: P2P_ERROR_MEMORY. */
gboolean    p2p_params_init (P2pParams *params, guint64 seed, GError **error);

/* ---- Training --------------------------------------------------------------------------- */

/* The trainable parameters as flat blocks of n elements, which hold them in the order of
 * declaration. */
typedef struct
{
  gsize     n;
  p2p_real *value, *gradient, *moments[2];
} P2pTrained;

/* Makes room for gradients and moments.  Errors: P2P_ERROR_MEMORY. */
gboolean    p2p_params_reserve   (P2pParams *params, GError **error);

/* Gives initialised params gradients and moments, all zero; again: the same blocks.  Without
 * p2p_params_reserve () before, it ends the process when there is no memory. */
P2pTrained  p2p_params_train     (P2pParams *params);

/* Memory is not touched: who adds first sets, and p2p_params_train () clears what nobody did. */
void        p2p_params_zero_grad (P2pParams *params);

/* To be called when values were changed: what is prepared of them is dropped. */
void        p2p_params_changed   (P2pParams *params);

/* ---- Values ----------------------------------------------------------------------------- */

/* The same parameters, with the same values: a flat block of their own, without gradients.
 * Errors: P2P_ERROR_MEMORY. */
P2pParams * p2p_params_copy   (P2pParams *params, GError **error);

/* All values of a kind as one flat block of p2p_params_count () elements, in the order of
 * declaration.  Of params without a mapped file. */
p2p_real *  p2p_params_values (P2pParams *params, P2pParamKind kind);

/* Reads n values of a parameter from element start on, as p2p_real, wherever they are. */
void        p2p_param_read  (const P2pParam *param, gsize start, gsize n, p2p_real *values);

/* The same of a parameter whose source is P2P_F16, as it stands there. */
void        p2p_param_read_halves (const P2pParam *param, gsize start, gsize n, guint16 *halves);

void        p2p_param_drop_prepared (P2pParam *param);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pParams, p2p_params_free)
