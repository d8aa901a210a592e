/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Finds the pictures that a command line names, one by one or by their folder, and chooses where
 * their results go. */

#include "cli.h"

#include "base/intl.h"
#include "base/stem.h"
#include "pictures/picture-file.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

void
p2p_cli_pictures_clear (P2pCliPictures *pictures)
{
  g_clear_pointer (&pictures->in, g_ptr_array_unref);
  g_clear_pointer (&pictures->out, g_ptr_array_unref);
}

/* ---- Results ------------------------------------------------------------------------------ */

/* Returns the identity of a file (newly allocated), which is the same under all of its names.  NULL
 * if there is no such file, or if path is "-". */
static char *
get_identity (const char *path)
{
  GStatBuf status;

  if (p2p_cli_is_pipe (path) || g_stat (path, &status))
    return NULL;
  return g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                          (guint64) status.st_dev, (guint64) status.st_ino);
}

/* Returns the path (newly allocated) of an input's result in a folder.  It has the input's name,
 * but ends in .png if the input's format cannot be written. */
static char *
name_in_folder (const char *folder,
                const char *input)
{
  g_autofree char *base = g_path_get_basename (input);
  g_autofree char *stem = p2p_name_stem (base);
  g_autofree char *png  = g_strconcat (stem, ".png", NULL);

  return g_build_filename (folder, p2p_image_can_save (base, NULL) ? base : png, NULL);
}

/* Checks that the folder for the results exists or may be made. */
static gboolean
check_folder (const char  *out,
              GError     **error)
{
  g_autofree char *path   = g_canonicalize_filename (out, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  if (g_file_test (out, G_FILE_TEST_IS_DIR))
    return TRUE;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("“%s” is a file: name a folder for the results"), out);
  else if (p2p_image_is_named (out))
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("“%s” looks like a picture file, but the results of several pictures or of a "
                   "folder go into a folder: name a folder, or write “%s/” if it has this name"),
                 out, out);
  else if (! g_file_test (parent, G_FILE_TEST_IS_DIR))
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("there is no folder “%s”: make it first"), parent);
  else
    return TRUE;
  return FALSE;
}

/* Checks that no result overwrites an input, another result or, without --force, any other file. */
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
                       _("“%s” would overwrite a picture that is read: "
                         "choose another name or folder"), output);
          return FALSE;
        }
      if (identity && ! pictures->force)
        {
          g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("“%s” exists already: choose another name or folder, or overwrite it "
                         "with --force"), output);
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

/* ---- Inputs ------------------------------------------------------------------------------- */

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Returns the names of a folder's entries, sorted, or NULL with an error. */
static GPtrArray *
list_folder (const char  *folder,
             GError     **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir)      dir   = g_dir_open (folder, 0, error);
  const char           *name;

  if (! dir)
    return NULL;
  while ((name = g_dir_read_name (dir)))
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

/* Whether path, an entry of a folder, is a subfolder to search for pictures.  Links to folders are
 * not followed, because they may lead in circles.  own (may be NULL) is the identity of the folder
 * of the results, which is not searched if it lies among the pictures. */
static gboolean
is_subfolder (const char *path,
              const char *own)
{
  g_autofree char *identity = get_identity (path);
  g_autofree char *name     = g_path_get_basename (path);

  return name[0] != '.' && g_file_test (path, G_FILE_TEST_IS_DIR) &&
         ! g_file_test (path, G_FILE_TEST_IS_SYMLINK) && g_strcmp0 (identity, own) != 0;
}

static void
add_picture (P2pCliPictures *pictures,
             const char     *path,
             const char     *out)
{
  g_ptr_array_add (pictures->in, g_strdup (path));
  g_ptr_array_add (pictures->out, name_in_folder (out, path));
}

/* Adds the pictures in a folder in the order of their names, and with --recursive those in its
 * subfolders.  The results go into out and into subfolders of out with the same names.  own is as
 * for is_subfolder ().  *deeper becomes TRUE if there is a subfolder. */
