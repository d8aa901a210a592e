/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* See tiff-file.h. */

#include <string.h>

#include "base/intl.h"
#include "image.h"
#include "tiff-file.h"

/* libtiff returns "LIBTIFF, Version 4.7.0", followed by more lines. */
char *
p2p_tiff_version (void)
{
  const char *text = strstr (TIFFGetVersion (), "Version ");

  text = text ? text + strlen ("Version ") : TIFFGetVersion ();
  return g_strndup (text, strcspn (text, " \n"));
}

static tmsize_t
on_read (thandle_t handle,
         void     *buffer,
         tmsize_t  size)
{
  P2pTiffFile *file = handle;
  tmsize_t     n    = file->data && file->position < file->size
                      ? MIN (size, (tmsize_t) (file->size - file->position)) : 0;

  if (n)
    memcpy (buffer, file->data + file->position, n);
  file->position += n;
  return n;
}

static tmsize_t
on_write (thandle_t handle,
          void     *buffer,
          tmsize_t  size)
{
  P2pTiffFile *file = handle;

  return file->file ? (tmsize_t) fwrite (buffer, 1, size, file->file) : -1;
}

static toff_t
on_seek (thandle_t handle,
         toff_t    offset,
         int       whence)
{
  P2pTiffFile *file = handle;

  if (file->file)
    return fseeko (file->file, offset, whence) ? (toff_t) -1 : (toff_t) ftello (file->file);

  file->position = offset + (whence == SEEK_CUR ? file->position
                             : whence == SEEK_END ? file->size : 0);
  return file->position;
}

static int
on_close (thandle_t handle)
{
  return 0;
}

static toff_t
on_size (thandle_t handle)
{
  return ((P2pTiffFile *) handle)->size;
}

static int
on_error (TIFF       *tiff,
          void       *user_data,
          const char *module,
          const char *format,
          va_list     arguments)
{
  P2pTiffFile     *file = user_data;
  g_autofree char *text = g_strdup_vprintf (format, arguments);

  if (! file->error)
    file->error = g_error_new_literal (P2P_ERROR, P2P_ERROR_FILE, text);
  return 1;
}

/* Ignores warnings.  They are about things that do not matter here, such as unknown tags. */
static int
on_warning (TIFF       *tiff,
            void       *user_data,
            const char *module,
            const char *format,
            va_list     arguments)
{
  return 1;
}

TIFF *
p2p_tiff_open (P2pTiffFile *file,
               const char  *mode)
{
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc ();
  TIFF            *tiff;

  TIFFOpenOptionsSetErrorHandlerExtR (options, on_error, file);
  TIFFOpenOptionsSetWarningHandlerExtR (options, on_warning, NULL);
  TIFFOpenOptionsSetMaxSingleMemAlloc (options, G_MAXINT32);
  tiff = TIFFClientOpenExt ("TIFF", mode, file, on_read, on_write, on_seek, on_close, on_size,
                            NULL, NULL, options);
  TIFFOpenOptionsFree (options);
  return tiff;
}

gboolean
p2p_tiff_finish (P2pTiffFile  *file,
                 TIFF         *tiff,
                 gboolean      good,
                 GError      **error)
{
  if (tiff)
    TIFFClose (tiff);
  if (! good && error && ! *error)
    {
      if (file->error)
        *error = g_steal_pointer (&file->error);
      else
        g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, _("the file ends too early"));
    }
  g_clear_error (&file->error);
  return good;
}
