/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Picture files.  PNG goes through libpng (png.c) and TIFF through libtiff (tiff.c), because their
 * samples may have more than 8 bits; all other formats go through gdk-pixbuf (pixbuf.c).  This file
 * does what all formats share when a picture is read: it converts colors to sRGB and turns the
 * picture upright.  It also chooses the format when a picture is written; the writers convert the
 * colors back. */

#include <errno.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>

#include "base/intl.h"
#include "files/replace.h"
#include "image.h"
#include "picture-file.h"

/* Whether width and height are exchanged when a picture with this orientation is turned upright. */
static gboolean
is_on_its_side (int orientation)
{
  return orientation >= 5 && orientation <= 8;
}

/* Turns a picture upright.  orientation is a value of EXIF 2.3, 4.6.4, which tells on which sides
 * of the scene the first row and the first column lie. */
static gboolean
turn (P2pImage  *image,
      int        orientation,
      GError   **error)
{
  const int       w = image->width, h = image->height, c = image->channels;
  const gboolean  swap      = is_on_its_side (orientation);
  const gboolean  flip_x    = orientation == 2 || orientation == 3 || orientation >= 7;
  const gboolean  flip_y    = orientation == 3 || orientation == 4 || orientation == 6 ||
                              orientation == 7;
  P2pImage       *turned;

  if (orientation < 2 || orientation > 8)
    return TRUE;

  turned = p2p_image_try_new (swap ? h : w, swap ? w : h, c, error);
  if (! turned)
    return FALSE;

  for (int y = 0; y < turned->height; y++)
    for (int x = 0; x < turned->width; x++)
      {
        const int from_x = swap ? y : x, from_y = swap ? x : y;
        const int row    = flip_y ? h - 1 - from_y : from_y;
        const int column = flip_x ? w - 1 - from_x : from_x;

        memcpy (turned->pixels + ((gsize) y * turned->width + x) * c,
                image->pixels + ((gsize) row * w + column) * c, c * sizeof (float));
      }

  g_free (image->pixels);
  image->pixels = g_steal_pointer (&turned->pixels);
  image->width  = turned->width;
  image->height = turned->height;
  if (swap)
    {
      const double x_dpi = image->x_dpi;

      image->x_dpi = image->y_dpi;
      image->y_dpi = x_dpi;
    }
  p2p_image_free (turned);
  return TRUE;
}

/* ---- Loading ------------------------------------------------------------------------------ */

/* Picture formats whose loader may be missing, because it is a package of its own or a part of
 * gdk-pixbuf that a system can leave out. */
static const struct
{
  const char *ending, *format;
} optional[] = { { "webp", "WebP" }, { "avif", "AVIF" }, { "heic", "HEIC" }, { "heif", "HEIF" },
                 { "jxl", "JPEG XL" }, { "jp2", "JPEG 2000" }, { "bmp", "BMP" },
                 { "gif", "GIF" } };

gboolean
p2p_image_can_load (const char *path)
{
  const char *dot     = strrchr (path, '.');
  GSList     *formats = gdk_pixbuf_get_formats ();
  gboolean    known   = dot && (! g_ascii_strcasecmp (dot, ".png") ||
                                ! g_ascii_strcasecmp (dot, ".tif") ||
                                ! g_ascii_strcasecmp (dot, ".tiff"));

  for (GSList *item = formats; dot && ! known && item; item = item->next)
    {
      g_auto (GStrv) endings = gdk_pixbuf_format_get_extensions (item->data);

      for (char **ending = endings; *ending && ! known; ending++)
        known = ! g_ascii_strcasecmp (dot + 1, *ending);
    }
  g_slist_free (formats);
  return known;
}

/* Returns the format that the ending of path stands for, such as "WebP", if its loader for
 * gdk-pixbuf is not installed; else NULL. */
