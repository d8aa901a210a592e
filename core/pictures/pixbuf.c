/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Pictures in and out through gdk-pixbuf: JPEG, and whatever else it has readers for. */

#include "image.h"

#include "base/intl.h"
#include "containers.h"

#include <errno.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <stdlib.h>
#include <string.h>

/* Gives problem, which gdk-pixbuf told, as an error of ours. */
static void
tell (const GError  *problem,
      GError       **error)
{
  if (g_error_matches (problem, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_INSUFFICIENT_MEMORY))
    p2p_image_no_memory (error);
  else
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, problem->message);
}

/* ---- Reading ------------------------------------------------------------------------------ */

/* The profile comes as text (RFC 4648, base64). */
static GBytes *
get_profile (GdkPixbuf *pixbuf)
{
  const char *text = gdk_pixbuf_get_option (pixbuf, "icc-profile");
  guint8     *data;
  gsize       size;

  if (! text)
    return NULL;
  data = g_base64_decode (text, &size);
  return g_bytes_new_take (data, size);
}

/* multiplied: the colors are multiplied by alpha. */
static P2pImage *
from_pixbuf (GdkPixbuf  *pixbuf,
             gboolean    multiplied,
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
        {
          const guint8 alpha = multiplied ? from[i - i % 4 + 3] : 0;

          to[i] = alpha && i % 4 < 3 ? MIN (from[i], alpha) / (float) alpha : from[i] / 255.0f;
        }
    }
  image->profile = get_profile (pixbuf);
  return image;
}

typedef struct
{
  GError *error;
  int     top, bottom;   /* the rows that have been filled */
  int     width, height, orientation;   /* set when the picture begins; orientation 0: not yet */
  int     untold;        /* the orientation when the loader tells none */
} Loading;

/* The size is known before anything is allocated: a loader told to make nothing stops. */
static void
on_size (GdkPixbufLoader *loader,
         int              width,
         int              height,
         Loading         *loading)
{
  if (! loading->error && ! p2p_image_check_size (width, height, 3, &loading->error))
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

/* Loaders have read the orientation when they say that a picture begins. */
static void
on_begin (GdkPixbufLoader *loader,
          Loading         *loading)
{
  GdkPixbuf  *pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  const char *turned = gdk_pixbuf_get_option (pixbuf, "orientation");

  loading->width       = gdk_pixbuf_get_width (pixbuf);
  loading->height      = gdk_pixbuf_get_height (pixbuf);
  loading->orientation = turned ? MAX (atoi (turned), 1) : loading->untold;
}

/* FALSE when there was an error; ours comes first, because loaders that stop report another one. */
static gboolean
check_errors (const Loading  *loading,
              const GError   *problem,
              GError        **error)
{
  if (loading->error)
    g_propagate_error (error, loading->error);
  else if (problem)
    tell (problem, error);
  return ! loading->error && ! problem;
}

/* Loaders that draw row by row, tell of each, and say nothing of a file that was cut off.  Others
 * tell of the frame alone in a larger picture, or of nothing. */
static gboolean
is_drawn_by_rows (GdkPixbufLoader *loader)
{
  static const char *const names[] = { "bmp", "ico", "pnm", NULL };
  GdkPixbufFormat         *format  = gdk_pixbuf_loader_get_format (loader);
  g_autofree char         *name    = format ? gdk_pixbuf_format_get_name (format) : NULL;

  return name && g_strv_contains (names, name);
}

/* Gives the file to the loader, with another value of the byte at place (0: of none). */
static gboolean
write_file (GdkPixbufLoader  *loader,
            const guint8     *data,
            gsize             size,
            gsize             place,
            guint8            value,
            GError          **error)
{
  return (! place || (gdk_pixbuf_loader_write (loader, data, place, error) &&
                      gdk_pixbuf_loader_write (loader, &value, 1, error))) &&
         gdk_pixbuf_loader_write (loader, data + place + (place > 0), size - place - (place > 0),
                                  error);
}

/* The pixbuf belongs to the loader.
 * The loader for TIFF gives colors that are multiplied by alpha, rounded to 8 bits, and so loses
 * what is unassociated.  Where it takes alpha for associated it leaves the colors alone. */
static GdkPixbuf *
load (GdkPixbufLoader  *loader,
      const guint8     *data,
      gsize             size,
      GError          **error)
{
  g_autoptr (GError) problem = NULL;
  Loading            loading = { NULL, G_MAXINT, 0 };
  gsize              place   = 0;
  const gboolean     retell  = p2p_tiff_alpha (data, size, &place) == P2P_TIFF_UNASSOCIATED;
  GdkPixbuf         *pixbuf;
  gboolean           written;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size), &loading);
  g_signal_connect (loader, "area-updated", G_CALLBACK (on_area), &loading);

  /* A loader must be closed whatever happened, and the first error is the one that tells. */
  written = write_file (loader, data, size, retell ? place : 0, P2P_TIFF_ASSOCIATED, &problem);
  gdk_pixbuf_loader_close (loader, written ? &problem : NULL);
  if (! check_errors (&loading, problem, error))
    return NULL;

  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (pixbuf && (! is_drawn_by_rows (loader) ||
                 (loading.top <= 0 && loading.bottom >= gdk_pixbuf_get_height (pixbuf))))
    return pixbuf;
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, _("the file ends too early"));
  return NULL;
}

