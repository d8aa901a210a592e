/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Where parameters live.  For training, all values lie in one flat block, the trainable ones first
 * and the state behind them.  When they are loaded from a file, weights of two or more dimensions
 * stay in the mapped file, and only the others (norm weights, biases, running statistics) are
 * copied into the block. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/intl.h"
#include "base/memory.h"
#include "base/random.h"
#include "files/half.h"
#include "p2p.h"
#include "params.h"

struct _P2pParams
{
  GPtrArray  *list;       /* P2pParam, in the order of declaration */
  GHashTable *by_name;
  gboolean    sealed;
  p2p_real   *block;      /* trainable values, then state; without those that stay in the file */
  p2p_real   *training;   /* gradients, first moments, second moments of the trainable parameters;
                           * NULL until p2p_params_reserve () */
  GArray     *record;     /* double: where running statistics go instead (not owned), or NULL */
  gsize       row;        /* index in record of the row that is being written */
  p2p_real   *state;      /* while there is a record: the state's values in block */
  P2pTensors *tensors;    /* the file that P2pParam.source points into; NULL if not from a file */
};

/* Converts n numbers of a mapped file to p2p_real. */
static void
read_as_real (P2pDtype      dtype,
              const void   *source,
              gsize         n,
              p2p_real     *values)
{
#ifdef P2P_DOUBLE
  float buffer[256];

  for (gsize i = 0; i < n; i += G_N_ELEMENTS (buffer))
    {
      gsize m = MIN (n - i, G_N_ELEMENTS (buffer));

      p2p_widen (dtype, (const guint8 *) source + i * p2p_dtype_size (dtype), m, buffer);
      for (gsize j = 0; j < m; j++)
        values[i + j] = buffer[j];
    }
#else
  p2p_widen (dtype, source, n, values);
#endif
}

static void
param_free (gpointer data)
{
  P2pParam *param = data;

  p2p_param_drop_prepared (param);
  g_free (param->name);
  g_free (param);
}

P2pParams *
p2p_params_new (void)
{
  P2pParams *params = g_new0 (P2pParams, 1);

  params->list = g_ptr_array_new_with_free_func (param_free);
  params->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  return params;
}

void
p2p_params_free (P2pParams *params)
{
  if (! params)
    return;
  g_hash_table_unref (params->by_name);
  g_ptr_array_unref (params->list);
  free (params->block);
  free (params->training);
  p2p_tensors_free (params->tensors);
  g_free (params);
}

static gboolean
same_shape (const P2pParam *param,
            int             n_dims,
            const int      *dims)
{
  return param->n_dims == n_dims && memcmp (param->dims, dims, n_dims * sizeof (int)) == 0;
}

P2pParam *
p2p_params_declare (P2pParams     *params,
                    const char    *name,
                    P2pParamKind   kind,
                    int            n_dims,
                    const int     *dims,
                    P2pInit        init,
                    GError       **error)
{
  P2pParam *param = p2p_params_lookup (params, name);

  g_return_val_if_fail (n_dims >= 1 && n_dims <= 4, NULL);

  if (param && same_shape (param, n_dims, dims))
    return param;
  if (param || params->sealed)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
                   _("The network's weight “%s” is not in the model, or has another shape there"),
                   name);
      return NULL;
    }

  param = g_new0 (P2pParam, 1);
  param->name = g_strdup (name);
  param->kind = kind;
  param->init = init;
  param->n_dims = n_dims;
  param->n = 1;
  for (int i = 0; i < n_dims; i++)
    {
      param->dims[i] = dims[i];
      param->n *= dims[i];
    }
  g_ptr_array_add (params->list, param);
  g_hash_table_insert (params->by_name, param->name, param);

  return param;
}

P2pParam *
p2p_params_lookup (P2pParams  *params,
                   const char *name)
{
  return g_hash_table_lookup (params->by_name, name);
}

guint
p2p_params_length (P2pParams *params)
{
  return params->list->len;
}

P2pParam *
p2p_params_nth (P2pParams *params,
                guint      i)
{
  return g_ptr_array_index (params->list, i);
}

