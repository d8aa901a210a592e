/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "base/intl.h"
#include "base/stem.h"
#include "listing.h"
#include "pictures/picture-file.h"

static void
entry_free (gpointer data)
{
  P2pEntry *entry = data;

  if (! entry)
    return;
  g_free (entry->name);
  g_free (entry->paths[0]);
  g_free (entry->paths[1]);
  g_free (entry);
}

void
p2p_listing_free (P2pListing *listing)
{
  if (! listing)
    return;
  g_ptr_array_unref (listing->entries);
  g_ptr_array_unref (listing->left_out);
  g_free (listing);
}

/* ---- Pairs ------------------------------------------------------------------------------ */

static void leave_out (P2pListing *listing, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
leave_out (P2pListing *listing,
           const char *format,
           ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (listing->left_out, g_strdup_vprintf (format, args));
  va_end (args);
}

static const char *
name_of (const P2pFile *file)
{
  return strrchr (file->path, G_DIR_SEPARATOR) + 1;
}

static void
add_entry (P2pListing *listing,
           P2pFile    *a,
           P2pFile    *b)
{
  P2pEntry *entry = g_new0 (P2pEntry, 1);

  entry->paths[0] = g_strdup (a->path);
  entry->paths[1] = g_strdup (b->path);
  g_ptr_array_add (listing->entries, entry);
  a->paired = b->paired = TRUE;
}

/* How many files, from index begin on, have this stem. */
static guint
count_stem (const GPtrArray *files,
            guint            begin,
            const char      *stem)
{
  guint n = 0;

  while (begin + n < files->len && strcmp (((P2pFile *) files->pdata[begin + n])->stem, stem) == 0)
    n++;
  return n;
}

/* Leaves out those of n files with one stem that have no partner among the m files with this stem
 * in other_folder. */
static void
leave_out_rest (P2pListing  *listing,
                P2pFile    **files,
                guint        n,
                P2pFile    **others,
                guint        m,
                const char  *other_folder)
{
  for (guint i = 0; i < n; i++)
    if (files[i]->paired)
      continue;
    else if (m == 0)
      leave_out (listing, _("%s has no partner of the same name in “%s”"), files[i]->path,
                 other_folder);
    else if (n == 1)
      leave_out (listing, _("%s has two partners, %s and %s: give the right one the same ending"),
                 files[i]->path, others[0]->path, others[1]->path);
    else
      leave_out (listing, _("%s has the same name as %s, and no partner that has its ending too"),
                 files[i]->path, files[i ? 0 : 1]->path);
}

/* Pairs the n files a with the m files b, which all have the same stem.  If there are several, only
 * files with the same ending are paired. */
static void
pair_stem (P2pListing  *listing,
           P2pFile    **a,
           guint        n,
           P2pFile    **b,
           guint        m)
{
  if (n == 1 && m == 1)
    {
      add_entry (listing, a[0], b[0]);
      return;
    }
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < m; j++)
      if (strcmp (name_of (a[i]), name_of (b[j])) == 0)
        add_entry (listing, a[i], b[j]);
}

static void
pair_files (P2pListing *listing,
            GPtrArray  *a,
            GPtrArray  *b,
            const char *folder_a,
            const char *folder_b)
{
  guint i = 0, j = 0;

  while (i < a->len || j < b->len)
    {
      const char  *first = i < a->len ? ((P2pFile *) a->pdata[i])->stem : NULL;
      const char  *second = j < b->len ? ((P2pFile *) b->pdata[j])->stem : NULL;
      const char  *stem = ! first || (second && strcmp (second, first) < 0) ? second : first;
      P2pFile    **from_a = (P2pFile **) a->pdata + i, **from_b = (P2pFile **) b->pdata + j;
      const guint  n = count_stem (a, i, stem), m = count_stem (b, j, stem);

      pair_stem (listing, from_a, n, from_b, m);
      leave_out_rest (listing, from_a, n, from_b, m, folder_b);
      leave_out_rest (listing, from_b, m, from_a, n, folder_a);
      i += n;
      j += m;
    }
}

/* ---- Looking into files ----------------------------------------------------------------- */

gboolean
p2p_listing_check_width (const char  *path,
                         int          width,
                         GError     **error)
{
  if (width % 2 == 0)
    return TRUE;
  g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
               _("%s holds no pair, A left and B right: it is %d pixels wide, an odd number"),
               path, width);
  return FALSE;
}

/* Reads the sizes of the entry's two pictures, turned upright; those of an aligned pair are the two
 * halves of its file. */
static gboolean
peek (const P2pEntry     *entry,
      const P2pDataKind  *kind,
      int                *widths,
      int                *heights,
      GError            **error)
{
  const gboolean two = strcmp (entry->paths[0], entry->paths[1]) != 0;

  if (! p2p_image_peek (entry->paths[0], &widths[0], &heights[0], error)
      || (two && ! p2p_image_peek (entry->paths[1], &widths[1], &heights[1], error)))
    return FALSE;
  if (kind->mode == P2P_DATA_ALIGNED && ! p2p_listing_check_width (entry->paths[0], widths[0],
                                                                   error))
    return FALSE;
  if (kind->mode == P2P_DATA_ALIGNED)
    widths[0] /= 2;
  if (! two)
    {
      widths[1] = widths[0];
      heights[1] = heights[0];
    }
  return TRUE;
}

