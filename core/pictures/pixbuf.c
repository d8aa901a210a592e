/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads pictures through gdk-pixbuf, in all formats for which it has loaders.  Writes JPEG. */

#include "image.h"

#include "base/intl.h"
#include "containers.h"
#include "resize.h"

#include <errno.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Turns problem, an error of gdk-pixbuf, into an error of the core. */
static void
tell (const GError  *problem,
      GError       **error)
{
  if (g_error_matches (problem, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_INSUFFICIENT_MEMORY))
    p2p_image_no_memory (error);
  else
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, problem->message);
}

/* When peeking, a loader gets this many bytes at a time until it knows enough. */
#define PART 4096

/* ---- Reading ------------------------------------------------------------------------------ */

/* Returns pixels per inch, from the option "x-dpi" or "y-dpi"; 0: unknown. */
static double
get_dpi (GdkPixbuf  *pixbuf,
         const char *option)
{
  const char *text = gdk_pixbuf_get_option (pixbuf, option);

  return text ? MAX (g_ascii_strtod (text, NULL), 0.0) : 0.0;
}

/* Returns the profile, which gdk-pixbuf gives as a text in base64 (RFC 4648), or NULL. */
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
  image->profile = get_profile (pixbuf);
  image->x_dpi = get_dpi (pixbuf, "x-dpi");
  image->y_dpi = get_dpi (pixbuf, "y-dpi");
  return image;
}

/* What the signals of a loader report. */
typedef struct
{
  GError *error;
  int     top, bottom;   /* rows [top, bottom) have been filled */
  int     width, height, orientation;   /* set when the picture begins; orientation 0: not yet */
  int     told;          /* the orientation if it was taken out of the file, else 0 */
} Loading;

/* Checks the size, which a loader reports before it allocates pixels.  Setting the size to 0 makes
 * the loader stop. */
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

/* Notes size and orientation when a picture begins; loaders know the orientation by then. */
static void
on_begin (GdkPixbufLoader *loader,
          Loading         *loading)
{
  GdkPixbuf  *pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  const char *turned = gdk_pixbuf_get_option (pixbuf, "orientation");

  loading->width       = gdk_pixbuf_get_width (pixbuf);
  loading->height      = gdk_pixbuf_get_height (pixbuf);
  loading->orientation = loading->told ? loading->told : turned ? MAX (atoi (turned), 1) : 1;
}

/* Returns FALSE and sets error if there was an error.  The core's own error comes first, because a
 * loader that was stopped reports another one. */
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

/* Whether a loader reports each row that it fills, but not that a file was cut off.  For these the
 * filled rows tell whether the picture is complete.  Other loaders report other areas, such as one
 * frame of an animation, or none. */
static gboolean
is_drawn_by_rows (GdkPixbufLoader *loader)
{
  static const char *const names[] = { "bmp", "ico", "pnm", NULL };
  GdkPixbufFormat         *format  = gdk_pixbuf_loader_get_format (loader);
  g_autofree char         *name    = format ? gdk_pixbuf_format_get_name (format) : NULL;

  return name && g_strv_contains (names, name);
}

/* Loads a whole file and closes the loader.  The pixbuf that is returned belongs to the loader. */
static GdkPixbuf *
load (GdkPixbufLoader  *loader,
      const guint8     *data,
      gsize             size,
      GError          **error)
{
  g_autoptr (GError) problem = NULL;
  Loading            loading = { NULL, G_MAXINT, 0 };
  GdkPixbuf         *pixbuf;
  gboolean           written;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size), &loading);
  g_signal_connect (loader, "area-updated", G_CALLBACK (on_area), &loading);

  /* A loader must always be closed.  The first error is the one that tells the reason. */
  written = gdk_pixbuf_loader_write (loader, data, size, &problem);
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
  int                         told    = 0;
  GBytes                     *profile = NULL;
  g_autoptr (GBytes)          rest    = NULL;
  g_autoptr (GdkPixbufLoader) loader  = gdk_pixbuf_loader_new ();
  const gboolean              cut     = p2p_file_is_cut_off (data, size);
  GdkPixbuf                  *pixbuf  = NULL;
  P2pImage                   *image   = NULL;
  const char                 *turned;

  if (cut)
    {
      gdk_pixbuf_loader_close (loader, NULL);
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, _("the file ends too early"));
      return NULL;
    }

  if (p2p_file_strip (data, size, &rest, &profile, &told, error))
    {
      if (rest)
        data = g_bytes_get_data (rest, &size);
      pixbuf = load (loader, data, size, error);
    }
  else
    gdk_pixbuf_loader_close (loader, NULL);
  if (pixbuf)
    {
      turned = gdk_pixbuf_get_option (pixbuf, "orientation");
      *orientation = told ? told : turned ? atoi (turned) : 1;
      image = from_pixbuf (pixbuf, error);
    }
  if (image && profile)
    {
      g_clear_pointer (&image->profile, g_bytes_unref);
      image->profile = g_steal_pointer (&profile);
    }
  g_clear_pointer (&profile, g_bytes_unref);
  return image;
}