P2pImage *
p2p_pixbuf_read (const guint8  *data,
                 gsize          size,
                 int           *orientation,
                 GError       **error)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  const gboolean              cut    = p2p_file_is_cut_off (data, size);
  GdkPixbuf                  *pixbuf = cut ? NULL : load (loader, data, size, error);
  gsize                       place;
  const char                 *turned;

  if (cut)
    {
      gdk_pixbuf_loader_close (loader, NULL);
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, _("the file ends too early"));
    }
  if (! pixbuf)
    return NULL;

  turned = gdk_pixbuf_get_option (pixbuf, "orientation");
  *orientation = turned ? atoi (turned) : p2p_webp_orientation (data, size);
  return from_pixbuf (pixbuf, gdk_pixbuf_get_has_alpha (pixbuf) &&
                              p2p_tiff_alpha (data, size, &place) == P2P_TIFF_ASSOCIATED, error);
}

/* The orientation that a file tells whose loader does not. */
static int
peek_orientation (FILE *file)
{
  GMappedFile *mapped      = g_mapped_file_new_from_fd (fileno (file), FALSE, NULL);
  int          orientation = 1;

  if (mapped)
    {
      orientation = p2p_webp_orientation ((guint8 *) g_mapped_file_get_contents (mapped),
                                          g_mapped_file_get_length (mapped));
      g_mapped_file_unref (mapped);
    }
  return orientation;
}

gboolean
p2p_pixbuf_peek (FILE    *file,
                 int     *width,
                 int     *height,
                 int     *orientation,
                 GError **error)
{
  g_autoptr (GdkPixbufLoader) loader  = gdk_pixbuf_loader_new ();
  g_autoptr (GError)          problem = NULL;
  Loading                     loading = { .untold = peek_orientation (file) };
  gboolean                    written = TRUE;
  guint8                      part[4096];
  gsize                       n;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size), &loading);
  g_signal_connect (loader, "area-prepared", G_CALLBACK (on_begin), &loading);
  while (written && ! loading.orientation && (n = fread (part, 1, sizeof part, file)) > 0)
    written = gdk_pixbuf_loader_write (loader, part, n, &problem);

  /* Some loaders do all of their work when they are closed.  Others miss the rest of the file. */
  gdk_pixbuf_loader_close (loader, written && ! loading.orientation ? &problem : NULL);
  if (loading.orientation)
    g_clear_error (&problem);
  if (! check_errors (&loading, problem, error))
    return FALSE;
  if (! loading.orientation)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, _("the file ends too early"));
      return FALSE;
    }
  *width = loading.width;
  *height = loading.height;
  *orientation = loading.orientation;
  return TRUE;
}

/* ---- Writing ------------------------------------------------------------------------------ */

/* What gdk-pixbuf takes, RGB; JPEG knows no alpha, so transparent places become white. */
static GdkPixbuf *
to_pixbuf (const P2pImage *image,
           const P2pIcc   *icc)
{
  const int          channels = image->channels;
  const int          colours  = channels < 3 ? 1 : 3;
  GdkPixbuf         *pixbuf   = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8,
                                                image->width, image->height);

  for (int y = 0; pixbuf && y < image->height; y++)
    {
      const float *from = image->pixels + (gsize) y * image->width * channels;
      guint8      *to   = gdk_pixbuf_get_pixels (pixbuf)
                          + (gsize) y * gdk_pixbuf_get_rowstride (pixbuf);

      for (int x = 0; x < image->width; x++, from += channels, to += 3)
        {
          const float alpha = channels % 2 ? 1.0f : CLAMP (from[channels - 1], 0.0f, 1.0f);
          float       pixel[3];

          for (int i = 0; i < 3; i++)
            pixel[i] = from[i % colours] * alpha + (1.0f - alpha);
          if (icc)
            p2p_icc_encode (icc, pixel, 1, 3);
          for (int i = 0; i < 3; i++)
            to[i] = p2p_image_byte (pixel[i]);
        }
    }
  return pixbuf;
}

static gboolean
on_save (const char  *data,
         gsize        size,
         GError     **error,
         gpointer     file)
{
  if (fwrite (data, 1, size, file) == size)
    return TRUE;
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, g_strerror (errno));
  return FALSE;
}

static gboolean
save_jpeg (const P2pImage  *image,
           const P2pIcc    *icc,
           FILE            *file,
           GError         **error)
{
  g_autoptr (GdkPixbuf) pixbuf  = to_pixbuf (image, icc);
  g_autoptr (GError)    problem = NULL;
  g_autofree char      *text    = NULL;

  if (! pixbuf)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_MEMORY,
                           _("there is no memory for it as JPEG: choose .png"));
      return FALSE;
    }
  if (icc)
    {
      gsize         length;
      const guint8 *profile = g_bytes_get_data (image->profile, &length);

      text = g_base64_encode (profile, length);
    }
  if (gdk_pixbuf_save_to_callback (pixbuf, on_save, file, "jpeg", &problem, "quality", "95",
                                   text ? "icc-profile" : NULL, text, NULL))
    return TRUE;
  tell (problem, error);
  return FALSE;
}

gboolean
p2p_pixbuf_write_jpeg (const P2pImage  *image,
                       FILE            *file,
                       GError         **error)
{
  g_autoptr (P2pIcc) icc = NULL;

  return p2p_image_target (image, FALSE, &icc, error) && save_jpeg (image, icc, file, error);
}