gboolean
p2p_listing_size (const P2pEntry     *entry,
                  const P2pDataKind  *kind,
                  int                *width,
                  int                *height,
                  GError            **error)
{
  const int input = kind->b_to_a ? 1 : 0;
  int       widths[2], heights[2];

  if (! peek (entry, kind, widths, heights, error))
    return FALSE;
  *width = widths[input];
  *height = heights[input];
  return TRUE;
}

/* The factor by which a picture exceeds least: that of its width or of its height, whichever is
 * smaller. */
static double
excess (P2pSize size,
        P2pSize least)
{
  return MIN ((double) size.width / least.width, (double) size.height / least.height);
}

/* Whether an entry can be used.  If not, the reason is added to left_out. */
static gboolean
check_entry (P2pListing        *listing,
             const P2pEntry    *entry,
             const P2pDataKind *kind,
             P2pSize            least)
{
  g_autoptr (GError) problem = NULL;
  int                widths[2], heights[2];
  P2pSize            size;

  if (! peek (entry, kind, widths, heights, &problem))
    {
      leave_out (listing, "%s", problem->message);
      return FALSE;
    }
  if ((gint64) widths[0] * heights[1] != (gint64) widths[1] * heights[0])
    {
      leave_out (listing,
                 _("%s has %d×%d pixels, but its partner %s has %d×%d, another shape"),
                 entry->paths[0], widths[0], heights[0], entry->paths[1], widths[1], heights[1]);
      return FALSE;
    }

  size = (P2pSize) { MIN (widths[0], widths[1]), MIN (heights[0], heights[1]) };
  if (excess (size, least) > excess (listing->largest, least))
    listing->largest = size;
  if (excess (size, least) >= 1.0)
    return TRUE;
  leave_out (listing, _("%s is too small: %d×%d pixels, and at least %d×%d are needed"),
             entry->paths[0], size.width, size.height, least.width, least.height);
  return FALSE;
}

/* Keeps only the entries that can be used. */
static void
check_entries (P2pListing        *listing,
               const P2pDataKind *kind,
               P2pSize            least)
{
  GPtrArray *kept = g_ptr_array_new_with_free_func (entry_free);

  for (guint i = 0; i < listing->entries->len; i++)
    if (check_entry (listing, listing->entries->pdata[i], kind, least))
      g_ptr_array_add (kept, g_steal_pointer (&listing->entries->pdata[i]));
  g_ptr_array_unref (listing->entries);
  listing->entries = kept;
}

/* ---- Names ------------------------------------------------------------------------------ */

/* Counts one more entry that could have this name. */
static void
claim (GHashTable *counts,
       const char *name)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, name));

  g_hash_table_insert (counts, g_strdup (name), GUINT_TO_POINTER (n + 1));
}

/* Names each entry by its stem, or by its whole file name when the stem is also the stem or the
 * file name of another entry.  For example, 1.png, 2.png and 2.jpg get the names 1, 2.png and
 * 2.jpg. */
static void
give_names (P2pListing *listing)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < listing->entries->len; i++)
    {
      P2pEntry        *entry = listing->entries->pdata[i];
      g_autofree char *stem = NULL;

      entry->name = g_path_get_basename (entry->paths[0]);
      stem = p2p_name_stem (entry->name);
      claim (counts, entry->name);
      if (strcmp (stem, entry->name) != 0)
        claim (counts, stem);
    }
  for (guint i = 0; i < listing->entries->len; i++)
    {
      P2pEntry *entry = listing->entries->pdata[i];
      char     *stem = p2p_name_stem (entry->name);

      if (GPOINTER_TO_UINT (g_hash_table_lookup (counts, stem)) > 1)
        g_free (stem);
      else
        {
          g_free (entry->name);
          entry->name = stem;
        }
    }
}

/* ---- The whole listing ------------------------------------------------------------------ */

/* Adds all entries, without a look into their files. */
static gboolean
add_entries (P2pListing         *listing,
             const char         *folder,
             const P2pDataKind  *kind,
             P2pDataPart         part,
             GError            **error)
{
  g_autofree char      *folder_a = NULL, *folder_b = NULL;
  g_autoptr (GPtrArray) a = NULL, b = NULL;

  if (! p2p_folders_find (folder, kind, part, &folder_a, &folder_b, error))
    return FALSE;
  a = p2p_folder_files (folder_a, error);
  b = a && folder_b ? p2p_folder_files (folder_b, error) : NULL;
  if (! a || (folder_b && ! b))
    return FALSE;
  if (b)
    pair_files (listing, a, b, folder_a, folder_b);
  for (guint i = 0; i < a->len && ! b; i++)
    add_entry (listing, a->pdata[i], a->pdata[i]);
  return TRUE;
}

P2pListing *
p2p_listing_new (const char         *folder,
                 const P2pDataKind  *kind,
                 P2pDataPart         part,
                 P2pSize             least,
                 GError            **error)
{
  g_autoptr (P2pListing) listing = g_new0 (P2pListing, 1);

  listing->entries = g_ptr_array_new_with_free_func (entry_free);
  listing->left_out = g_ptr_array_new_with_free_func (g_free);
  if (! add_entries (listing, folder, kind, part, error))
    return NULL;
  if (least.width > 0)
    check_entries (listing, kind, least);
  give_names (listing);
  return g_steal_pointer (&listing);
}
