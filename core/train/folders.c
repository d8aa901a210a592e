/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base/intl.h"
#include "base/stem.h"
#include "folders.h"
#include "pictures/picture-file.h"

/* ---- Files ------------------------------------------------------------------------------ */

static gboolean
holds_pictures (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char      *name;

  while (dir && (name = g_dir_read_name (dir)))
    if (p2p_image_is_listed (folder, name))
      return TRUE;
  return FALSE;
}

static void
file_free (gpointer data)
{
  P2pFile *file = data;

  g_free (file->path);
  g_free (file->stem);
  g_free (file);
}

/* Orders files by stem, then by ending. */
static int
compare_files (gconstpointer a,
               gconstpointer b)
{
  const P2pFile *first = *(P2pFile *const *) a, *second = *(P2pFile *const *) b;
  int            order = strcmp (first->stem, second->stem);

  return order ? order : strcmp (first->path, second->path);
}

GPtrArray *
p2p_folder_files (const char  *folder,
                  GError     **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (file_free);
  g_autoptr (GDir)      dir = g_dir_open (folder, 0, error);
  const char           *name;

  if (! dir)
    return NULL;
  while ((name = g_dir_read_name (dir)))
    if (p2p_image_is_listed (folder, name))
      {
        P2pFile *file = g_new0 (P2pFile, 1);

        file->path = g_build_filename (folder, name, NULL);
        file->stem = p2p_name_stem (name);
        g_ptr_array_add (files, file);
      }
  if (files->len == 0)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_NOT_FOUND,
                   _("There is no picture in the folder “%s”"), folder);
      return NULL;
    }
  g_ptr_array_sort (files, compare_files);
  return g_steal_pointer (&files);
}

/* ---- Folders ---------------------------------------------------------------------------- */

/* Subfolders that may hold a part's pictures, in the order of the search; NULL ends them. */
static const char *const part_folders[][3] =
{
  [P2P_DATA_TRAIN]    = { "train" },
  [P2P_DATA_VALIDATE] = { "val", "test" },
};

/* Subfolders that may hold a part's pairs of files, A and B, in the order of the search. */
static const char *const pair_folders[][6][2] =
{
  [P2P_DATA_TRAIN]    = { { "A", "B" }, { "trainA", "trainB" }, { "A/train", "B/train" } },
  [P2P_DATA_VALIDATE] = { { "A", "B" }, { "valA", "valB" }, { "A/val", "B/val" },
                          { "testA", "testB" }, { "A/test", "B/test" } },
};

/* The folder that holds a part's pictures (newly allocated): folder itself if it holds any, else
 * the first of the part's subfolders that does, else folder itself. */
static char *
find_folder (const char  *folder,
             P2pDataPart  part)
{
  if (! holds_pictures (folder))
    for (const char *const *name = part_folders[part]; *name; name++)
      {
        g_autofree char *path = g_build_filename (folder, *name, NULL);

        if (holds_pictures (path))
          return g_steal_pointer (&path);
      }
  return g_strdup (folder);
}

/* The names of the two subfolders that hold pairs of files; NULL when there are none. */
static const char *const *
find_pair (const char  *folder,
           P2pDataPart  part)
{
  for (int i = 0; pair_folders[part][i][0]; i++)
    {
      const char *const *names = pair_folders[part][i];
      g_autofree char   *a = g_build_filename (folder, names[0], NULL);
      g_autofree char   *b = g_build_filename (folder, names[1], NULL);

      if (holds_pictures (a) && holds_pictures (b))
        return names;
    }
  return NULL;
}

gboolean
p2p_folders_have_pairs (const char  *folder,
                        P2pDataPart  part)
{
  return find_pair (folder, part) != NULL;
}

gboolean
p2p_folders_find (const char         *folder,
                  const P2pDataKind  *kind,
                  P2pDataPart         part,
                  char              **a,
                  char              **b,
                  GError            **error)
{
  const char *const *names = find_pair (folder, part);
  const gboolean     two = kind->mode == P2P_DATA_FOLDERS || kind->mode == P2P_DATA_UNPAIRED;

  if (two && names)
    {
      *a = g_build_filename (folder, names[0], NULL);
      *b = g_build_filename (folder, names[1], NULL);
      return TRUE;
    }
  if (two)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_NOT_FOUND,
                   _("“%s” has no folders A and B with pictures in both, which --mode %s needs"),
                   folder, kind->mode == P2P_DATA_FOLDERS ? "folders" : "unpaired");
      return FALSE;
    }
  *a = find_folder (kind->lines ? kind->lines : folder, part);
  *b = kind->lines ? find_folder (folder, part) : NULL;
  return TRUE;
}
