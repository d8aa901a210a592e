/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reading zip files with libarchive. */

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <string.h>

#include "base/intl.h"
#include "base/memory.h"
#include "p2p.h"
#include "zip.h"

static void
damaged (GError **error)
{
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                       _("The zip container is damaged, perhaps cut off"));
}

gboolean
p2p_zip_spend (gsize   *budget,
               guint64  size,
               GError **error)
{
  if (size > *budget)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                           _("The file would take far more memory than its own size; no model "
                             "does"));
      return FALSE;
    }

  *budget -= size;
  return TRUE;
}


/* Returns the offset of block in file, or −1 when block is not part of it.  For stored members
 * libarchive returns pointers to the mapped file; packed members are in a buffer of its own. */
static gint64
place_in_file (GBytes       *file,
               const guint8 *block,
               gsize         n)
{
  gsize         size;
  const guint8 *data = g_bytes_get_data (file, &size);

  return block >= data && n <= size && (gsize) (block - data) <= size - n ? block - data : -1;
}

/* Reads the current member of zip, which has size bytes.  Returns a part of file if the member's
 * blocks lie there one after the other, otherwise a copy, which is taken from *budget.  After the
 * last block libarchive checks the checksum. */
static GBytes *
read_member (struct archive *zip,
             GBytes         *file,
             gsize           size,
             gsize          *budget,
             GError        **error)
{
  g_autofree guint8 *copy = NULL;
  gint64             start = -1;   /* the member's offset in file */
  gsize              done = 0;
  const void        *block;
  size_t             n;
  la_int64_t         offset;
  int                status;

  while ((status = archive_read_data_block (zip, &block, &n, &offset)) == ARCHIVE_OK)
    {
      gint64 place = n > 0 ? place_in_file (file, block, n) : -1;

      if (n == 0)
        continue;
      if ((gsize) offset != done || n > size - done)
        {
          damaged (error);
          return NULL;
        }
      if (done == 0)
        start = place;
      if (! copy && (place < 0 || place != start + (gint64) done))
        {
          if (! p2p_zip_spend (budget, size, error))
            return NULL;
          copy = p2p_memory_alloc (P2P_FOR_MODEL, size, 1, error);
          if (! copy)
            return NULL;
          if (done > 0)
            memcpy (copy, (const guint8 *) g_bytes_get_data (file, NULL) + start, done);
        }
      if (copy)
        memcpy (copy + done, block, n);
      done += n;
    }
  if (status != ARCHIVE_EOF || done != size)
    {
      damaged (error);
      return NULL;
    }

  if (copy)
    return g_bytes_new_take (g_steal_pointer (&copy), size);
  return size > 0 ? g_bytes_new_from_bytes (file, start, size) : g_bytes_new (NULL, 0);
}

static gboolean
read_members (struct archive *zip,
              GBytes         *file,
              P2pZipWanted    wanted,
              gpointer        data,
              gsize          *budget,
              GHashTable     *members,
              GError        **error)
{
  struct archive_entry *entry;
  int                   status;

  /* libarchive warns about names in other character sets.  Such members are none that we want. */
  while ((status = archive_read_next_header (zip, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN)
    {
      const char *name = archive_entry_pathname (entry);
      gint64      size = archive_entry_size (entry);
      GBytes     *member;

      if (! name || size < 0 || ! wanted (name, size, data))
        continue;
      if (g_hash_table_contains (members, name))
        {
          g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
                       _("The zip container has two members of the same name"));
          return FALSE;
        }
      member = read_member (zip, file, size, budget, error);
      if (! member)
        return FALSE;
      g_hash_table_insert (members, g_strdup (name), member);
    }
  if (status != ARCHIVE_EOF)
    damaged (error);

  return status == ARCHIVE_EOF;
}

/* Switches the thread to UTF-8, because libarchive returns names in the thread's character set, and
 * the character set of the locale "C" cannot express a folder name such as "größer".  *before gets
 * the locale to go back to.  Returns 0 when there is no such locale, and then changes nothing. */
static locale_t
enter_utf8 (locale_t *before)
{
  locale_t copy = duplocale (uselocale ((locale_t) 0));
  locale_t utf8 = newlocale (LC_CTYPE_MASK, "C.UTF-8", copy);

  if (utf8)
    *before = uselocale (utf8);
  else
    freelocale (copy);
  return utf8;
}

static void
leave_utf8 (locale_t utf8,
            locale_t before)
{
  if (! utf8)
    return;

  uselocale (before);
  freelocale (utf8);
}

GHashTable *
p2p_zip_read (GBytes        *file,
              P2pZipWanted   wanted,
              gpointer       data,
              gsize         *budget,
              GError       **error)
{
  struct archive         *zip = archive_read_new ();
  g_autoptr (GHashTable)  members = NULL;
  gsize                   size;
  const void             *bytes = g_bytes_get_data (file, &size);
  locale_t                before = (locale_t) 0, utf8 = enter_utf8 (&before);
  gboolean                done;

  members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                   (GDestroyNotify) g_bytes_unref);
  /* This reader uses the central directory of the zip file.  The reader for streams has to
   * guess. */
  archive_read_support_format_zip_seekable (zip);
  done = archive_read_open_memory (zip, bytes, size) == ARCHIVE_OK;
  if (! done)
    damaged (error);
  else
    done = read_members (zip, file, wanted, data, budget, members, error);
  archive_read_free (zip);
  leave_utf8 (utf8, before);

  return done ? g_steal_pointer (&members) : NULL;
}
