/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Pictures in memory and their files: PNG through libpng (png.c), for its 16 bits, everything else
 * through gdk-pixbuf. */

#include "image.h"

#include "files/replace.h"
#include "intl.h"

#include <errno.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>
#include <string.h>

/* Samples are counted with int in many places. */
#define MAX_SAMPLES G_MAXINT

P2pImage *
p2p_image_new (int width,
               int height,
               int channels)
{
  P2pImage *image;

  g_return_val_if_fail (width > 0 && height > 0, NULL);
  g_return_val_if_fail (channels >= 1 && channels <= 4, NULL);

  image = g_new (P2pImage, 1);
  image->width    = width;
  image->height   = height;
  image->channels = channels;
  image->pixels   = g_new (float, (gsize) width * height * channels);
  return image;
}

void
p2p_image_free (P2pImage *image)
{
  if (! image)
    return;

  g_free (image->pixels);
  g_free (image);
}

/* Whether a picture of this size, from a file, can be worked with. */
static gboolean
check_size (int      width,
            int      height,
            int      channels,
            GError **error)
{
  if (width < 1 || height < 1)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, _("the picture has no pixels"));
      return FALSE;
    }
  if (width > MAX_SAMPLES / channels / height)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
                   _("the picture of %d × %d pixels is too large: scale it down"),
                   width, height);
      return FALSE;
    }
  return TRUE;
}

P2pImage *
p2p_image_try_new (int      width,
                   int      height,
                   int      channels,
                   GError **error)
{
  P2pImage *image;
  float    *pixels;

  if (! check_size (width, height, channels, error))
    return NULL;

  pixels = g_try_new (float, (gsize) width * height * channels);
  if (! pixels)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_MEMORY,
                   _("there is no memory for a picture of %d × %d pixels: scale it down"),
                   width, height);
      return NULL;
    }

  image = g_new (P2pImage, 1);
  *image = (P2pImage) { width, height, channels, pixels };
  return image;
}

guint8
p2p_image_byte (float value)
{
  /* In this order NaN gives 0. */
  return value > 0.0f ? lrintf (fminf (value, 1.0f) * 255.0f) : 0;
}

/* ---- Loading ------------------------------------------------------------------------------ */

static P2pImage *
from_pixbuf (GdkPixbuf  *pixbuf,
             GError    **error)
{
  const int     channels = gdk_pixbuf_get_n_channels (pixbuf);
  const int     stride   = gdk_pixbuf_get_rowstride (pixbuf);
  const guint8 *pixels   = gdk_pixbuf_read_pixels (pixbuf);
  P2pImage     *image;

  image = p2p_image_try_new (gdk_pixbuf_get_width (pixbuf), gdk_pixbuf_get_height (pixbuf),
                             channels, error);
  if (! image)
    return NULL;

  for (int y = 0; y < image->height; y++)
    {
      const gsize   n    = (gsize) image->width * channels;
      const guint8 *from = pixels + (gsize) y * stride;
      float        *to   = image->pixels + y * n;

      for (gsize i = 0; i < n; i++)
        to[i] = from[i] / 255.0f;
    }
  return image;
}

typedef struct
{
  GError *error;
  int     top, bottom;   /* the rows that have been filled */
} Loading;

/* The size is known before anything is allocated: a loader told to make nothing stops. */
static void
on_size (GdkPixbufLoader *loader,
         int              width,
         int              height,
         Loading         *loading)
{
  if (! loading->error && ! check_size (width, height, 3, &loading->error))
    gdk_pixbuf_loader_set_size (loader, 0, 0);
}

static void
on_area (GdkPixbufLoader *loader,
         int              x,
         int              y,
         int              width,
         int              height,
         Loading         *loading)
{
  loading->top    = MIN (loading->top, y);
  loading->bottom = MAX (loading->bottom, y + height);
}

