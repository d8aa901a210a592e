/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Opening a model file: chooses the reader by the file's first bytes.  Only this file knows all
 * readers. */

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/intl.h"
#include "open.h"
#include "p2p.h"
#include "safetensors.h"
#include "torch-file.h"
#include "torch-legacy.h"

/* Maps a regular file.  Anything else is refused, because opening a pipe or a device could block
 * forever. */
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

/* ---- Files that are not models ---------------------------------------------------------- */

#define PACKED   N_("This is a packed file (%s), whatever its name says. Unpack it and take the " \
                    "model file that is in it")
#define PICTURE  N_("This is a picture, not a model file. Models are .safetensors files, or .pth " \
                    "files of PyTorch")
#define FOREIGN  N_("This is a file in the format %s, which cannot be read here. If its weights " \
                    "are also offered as a .safetensors file, or as a .pth file of PyTorch, use " \
                    "that file")

static const struct
{
  gsize       offset;
  const char *bytes;
  gsize       length;
  const char *message;
  const char *format;    /* replaces the %s of the message; NULL when it has none */
}
strangers[] =
{
#define BYTES(text) text, sizeof (text) - 1
  { 0, BYTES ("version https://git-lfs"), N_("This is a pointer of Git LFS, not the model itself: "
    "only the address was downloaded. Get the file with “git lfs pull”, or with the button "
    "“Download” on its page") },
  { 0, BYTES ("\x1f\x8b"), PACKED, "gzip" },
  { 0, BYTES ("7z\xbc\xaf\x27\x1c"), PACKED, "7z" },
  { 0, BYTES ("Rar!"), PACKED, "RAR" },
  { 0, BYTES ("BZh"), PACKED, "bzip2" },
  { 0, BYTES ("\xfd" "7zXZ"), PACKED, "xz" },
  { 0, BYTES ("\x28\xb5\x2f\xfd"), PACKED, "Zstandard" },
  { 257, BYTES ("ustar"), N_("This .pth is a tar file of one of the first versions of PyTorch, "
    "which is not read. A newer PyTorch can save it again: torch.save (torch.load (old), new)") },
  { 0, BYTES ("\x89HDF"), FOREIGN, "HDF5 (Keras)" },
  { 4, BYTES ("TFL3"), FOREIGN, "TensorFlow Lite" },
  { 0, BYTES ("GGUF"), FOREIGN, "GGUF" },
  { 0, BYTES ("\x93NUMPY"), FOREIGN, "NumPy" },
  { 0, BYTES ("\x89PNG"), PICTURE },
  { 0, BYTES ("\xff\xd8\xff"), PICTURE },
  { 0, BYTES ("GIF8"), PICTURE },
#undef BYTES
};

/* Whether the file is a web page, which servers may send instead of the file.  Such a page begins
 * with a tag, perhaps after a byte order mark and white space. */
static gboolean
is_web_page (GBytes *file)
{
  static const char *const tags[] = { "<!doctype html", "<html", "<head", "<?xml" };
  gsize                    size;
  const char              *data = g_bytes_get_data (file, &size);
  g_autofree char         *start = g_strndup (data ? data : "", MIN (size, 256));
  const char              *text = g_str_has_prefix (start, "\xef\xbb\xbf") ? start + 3 : start;

  while (g_ascii_isspace (*text))
    text++;
  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    if (g_ascii_strncasecmp (text, tags[i], strlen (tags[i])) == 0)
      return TRUE;
  return FALSE;
}

/* Sets the error for a file that no reader accepts: it says what the file seems to be. */
static void
set_stranger (GBytes  *file,
              GError **error)
{
  if (g_bytes_get_size (file) == 0)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, _("The file is empty"));
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    if (starts_with (file, strangers[i].offset, strangers[i].bytes, strangers[i].length))
      {
        g_autoptr (GString) message = g_string_new (_(strangers[i].message));

        if (strangers[i].format)
          g_string_replace (message, "%s", strangers[i].format, 1);
        g_set_error_literal (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED, message->str);
        return;
      }

  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                       is_web_page (file)
                       ? _("This is a web page, not a model file: the address led to a page about "
                           "the file, or to an error. Download the file itself")
                       : _("This is not a model file. Models are .safetensors files, or .pth files "
                           "of PyTorch"));
}

P2pTensors *
p2p_tensors_peek (const char *path,
                  GError    **error)
{
  g_autoptr (GBytes) file = map_file (path, error);

  if (! file)
    return NULL;
  if (p2p_is_safetensors (file))
    return p2p_safetensors_read (file, error);
  if (starts_with (file, 0, "PK\3\4", 4))
    return p2p_torch_file_peek (file, TRUE, error);
  if (p2p_torch_is_legacy (file))
    return p2p_torch_legacy_peek (file, TRUE, error);

  set_stranger (file, error);
  return NULL;
}
