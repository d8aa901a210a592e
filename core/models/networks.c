/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Finding the generator in a file of weights.
 *
 * A tensor's name is a path whose parts are separated by points.  Keys of checkpoints ("netG"),
 * wrappers ("module") and the modules that hold a network ("generator.net") are all parts in front
 * of the network's own names.  So the search takes each beginning of a name in the file and asks
 * whether the rests of the names under it make a network that we know. */

#include <string.h>

#include "base/intl.h"
#include "files/open.h"
#include "fold.h"
#include "networks.h"
#include "p2p.h"
#include "recognise.h"
#include "upsampling.h"

#define MAX_PARTS      8      /* parts of a beginning */
#define MAX_BEGINNINGS 4096   /* beginnings that are searched for networks */
#define MAX_STRANGERS  64     /* beginnings that are searched in a file without a network */
#define MAX_NAMED      10     /* networks that a message names */
#define MAX_CHANNELS   64     /* channels of a network's input, and of its output */

/* Keys of a generator, or of a dict that may hold one, the preferred ones first, in lower case. */
static const char *const preferred[] =
{
  "params_ema", "netg_ema", "generator_ema", "g_ema", "ema",
  "netg", "net_g", "generator", "gen", "g", "netg_a", "g_a", "netg_a2b", "g_a2b", "gena2b",
  "netg_ab", "g_ab",
  "state_dict", "model_state_dict", "model", "params",
};

/* What people put before and after such a key. */
static const char *const before[] = { "model_", "state_dict_", "weights_" };
static const char *const after[] = { "_state_dict", "_statedict", "_state", "_dict", "_sd",
                                     "_model", "_weights", "_params" };

/* What a network's names may lack if a bare Sequential was saved without its outer modules. */
static const char *const absent_names[] = { "", "model.", "model.model." };

/* Modules of PyTorch that only run another module and have no weights of their own. */
static const char *const wrappers[] = { "module", "_orig_mod", "_forward_module",
                                        "_fsdp_wrapped_module", "_checkpoint_wrapped_module",
                                        NULL };

typedef struct
{
  char          *path;      /* the names' beginning without its last point; "" if there is none */
  const char    *absent;    /* goes in front of the rest of each name: one of absent_names */
  const P2pNet  *net;
  P2pNetOptions  options;
} Network;

static void
network_clear (gpointer data)
{
  Network *network = data;

  g_free (network->path);
}

/* ---- Names ------------------------------------------------------------------------------ */

/* Returns the name (newly allocated) without wrappers and in torch.nn.utils form (fold.h). */
static char *
clean_name (const char *name)
{
  g_auto (GStrv)   parts = g_strsplit (name, ".", -1);
  g_autofree char *joined = NULL;
  int              n = 0;

  for (int i = 0; parts[i]; i++)
    if (g_strv_contains (wrappers, parts[i]))
      g_free (parts[i]);
    else
      parts[n++] = parts[i];
  parts[n] = NULL;
  joined = g_strjoinv (".", parts);
  return p2p_fold_name (joined);
}

/* Returns a list, which takes over the file, of all its tensors under the names that our networks
 * use: without wrappers, folds marked (fold.h), numbered as in upsampling.h.
 * Errors: P2P_ERROR_FILE if two tensors get the same name. */
static P2pTensors *
clean (P2pTensors *file,
       GError    **error)
{
  g_autoptr (P2pTensors) tensors = p2p_tensors_derive (file);

  for (guint i = 0; i < file->list->len; i++)
    {
      const P2pTensor *tensor = g_ptr_array_index (file->list, i);
      g_autofree char *name = clean_name (tensor->name);

      if (! p2p_tensors_add_copy (tensors, name, tensor))
        {
          p2p_damaged (error, _("The file has two tensors named “%s”"), name);
          return NULL;
        }
    }
  p2p_fold_mark (tensors);
  return p2p_upsampling_rename (g_steal_pointer (&tensors));
}