static gboolean
add_folder (P2pCliPictures  *pictures,
            const char      *folder,
            const char      *out,
            const char      *own,
            gboolean        *deeper,
            GError         **error)
{
  g_autoptr (GPtrArray) names = list_folder (folder, error);

  for (guint i = 0; names && i < names->len; i++)
    {
      const char      *name  = names->pdata[i];
      g_autofree char *path  = g_build_filename (folder, name, NULL);
      g_autofree char *inner = g_build_filename (out, name, NULL);
      const gboolean   sub   = is_subfolder (path, own);

      *deeper |= sub;
      if (sub && pictures->recursive &&
          ! add_folder (pictures, path, inner, own, deeper, error))
        return FALSE;
      if (p2p_image_is_listed (folder, name))
        add_picture (pictures, path, out);
    }
  return names != NULL;
}

/* Adds a folder that the command line names. */
static gboolean
add_named_folder (P2pCliPictures  *pictures,
                  const char      *folder,
                  const char      *out,
                  GError         **error)
{
  g_autofree char *own    = get_identity (out);
  const guint      before = pictures->in->len;
  gboolean         deeper = FALSE;

  if (! add_folder (pictures, folder, out, own, &deeper, error))
    return FALSE;
  if (pictures->in->len > before)
    return TRUE;
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               deeper && ! pictures->recursive
               ? _("there is no picture in the folder “%s” itself: --recursive also takes those "
                   "in its subfolders")
               : _("there is no picture in the folder “%s”"), folder);
  return FALSE;
}

/* Checks that all inputs exist, and that standard input and output are used for a single picture
 * only.  many: the results go into a folder. */
static gboolean
check_names (char     **inputs,
             const char *out,
             gboolean    many,
             GError    **error)
{
  const char *problem = NULL;

  for (char **input = inputs; *input; input++)
    if (p2p_cli_is_pipe (*input))
      problem = ! many ? NULL
              : inputs[1] ? _("standard input holds one picture: name no others beside “-”")
              : _("a picture from standard input has no name: name a file for the result, or “-” "
                  "for standard output");
    else if (! g_file_test (*input, G_FILE_TEST_EXISTS))
      {
        g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION, _("there is no file or folder “%s”"),
                     *input);
        return FALSE;
      }
  if (! problem && many && p2p_cli_is_pipe (out))
    problem = _("standard output takes one picture: name a folder for the results");
  if (problem)
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION, problem);
  return ! problem;
}

gboolean
p2p_cli_find_pictures (P2pCliPictures  *pictures,
                       char           **inputs,
                       const char      *out,
                       GError         **error)
{
  const gboolean piped = p2p_cli_is_pipe (out);
  gboolean       many  = inputs[1] || (! piped && (g_file_test (out, G_FILE_TEST_IS_DIR) ||
                                                   g_str_has_suffix (out, G_DIR_SEPARATOR_S)));

  for (char **input = inputs; *input; input++)
    many |= ! p2p_cli_is_pipe (*input) && g_file_test (*input, G_FILE_TEST_IS_DIR);
  if (! check_names (inputs, out, many, error) ||
      ! (many ? check_folder (out, error) : piped || p2p_image_can_save (out, error)))
    return FALSE;

  pictures->in = g_ptr_array_new_with_free_func (g_free);
  pictures->out = g_ptr_array_new_with_free_func (g_free);
  pictures->in_folder = many;
  for (char **input = inputs; *input; input++)
    if (! many)
      {
        g_ptr_array_add (pictures->in, g_strdup (*input));
        g_ptr_array_add (pictures->out, g_strdup (out));
      }
    else if (! g_file_test (*input, G_FILE_TEST_IS_DIR))
      add_picture (pictures, *input, out);
    else if (! add_named_folder (pictures, *input, out, error))
      return FALSE;
  return check_outputs (pictures, error);
}

gboolean
p2p_cli_make_folders (const P2pCliPictures  *pictures,
                      GError               **error)
{
  for (guint i = 0; pictures->in_folder && i < pictures->out->len; i++)
    {
      g_autofree char *folder = g_path_get_dirname (pictures->out->pdata[i]);

      if (g_mkdir_with_parents (folder, 0777) == 0)
        continue;
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                   _("The folder “%s” cannot be made: %s"), folder, g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}