gsize
p2p_params_count (P2pParams    *params,
                  P2pParamKind  kind)
{
  gsize n = 0;

  for (guint i = 0; i < params->list->len; i++)
    {
      const P2pParam *param = p2p_params_nth (params, i);

      if (param->kind == kind)
        n += param->n;
    }

  return n;
}

/* Allocates n values, zeroed. */
static p2p_real *
allocate (gsize    n,
          GError **error)
{
  p2p_real *values = p2p_memory_pages (P2P_FOR_MODEL, n * sizeof (p2p_real), error);

  if (values)
    memset (values, 0, n * sizeof (p2p_real));
  return values;
}

/* Allocates the block, gives every parameter without a source its place there, and seals params. */
static gboolean
allocate_block (P2pParams  *params,
                GError    **error)
{
  for (int pass = 0; pass < 2; pass++)
    {
      gsize offset = 0;

      for (int kind = P2P_TRAINABLE; kind <= P2P_STATE; kind++)
        for (guint i = 0; i < params->list->len; i++)
          {
            P2pParam *param = p2p_params_nth (params, i);

            if ((int) param->kind != kind || param->source)
              continue;
            if (pass == 1)
              param->value = params->block + offset;
            offset += param->n;
          }
      if (pass == 0 && ! (params->block = allocate (offset, error)))
        return FALSE;
    }

  params->sealed = TRUE;
  return TRUE;
}

/* ---- From a file ------------------------------------------------------------------------ */

/* Values in the mapped file must be converted each time they are read.  Small parameters are read
 * in every forward, so they are converted once, into the block. */
gboolean
p2p_params_take (P2pParams   *params,
                 P2pTensors  *tensors,
                 GError     **error)
{
  g_return_val_if_fail (! params->sealed, FALSE);

  for (guint i = 0; i < params->list->len; i++)
    {
      P2pParam        *param = p2p_params_nth (params, i);
      const P2pTensor *tensor = p2p_tensors_get (tensors, param->name);

      if (tensor && param->n_dims >= 2)
        {
          param->source = tensor->data;
          param->dtype = tensor->dtype;
        }
    }
  if (! allocate_block (params, error))
    return FALSE;
  for (guint i = 0; i < params->list->len; i++)
    {
      P2pParam        *param = p2p_params_nth (params, i);
      const P2pTensor *tensor = p2p_tensors_get (tensors, param->name);

      param->missing = ! tensor;
      if (tensor && param->value)
        read_as_real (tensor->dtype, tensor->data, param->n, param->value);
    }
  params->tensors = tensors;
  return TRUE;
}

/* ---- Training --------------------------------------------------------------------------- */

gboolean
p2p_params_reserve (P2pParams  *params,
                    GError    **error)
{
  if (! params->training)
    params->training = allocate (3 * p2p_params_count (params, P2P_TRAINABLE), error);
  return params->training != NULL;
}

P2pTrained
p2p_params_train (P2pParams *params)
{
  P2pTrained trained = { p2p_params_count (params, P2P_TRAINABLE), params->block };
  gsize      offset = 0;

  g_return_val_if_fail (params->sealed && ! params->tensors, trained);
  if (! p2p_params_reserve (params, NULL))
    g_error ("there is no memory for gradients");
  trained.gradient = params->training;
  trained.moments[0] = params->training + trained.n;
  trained.moments[1] = params->training + 2 * trained.n;

  for (guint i = 0; i < params->list->len; i++)
    {
      P2pParam *param = p2p_params_nth (params, i);

      if (param->kind != P2P_TRAINABLE)
        continue;
      param->gradient = trained.gradient + offset;
      for (int j = 0; j < 2; j++)
        param->moments[j] = trained.moments[j] + offset;
      offset += param->n;
      if (param->gradient_empty)
        memset (param->gradient, 0, param->n * sizeof (p2p_real));
      param->gradient_empty = FALSE;
    }

  return trained;
}

void
p2p_params_zero_grad (P2pParams *params)
{
  for (guint i = 0; i < params->list->len; i++)
    p2p_params_nth (params, i)->gradient_empty = p2p_params_nth (params, i)->gradient != NULL;
}

void
p2p_params_changed (P2pParams *params)
{
  for (guint i = 0; i < params->list->len; i++)
    p2p_param_drop_prepared (p2p_params_nth (params, i));
}

