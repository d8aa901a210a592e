/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The user's own models.  A file from anywhere is installed as a model file in the user's folder,
 * whole or not at all.  Installed models can have their cards corrected, and can be removed. */

#include <string.h>

#include "base/intl.h"
#include "base/stem.h"
#include "convert.h"
#include "models.h"
#include "networks.h"

#define ENDING ".safetensors"

/* Returns the id (newly allocated) for a title, or NULL if it has neither letters nor digits. */
static char *
id_of_title (const char *title)
{
  g_autofree char    *small = g_utf8_strdown (title, -1);
  g_autoptr (GString) id    = g_string_new (NULL);
  gboolean            gap   = FALSE;

  for (const char *at = small; *at; at = g_utf8_next_char (at))
    if (! g_unichar_isalnum (g_utf8_get_char (at)))
      gap = id->len > 0;
    else
      {
        if (gap)
          g_string_append_c (id, '-');
        g_string_append_unichar (id, g_utf8_get_char (at));
        gap = FALSE;
      }
  return id->len > 0 ? g_strdup (id->str) : NULL;
}

char *
p2p_model_make_id (const P2pCard *card,
                   const char    *path)
{
  const char *title = g_hash_table_lookup (card->texts, "title");
  char       *id    = title ? id_of_title (title) : NULL;

  return id ? id : p2p_path_stem (path);
}

/* Whether path, a file in the user's folder, may be installed at place, the model file of its id.
 * It may if place is path itself, is missing, or is a conversion of path; any other file there is
 * another model. */
static gboolean
stands_for (const char *place,
            const char *path)
{
  return strcmp (place, path) == 0 || ! g_file_test (place, G_FILE_TEST_EXISTS)
         || p2p_conversion_is (place, path);
}

/* Returns the id (newly allocated) of a file that lies in the user's folder and may keep its id, or
 * NULL. */
static char *
id_there (const char *path)
{
  g_autofree char *id = p2p_path_stem (path);
  g_autofree char *place = p2p_models_own_path (id);
  g_autofree char *ours = g_path_get_dirname (place);
  g_autofree char *full = g_canonicalize_filename (path, NULL);
  g_autofree char *from = g_path_get_dirname (full);

  return strcmp (from, ours) == 0 && stands_for (place, full) ? g_steal_pointer (&id) : NULL;
}

/* Returns the id (newly allocated) for a file to install.  A file that already lies in the user's
 * folder keeps its id.  Other files get an id that is free, so that no model is replaced. */
static char *
find_id (const char    *path,
         const P2pCard *card)
{
  g_autofree char *wanted = p2p_model_make_id (card, path);
  char            *id = id_there (path);

  if (id)
    return id;
  id = g_strdup (wanted);
  for (int i = 2; TRUE; i++)
    {
      g_autofree char *place = p2p_models_own_path (id);

      if (! g_file_test (place, G_FILE_TEST_EXISTS))
        return id;
      g_free (id);
      id = g_strdup_printf ("%s-%d", wanted, i);
    }
}

static gboolean
is_translation (gpointer name,
                gpointer value,
                gpointer key)
{
  gsize length = strlen (key);

  return strncmp (name, key, length) == 0 && ((const char *) name)[length] == '.';
}

/* Sets a text of the card unless it is the text that the user has read.  A new text has no
 * translations, so the old ones are removed. */
static gboolean
correct (P2pCard     *card,
         const char  *key,
         const char  *value,
         GError     **error)
{
  if (g_strcmp0 (p2p_card_text (card, key), value) == 0)
    return TRUE;

  g_hash_table_foreach_remove (card->texts, is_translation, (gpointer) key);

  return p2p_card_set (card, key, value, error);
}

char *
p2p_model_install (const char         *path,
                   const char         *network,
                   const char *const  *texts,
                   const char         *replaced,
                   GError            **error)
{
  g_autoptr (P2pTensors) tensors = p2p_network_open (path, network, error);
  g_autoptr (P2pCard)    card = tensors ? p2p_card_new (tensors, error) : NULL;
  g_autofree char       *folder = p2p_models_user_folder ();
  g_autofree char       *id = NULL;
  g_autofree char       *place = NULL;

  if (! card)
    return NULL;
  for (int i = 0; texts && texts[i]; i += 2)
    if (! correct (card, texts[i], texts[i + 1], error))
      return NULL;
  id = replaced ? g_strdup (replaced) : find_id (path, card);
  place = p2p_models_own_path (id);

  /* The copy is no conversion, or a change of the original .pth would replace it. */
  g_hash_table_remove (card->texts, "source");
  g_mkdir_with_parents (folder, 0700);   /* if it fails, so does the writing */
  if (! p2p_convert (g_steal_pointer (&tensors), card, place, FALSE, NULL, error))
    return NULL;

  return g_steal_pointer (&id);
}

gboolean
p2p_model_is_own (const P2pModelInfo *info)
{
  g_autofree char *folder = p2p_models_user_folder ();
  g_autofree char *ours = g_canonicalize_filename (folder, NULL);
  g_autofree char *full = g_canonicalize_filename (info->path, NULL);
  g_autofree char *from = g_path_get_dirname (full);

  return strcmp (from, ours) == 0;
}

/* Moves the model file, the weights that it was made from and its picture to the trash.  All of
 * these files have the model's id as their name. */
gboolean
p2p_model_remove (const P2pModelInfo  *info,
                  GError             **error)
{
  static const char *endings[] = { ".pth", ".pt", ENDING, ".png" };
  g_autofree char   *folder = p2p_models_user_folder ();

  g_return_val_if_fail (p2p_model_is_own (info), FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char    *name = g_strconcat (info->id, endings[i], NULL);
      g_autofree char    *path = g_build_filename (folder, name, NULL);
      g_autoptr (GFile)   file = g_file_new_for_path (path);
      g_autoptr (GError)  why = NULL;

      if (g_file_trash (file, NULL, &why)
          || g_error_matches (why, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        continue;
      g_set_error (error, why->domain, why->code,
                   _("%s cannot be moved to the trash (%s); delete it in the folder %s"), name,
                   why->message, folder);
      return FALSE;
    }
  return TRUE;
}