/* The part of a name after path and a point, or NULL if the name does not begin with them. */
static const char *
rest_of (const char *name,
         const char *path)
{
  gsize length = strlen (path);

  if (length == 0)
    return name;
  return strncmp (name, path, length) == 0 && name[length] == '.' ? name + length + 1 : NULL;
}

/* Adds the tensors whose names begin with path to the list under, with absent in place of path.
 * Returns under. */
static P2pTensors *
list_under (const P2pTensors *tensors,
            const char       *path,
            const char       *absent,
            P2pTensors       *under)
{
  for (guint i = 0; i < tensors->list->len; i++)
    {
      const P2pTensor *tensor = g_ptr_array_index (tensors->list, i);
      const char      *rest = rest_of (tensor->name, path);
      g_autofree char *name = rest ? g_strconcat (absent, rest, NULL) : NULL;

      if (name)
        p2p_tensors_add_copy (under, name, tensor);
    }
  if (*path)
    under->found_under = g_strdup (path);
  return under;
}

/* ---- The search ------------------------------------------------------------------------- */

/* Returns the first n parts of a name (newly allocated), or NULL if it has no more than n. */
static char *
get_beginning (const char *name,
               int         n)
{
  const char *point = name;

  if (n == 0)
    return g_strdup ("");
  for (; n > 0; n--)
    {
      point = strchr (point, '.');
      if (! point)
        return NULL;
      point++;
    }
  return g_strndup (name, point - 1 - name);
}

/* Returns up to max different beginnings of the tensors' names, those with fewer parts first. */
static GPtrArray *
list_beginnings (const P2pTensors *tensors,
                 guint             max)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray             *beginnings = g_ptr_array_new_with_free_func (g_free);

  for (int n = 0; n <= MAX_PARTS; n++)
    for (guint i = 0; i < tensors->list->len && beginnings->len < max; i++)
      {
        const P2pTensor *tensor = g_ptr_array_index (tensors->list, i);
        g_autofree char *beginning = get_beginning (tensor->name, n);

        if (! beginning || g_hash_table_contains (seen, beginning))
          continue;
        g_hash_table_add (seen, beginning);
        g_ptr_array_add (beginnings, g_steal_pointer (&beginning));
      }
  return beginnings;
}

/* Whether path lies inside one of the networks.  A part of a network is no network by itself. */
static gboolean
is_inside (const GArray *networks,
           const char   *path)
{
  for (guint i = 0; i < networks->len; i++)
    if (rest_of (path, g_array_index (networks, Network, i).path))
      return TRUE;
  return FALSE;
}

/* Looks for a network whose names begin with path.  Returns FALSE if there is none. */
static gboolean
detect (const P2pTensors *tensors,
        const char       *path,
        Network          *network)
{
  g_autofree char *prefix = *path ? g_strconcat (path, ".", NULL) : g_strdup ("");

  for (guint i = 0; i < G_N_ELEMENTS (absent_names); i++)
    {
      P2pTensors view = *tensors;

      view.prefix = prefix;
      view.absent = network->absent = absent_names[i];
      network->net = p2p_net_detect (&view, &network->options);
      if (network->net)
        {
          network->path = g_strdup (path);
          return TRUE;
        }
    }
  return FALSE;
}

/* Returns all networks of the file as an array of Network. */
static GArray *
find_networks (const P2pTensors *tensors)
{
  g_autoptr (GPtrArray) beginnings = list_beginnings (tensors, MAX_BEGINNINGS);
  GArray               *networks = g_array_new (FALSE, FALSE, sizeof (Network));

  g_array_set_clear_func (networks, network_clear);
  for (guint i = 0; i < beginnings->len; i++)
    {
      const char *path = g_ptr_array_index (beginnings, i);
      Network     network = { 0 };

      if (! is_inside (networks, path) && detect (tensors, path, &network))
        g_array_append_val (networks, network);
    }
  return networks;
}

/* ---- The choice ------------------------------------------------------------------------- */