static const char *
missing_loader (const char *path)
{
  const char *dot = strrchr (path, '.');

  for (guint i = 0; dot && i < G_N_ELEMENTS (optional); i++)
    if (! g_ascii_strcasecmp (dot + 1, optional[i].ending))
      return p2p_image_can_load (path) ? NULL : optional[i].format;
  return NULL;
}

gboolean
p2p_image_is_named (const char *path)
{
  return p2p_image_can_load (path) || missing_loader (path);
}

gboolean
p2p_image_is_listed (const char *folder,
                     const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf         info;

  return name[0] != '.' && p2p_image_is_named (name) &&
         (g_stat (path, &info) != 0 || S_ISREG (info.st_mode));
}

char *
p2p_image_readers (void)
{
  g_autofree char *png = p2p_png_version (), *tiff = p2p_tiff_version ();

  return g_strdup_printf ("gdk-pixbuf %s, libpng %s, libtiff %s", gdk_pixbuf_version, png, tiff);
}

/* Makes the error name the picture, and a missing loader if that is the reason. */
static void
complain (const char  *path,
          GError     **error)
{
  g_autofree char *name   = g_filename_display_name (path);
  const char      *format = missing_loader (path);

  if (format)
    {
      g_clear_error (error);
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("The picture “%s” cannot be read: gdk-pixbuf's loader for %s is missing. "
                     "Install it, or convert the picture to PNG"), name, format);
    }
  else
    g_prefix_error (error, _("The picture “%s” cannot be read: "), name);
}

/* Converts the file's samples to sRGB.  A profile for other kinds of pixels is ignored: loaders
 * turn such pixels, for example those of a CMYK JPEG, into RGB but leave the profile as it was. */
static gboolean
decode (P2pImage  *image,
        GError   **error)
{
  g_autoptr (P2pIcc) icc     = NULL;
  g_autoptr (GError) problem = NULL;

  if (! image->profile)
    return TRUE;
  icc = p2p_icc_new (image->profile, &problem);
  if (g_error_matches (problem, P2P_ERROR, P2P_ERROR_UNSUPPORTED))
    {
      image->profile_passed_over = TRUE;
      g_clear_pointer (&image->profile, g_bytes_unref);
      return TRUE;
    }
  if (! icc)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }

  p2p_icc_decode (icc, image->pixels, (gsize) image->width * image->height, image->channels);
  return TRUE;
}

static P2pImage *
read_file (const guint8  *data,
           gsize          size,
           GError       **error)
{
  int                  orientation = 1;
  g_autoptr (P2pImage) image       = NULL;

  if (p2p_png_is (data, size))
    image = p2p_png_read (data, size, &orientation, error);
  else if (p2p_tiff_is (data, size))
    image = p2p_tiff_read (data, size, &orientation, error);
  else
    image = p2p_pixbuf_read (data, size, &orientation, error);

  if (! image || ! decode (image, error) || ! turn (image, orientation, error))
    return NULL;
  return g_steal_pointer (&image);
}

P2pImage *
p2p_image_read (const guint8  *data,
                gsize          size,
                const char    *path,
                GError       **error)
{
  P2pImage *image = read_file (data, size, error);

  if (! image)
    complain (path, error);
  return image;
}

char *
p2p_image_warning (const P2pImage *image,
                   const char     *path)
{
  g_autofree char *name = NULL;

  if (! image->profile_passed_over)
    return NULL;
  name = g_filename_display_name (path);
  return g_strdup_printf (_("the color profile of “%s” is of a kind that is not read, such as "
                            "CMYK, and was passed over: the colors are taken for sRGB"), name);
}

P2pImage *
p2p_image_load (const char  *path,
                GError     **error)
{
  g_autofree char   *data    = NULL;
  g_autoptr (GError) problem = NULL;
  gsize              size;

  if (! g_file_get_contents (path, &data, &size, &problem))
    {
      gboolean missing = g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT);

      if (! g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOMEM))
        {
          g_set_error_literal (error, P2P_ERROR, missing ? P2P_ERROR_NOT_FOUND : P2P_ERROR_FILE,
                               problem->message);
          return NULL;
        }
      p2p_image_no_memory (error);
      complain (path, error);
      return NULL;
    }
  return p2p_image_read ((const guint8 *) data, size, path, error);
}

