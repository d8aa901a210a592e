/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Folders of pictures; sample.c makes the values of a network of them. */

#include <string.h>

#include "base/intl.h"
#include "base/random.h"
#include "dataset.h"
#include "pictures/picture-file.h"
#include "sample.h"

typedef struct
{
  char *name;
  char *paths[2];   /* of A and B; the same file where the mode has both in one */
} Entry;

struct _P2pDataset
{
  P2pDataKind  kind;
  GPtrArray   *entries;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->name);
  g_free (entry->paths[0]);
  g_free (entry->paths[1]);
  g_free (entry);
}

void
p2p_dataset_free (P2pDataset *dataset)
{
  if (! dataset)
    return;
  g_ptr_array_unref (dataset->entries);
  g_free (dataset);
}

guint
p2p_dataset_length (const P2pDataset *dataset)
{
  return dataset->entries->len;
}

static const Entry *
get_entry (const P2pDataset *dataset,
           guint             index)
{
  return g_ptr_array_index (dataset->entries, index);
}

const char *
p2p_dataset_name (const P2pDataset *dataset,
                  guint             index)
{
  return get_entry (dataset, index)->name;
}

/* ---- Listing ---------------------------------------------------------------------------- */

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const Entry *first = *(Entry *const *) a, *second = *(Entry *const *) b;

  return strcmp (first->name, second->name);
}

static char *
stem_of (const char *name)
{
  const char *dot = strrchr (name, '.');

  return dot && dot != name ? g_strndup (name, dot - name) : g_strdup (name);
}

/* The pictures of a folder by name, as entries of which A and B are in one file. */
static GPtrArray *
list_folder (const char  *folder,
             GError     **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (GDir)      dir = g_dir_open (folder, 0, error);
  const char           *name;

  if (! dir)
    return NULL;
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      Entry           *entry;

      if (name[0] == '.' || ! p2p_image_can_load (name) || g_file_test (path, G_FILE_TEST_IS_DIR))
        continue;
      entry = g_new0 (Entry, 1);
      entry->name = stem_of (name);
      entry->paths[0] = g_strdup (path);
      entry->paths[1] = g_strdup (path);
      g_ptr_array_add (entries, entry);
    }
  if (entries->len == 0)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_NOT_FOUND,
                   _("There is no picture in the folder “%s”"), folder);
      return NULL;
    }
  g_ptr_array_sort (entries, compare_entries);
  return g_steal_pointer (&entries);
}

static gboolean
miss_partner (const Entry  *entry,
              const char   *other,
              GError      **error)
{
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               _("%s has no partner of the same name in “%s”: pairs have one name in the folders A "
                 "and B"), entry->paths[0], other);
  return FALSE;
}

/* Joins two sorted lists; the partners' paths become a's. */
static gboolean
join (GPtrArray   *a,
      GPtrArray   *b,
      const char  *folder_a,
      const char  *folder_b,
      GError     **error)
{
  for (guint i = 0; i < MAX (a->len, b->len); i++)
    {
      Entry *first = i < a->len ? a->pdata[i] : NULL;
      Entry *second = i < b->len ? b->pdata[i] : NULL;
      int    order = ! first ? 1 : ! second ? -1 : strcmp (first->name, second->name);

      if (order < 0)
        return miss_partner (first, folder_b, error);
      if (order > 0)
        return miss_partner (second, folder_a, error);
      g_free (first->paths[1]);
      first->paths[1] = g_steal_pointer (&second->paths[1]);
    }
  return TRUE;
}

static GPtrArray *
list_pairs (const char  *folder,
            GError     **error)
{
  g_autofree char      *folder_a = g_build_filename (folder, "A", NULL);
  g_autofree char      *folder_b = g_build_filename (folder, "B", NULL);
  g_autoptr (GPtrArray) a = NULL, b = NULL;

  if (! g_file_test (folder_a, G_FILE_TEST_IS_DIR) || ! g_file_test (folder_b, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_NOT_FOUND,
                   _("“%s” has no folders A and B, which --mode folders looks for"), folder);
      return NULL;
    }
  a = list_folder (folder_a, error);
  b = a ? list_folder (folder_b, error) : NULL;
  return b && join (a, b, folder_a, folder_b, error) ? g_steal_pointer (&a) : NULL;
}

/* A picture's own size without reading all of it; FALSE: it cannot be read, as will be told when it
 * is. */
static gboolean
peek (const P2pDataset *dataset,
      const char       *path,
      int              *width,
      int              *height)
{
  if (! p2p_image_peek (path, width, height))
    return FALSE;
  if (dataset->kind.mode == P2P_DATA_ALIGNED)
    *width /= 2;
  return TRUE;
}

