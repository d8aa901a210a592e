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

/* Flushes the stream to disk and closes it.  Returns FALSE when that fails, or when an earlier
 * write to the stream has failed. */
static gboolean
finish (FILE       *file,
        const char *path,
        GError    **error)
{
  int code = 0;

  errno = 0;
  if (fflush (file) != 0 || ferror (file) || fsync (fileno (file)) != 0)
    code = errno ? errno : EIO;
  if (fclose (file) != 0 && ! code)
    code = errno;

  return code ? fail (path, code, error) : TRUE;
}

gboolean
p2p_replace_file (const char *path,
                  gboolean  (*save) (FILE *file, gpointer data, GError **error),
                  gpointer    data,
                  GError    **error)
{
  g_autofree char *target = NULL;
  g_autofree char *name = NULL;
  mode_t           mode;
  int              fd;
  FILE            *file;
  gboolean         done;

  target = resolve (path, &mode, error);
  if (! target)
    return FALSE;

  name = g_strconcat (target, ".XXXXXX", NULL);
  fd = g_mkstemp_full (name, O_RDWR, 0666);
  if (fd < 0)
    return fail (path, errno, error);
  if (mode)
    fchmod (fd, mode);    /* may fail: not every file system has permissions */

  file = fdopen (fd, "wb");
  if (! file)
    {
      int code = errno;

      close (fd);
      g_unlink (name);
      return fail (path, code, error);
    }

  done = save (file, data, error);
  if (! done)
    fclose (file);
  else
    done = finish (file, path, error);
  if (done && g_rename (name, target) != 0)
    done = fail (path, errno, error);
  if (! done)
    g_unlink (name);

  return done;
}
