/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Finding a generator's weights in what was saved. */

#include <string.h>

#include "base/intl.h"
#include "p2p.h"
#include "tensors.h"
#include "torch-checkpoint.h"

#define MAX_DEPTH 2      /* keys that lead to a state dict */
#define MAX_KEY   100    /* bytes */
#define MODULE    "module."   /* what torch.nn.DataParallel puts before names */

/* Keys of generators, and of what may hold one; the first is taken before the last. */
static const char *const preferred[] =
{
  "params_ema", "netG_ema", "generator_ema", "G_ema", "ema",
  "netG", "net_g", "generator", "gen", "G", "netG_A", "G_A", "netG_A2B", "G_A2B", "genA2B",
  "netG_AB", "G_AB",
  "state_dict", "model_state_dict", "model", "params",
};

typedef struct
{
  const P2pPickleValue *dict;
  char                 *path;   /* keys, separated by points; NULL: the root */
} Candidate;

static void
candidate_clear (gpointer data)
{
  Candidate *candidate = data;

  g_free (candidate->path);
}

/* ---- Tensors ---------------------------------------------------------------------------- */

static const P2pPickleValue *
first_argument (const P2pPickleValue *call)
{
  return call->items->len > 0 ? g_ptr_array_index (call->items, 0) : NULL;
}

const P2pPickleValue *
p2p_checkpoint_tensor (const P2pPickleValue *value)
{
  if (value->kind == P2P_PICKLE_CALL && strcmp (value->text, P2P_REBUILD_PARAMETER) == 0)
    value = first_argument (value);
  if (value && value->kind == P2P_PICKLE_CALL
      && (strcmp (value->text, P2P_REBUILD_TENSOR) == 0
          || strcmp (value->text, P2P_REBUILD_TENSOR_V1) == 0))
    return value;
  return NULL;
}

/* A tensor of two or more dimensions: not a counter, a loss or a state of the random numbers. */
static gboolean
is_weight (const P2pPickleValue *value)
{
  const P2pPickleValue *tensor = p2p_checkpoint_tensor (value);
  const P2pPickleValue *dims;

  if (! tensor || tensor->items->len < 3)
    return FALSE;
  dims = g_ptr_array_index (tensor->items, 2);
  if (dims->kind == P2P_PICKLE_CALL)   /* of torch.Size */
    dims = first_argument (dims);
  return dims && dims->kind == P2P_PICKLE_TUPLE && dims->items->len >= 2;
}

static gboolean
holds_weights (const P2pPickleValue *dict)
{
  for (guint i = 1; i < dict->items->len; i += 2)
    if (is_weight (g_ptr_array_index (dict->items, i)))
      return TRUE;
  return FALSE;
}

static const char *
skip_module (const char *name)
{
  while (g_str_has_prefix (name, MODULE))
    name += strlen (MODULE);
  return name;
}

/* ---- Which network ---------------------------------------------------------------------- */

/* The place in preferred of the first that one of the keys is. */
static guint
rank (const char *path)
{
  g_auto (GStrv) path_keys = g_strsplit (path, ".", -1);
  guint          best = 0;

  for (; best < G_N_ELEMENTS (preferred); best++)
    for (guint i = 0; path_keys[i]; i++)
      if (g_ascii_strcasecmp (path_keys[i], preferred[best]) == 0)
        return best;
  return best;
}

/* Chooses among the paths of networks; FALSE when nothing tells which is the generator. */
static gboolean
choose (GArray  *candidates,
        guint   *chosen,
        GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  guint               best = G_MAXUINT, n_best = 0;

  for (guint i = 0; i < candidates->len; i++)
    {
      const char *path = g_array_index (candidates, Candidate, i).path;
      guint       place = rank (path);

      if (i < 3)
        g_string_append_printf (names, "%s“%s”", i ? ", " : "", path);
      if (i == 3)
        g_string_append (names, " …");
      if (place < best)
        n_best = 0, best = place, *chosen = i;
      n_best += place == best;
    }
  if (n_best == 1)
    return TRUE;

  g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
               _("The checkpoint holds %u networks (%s), and none is named as the generator: save "
                 "the state_dict () of the one you want by itself"), candidates->len, names->str);
  return FALSE;
}

/* ---- Dicts in dicts --------------------------------------------------------------------- */

/* Each dict is looked at once, wherever it is met. */
static void
collect (const P2pPickleValue *dict,
         const char           *path,
         int                   depth,
         GHashTable           *seen,
         GArray               *candidates)
{
  if (! g_hash_table_add (seen, (gpointer) dict))
    return;
  if (holds_weights (dict))
    {
      Candidate candidate = { dict, g_strdup (path) };

      g_array_append_val (candidates, candidate);
      return;
    }

  for (guint i = 0; depth < MAX_DEPTH && i + 1 < dict->items->len; i += 2)
    {
      const P2pPickleValue *key = g_ptr_array_index (dict->items, i);
      const P2pPickleValue *value = g_ptr_array_index (dict->items, i + 1);
      g_autofree char      *inner = NULL;

      if (value->kind != P2P_PICKLE_DICT || key->kind != P2P_PICKLE_TEXT
          || ! p2p_text_is_plain (key->text, -1, MAX_KEY))
        continue;
      inner = path ? g_strconcat (path, ".", key->text, NULL) : g_strdup (key->text);
      collect (value, inner, depth + 1, seen, candidates);
    }
}

