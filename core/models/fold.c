/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Computing weights that are stored as other tensors (fold.h).  Sums are in double precision. */

#include <math.h>
#include <string.h>

#include "base/intl.h"
#include "base/memory.h"
#include "files/half.h"
#include "files/zip.h"
#include "fold.h"

#define NEWER  ".parametrizations.weight."
#define WEIGHT ".weight"

/* How torch.nn.utils.parametrizations names a tensor (after NEWER), and how torch.nn.utils does
 * (after the module's name and a point). */
static const char *const ways[][2] =
{
  { "original",  "weight_orig" },
  { "0._u",      "weight_u" },
  { "0._v",      "weight_v" },
  { "original0", "weight_g" },
  { "original1", "weight_v" },
};

/* ---- Names ------------------------------------------------------------------------------ */

char *
p2p_fold_name (const char *name)
{
  const char *newer = strstr (name, NEWER);

  for (guint i = 0; newer && i < G_N_ELEMENTS (ways); i++)
    if (strcmp (newer + strlen (NEWER), ways[i][0]) == 0)
      return g_strdup_printf ("%.*s.%s", (int) (newer - name), name, ways[i][1]);
  return g_strdup (name);
}

/* The tensor with the weight's name and an ending such as "_u", or NULL. */
static const P2pTensor *
get_part (const P2pTensors *tensors,
          const char       *weight,
          const char       *ending)
{
  g_autofree char *name = g_strconcat (weight, ending, NULL);

  return p2p_tensors_get (tensors, name);
}

static gboolean
has_parts (const P2pTensors *tensors,
           const char       *weight,
           P2pFold           fold)
{
  if (fold == P2P_FOLD_SPECTRAL)
    return get_part (tensors, weight, "_u") && get_part (tensors, weight, "_v");
  return get_part (tensors, weight, "_g") && ! get_part (tensors, weight, "_orig");
}

void
p2p_fold_mark (P2pTensors *tensors)
{
  for (guint i = 0; i < tensors->list->len; i++)
    {
      P2pTensor       *tensor = g_ptr_array_index (tensors->list, i);
      g_autofree char *weight = NULL;
      P2pFold          fold;

      if (! g_str_has_suffix (tensor->name, WEIGHT "_orig")
          && ! g_str_has_suffix (tensor->name, WEIGHT "_v"))
        continue;
      weight = g_strndup (tensor->name, strrchr (tensor->name, '_') - tensor->name);
      fold = g_str_has_suffix (tensor->name, "_orig") ? P2P_FOLD_SPECTRAL : P2P_FOLD_WEIGHT_NORM;
      if (p2p_tensors_get (tensors, weight) || ! has_parts (tensors, weight, fold))
        continue;
      tensor->fold = fold;
      p2p_tensors_rename (tensors, tensor, weight);
    }
}

/* ---- Numbers ---------------------------------------------------------------------------- */

/* The shape of a tensor whose dimensions before and after one of them (the rows) are merged. */
typedef struct
{
  gsize before, rows, after;
} Shape;

static Shape
around (const P2pTensor *tensor,
        int              dim)
{
  Shape shape = { 1, tensor->dims[dim], 1 };

  for (int i = 0; i < tensor->n_dims; i++)
    if (i != dim)
      *(i < dim ? &shape.before : &shape.after) *= tensor->dims[i];
  return shape;
}

/* Returns the numbers as floats (newly allocated).
 * Errors: P2P_ERROR_FILE if they are of a type that is not read; P2P_ERROR_MEMORY. */
static float *
read_floats (const P2pTensor *tensor,
             GError         **error)
{
  float *values;

  if (! p2p_dtype_is_float (tensor->dtype))
    {
      p2p_damaged (error, _("Tensor “%s” has numbers of type %s, which are not read; save it as "
                            "F32, F16 or BF16"), tensor->name, tensor->type);
      return NULL;
    }
  values = p2p_memory_alloc (P2P_FOR_MODEL, tensor->n_elements, sizeof (float), error);
  if (values)
    p2p_widen (tensor->dtype, tensor->data, tensor->n_elements, values);
  return values;
}

/* Returns the dimension whose length is that of u, while the product of the others is the length of
 * v.  out_dim is tried first.  −1 if no dimension fits. */
static int
spectral_dim (const P2pTensor *weight,
              const P2pTensor *u,
              const P2pTensor *v,
              int              out_dim)
{
  for (int i = 0; i < weight->n_dims; i++)
    {
      int   dim = (out_dim + i) % weight->n_dims;
      Shape shape = around (weight, dim);

      if (u->n_elements == shape.rows && v->n_elements == shape.before * shape.after)
        return dim;
    }
  return -1;
}

