/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The pictures that a command line names, one by one or by their folder, and where their results
 * go. */

#include "cli.h"

#include "base/intl.h"
#include "pictures/picture-file.h"

#include <glib/gstdio.h>
#include <string.h>

void
p2p_cli_pictures_clear (P2pCliPictures *pictures)
{
  g_clear_pointer (&pictures->in, g_ptr_array_unref);
  g_clear_pointer (&pictures->out, g_ptr_array_unref);
  g_clear_pointer (&pictures->folder, g_free);
}

/* ---- In ----------------------------------------------------------------------------------- */

static int
compare_paths (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* The pictures in the folder by name. */
static gboolean
add_folder (GPtrArray   *in,
            const char  *folder,
            GError     **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  g_autoptr (GDir)      dir   = g_dir_open (folder, 0, error);
  const char           *name;

  if (! dir)
    return FALSE;

  while ((name = g_dir_read_name (dir)))
    if (p2p_image_is_listed (folder, name))
      g_ptr_array_add (found, g_build_filename (folder, name, NULL));
  if (found->len == 0)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("there is no picture in the folder “%s”"), folder);
      return FALSE;
    }

  g_ptr_array_sort (found, compare_paths);
  g_ptr_array_extend_and_steal (in, g_steal_pointer (&found));
  return TRUE;
}

gboolean
p2p_cli_same_stem (const char *a,
                   const char *b)
{
  const char *dot_a = strrchr (a, '.'), *dot_b = strrchr (b, '.');
  const gsize length = dot_a ? (gsize) (dot_a - a) : strlen (a);

  return length == (dot_b ? (gsize) (dot_b - b) : strlen (b)) && strncmp (a, b, length) == 0;
}

/* ---- Out ---------------------------------------------------------------------------------- */

/* What a file is, under whatever names; NULL when it does not exist. */
static char *
get_identity (const char *path)
{
  GStatBuf status;

  if (g_stat (path, &status))
    return NULL;
  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                          (guint64) status.st_dev, (guint64) status.st_ino);
}

/* The input's name in the folder of results, as PNG where its format cannot be written. */
static char *
name_in_folder (const char *folder,
                const char *input)
{
  g_autofree char *base = g_path_get_basename (input);
  g_autofree char *name = NULL;
  char            *dot  = strrchr (base, '.');

  if (p2p_image_can_save (base, NULL))
    return g_build_filename (folder, base, NULL);

  if (dot && dot != base)
    *dot = 0;
  name = g_strconcat (base, ".png", NULL);
  return g_build_filename (folder, name, NULL);
}

/* A folder for the results: it is there, or it can be made. */
static gboolean
find_folder (P2pCliPictures  *pictures,
             const char      *out,
             GError         **error)
{
  g_autofree char *path   = g_canonicalize_filename (out, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  if (g_file_test (out, G_FILE_TEST_IS_DIR))
    return TRUE;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("“%s” is a file: name a folder for the results"), out);
      return FALSE;
    }
  if (! g_file_test (parent, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("there is no folder “%s”: make it first"), parent);
      return FALSE;
    }
  pictures->folder = g_steal_pointer (&path);
  return TRUE;
}

/* No result may take the place of a picture that is read, or of another result. */
static gboolean
check_outputs (const P2pCliPictures  *pictures,
               GError               **error)
{
  g_autoptr (GHashTable) read    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) written = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < pictures->in->len; i++)
    {
      char *identity = get_identity (pictures->in->pdata[i]);

      if (identity)
        g_hash_table_add (read, identity);
    }

  for (guint i = 0; i < pictures->out->len; i++)
    {
      char            *output   = pictures->out->pdata[i];
      g_autofree char *identity = get_identity (output);

      if (identity && g_hash_table_contains (read, identity))
        {
          g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("“%s” would take the place of a picture that is read: "
                         "choose another name or folder"), output);
          return FALSE;
        }
      if (! g_hash_table_add (written, output))
        {
          g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("two pictures would both become “%s”: apply them one after the other"),
                       output);
          return FALSE;
        }
    }
  return TRUE;
}

gboolean
p2p_cli_find_pictures (P2pCliPictures  *pictures,
                       char           **inputs,
                       const char      *out,
                       GError         **error)
{
  gboolean many = inputs[1] || g_file_test (out, G_FILE_TEST_IS_DIR) ||
                  g_str_has_suffix (out, G_DIR_SEPARATOR_S);

  pictures->in = g_ptr_array_new_with_free_func (g_free);
  pictures->out = g_ptr_array_new_with_free_func (g_free);

  for (char **input = inputs; *input; input++)
    {
      if (! g_file_test (*input, G_FILE_TEST_IS_DIR))
        {
          g_ptr_array_add (pictures->in, g_strdup (*input));
          continue;
        }
      many = TRUE;
      if (! add_folder (pictures->in, *input, error))
        return FALSE;
    }

  if (! (many ? find_folder (pictures, out, error) : p2p_image_can_save (out, error)))
    return FALSE;
  for (guint i = 0; i < pictures->in->len; i++)
    g_ptr_array_add (pictures->out, many ? name_in_folder (out, pictures->in->pdata[i])
                                         : g_strdup (out));
  return check_outputs (pictures, error);
}

gboolean
p2p_cli_make_folder (const P2pCliPictures  *pictures,
                     GError               **error)
{
  g_autoptr (GFile)  file    = NULL;
  g_autoptr (GError) problem = NULL;

  if (! pictures->folder)
    return TRUE;

  file = g_file_new_for_path (pictures->folder);
  if (g_file_make_directory (file, NULL, &problem))
    return TRUE;
  g_set_error (error, problem->domain, problem->code, _("The folder “%s” cannot be made: %s"),
               pictures->folder, problem->message);
  return FALSE;
}
