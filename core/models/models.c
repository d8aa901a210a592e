/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Finds the models: files in a few folders.  A model's id is the name of its file without the
 * ending.  If several folders have a file of the same id, the first one wins even if it cannot be
 * used; opening it then says why.  Listing the models reads only headers and writes nothing. */

#include <string.h>

#include "base/intl.h"
#include "base/stem.h"
#include "card.h"
#include "convert.h"
#include "install-folders.h"
#include "model.h"
#include "models.h"
#include "networks.h"

#define ENDING ".safetensors"

/* The added folders in the order of the calls.  They are global because all parts of the process,
 * such as the dialog and the procedure, must see the same models. */
static GMutex     added_lock;
static GPtrArray *added;

void
p2p_models_add_folder (const char *folder)
{
  g_return_if_fail (folder != NULL);

  g_mutex_lock (&added_lock);
  if (! added)
    added = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (added, g_strdup (folder));
  g_mutex_unlock (&added_lock);
}

char *
p2p_models_user_folder (void)
{
  return g_build_filename (g_get_user_data_dir (), "pix2pix", "models", NULL);
}

char *
p2p_models_own_path (const char *id)
{
  g_autofree char *folder = p2p_models_user_folder ();
  g_autofree char *file   = g_strconcat (id, ENDING, NULL);
  g_autofree char *path   = g_build_filename (folder, file, NULL);

  return g_canonicalize_filename (path, NULL);
}

/* All folders in the order in which they are searched. */
static GPtrArray *
get_folders (void)
{
  GPtrArray *folders = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (folders, p2p_models_user_folder ());

  g_mutex_lock (&added_lock);
  for (guint i = 0; added && i < added->len; i++)
    g_ptr_array_add (folders, g_strdup (added->pdata[i]));
  g_mutex_unlock (&added_lock);

  g_ptr_array_add (folders, g_strdup (P2P_MODELDIR));
  return folders;
}

static gboolean
is_torch (const char *name)
{
  return g_str_has_suffix (name, ".pth") || g_str_has_suffix (name, ".pt");
}

/* Adds to files (id → path) the files of a folder that have this ending.  If an id is there
 * already, the file found before stays.  Only a .pth replaces it, and only if that file is its
 * conversion. */
static void
scan_folder (const char *folder,
             const char *ending,
             GHashTable *files)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *id   = NULL;
      const char      *other;

      if (! g_str_has_suffix (name, ending) || ! g_file_test (path, G_FILE_TEST_IS_REGULAR))
        continue;

      id    = g_strndup (name, strlen (name) - strlen (ending));
      other = g_hash_table_lookup (files, id);
      if (! other || (is_torch (path) && p2p_conversion_is (other, path)))
        g_hash_table_insert (files, g_steal_pointer (&id), g_steal_pointer (&path));
    }
}

/* Returns id → path of all model files.  Only the user's folder, which comes first, may also hold
 * trained weights (.pth or .pt).  Files are read only to see which are conversions. */
static GHashTable *
find_files (void)
{
  g_autoptr (GPtrArray) folders = get_folders ();
  GHashTable           *files   = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < folders->len; i++)
    {
      g_autoptr (GHashTable) here = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      GHashTableIter         iter;
      gpointer               id, path;

      scan_folder (folders->pdata[i], ENDING, here);
      if (i == 0)
        {
          scan_folder (folders->pdata[i], ".pth", here);
          scan_folder (folders->pdata[i], ".pt", here);
        }

      g_hash_table_iter_init (&iter, here);
      while (g_hash_table_iter_next (&iter, &id, &path))
        if (! g_hash_table_contains (files, id))
          g_hash_table_insert (files, g_strdup (id), g_strdup (path));
    }
  return files;
}

/* Returns the path (newly allocated) of the file to read: for a .pth that of its conversion, if
 * there is an up-to-date one. */
static char *
resolve (const char *path)
{
  char *conversion = is_torch (path) ? p2p_conversion_find (path) : NULL;

  return conversion ? conversion : g_strdup (path);
}

