/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Opening a model file: which reader takes it.  This file knows all of them. */

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/intl.h"
#include "open.h"
#include "p2p.h"
#include "safetensors.h"
#include "torch-file.h"
#include "torch-legacy.h"

/* Maps a plain file: opening anything else could wait for ever. */
static GBytes *
map_file (const char *path,
          GError    **error)
{
  g_autoptr (GMappedFile) mapped = NULL;
  g_autoptr (GError)      reason = NULL;
  GStatBuf                info;

  if (g_stat (path, &info) != 0)
    {
      g_set_error (error, P2P_ERROR,
                   errno == ENOENT || errno == ENOTDIR ? P2P_ERROR_NOT_FOUND : P2P_ERROR_FILE,
                   "%s", g_strerror (errno));
      return NULL;
    }
  if (! S_ISREG (info.st_mode))
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                           _("This is a folder or a device, not a model file"));
      return NULL;
    }

  mapped = g_mapped_file_new (path, FALSE, &reason);
  if (! mapped)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, reason->message);
      return NULL;
    }

  return g_mapped_file_get_bytes (mapped);
}

static gboolean
starts_with (GBytes     *file,
             gsize       offset,
             const char *text,
             gsize       length)
{
  gsize         size;
  const guint8 *data = g_bytes_get_data (file, &size);

  return size >= offset + length && memcmp (data + offset, text, length) == 0;
}

static P2pTensors *
read_file (const char *path,
           gboolean    values,
           GError    **error)
{
  g_autoptr (GBytes) file = map_file (path, error);

  if (! file)
    return NULL;
  if (starts_with (file, 8, "{", 1))
    return p2p_safetensors_read (file, error);
  if (starts_with (file, 0, "PK\3\4", 4))
    return values ? p2p_torch_file_read (file, TRUE, error) : p2p_torch_file_peek (file, error);
  if (p2p_torch_is_legacy (file))
    return values ? p2p_torch_legacy_read (file, TRUE, error) : p2p_torch_legacy_peek (file, error);

  if (starts_with (file, 257, "ustar", 5))
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                         _("This .pth is a tar file of one of the first versions of PyTorch, which "
                           "is not read. A newer PyTorch can save it again: "
                           "torch.save (torch.load (old), new)"));
  else if (g_bytes_get_size (file) == 0)
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, _("The file is empty"));
  else
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                         _("This is not a model file. Models are .safetensors files, or .pth files "
                           "of PyTorch"));
  return NULL;
}

P2pTensors *
p2p_tensors_open (const char *path,
                  GError    **error)
{
  return read_file (path, TRUE, error);
}

P2pTensors *
p2p_tensors_peek (const char *path,
                  GError    **error)
{
  return read_file (path, FALSE, error);
}