/* Returns a key (newly allocated) in lower case, without what people put before and after it. */
static char *
strip_key (const char *key)
{
  g_autofree char *small = g_ascii_strdown (key, -1);
  const char      *begin = small;

  for (guint i = 0; i < G_N_ELEMENTS (before); i++)
    if (g_str_has_prefix (begin, before[i]) && begin[strlen (before[i])])
      begin += strlen (before[i]);
  for (guint i = 0; i < G_N_ELEMENTS (after); i++)
    if (g_str_has_suffix (begin, after[i]) && strlen (begin) > strlen (after[i]))
      small[strlen (small) - strlen (after[i])] = '\0';
  return g_strdup (begin);
}

/* The lowest index in preferred that any key of the path has; its length if none is there. */
static guint
rank (const char *path)
{
  g_auto (GStrv) keys = g_strsplit (path, ".", -1);
  guint          best = G_N_ELEMENTS (preferred);

  for (int i = 0; keys[i]; i++)
    {
      g_autofree char *stripped = strip_key (keys[i]);

      for (guint place = 0; place < best; place++)
        if (g_ascii_strcasecmp (keys[i], preferred[place]) == 0
            || strcmp (stripped, preferred[place]) == 0)
          best = place;
    }
  return best;
}

/* “netA”, “netB”, and “…” where there are many */
static char *
list_names (const GArray *networks)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < MIN (networks->len, MAX_NAMED); i++)
    g_string_append_printf (names, "%s“%s”", i ? ", " : "",
                            g_array_index (networks, Network, i).path);
  if (networks->len > MAX_NAMED)
    g_string_append (names, " …");
  return g_string_free (names, FALSE);
}

/* Returns the network whose path is the name, or else the only one that has the name as a key of
 * its path.  NULL if none has it, or several. */
static const Network *
by_name (const GArray *networks,
         const char   *name)
{
  const Network *found = NULL;
  guint          n = 0;

  for (guint i = 0; i < networks->len; i++)
    {
      const Network *network = &g_array_index (networks, Network, i);
      g_auto (GStrv) keys = g_strsplit (network->path, ".", -1);

      if (strcmp (network->path, name) == 0)
        return network;
      if (g_strv_contains ((const char *const *) keys, name))
        {
          found = network;
          n++;
        }
    }
  return n == 1 ? found : NULL;
}

/* Returns the network with the lowest rank ().  NULL if several share it, or if there is none. */
static const Network *
by_rank (const GArray *networks)
{
  const Network *best = NULL;
  guint          best_rank = G_MAXUINT, n = 0;

  for (guint i = 0; i < networks->len; i++)
    {
      const Network *network = &g_array_index (networks, Network, i);
      guint          place = rank (network->path);

      if (place < best_rank)
        {
          n = 0;
          best_rank = place;
          best = network;
        }
      n += place == best_rank;
    }
  return n == 1 ? best : NULL;
}

static const Network *
choose (const GArray *networks,
        const char   *name,
        GError      **error)
{
  const Network   *network = name ? by_name (networks, name) : by_rank (networks);
  g_autofree char *names = network ? NULL : list_names (networks);

  if (! network && name)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("The file holds no network “%s” that can be opened, only these: %s"), name,
                 names);
  else if (! network)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("The file holds %u networks that can be opened (%s), and it is not clear which "
                   "is wanted. “pix2pix import --network NAME” makes a model of one of them"),
                 networks->len, names);
  return network;
}

/* ---- Files without a network ------------------------------------------------------------ */

/* Returns the part of the tensors that p2p_recognise () can name: those under the first beginning
 * for which it returns a sentence, without that beginning.  If there is no such beginning, returns
 * all tensors.  Takes ownership of all. */
