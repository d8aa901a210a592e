/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Loading a network's weights from a file.  First the names and shapes of the file's tensors are
 * compared with those that the network declares, then their numbers are checked. */

#include "base/intl.h"
#include "files/finite-check.h"
#include "p2p.h"
#include "params-load.h"

#define MAX_NAMED 3

/* Tensors that do not fit, all for the same reason. */
typedef struct
{
  GString *text;    /* a list of the first MAX_NAMED of them */
  guint    n;       /* how many there are in all */
} Misfits;

static void
misfits_clear (Misfits *misfits)
{
  g_string_free (misfits->text, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Misfits, misfits_clear)

/* Counts a misfit and adds its name and shapes to the list.  found is the tensor's shape in the
 * file, NULL when the file lacks the tensor.  expected is the shape that the network declares, NULL
 * when the network declares no such tensor. */
static void
add_misfit (Misfits    *misfits,
            const char *name,
            const char *found,
            const char *expected)
{
  if (misfits->n++ >= MAX_NAMED)
    return;

  g_string_append_printf (misfits->text, "\n  %s ", name);
  if (found && expected)
    g_string_append_printf (misfits->text, _("(%s instead of %s)"), found, expected);
  else
    g_string_append_printf (misfits->text, "(%s)", found ? found : expected);
}

static char *
param_shape (const P2pParam *param)
{
  gint64 dims[G_N_ELEMENTS (param->dims)];

  for (int i = 0; i < param->n_dims; i++)
    dims[i] = param->dims[i];
  return p2p_shape_to_text (param->n_dims, dims);
}

static gboolean
tensor_fits (const P2pTensor *tensor,
             const P2pParam  *param)
{
  if (tensor->n_dims != param->n_dims)
    return FALSE;
  for (int i = 0; i < param->n_dims; i++)
    if (tensor->dims[i] != param->dims[i])
      return FALSE;
  return TRUE;
}

static gboolean
is_double (const P2pTensor *tensor)
{
  return tensor && g_strcmp0 (tensor->type, "float64") == 0;
}

/* Whether any of the network's own weights was saved as doubles. */
static gboolean
has_doubles (P2pParams        *params,
             const P2pTensors *tensors)
{
  for (guint i = 0; i < p2p_params_length (params); i++)
    if (is_double (p2p_tensors_get (tensors, p2p_params_nth (params, i)->name)))
      return TRUE;
  return FALSE;
}

/* Whether a tensor that the network does not declare can be ignored, because it cannot be a weight.
 * Such tensors are counters and masks, and running statistics (old versions of PyTorch's instance
 * norm saved them).  Tensors of doubles, such as a saved loss, are ignored, too, unless some of the
 * network's own weights are doubles (the parameter doubles). */
static gboolean
is_stale (const P2pTensor *tensor,
          gboolean         doubles)
{
  return ! p2p_dtype_is_float (tensor->dtype) || (is_double (tensor) && ! doubles)
         || g_str_has_suffix (tensor->name, ".num_batches_tracked")
         || g_str_has_suffix (tensor->name, ".running_mean")
         || g_str_has_suffix (tensor->name, ".running_var");
}

/* Checks the types of those tensors that the network declares; types of others do not matter. */
static gboolean
check_types (P2pParams         *params,
             const P2pTensors  *tensors,
             GError           **error)
{
  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      const P2pTensor *tensor = p2p_tensors_get (tensors, p2p_params_nth (params, i)->name);

      if (tensor && ! p2p_dtype_is_float (tensor->dtype))
        return p2p_damaged (error, _("Tensor “%s” has numbers of type %s, which are not read; save "
                                     "it as F32, F16 or BF16"), tensor->name, tensor->type);
    }
  return TRUE;
}

static void
find_missing (P2pParams        *params,
              const P2pTensors *tensors,
              Misfits          *missing,
              Misfits          *misshapen)
{
  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      const P2pParam  *param = p2p_params_nth (params, i);
      const P2pTensor *tensor = p2p_tensors_get (tensors, param->name);
      g_autofree char *expected = param_shape (param);
      g_autofree char *found = NULL;

      if (! tensor && param->kind == P2P_TRAINABLE)
        add_misfit (missing, param->name, NULL, expected);
      else if (tensor && ! tensor_fits (tensor, param))
        {
          found = p2p_shape_to_text (tensor->n_dims, tensor->dims);
          add_misfit (misshapen, param->name, found, expected);
        }
    }
}

static void
find_unexpected (P2pParams        *params,
                 const P2pTensors *tensors,
                 Misfits          *unexpected)
{
  gboolean doubles = has_doubles (params, tensors);

  for (guint i = 0; i < tensors->list->len; i++)
    {
      const P2pTensor *tensor = g_ptr_array_index (tensors->list, i);
      g_autofree char *found = p2p_shape_to_text (tensor->n_dims, tensor->dims);

      if (! p2p_params_lookup (params, tensor->name) && ! is_stale (tensor, doubles))
        add_misfit (unexpected, tensor->name, found, NULL);
    }
}

static void
add_list (GString       *message,
          const char    *title,
          const Misfits *misfits)
{
  if (! misfits->n)
    return;

  g_string_append_printf (message, "%s%s%s", message->len ? "\n" : "", title, misfits->text->str);
  if (misfits->n > MAX_NAMED)
    g_string_append_printf (message, _("\n  and %u more"), misfits->n - MAX_NAMED);
}

gboolean
p2p_params_match (P2pParams         *params,
                  const P2pTensors  *tensors,
                  GError           **error)
{
  g_auto (Misfits)    missing = { g_string_new (NULL), 0 };
  g_auto (Misfits)    misshapen = { g_string_new (NULL), 0 };
  g_auto (Misfits)    unexpected = { g_string_new (NULL), 0 };
  g_autoptr (GString) message = g_string_new (NULL);

  if (! check_types (params, tensors, error))
    return FALSE;

  find_missing (params, tensors, &missing, &misshapen);
  find_unexpected (params, tensors, &unexpected);

  add_list (message, _("Missing weights:"), &missing);
  add_list (message, _("Weights of another shape:"), &misshapen);
  add_list (message, _("Unexpected weights:"), &unexpected);
  if (! message->len)
    return TRUE;

  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED, message->str);
  return FALSE;
}

/* ---- Values ----------------------------------------------------------------------------- */

/* Checks all weights, also those that stay in the mapped file, because nothing checks these again
 * before they are used. */
static gboolean
check_values (P2pParams        *params,
              const P2pTensors *tensors,
              GError          **error)
{
  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      const P2pParam  *param = p2p_params_nth (params, i);
      const P2pTensor *tensor = p2p_tensors_get (tensors, param->name);

      if (tensor && ! p2p_all_finite (tensor->dtype, tensor->data, tensor->n_elements))
        {
          g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
                       _("Weight “%s” holds numbers that are not finite: the training that made it "
                         "failed; use an earlier checkpoint"), param->name);
          return FALSE;
        }
    }

  return TRUE;
}

gboolean
p2p_params_load (P2pParams   *params,
                 P2pTensors  *tensors,
                 GError     **error)
{
  if (! p2p_params_match (params, tensors, error) || ! check_values (params, tensors, error))
    return FALSE;

  return p2p_params_take (params, tensors, error);
}