/* ---- Running statistics ----------------------------------------------------------------- */

void
p2p_params_follow (P2pParams *params,
                   p2p_real  *running,
                   double     addend)
{
  if (params->record)
    g_array_index (params->record, double, params->row + (running - params->state)) = addend;
  else
    *running = (1.0 - P2P_MOMENTUM) * *running + addend;
}

void
p2p_params_record (P2pParams *params,
                   GArray    *record)
{
  params->record = record;
  params->state = p2p_params_values (params, P2P_STATE);
}

void
p2p_params_begin_row (P2pParams *params)
{
  const gsize n = params->record ? p2p_params_count (params, P2P_STATE) : 0;

  if (n == 0)
    return;
  params->row = params->record->len;
  g_array_set_size (params->record, params->row + n);
  for (gsize i = 0; i < n; i++)
    g_array_index (params->record, double, params->row + i) = NAN;
}

void
p2p_params_follow_row (P2pParams    *params,
                       const double *row)
{
  p2p_real    *running = p2p_params_values (params, P2P_STATE);
  const gsize  n = p2p_params_count (params, P2P_STATE);

  for (gsize i = 0; i < n; i++)
    if (! isnan (row[i]))
      running[i] = (1.0 - P2P_MOMENTUM) * running[i] + row[i];
}

/* ---- Values ----------------------------------------------------------------------------- */

gboolean
p2p_params_init (P2pParams  *params,
                 guint64     seed,
                 GError    **error)
{
  if (! allocate_block (params, error))
    return FALSE;
  for (guint i = 0; i < params->list->len; i++)
    {
      P2pParam *param = p2p_params_nth (params, i);
      guint64   stream = p2p_random_stream (param->name);

      for (gsize j = 0; j < param->n; j++)
        param->value[j] = param->init.std > 0.0
                          ? param->init.mean + param->init.std * p2p_random_normal (seed, stream, j)
                          : param->init.mean;
    }
  return TRUE;
}

P2pParams *
p2p_params_copy (P2pParams  *params,
                 GError    **error)
{
  g_autoptr (P2pParams) copy = p2p_params_new ();

  for (guint i = 0; i < params->list->len; i++)
    {
      const P2pParam *param = p2p_params_nth (params, i);

      p2p_params_declare (copy, param->name, param->kind, param->n_dims, param->dims, param->init,
                          NULL);
      p2p_params_nth (copy, i)->out_dim = param->out_dim;
      p2p_params_nth (copy, i)->resized = param->resized;
    }
  if (! allocate_block (copy, error))
    return NULL;
  for (guint i = 0; i < params->list->len; i++)
    {
      P2pParam *param = p2p_params_nth (copy, i);

      p2p_param_read (p2p_params_nth (params, i), 0, param->n, param->value);
    }
  return g_steal_pointer (&copy);
}

p2p_real *
p2p_params_values (P2pParams    *params,
                   P2pParamKind  kind)
{
  g_return_val_if_fail (params->sealed && ! params->tensors, NULL);

  return params->block + (kind == P2P_STATE ? p2p_params_count (params, P2P_TRAINABLE) : 0);
}

void
p2p_param_read (const P2pParam *param,
                gsize           start,
                gsize           n,
                p2p_real       *values)
{
  if (param->value)
    memcpy (values, param->value + start, n * sizeof (p2p_real));
  else
    {
      const guint8 *source = param->source;

      read_as_real (param->dtype, source + start * p2p_dtype_size (param->dtype), n, values);
    }
}

void
p2p_param_read_halves (const P2pParam *param,
                       gsize           start,
                       gsize           n,
                       guint16        *halves)
{
  memcpy (halves, (const guint16 *) param->source + start, n * sizeof *halves);
  for (gsize i = 0; i < n && G_BYTE_ORDER == G_BIG_ENDIAN; i++)
    halves[i] = GUINT16_FROM_LE (halves[i]);
}

void
p2p_param_drop_prepared (P2pParam *param)
{
  for (int form = 0; form < P2P_N_FORMS; form++)
    {
      free (param->prepared[form]);
      param->prepared[form] = NULL;
      param->is_prepared[form] = FALSE;
    }
}