GPtrArray *
p2p_models_paths (void)
{
  g_autoptr (GHashTable) files = find_files ();
  g_autoptr (GList)      ids   = g_list_sort (g_hash_table_get_keys (files),
                                              (GCompareFunc) strcmp);
  GPtrArray             *paths = g_ptr_array_new_with_free_func (g_free);

  for (GList *id = ids; id; id = id->next)
    g_ptr_array_add (paths, resolve (g_hash_table_lookup (files, id->data)));
  return paths;
}

/* ---- The list ----------------------------------------------------------------------------- */

void
p2p_model_info_free (P2pModelInfo *info)
{
  if (! info)
    return;

  g_free (info->id);
  g_free (info->path);
  g_free (info->title);
  g_free (info->description);
  g_free (info->task);
  g_free (info->network);
  p2p_card_free (info->card);
  g_free (info);
}

/* Whether the model has running statistics that it can use.  Only batch norm uses them. */
static gboolean
has_running (const P2pTensors *tensors,
             const P2pCard    *card)
{
  for (guint i = 0; i < tensors->list->len && card->options.norm == P2P_NORM_BATCH; i++)
    if (g_str_has_suffix (((P2pTensor *) tensors->list->pdata[i])->name, ".running_mean"))
      return TRUE;
  return FALSE;
}

static P2pModelInfo *
read_info (const char  *id,
           const char  *path,
           const char  *network,
           GError     **error)
{
  g_autoptr (P2pTensors) tensors = p2p_network_peek (path, network, error);
  g_autoptr (P2pCard)    card    = NULL;
  P2pModelInfo          *info;
  const char            *title, *description, *task;

  if (tensors)
    card = is_torch (path) ? p2p_conversion_card (tensors, path, error)
                           : p2p_card_new (tensors, error);
  if (! card)
    return NULL;

  title       = p2p_card_text (card, "title");
  description = p2p_card_text (card, "description");
  task        = p2p_card_text (card, "task");

  info = g_new (P2pModelInfo, 1);
  info->id          = g_filename_display_name (id);
  info->path        = g_strdup (path);
  info->title       = g_strdup (title && *title ? title : info->id);
  info->description = g_strdup (description ? description : "");
  info->task        = g_strdup (task ? task : "");
  info->color       = card->options.output_nc > 1;
  info->convert     = is_torch (path);
  info->noise       = card->options.use_dropout && ! card->no_vary;
  info->running     = has_running (tensors, card);
  info->chroma      = card->output == P2P_OUTPUT_LAB_AB;
  info->fit         = card->fit;
  info->sees_color  = p2p_plane_kinds[card->inputs.kinds[0]].channels >= 3;
  info->sees_lines  = card->inputs.kinds[0] == P2P_PLANE_LINES;
  info->hints       = p2p_inputs_take_hints (&card->inputs);
  info->network     = p2p_net_describe (card->net, &card->options);
  info->card        = g_steal_pointer (&card);
  return info;
}

P2pModelInfo *
p2p_model_info_new (const char  *path,
                    const char  *network,
                    GError     **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *id   = p2p_name_stem (name);
  P2pModelInfo    *info = read_info (id, path, network, error);

  if (! info)
    g_prefix_error (error, "%s: ", name);
  return info;
}

const char *
p2p_model_info_get (const P2pModelInfo *info,
                    const char         *key)
{
  return p2p_card_text (info->card, key);
}

static gint
compare_info (gconstpointer a,
              gconstpointer b)
{
  const P2pModelInfo *first  = *(P2pModelInfo *const *) a;
  const P2pModelInfo *second = *(P2pModelInfo *const *) b;
  const int           order  = g_utf8_collate (first->title, second->title);

  return order ? order : strcmp (first->id, second->id);
}

static gint
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return g_utf8_collate (*(char *const *) a, *(char *const *) b);
}

