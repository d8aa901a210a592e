/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "base/intl.h"
#include "checkpoint.h"
#include "files/finite-check.h"
#include "files/half.h"
#include "files/safetensors.h"
#include "graph/params-load.h"
#include "option-table.h"
#include "p2p.h"

/* Checkpoints of earlier versions have "best" instead.  It is the lowest L1 of a validation, which
 * cannot be compared with a score. */
#define BEST   "best-score"
#define OPTION "option."
#define CARD   "card."
#define STATE  "state."

static const char *const moments[] = { "moment1", "moment2" };

/* Where the metrics of each way are. */
static const char *const metrics[P2P_MAX_WAYS] = { "metrics", "metrics-back" };

void
p2p_train_state_clear (P2pTrainState *state)
{
  for (int way = 0; way < P2P_MAX_WAYS; way++)
    g_clear_pointer (&state->metrics[way], g_free);
  g_clear_pointer (&state->created, g_free);
  g_clear_pointer (&state->teacher, g_free);
}

/* ---- Weights ---------------------------------------------------------------------------- */

static void
add_values (P2pTensors     *tensors,
            const char     *prefix,
            const P2pParam *param,
            const p2p_real *values)
{
  g_autofree char *name = g_strconcat (prefix, param->name, NULL);
  gint64           dims[P2P_MAX_DIMS];

  for (int i = 0; i < param->n_dims; i++)
    dims[i] = param->dims[i];
  p2p_tensors_add (tensors, name, P2P_F32, param->n_dims, dims, values, NULL);
}

void
p2p_params_add_values (P2pParams  *params,
                       const char *prefix,
                       P2pTensors *tensors)
{
  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      const P2pParam *param = p2p_params_nth (params, i);

      add_values (tensors, prefix, param, param->value);
    }
}

static void
add_network (P2pTensors *tensors,
             P2pParams  *params,
             const char *network)
{
  g_autofree char *values = g_strconcat (network, ".value.", NULL);

  p2p_params_add_values (params, values, tensors);
  for (guint i = 0; i < p2p_params_length (params); i++)
    for (int m = 0; m < 2; m++)
      {
        const P2pParam  *param = p2p_params_nth (params, i);
        g_autofree char *prefix = g_strdup_printf ("%s.%s.", network, moments[m]);

        if (param->moments[m])
          add_values (tensors, prefix, param, param->moments[m]);
      }
}

/* Copies the tensor that is named prefix + the parameter's name to values.  FALSE when there is no
 * such tensor, or when its type or shape does not fit. */
static gboolean
take_values (const P2pTensors *tensors,
             const char       *prefix,
             const P2pParam   *param,
             p2p_real         *values)
{
  g_autofree char *name = g_strconcat (prefix, param->name, NULL);
  const P2pTensor *tensor = p2p_tensors_get (tensors, name);
  gboolean         fits = tensor && p2p_dtype_is_float (tensor->dtype)
                          && tensor->n_dims == param->n_dims;

  for (int i = 0; fits && i < param->n_dims; i++)
    fits = tensor->dims[i] == param->dims[i];
  if (fits)
    p2p_widen (tensor->dtype, tensor->data, param->n, values);
  return fits;
}

static gboolean
take_network (const P2pTensors *tensors,
              P2pParams        *params,
              const char       *network)
{
  g_autofree char *values = g_strconcat (network, ".value.", NULL);
  gboolean         fits = TRUE;

  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      P2pParam *param = p2p_params_nth (params, i);

      fits = fits && take_values (tensors, values, param, param->value);
      for (int m = 0; fits && param->moments[0] && m < 2; m++)
        {
          g_autofree char *prefix = g_strdup_printf ("%s.%s.", network, moments[m]);

          fits = take_values (tensors, prefix, param, param->moments[m]);
        }
    }
  p2p_params_changed (params);
  return fits;
}

gboolean
p2p_checkpoint_restore (const P2pTensors  *tensors,
                        const P2pRecipe   *recipe,
                        gpointer           training,
                        GError           **error)
{
  for (int i = 0; recipe->networks[i]; i++)
    {
      P2pParams *params = recipe->params (training, recipe->networks[i]);

      if (! params || take_network (tensors, params, recipe->networks[i]))
        continue;
      g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
                   _("The network %s is missing in the checkpoint, or does not fit the "
                     "checkpoint's options"), recipe->networks[i]);
      return FALSE;
    }
  return TRUE;
}

gboolean
p2p_params_start_from (P2pParams         *params,
                       const P2pTensors  *tensors,
                       GError           **error)
{
  if (! p2p_params_match (params, tensors, error))
    return FALSE;
  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      P2pParam *param = p2p_params_nth (params, i);

      take_values (tensors, "", param, param->value);
    }
  p2p_params_changed (params);
  return TRUE;
}

gboolean
p2p_params_check (P2pParams  *params,
                  GError    **error)
{
  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      const P2pParam *param = p2p_params_nth (params, i);

      if (p2p_all_finite (P2P_F32, param->value, param->n))
        continue;
      g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
                   _("weight “%s” holds numbers that are not finite"), param->name);
      return FALSE;
    }
  return TRUE;
}

/* ---- Texts ------------------------------------------------------------------------------ */

static void
put (GHashTable *metadata,
     const char *prefix,
     const char *name,
     const char *value)
{
  if (value)
    g_hash_table_insert (metadata, g_strconcat (prefix, name, NULL), g_strdup (value));
}

static void
put_integer (GHashTable *metadata,
             const char *name,
             gint64      value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  put (metadata, STATE, name, text);
}