static const P2pPickleValue *
find_dict (const P2pPickleValue *root,
           char                **path,
           GError              **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray)     candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  guint                  chosen = 0;

  g_array_set_clear_func (candidates, candidate_clear);
  if (root->kind == P2P_PICKLE_DICT)
    collect (root, NULL, 0, seen, candidates);

  if (candidates->len == 0)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                           _("The file holds no weights by name: save the network's "
                             "state_dict ()"));
      return NULL;
    }
  if (candidates->len > 1 && ! choose (candidates, &chosen, error))
    return NULL;

  *path = g_strdup (g_array_index (candidates, Candidate, chosen).path);
  return g_array_index (candidates, Candidate, chosen).dict;
}

/* ---- Names that begin with the network's ------------------------------------------------ */

/* "model.1.weight" of a ResNet, "model.model.1.model…" of a U-Net */
static gboolean
is_own_name (const char *name)
{
  int n = 0;

  for (; n < 2 && g_str_has_prefix (name, "model."); n++)
    name += strlen ("model.");
  return n > 0 && g_ascii_isdigit (*name);
}

/* What begins the name ("netG" of "netG.model.1.weight") if an own name follows, or NULL. */
static char *
get_group (const char *name)
{
  const char *point = strchr (name, '.');

  return point && p2p_text_is_plain (name, point - name, MAX_KEY)
         && is_own_name (skip_module (point + 1)) ? g_strndup (name, point - name) : NULL;
}

/* The generator's group, or NULL when the names do not begin with networks' names. */
static gboolean
find_group (GArray  *tensors,
            char   **group,
            GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray)     candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  guint                  chosen = 0;

  g_array_set_clear_func (candidates, candidate_clear);
  for (guint i = 0; i < tensors->len; i++)
    {
      const char *name = g_array_index (tensors, P2pCheckpointTensor, i).name;
      Candidate   candidate = { NULL, NULL };

      if (name && is_own_name (name))
        return TRUE;
      candidate.path = name ? get_group (name) : NULL;
      if (! candidate.path)
        continue;
      if (g_hash_table_contains (seen, candidate.path))
        {
          g_free (candidate.path);
          continue;
        }
      g_hash_table_add (seen, candidate.path);
      g_array_append_val (candidates, candidate);
    }
  if (candidates->len > 1 && ! choose (candidates, &chosen, error))
    return FALSE;

  if (candidates->len > 0)
    *group = g_strdup (g_array_index (candidates, Candidate, chosen).path);
  return TRUE;
}

/* Keeps the group's tensors, without its name. */
static void
keep_group (GArray     *tensors,
            const char *group)
{
  gsize length = strlen (group);
  guint n = 0;

  for (guint i = 0; i < tensors->len; i++)
    {
      P2pCheckpointTensor tensor = g_array_index (tensors, P2pCheckpointTensor, i);

      if (! tensor.name || ! g_str_has_prefix (tensor.name, group) || tensor.name[length] != '.')
        continue;
      tensor.name = skip_module (tensor.name + length + 1);
      g_array_index (tensors, P2pCheckpointTensor, n++) = tensor;
    }
  g_array_set_size (tensors, n);
}

static GArray *
list_tensors (const P2pPickleValue *dict)
{
  GArray *tensors = g_array_new (FALSE, FALSE, sizeof (P2pCheckpointTensor));

  for (guint i = 0; i + 1 < dict->items->len; i += 2)
    {
      const P2pPickleValue *key = g_ptr_array_index (dict->items, i);
      P2pCheckpointTensor   tensor = { NULL, g_ptr_array_index (dict->items, i + 1) };

      if (! p2p_checkpoint_tensor (tensor.value))
        continue;
      if (key->kind == P2P_PICKLE_TEXT)
        tensor.name = skip_module (key->text);
      g_array_append_val (tensors, tensor);
    }

  return tensors;
}

GArray *
p2p_checkpoint_find (const P2pPickleValue *root,
                     char                **found_under,
                     GError              **error)
{
  g_autofree char      *path = NULL, *group = NULL;
  const P2pPickleValue *dict = find_dict (root, &path, error);
  g_autoptr (GArray)    tensors = dict ? list_tensors (dict) : NULL;

  if (! dict || ! find_group (tensors, &group, error))
    return NULL;

  if (group)
    keep_group (tensors, group);
  if (path && group)
    *found_under = g_strconcat (path, ".", group, NULL);
  else
    *found_under = path ? g_steal_pointer (&path) : g_steal_pointer (&group);
  return g_steal_pointer (&tensors);
}