static P2pImage *
load_with_pixbuf (const guint8  *data,
                  gsize          size,
                  GError       **error)
{
  g_autoptr (GdkPixbufLoader) loader  = gdk_pixbuf_loader_new ();
  g_autoptr (GdkPixbuf)       pixbuf  = NULL;
  g_autoptr (GdkPixbuf)       upright = NULL;
  g_autoptr (GError)          problem = NULL;
  Loading                     loading = { NULL, G_MAXINT, 0 };
  gboolean                    written;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size), &loading);
  g_signal_connect (loader, "area-updated", G_CALLBACK (on_area), &loading);

  /* A loader must be closed whatever happened, and the first error is the one that tells. */
  written = gdk_pixbuf_loader_write (loader, data, size, &problem);
  gdk_pixbuf_loader_close (loader, written ? &problem : NULL);
  if (loading.error)
    {
      g_propagate_error (error, loading.error);
      return NULL;
    }
  if (problem)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, problem->message);
      return NULL;
    }

  /* Some loaders (BMP, PNM) say nothing of a file that was cut off. */
  g_set_object (&pixbuf, gdk_pixbuf_loader_get_pixbuf (loader));
  if (! pixbuf || loading.top > 0 || loading.bottom < gdk_pixbuf_get_height (pixbuf))
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, _("the file ends too early"));
      return NULL;
    }

  /* Photographs say in EXIF which side is up. */
  upright = gdk_pixbuf_apply_embedded_orientation (pixbuf);
  return from_pixbuf (upright, error);
}

P2pImage *
p2p_image_load (const char  *path,
                GError     **error)
{
  g_autofree char   *data    = NULL;
  g_autofree char   *name    = g_filename_display_name (path);
  g_autoptr (GError) problem = NULL;
  P2pImage          *image   = NULL;
  gsize              size;

  if (! g_file_get_contents (path, &data, &size, &problem))
    {
      gboolean missing = g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT);

      g_set_error_literal (error, P2P_ERROR, missing ? P2P_ERROR_NOT_FOUND : P2P_ERROR_FILE,
                           problem->message);
      return NULL;
    }

  if (p2p_png_is ((const guint8 *) data, size))
    image = p2p_png_read ((const guint8 *) data, size, error);
  else
    image = load_with_pixbuf ((const guint8 *) data, size, error);

  if (! image)
    g_prefix_error (error, _("The picture “%s” cannot be read: "), name);
  return image;
}

/* ---- Saving ------------------------------------------------------------------------------- */

typedef gboolean (* WriteFunc) (const P2pImage *image, FILE *file, GError **error);

typedef struct
{
  const P2pImage *image;
  WriteFunc       write;
  const char     *name;
} Saving;

/* What gdk-pixbuf takes, RGB; JPEG knows no alpha, so transparent places become white. */
static GdkPixbuf *
to_pixbuf (const P2pImage *image)
{
  const int  channels = image->channels;
  const int  colours  = channels < 3 ? 1 : 3;
  GdkPixbuf *pixbuf   = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, image->width, image->height);

  for (int y = 0; pixbuf && y < image->height; y++)
    {
      const float *from = image->pixels + (gsize) y * image->width * channels;
      guint8      *to   = gdk_pixbuf_get_pixels (pixbuf)
                          + (gsize) y * gdk_pixbuf_get_rowstride (pixbuf);

      for (int x = 0; x < image->width; x++, from += channels, to += 3)
        {
          const float alpha = channels % 2 ? 1.0f : CLAMP (from[channels - 1], 0.0f, 1.0f);

          for (int i = 0; i < 3; i++)
            to[i] = p2p_image_byte (from[i % colours] * alpha + (1.0f - alpha));
        }
    }
  return pixbuf;
}

static gboolean
write_jpeg (const P2pImage  *image,
            FILE            *file,
            GError         **error)
{
  g_autoptr (GdkPixbuf) pixbuf = to_pixbuf (image);
  g_autofree char      *data   = NULL;
  gsize                 size;

  if (! pixbuf)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_MEMORY,
                           _("there is no memory for it as JPEG: choose .png"));
      return FALSE;
    }
  if (! gdk_pixbuf_save_to_buffer (pixbuf, &data, &size, "jpeg", error, "quality", "95", NULL))
    return FALSE;

  if (fwrite (data, 1, size, file) != size)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

static const struct
{
  const char *ending;
  WriteFunc   write;
} formats[] = {
  { ".png",  p2p_png_write },
  { ".jpg",  write_jpeg },
  { ".jpeg", write_jpeg },
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
               _("“%s” cannot be written: choose a name that ends in .png or .jpg"), name);
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