static void
put_number (GHashTable *metadata,
            const char *name,
            double      value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  put (metadata, STATE, name, g_ascii_dtostr (text, sizeof text, value));
}

static void
put_state (GHashTable          *metadata,
           const P2pTrainState *state)
{
  put_integer (metadata, "step", state->step);
  put_integer (metadata, "epochs-ended", state->epochs_ended);
  put_integer (metadata, "entries", state->entries);
  if (state->left_out >= 0)
    put_integer (metadata, "left-out", state->left_out);
  put_integer (metadata, "log-length", state->log_length);
  put_integer (metadata, "row-steps", state->row_steps);
  for (int i = 0; i < P2P_MAX_LOSSES; i++)
    {
      g_autofree char *name = g_strdup_printf ("row-sum-%d", i);

      put_number (metadata, name, state->row_sums[i]);
    }
  put_number (metadata, BEST, state->best);
  for (int way = 0; way < P2P_MAX_WAYS; way++)
    put (metadata, STATE, metrics[way], state->metrics[way]);
  put (metadata, STATE, "created", state->created);
  if (state->teacher && *state->teacher)
    put (metadata, STATE, "teacher", state->teacher);
}

static GHashTable *
make_metadata (const P2pRecipe       *recipe,
               const P2pTrainOptions *options,
               GHashTable            *card,
               const P2pTrainState   *state)
{
  GHashTable     *metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter  iter;
  gpointer        key, value;

  put (metadata, STATE, "recipe", recipe->name);
  for (guint i = 0; p2p_train_option (i); i++)
    {
      g_autofree char *text = p2p_train_options_get (options, p2p_train_option (i));

      put (metadata, OPTION, p2p_train_option_name (p2p_train_option (i)), text);
    }
  g_hash_table_iter_init (&iter, card);
  while (g_hash_table_iter_next (&iter, &key, &value))
    put (metadata, CARD, key, value);
  put_state (metadata, state);
  return metadata;
}

gboolean
p2p_checkpoint_write (const char             *path,
                      const P2pRecipe        *recipe,
                      gpointer                training,
                      const P2pTrainOptions  *options,
                      GHashTable             *card,
                      const P2pTrainState    *state,
                      GError                **error)
{
  g_autoptr (P2pTensors) tensors = p2p_tensors_new ();
  g_autoptr (GHashTable) metadata = make_metadata (recipe, options, card, state);

  for (int i = 0; recipe->networks[i]; i++)
    {
      P2pParams *params = recipe->params (training, recipe->networks[i]);

      if (! params)
        continue;
      if (! p2p_params_check (params, error))
        return FALSE;
      add_network (tensors, params, recipe->networks[i]);
    }
  return p2p_safetensors_write (path, tensors, metadata, FALSE, error);
}

/* A text of the state; "", which get_integer () takes for no number, when it is missing. */
static const char *
get (const P2pTensors *tensors,
     const char       *name)
{
  g_autofree char *key = g_strconcat (STATE, name, NULL);
  const char      *value = g_hash_table_lookup (tensors->metadata, key);

  return value ? value : "";
}

static gint64
get_integer (const P2pTensors *tensors,
             const char       *name)
{
  gint64 value = -1;

  g_ascii_string_to_signed (get (tensors, name), 10, 0, G_MAXINT64, &value, NULL);
  return value;
}

static gboolean
get_state (const P2pTensors *tensors,
           P2pTrainState    *state)
{
  gint64 step = get_integer (tensors, "step"), ended = get_integer (tensors, "epochs-ended");
  gint64 entries = get_integer (tensors, "entries"), rows = get_integer (tensors, "row-steps");

  *state = (P2pTrainState) { step, ended, entries, get_integer (tensors, "left-out"),
                             get_integer (tensors, "log-length"), rows };
  for (int i = 0; i < P2P_MAX_LOSSES; i++)
    {
      g_autofree char *name = g_strdup_printf ("row-sum-%d", i);

      state->row_sums[i] = g_ascii_strtod (get (tensors, name), NULL);
    }
  state->best = *get (tensors, BEST) ? g_ascii_strtod (get (tensors, BEST), NULL) : INFINITY;
  state->created = g_strdup (get (tensors, "created"));
  state->teacher = g_strdup (get (tensors, "teacher"));
  for (int way = 0; way < P2P_MAX_WAYS; way++)
    if (*get (tensors, metrics[way]))
      state->metrics[way] = g_strdup (get (tensors, metrics[way]));
  return step >= 0 && ended >= 0 && entries >= 0 && rows >= 0 && state->log_length >= 0;
}

gboolean
p2p_checkpoint_read (const P2pTensors  *tensors,
                     P2pTrainOptions   *options,
                     GHashTable        *card,
                     P2pTrainState     *state,
                     GError           **error)
{
  GHashTableIter iter;
  gpointer       key, value;

  if (! get_state (tensors, state))
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                           _("This is no checkpoint of a training"));
      return FALSE;
    }
  for (guint i = 0; p2p_train_option (i); i++)
    {
      g_autofree char *name = g_strconcat (OPTION, p2p_train_option_name (p2p_train_option (i)),
                                           NULL);
      const char      *text = g_hash_table_lookup (tensors->metadata, name);

      if (text && ! p2p_train_options_set (options, p2p_train_option (i), text, error))
        return FALSE;
    }
  g_hash_table_iter_init (&iter, tensors->metadata);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_str_has_prefix (key, CARD))
      g_hash_table_insert (card, g_strdup ((char *) key + strlen (CARD)), g_strdup (value));
  return TRUE;
}