GPtrArray *
p2p_models_list (GPtrArray **broken)
{
  const GDestroyNotify   clear = (GDestroyNotify) p2p_model_info_free;
  g_autoptr (GHashTable) files = find_files ();
  GPtrArray             *list  = g_ptr_array_new_with_free_func (clear);
  g_autoptr (GPtrArray)  wrong = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter         iter;
  gpointer               id, path;

  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &id, &path))
    {
      g_autofree char   *resolved = resolve (path);
      g_autofree char   *name     = g_filename_display_basename (path);
      g_autoptr (GError) error    = NULL;
      P2pModelInfo      *info     = read_info (id, resolved, NULL, &error);

      if (info)
        g_ptr_array_add (list, info);
      else
        g_ptr_array_add (wrong, g_strdup_printf ("%s: %s", name, error->message));
    }
  g_ptr_array_sort (list, compare_info);
  g_ptr_array_sort (wrong, compare_texts);
  if (broken)
    *broken = g_steal_pointer (&wrong);
  return list;
}

/* ---- One model ---------------------------------------------------------------------------- */

static char *
find_path (const char  *path,
           GError     **error)
{
  g_autofree char *name = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_strdup (path);

  name = g_filename_display_name (path);
  g_set_error (error, P2P_ERROR, P2P_ERROR_NOT_FOUND, _("There is no model file “%s”."), name);
  return NULL;
}

static void
set_unknown_id (const char  *id,
                GHashTable  *files,
                GError     **error)
{
  g_autofree char  *name   = g_filename_display_name (id);
  g_autofree char  *user   = p2p_models_user_folder ();
  g_autofree char  *folder = g_filename_display_name (user);
  g_autofree char  *ids    = NULL;
  g_autoptr (GList) keys   = g_list_sort (g_hash_table_get_keys (files), (GCompareFunc) strcmp);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (GList *key = keys; key; key = key->next)
    g_ptr_array_add (names, g_filename_display_name (key->data));
  g_ptr_array_add (names, NULL);
  ids = g_strjoinv (", ", (char **) names->pdata);

  if (keys)
    g_set_error (error, P2P_ERROR, P2P_ERROR_NOT_FOUND,
                 _("There is no model “%s”. Installed are: %s. "
                   "Put other model files (.safetensors or .pth) into the folder %s."), name, ids,
                 folder);
  else
    g_set_error (error, P2P_ERROR, P2P_ERROR_NOT_FOUND,
                 _("There is no model “%s”, and no model is installed. "
                   "Put model files (.safetensors or .pth) into the folder %s."), name, folder);
}

/* Whether the argument is a path and not an id.  A name with a point, such as "net.ckpt", is a path
 * if there is such a file; ids may have points, too. */
static gboolean
is_path (const char *id_or_path)
{
  return strchr (id_or_path, G_DIR_SEPARATOR) || g_str_has_suffix (id_or_path, ENDING)
         || is_torch (id_or_path)
         || (strchr (id_or_path, '.') && g_file_test (id_or_path, G_FILE_TEST_IS_REGULAR));
}

char *
p2p_models_find (const char  *id_or_path,
                 GError     **error)
{
  g_autoptr (GHashTable) files = NULL;
  const char            *path;

  if (is_path (id_or_path))
    return find_path (id_or_path, error);

  files = find_files ();
  path  = g_hash_table_lookup (files, id_or_path);
  if (! path)
    {
      set_unknown_id (id_or_path, files, error);
      return NULL;
    }
  return resolve (path);
}

/* Like p2p_models_find (), but makes a conversion of a .pth in the user's folder if there is
 * none. */
static char *
find_model_file (const char  *id_or_path,
                 GError     **error)
{
  g_autofree char *path   = p2p_models_find (id_or_path, error);
  g_autofree char *user   = p2p_models_user_folder ();
  g_autofree char *ours   = g_canonicalize_filename (user, NULL);
  g_autofree char *full   = path ? g_canonicalize_filename (path, NULL) : NULL;
  g_autofree char *folder = full ? g_path_get_dirname (full) : NULL;

  if (! path)
    return NULL;
  return is_torch (path) && ! strcmp (folder, ours) ? p2p_conversion_make (path, error)
                                                    : g_steal_pointer (&path);
}

P2pModel *
p2p_model_open (const char  *id_or_path,
                const char  *network,
                GError     **error)
{
  g_autofree char *path = find_model_file (id_or_path, error);

  return path ? p2p_model_open_file (path, network, error) : NULL;
}
