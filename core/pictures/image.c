/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Pictures in memory. */

#include <math.h>

#include "base/intl.h"
#include "image.h"

/* The largest number of samples in a picture, because many loops count them with int. */
#define MAX_SAMPLES G_MAXINT

/* Makes a picture that owns pixels. */
static P2pImage *
wrap_pixels (int    width,
             int    height,
             int    channels,
             float *pixels)
{
  P2pImage *image = g_new0 (P2pImage, 1);

  image->width    = width;
  image->height   = height;
  image->channels = channels;
  image->pixels   = pixels;
  image->depth    = 8;
  return image;
}

P2pImage *
p2p_image_new (int width,
               int height,
               int channels)
{
  g_return_val_if_fail (width > 0 && height > 0, NULL);
  g_return_val_if_fail (channels >= 1 && channels <= 4, NULL);

  return wrap_pixels (width, height, channels, g_new (float, (gsize) width * height * channels));
}

void
p2p_image_free (P2pImage *image)
{
  if (! image)
    return;

  g_clear_pointer (&image->profile, g_bytes_unref);
  g_free (image->pixels);
  g_free (image);
}

gboolean
p2p_image_check_size (int      width,
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
  float *pixels;

  if (! p2p_image_check_size (width, height, channels, error))
    return NULL;

  pixels = g_try_new (float, (gsize) width * height * channels);
  if (! pixels)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_MEMORY,
                   _("there is no memory for a picture of %d × %d pixels: scale it down"),
                   width, height);
      return NULL;
    }
  return wrap_pixels (width, height, channels, pixels);
}

void
p2p_image_no_memory (GError **error)
{
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_MEMORY,
                       _("there is no memory for the picture: scale it down"));
}

guint8
p2p_image_byte (float value)
{
  /* With NaN the comparison is FALSE, which gives 0. */
  return value > 0.0f ? lrintf (fminf (value, 1.0f) * 255.0f) : 0;
}

guint16
p2p_image_word (float value)
{
  return value > 0.0f ? lrint (fmin (value, 1.0) * 65535) : 0;
}

gboolean
p2p_image_target (const P2pImage  *image,
                  gboolean         gray,
                  P2pIcc         **icc,
                  GError         **error)
{
  *icc = NULL;
  if (! image->profile)
    return TRUE;
  *icc = p2p_icc_new (image->profile, error);
  if (! *icc)
    return FALSE;

  if (! p2p_icc_can_encode (*icc, gray))
    g_clear_pointer (icc, p2p_icc_free);
  return TRUE;
}
