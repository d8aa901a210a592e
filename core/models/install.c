/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Adding a model: a file from anywhere becomes one in the user's folder, whole or not at all. */

#include <string.h>

#include "convert.h"
#include "files/open.h"
#include "models.h"

#define ENDING ".safetensors"

/* Where it goes: a model file of the folder stays where it is, and nobody's own is replaced. */
static char *
find_place (const char  *path,
            char       **id)
{
  g_autofree char *folder = p2p_models_user_folder ();
  g_autofree char *ours = g_canonicalize_filename (folder, NULL);
  g_autofree char *full = g_canonicalize_filename (path, NULL);
  g_autofree char *from = g_path_get_dirname (full);
  g_autofree char *name = g_path_get_basename (full);
  char            *dot = strrchr (name, '.');
  gboolean         stays = strcmp (from, ours) == 0 && g_str_has_suffix (name, ENDING);

  if (dot && dot > name)
    *dot = 0;
  *id = g_strdup (name);
  for (int i = 2;; i++)
    {
      g_autofree char *file = g_strconcat (*id, ENDING, NULL);
      char            *place = g_build_filename (folder, file, NULL);

      if (stays || ! g_file_test (place, G_FILE_TEST_EXISTS))
        return place;
      g_free (place);
      g_free (*id);
      *id = g_strdup_printf ("%s-%d", name, i);
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

/* A text that is as it is read stays, in all languages; of another one there are no
 * translations. */
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
                   const char *const  *texts,
                   GError            **error)
{
  g_autoptr (P2pTensors) tensors = p2p_tensors_open (path, error);
  g_autoptr (P2pCard)    card = tensors ? p2p_card_new (tensors, error) : NULL;
  g_autofree char       *id = NULL;
  g_autofree char       *place = find_place (path, &id);
  g_autofree char       *folder = g_path_get_dirname (place);

  if (! card)
    return NULL;
  for (int i = 0; texts && texts[i]; i += 2)
    if (! correct (card, texts[i], texts[i + 1], error))
      return NULL;

  /* A copy is nobody's conversion, to be made again when another file changes. */
  g_hash_table_remove (card->texts, "source");
  g_mkdir_with_parents (folder, 0700);   /* if it fails, so does the writing */
  if (! p2p_convert (g_steal_pointer (&tensors), card, place, FALSE, NULL, error))
    return NULL;

  return g_steal_pointer (&id);
}
