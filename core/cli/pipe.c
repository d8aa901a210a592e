/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads pictures from standard input and writes them to standard output. */

#include "cli.h"

#include "base/intl.h"
#include "pictures/image.h"
#include "pictures/picture-file.h"

#include <errno.h>
#include <string.h>

/* The first size of the buffer in bytes.  A full buffer is doubled. */
#define FIRST (1 << 20)

gboolean
p2p_cli_is_pipe (const char *path)
{
  return ! strcmp (path, "-");
}

/* Returns all of standard input (newly allocated), or NULL with an error. */
static char *
read_all (gsize   *size,
          GError **error)
{
  g_autofree char *data = NULL;
  gsize            room = 0;

  for (*size = 0; *size == room; *size += fread (data + *size, 1, room - *size, stdin))
    {
      char *larger;

      room = room ? 2 * room : FIRST;
      larger = g_try_realloc (data, room);
      if (! larger)
        {
          g_set_error_literal (error, P2P_ERROR, P2P_ERROR_MEMORY,
                               _("There is no memory for the picture from standard input: scale "
                                 "it down"));
          return NULL;
        }
      data = larger;
    }
  if (! ferror (stdin))
    return g_steal_pointer (&data);
  g_set_error (error, P2P_ERROR, P2P_ERROR_FILE, _("Standard input cannot be read: %s"),
               g_strerror (errno));
  return NULL;
}

P2pImage *
p2p_cli_load (const char  *path,
              GError     **error)
{
  g_autofree char *data = NULL;
  gsize            size;

  if (! p2p_cli_is_pipe (path))
    return p2p_image_load (path, error);

  data = read_all (&size, error);
  return data ? p2p_image_read ((guint8 *) data, size, _("standard input"), error) : NULL;
}

gboolean
p2p_cli_save (const P2pImage  *image,
              const char      *path,
              GError         **error)
{
  if (! p2p_cli_is_pipe (path))
    return p2p_image_save (image, path, error);

  if (! p2p_png_write (image, stdout, error))
    {
      g_prefix_error (error, _("Standard output cannot be written: "));
      return FALSE;
    }
  if (fflush (stdout) == 0)
    return TRUE;
  g_set_error (error, P2P_ERROR, P2P_ERROR_FILE, _("Standard output cannot be written: %s"),
               g_strerror (errno));
  return FALSE;
}
