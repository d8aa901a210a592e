/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Replacing a whole file at once. */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "replace.h"

static gboolean
fail (const char *path,
      int         code,
      GError    **error)
{
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), _("Cannot write %s: %s"),
               path, g_strerror (code));
  return FALSE;
}

/* Returns the file that a write to path would change (newly allocated): path itself, or the target
 * of a symbolic link.  *mode gets its permissions, or 0 when there is no such file yet. */
static char *
resolve (const char *path,
         mode_t     *mode,
         GError    **error)
{
  g_autofree char *target = NULL;
  char            *real;
  struct stat      info;

  *mode = 0;
  if (stat (path, &info) != 0)
    return g_strdup (path);
  if (! S_ISREG (info.st_mode))
    {
      fail (path, S_ISDIR (info.st_mode) ? EISDIR : ENOTSUP, error);
      return NULL;
    }

  *mode = info.st_mode & 0777;
  real = realpath (path, NULL);
  target = g_strdup (real ? real : path);
  free (real);

  return g_steal_pointer (&target);
}

/* Closes the stream.  If save () has saved everything, flushes it to disk before; otherwise, or if
 * a write has failed, returns FALSE.  An error of the stream takes precedence over that of save (),
 * because libraries know only that a write has failed, but errno says why. */
static gboolean
finish (FILE        *file,
        gboolean     saved,
        const char  *path,
        GError     **error)
{
  int code = 0;

  if (ferror (file) || (saved && (fflush (file) != 0 || fsync (fileno (file)) != 0)))
    code = errno ? errno : EIO;
  if (fclose (file) != 0 && saved && ! code)
    code = errno;
  if (! code)
    return saved;

  g_clear_error (error);
  return fail (path, code, error);
}

/* Makes the temporary file beside target.  Returns its stream, and its name (newly allocated). */
static FILE *
open_temporary (const char *target,
                mode_t      mode,
                char      **name)
{
  FILE *file;
  int   fd;

  *name = g_strconcat (target, ".XXXXXX", NULL);
  fd = g_mkstemp_full (*name, O_RDWR, 0666);
  if (fd < 0)
    return NULL;
  if (mode)
    fchmod (fd, mode);    /* may fail: not every file system has permissions */

  file = fdopen (fd, "wb");
  if (! file)
    {
      int code = errno;

      close (fd);
      g_unlink (*name);
      errno = code;
    }
  return file;
}

/* Flushes to disk what another writer has written to the file name and closed. */
static gboolean
sync_file (const char  *name,
           const char  *path,
           GError     **error)
{
  const int fd = g_open (name, O_RDWR | O_CLOEXEC, 0);
  const int code = fd < 0 || fsync (fd) != 0 ? errno : 0;

  if (fd >= 0)
    close (fd);
  return code ? fail (path, code, error) : TRUE;
}

/* The work of both public functions.  change () changes the closed temporary file, whose name it
 * gets; it may be NULL. */
static gboolean
replace (const char *path,
         gboolean  (*save) (FILE *file, gpointer data, GError **error),
         gboolean  (*change) (const char *name, gpointer data, GError **error),
         gpointer    data,
         GError    **error)
{
  g_autofree char *target = NULL;
  g_autofree char *name = NULL;
  mode_t           mode;
  FILE            *file;
  gboolean         done;

  target = resolve (path, &mode, error);
  if (! target)
    return FALSE;
  file = open_temporary (target, mode, &name);
  if (! file)
    return fail (path, errno, error);

  errno = 0;
  done = finish (file, save (file, data, error), path, error);
  if (done && change)
    done = change (name, data, error) && sync_file (name, path, error);
  if (done && g_rename (name, target) != 0)
    done = fail (path, errno, error);
  if (! done)
    g_unlink (name);

  return done;
}

gboolean
p2p_replace_file (const char *path,
                  gboolean  (*save) (FILE *file, gpointer data, GError **error),
                  gpointer    data,
                  GError    **error)
{
  return replace (path, save, NULL, data, error);
}

/* ---- Changing a file -------------------------------------------------------------------- */

typedef struct
{
  const char *path;
  gboolean  (*change) (const char *name, gpointer data, GError **error);
  gpointer    data;
} Change;

static gboolean
save_copy (FILE      *file,
           gpointer   data,
           GError   **error)
{
  const Change           *change = data;
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (change->path, FALSE, error);
  const gsize             size = mapped ? g_mapped_file_get_length (mapped) : 0;

  return mapped && fwrite (g_mapped_file_get_contents (mapped), 1, size, file) == size;
}

static gboolean
change_copy (const char *name,
             gpointer    data,
             GError    **error)
{
  const Change *change = data;

  return change->change (name, change->data, error);
}

gboolean
p2p_change_file (const char *path,
                 gboolean  (*change) (const char *name, gpointer data, GError **error),
                 gpointer    data,
                 GError    **error)
{
  Change all = { path, change, data };

  return replace (path, save_copy, change_copy, &all, error);
}