gboolean
p2p_pixbuf_peek (const guint8  *data,
                 gsize          size,
                 int           *width,
                 int           *height,
                 int           *orientation,
                 GError       **error)
{
  g_autoptr (GdkPixbufLoader) loader  = gdk_pixbuf_loader_new ();
  g_autoptr (GBytes)          rest    = NULL, profile = NULL;
  g_autoptr (GError)          problem = NULL;
  Loading                     loading = { 0 };
  gboolean                    written = TRUE;
  gsize                       n;

  /* For a JPEG there is no need: its size does not depend on what p2p_file_strip () takes out. */
  if (p2p_is_webp (data, size))
    written = p2p_file_strip (data, size, &rest, &profile, &loading.told, &loading.error);
  if (rest)
    data = g_bytes_get_data (rest, &size);

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size), &loading);
  g_signal_connect (loader, "area-prepared", G_CALLBACK (on_begin), &loading);
  for (gsize at = 0; written && ! loading.orientation && at < size; at += n)
    {
      n = MIN (size - at, PART);
      written = gdk_pixbuf_loader_write (loader, data + at, n, &problem);
    }

  /* Some loaders do all of their work when they are closed, so errors count if the size is not
   * known yet.  If it is known, closing reports that the rest of the file is missing, which is
   * ignored. */
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

/* Converts a picture to a pixbuf in RGB.  Transparent pixels are put on white, because JPEG has no
 * alpha.  Returns NULL when there is no memory. */
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

      for (int x = 0, n; x < image->width; x += n)
        {
          float piece[P2P_PIECE];

          n = p2p_piece (image->width - x, 3);
          for (int i = 0; i < n; i++, from += channels)
            {
              const float alpha = channels % 2 ? 1.0f : CLAMP (from[channels - 1], 0.0f, 1.0f);

              for (int k = 0; k < 3; k++)
                piece[3 * i + k] = from[k % colours] * alpha + (1.0f - alpha);
            }
          if (icc)
            p2p_icc_encode (icc, piece, n, 3);
          for (int i = 0; i < 3 * n; i++)
            *to++ = p2p_image_byte (piece[i]);
        }
    }
  return pixbuf;
}

/* Appends an option for saving.  values takes ownership of value. */
static void
add (GPtrArray  *keys,
     GPtrArray  *values,
     const char *key,
     char       *value)
{
  g_ptr_array_add (keys, (char *) key);
  g_ptr_array_add (values, value);
}

static gboolean
is_jpeg_dpi (double dpi)
{
  return dpi >= 0.5 && dpi < 65535.5;
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
  g_autoptr (GPtrArray) keys    = NULL, values = NULL;
  g_autoptr (GError)    problem = NULL;

  if (! pixbuf)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_MEMORY,
                           _("there is not enough memory to write it as JPEG: choose .png"));
      return FALSE;
    }
  keys = g_ptr_array_new ();
  values = g_ptr_array_new_with_free_func (g_free);
  add (keys, values, "quality", g_strdup ("95"));
  if (icc)
    {
      gsize         length;
      const guint8 *profile = g_bytes_get_data (image->profile, &length);

      add (keys, values, "icc-profile", g_base64_encode (profile, length));
    }
  if (is_jpeg_dpi (image->x_dpi) && is_jpeg_dpi (image->y_dpi))
    {
      add (keys, values, "x-dpi", g_strdup_printf ("%ld", lrint (image->x_dpi)));
      add (keys, values, "y-dpi", g_strdup_printf ("%ld", lrint (image->y_dpi)));
    }
  g_ptr_array_add (keys, NULL);
  g_ptr_array_add (values, NULL);
  if (gdk_pixbuf_save_to_callbackv (pixbuf, on_save, file, "jpeg", (char **) keys->pdata,
                                    (char **) values->pdata, &problem))
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