/* Divides values [before,rows,after] by σ, which u [rows] and v [before·after] give. */
static gboolean
fold_spectral (const P2pTensors *tensors,
               const P2pTensor  *weight,
               int               out_dim,
               float            *values,
               GError          **error)
{
  const P2pTensor  *u = get_part (tensors, weight->name, "_u");
  const P2pTensor  *v = get_part (tensors, weight->name, "_v");
  int               dim = spectral_dim (weight, u, v, out_dim);
  Shape             shape;
  g_autofree float *left = NULL, *right = NULL;
  double            sigma = 0.0;

  if (dim < 0)
    return p2p_damaged (error, _("The spectral norm of weight “%s” does not fit its shape"),
                        weight->name);
  left = read_floats (u, error);
  right = left ? read_floats (v, error) : NULL;
  if (! right)
    return FALSE;

  shape = around (weight, dim);
  for (gsize i = 0; i < shape.before; i++)
    for (gsize row = 0; row < shape.rows; row++)
      for (gsize j = 0; j < shape.after; j++)
        sigma += (double) values[(i * shape.rows + row) * shape.after + j]
                 * left[row] * right[i * shape.after + j];
  for (gsize i = 0; i < weight->n_elements; i++)
    values[i] = values[i] / sigma;
  return TRUE;
}

/* Returns the dimension of the weight along which g has one number for each index, or 0 if g is a
 * single number.  −1 if g has another shape. */
static int
weight_norm_dim (const P2pTensor *weight,
                 const P2pTensor *g)
{
  int dim = 0;

  if (g->n_elements == 1)
    return 0;
  if (g->n_dims != weight->n_dims)
    return -1;
  while (dim < g->n_dims - 1 && g->dims[dim] == 1)
    dim++;
  return g->dims[dim] == weight->dims[dim] && g->n_elements == (gsize) g->dims[dim] ? dim : -1;
}

/* Replaces values [before,rows,after] by g values / |values|: each row by itself, or all values at
 * once if g is a single number. */
static gboolean
fold_weight_norm (const P2pTensors *tensors,
                  const P2pTensor  *weight,
                  float            *values,
                  GError          **error)
{
  const P2pTensor   *g = get_part (tensors, weight->name, "_g");
  int                dim = weight_norm_dim (weight, g);
  Shape              shape;
  g_autofree float  *lengths = NULL;

  if (dim < 0)
    return p2p_damaged (error, _("The weight norm of weight “%s” does not fit its shape"),
                        weight->name);
  lengths = read_floats (g, error);
  if (! lengths)
    return FALSE;

  shape = g->n_elements == 1 ? (Shape) { 1, 1, weight->n_elements } : around (weight, dim);
  for (gsize row = 0; row < shape.rows; row++)
    {
      double sum = 0.0, factor;

      for (gsize i = 0; i < shape.before; i++)
        for (gsize j = 0; j < shape.after; j++)
          sum += pow (values[(i * shape.rows + row) * shape.after + j], 2.0);
      factor = lengths[row] / sqrt (sum);
      for (gsize i = 0; i < shape.before; i++)
        for (gsize j = 0; j < shape.after; j++)
          values[(i * shape.rows + row) * shape.after + j] *= factor;
    }
  return TRUE;
}

static gboolean
fold_weight (const P2pTensors *tensors,
             P2pParams        *params,
             P2pTensor        *weight,
             P2pTensors       *folded,
             GError          **error)
{
  P2pParam          *param = p2p_params_lookup (params, weight->name);
  g_autofree float  *values = read_floats (weight, error);
  g_autoptr (GBytes) bytes = NULL;
  gboolean           done;

  if (! values)
    return FALSE;
  if (weight->fold == P2P_FOLD_SPECTRAL)
    done = fold_spectral (tensors, weight, param ? param->out_dim : 0, values, error);
  else
    done = fold_weight_norm (tensors, weight, values, error);
  if (! done)
    return FALSE;

  bytes = g_bytes_new_take (g_steal_pointer (&values), weight->n_elements * sizeof (float));
  return p2p_tensors_add (folded, weight->name, P2P_F32, weight->n_dims, weight->dims,
                          g_bytes_get_data (bytes, NULL), bytes);
}

/* Returns a set of the names that the inputs of marked weights may have. */
static GHashTable *
list_parts (const P2pTensors *tensors)
{
  static const char *const endings[] = { "_u", "_v", "_g" };
  GHashTable              *parts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < tensors->list->len; i++)
    {
      const P2pTensor *tensor = g_ptr_array_index (tensors->list, i);

      for (guint j = 0; tensor->fold && j < G_N_ELEMENTS (endings); j++)
        g_hash_table_add (parts, g_strconcat (tensor->name, endings[j], NULL));
    }
  return parts;
}

P2pTensors *
p2p_fold (P2pTensors           *tensors,
          const P2pNet         *net,
          const P2pNetOptions  *options,
          GError              **error)
{
  g_autoptr (GHashTable)  parts = list_parts (tensors);
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (P2pTensors)  folded = NULL;

  if (! p2p_net_declare (net, options, params, parallel, error))
    return NULL;

  folded = p2p_tensors_derive (tensors);
  for (guint i = 0; i < tensors->list->len; i++)
    {
      P2pTensor *tensor = g_ptr_array_index (tensors->list, i);

      if (g_hash_table_contains (parts, tensor->name))
        continue;
      if (! tensor->fold)
        p2p_tensors_add_copy (folded, tensor->name, tensor);
      else if (! fold_weight (tensors, params, tensor, folded, error))
        return NULL;
    }
  return g_steal_pointer (&folded);
}