static gboolean
check_entry (const P2pDataset  *dataset,
             const Entry       *entry,
             int                min_side,
             GError           **error)
{
  int widths[2], heights[2];

  for (int i = 0; i < 2; i++)
    if (! peek (dataset, entry->paths[i], &widths[i], &heights[i]))
      return TRUE;

  if ((gint64) widths[0] * heights[1] != (gint64) widths[1] * heights[0])
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("%s has %d×%d pixels, but its partner %s has %d×%d, another shape"),
                 entry->paths[0], widths[0], heights[0], entry->paths[1], widths[1], heights[1]);
  else if (MIN (widths[0], widths[1]) < min_side || MIN (heights[0], heights[1]) < min_side)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("%s is too small: %d×%d pixels, and at least %d×%d are needed. Leave it out, or "
                   "choose a smaller --crop-size"), entry->paths[0], MIN (widths[0], widths[1]),
                 MIN (heights[0], heights[1]), min_side, min_side);
  else
    return TRUE;
  return FALSE;
}

/* Drawn lines are A, the colored drawings B. */
static GPtrArray *
list_sketches (const char  *folder,
               const char  *lines,
               GError     **error)
{
  g_autoptr (GPtrArray) a = list_folder (lines, error);
  g_autoptr (GPtrArray) b = a ? list_folder (folder, error) : NULL;

  return b && join (a, b, lines, folder, error) ? g_steal_pointer (&a) : NULL;
}

P2pDataset *
p2p_dataset_new (const char         *folder,
                 const P2pDataKind  *kind,
                 int                 min_side,
                 GError            **error)
{
  g_autoptr (P2pDataset) dataset = NULL;
  GPtrArray             *entries;

  entries = kind->mode == P2P_DATA_FOLDERS ? list_pairs (folder, error)
            : kind->lines ? list_sketches (folder, kind->lines, error)
            : list_folder (folder, error);
  if (! entries)
    return NULL;

  dataset = g_new0 (P2pDataset, 1);
  dataset->kind = *kind;
  dataset->entries = entries;
  for (guint i = 0; i < entries->len; i++)
    if (! check_entry (dataset, get_entry (dataset, i), min_side, error))
      return NULL;
  return g_steal_pointer (&dataset);
}

/* ---- Reading ---------------------------------------------------------------------------- */

static P2pImage *
load (const char  *path,
      gboolean     pair,
      GError     **error)
{
  g_autoptr (P2pImage) image = p2p_image_load (path, error);

  if (image && pair && image->width % 2)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
                   _("%s holds no pair, A left and B right: it is %d pixels wide, an odd number"),
                   path, image->width);
      return NULL;
    }
  return g_steal_pointer (&image);
}

gboolean
p2p_dataset_read (P2pDataset     *dataset,
                  guint           index,
                  const P2pView  *view,
                  p2p_real       *a,
                  p2p_real       *b,
                  GError        **error)
{
  const P2pDataKind   *kind = &dataset->kind;
  const Entry         *entry = get_entry (dataset, index);
  const int            from = kind->b_to_a ? 1 : 0;
  const gboolean       pair = kind->mode == P2P_DATA_ALIGNED;
  const gboolean       one = strcmp (entry->paths[0], entry->paths[1]) == 0;
  g_autoptr (P2pImage) image = load (entry->paths[from], pair, error), other = NULL;

  if (image && ! one)
    other = load (entry->paths[1 - from], pair, error);
  if (! image || (! one && ! other))
    return FALSE;

  p2p_sample_read (kind, image, one ? image : other, view, a, b);
  return TRUE;
}

/* ---- Chance ----------------------------------------------------------------------------- */

void
p2p_data_order (guint64  seed,
                int      epoch,
                guint    n,
                guint   *order)
{
  const guint64 stream = p2p_random_stream ("data.order") + epoch;

  /* Fisher and Yates' shuffle. */
  for (guint i = 0; i < n; i++)
    {
      guint j = p2p_random (seed, stream, i) % (i + 1);

      order[i] = i;
      order[i] = order[j];
      order[j] = i;
    }
}

P2pView
p2p_data_view (const P2pTrainOptions *options,
               int                    epoch,
               guint                  index)
{
  const guint64 stream = p2p_random_stream ("data.view") + epoch;
  const int     room = options->load_size - options->crop_size + 1;

  return (P2pView) {
    options->load_size, options->crop_size,
    p2p_random (options->seed, stream, 3 * (guint64) index) % room,
    p2p_random (options->seed, stream, 3 * (guint64) index + 1) % room,
    options->flip && p2p_random (options->seed, stream, 3 * (guint64) index + 2) & 1,
    options->seed, p2p_random (options->seed, p2p_random_stream ("data.sample") + epoch, index),
    .train = TRUE,
  };
}