static P2pTensors *
list_stranger (P2pTensors *all)
{
  g_autoptr (P2pTensors) tensors = all;
  g_autoptr (GPtrArray)  beginnings = list_beginnings (tensors, MAX_STRANGERS);

  for (guint i = 0; i < beginnings->len; i++)
    {
      const char            *path = g_ptr_array_index (beginnings, i);
      g_autoptr (P2pTensors) under = list_under (tensors, path, "", p2p_tensors_new ());

      if (p2p_recognise (under))
        return g_steal_pointer (&under);
    }
  return g_steal_pointer (&tensors);
}

/* ---- Files ------------------------------------------------------------------------------ */

/* Whether the network has numbers that a card may have.  If not, its weights need not be computed,
 * because p2p_card_new () will refuse it and say why. */
static gboolean
may_run (const Network *network)
{
  const P2pNetOptions *options = &network->options;

  return network->net->check (options, NULL)
         && options->input_nc >= 1 && options->input_nc <= MAX_CHANNELS
         && options->output_nc >= 1 && options->output_nc <= MAX_CHANNELS;
}

static gboolean
has_folds (const P2pTensors *tensors)
{
  for (guint i = 0; i < tensors->list->len; i++)
    if (((P2pTensor *) tensors->list->pdata[i])->fold)
      return TRUE;
  return FALSE;
}

/* Fetches the numbers of a network's tensors, and replaces tensors from which weights must be
 * computed by these weights (fold.h). */
static gboolean
fetch (P2pTensors    **tensors,
       const Network  *network,
       GError        **error)
{
  P2pTensors *folded;

  if (! p2p_tensors_fetch (*tensors, error))
    return FALSE;
  if (! has_folds (*tensors) || ! may_run (network))
    return TRUE;

  folded = p2p_fold (*tensors, network->net, &network->options, error);
  p2p_tensors_free (*tensors);
  *tensors = folded;
  return folded != NULL;
}

static gboolean
has_card (const P2pTensors *tensors)
{
  return g_hash_table_contains (tensors->metadata, "p2p.format");
}

static P2pTensors *
read_file (const char  *path,
           const char  *name,
           gboolean     values,
           GError     **error)
{
  g_autoptr (P2pTensors) file = p2p_tensors_peek (path, error);
  g_autoptr (P2pTensors) tensors = NULL, own = NULL;
  g_autoptr (GArray)     networks = NULL;
  const Network         *network;

  if (! file || has_card (file))
    return g_steal_pointer (&file);
  tensors = clean (file, error);
  if (! tensors)
    return NULL;

  /* A training's checkpoint holds networks, too.  It is reported as a checkpoint, and not as a file
   * in which several networks may be wanted. */
  networks = find_networks (tensors);
  if (networks->len == 0 || (! name && ! by_rank (networks) && p2p_recognise (tensors)))
    return list_stranger (g_steal_pointer (&tensors));
  network = choose (networks, name, error);
  if (! network)
    return NULL;

  own = list_under (tensors, network->path, network->absent, p2p_tensors_derive (tensors));
  return ! values || fetch (&own, network, error) ? g_steal_pointer (&own) : NULL;
}

P2pTensors *
p2p_network_open (const char  *path,
                  const char  *network,
                  GError     **error)
{
  return read_file (path, network, TRUE, error);
}

P2pTensors *
p2p_network_peek (const char  *path,
                  const char  *network,
                  GError     **error)
{
  return read_file (path, network, FALSE, error);
}

char **
p2p_model_networks (const char  *path,
                    GError     **error)
{
  g_autoptr (P2pTensors) file = p2p_tensors_peek (path, error);
  g_autoptr (P2pTensors) tensors = NULL;
  g_autoptr (GArray)     networks = NULL;
  char                 **names;

  if (! file)
    return NULL;
  if (has_card (file))
    return g_strdupv ((char *[]) { "", NULL });
  tensors = clean (file, error);
  if (! tensors)
    return NULL;

  networks = find_networks (tensors);
  names = g_new0 (char *, networks->len + 1);
  for (guint i = 0; i < networks->len; i++)
    names[i] = g_strdup (g_array_index (networks, Network, i).path);
  return names;
}