/* Peeks with a reader that wants the file in memory.  The file is mapped, so only the parts that
 * the reader looks at are read. */
static gboolean
peek_mapped (FILE     *file,
             gboolean  is_tiff,
             int      *width,
             int      *height,
             int      *orientation,
             GError  **error)
{
  g_autoptr (GError)  problem = NULL;
  GMappedFile        *mapped  = g_mapped_file_new_from_fd (fileno (file), FALSE, &problem);
  gboolean            seen;

  if (! mapped)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, problem->message);
      return FALSE;
    }
  seen = (is_tiff ? p2p_tiff_peek : p2p_pixbuf_peek) (
    (const guint8 *) g_mapped_file_get_contents (mapped), g_mapped_file_get_length (mapped),
    width, height, orientation, error);
  g_mapped_file_unref (mapped);
  return seen;
}

static gboolean
peek (FILE    *file,
      int     *width,
      int     *height,
      GError **error)
{
  guint8      head[8];
  const gsize n = fread (head, 1, sizeof head, file);
  int         orientation, w, h;

  if (! (p2p_png_is (head, n) ? p2p_png_peek (file, &w, &h, &orientation, error)
                              : peek_mapped (file, p2p_tiff_is (head, n), &w, &h, &orientation,
                                             error)))
    return FALSE;
  *width = is_on_its_side (orientation) ? h : w;
  *height = is_on_its_side (orientation) ? w : h;
  return TRUE;
}

gboolean
p2p_image_peek (const char  *path,
                int         *width,
                int         *height,
                GError     **error)
{
  FILE    *file = g_fopen (path, "rb");
  gboolean seen;

  if (! file)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_FILE, _("The picture “%s” cannot be opened: %s"),
                   path, g_strerror (errno));
      return FALSE;
    }
  seen = peek (file, width, height, error);
  fclose (file);
  if (! seen)
    complain (path, error);
  return seen;
}

/* ---- Saving ------------------------------------------------------------------------------- */

typedef gboolean (* WriteFunc) (const P2pImage *image, FILE *file, GError **error);

typedef struct
{
  const P2pImage *image;
  WriteFunc       write;
  const char     *name;
} Saving;

static const struct
{
  const char *ending;
  WriteFunc   write;
} formats[] = {
  { ".png",  p2p_png_write },
  { ".jpg",  p2p_pixbuf_write_jpeg },
  { ".jpeg", p2p_pixbuf_write_jpeg },
  { ".tif",  p2p_tiff_write },
  { ".tiff", p2p_tiff_write },
};

static WriteFunc
find_format (const char  *path,
             GError     **error)
{
  const char      *dot  = strrchr (path, '.');
  g_autofree char *name = NULL;

  for (guint i = 0; dot && i < G_N_ELEMENTS (formats); i++)
    {
      if (! g_ascii_strcasecmp (dot, formats[i].ending))
        return formats[i].write;
    }

  name = g_filename_display_name (path);
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               _("“%s” cannot be written: choose a name that ends in .png, .jpg or .tif"), name);
  return NULL;
}

gboolean
p2p_image_can_save (const char  *path,
                    GError     **error)
{
  return find_format (path, error) != NULL;
}

static gboolean
write_file (FILE      *file,
            gpointer   data,
            GError   **error)
{
  const Saving *saving = data;

  if (! saving->write (saving->image, file, error))
    {
      g_prefix_error (error, _("The picture “%s” cannot be written: "), saving->name);
      return FALSE;
    }
  return TRUE;
}

gboolean
p2p_image_save (const P2pImage  *image,
                const char      *path,
                GError         **error)
{
  g_autofree char *name   = g_filename_display_name (path);
  Saving           saving = { image, find_format (path, error), name };

  return saving.write && p2p_replace_file (path, write_file, &saving, error);
}
