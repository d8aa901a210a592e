/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Writes TIFF with libtiff, with the picture's depth and lossless compression. */

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "image.h"
#include "tiff-file.h"

/* A picture of this many bytes or more is written as BigTIFF, with offsets of 64 bits. */
#define LARGE G_GUINT64_CONSTANT (4000000000)

static void
set_fields (TIFF           *tiff,
            const P2pImage *image,
            gboolean        profile)
{
  const gboolean gray   = image->channels < 3, floats = image->depth == 32;
  const guint16  extra  = EXTRASAMPLE_UNASSALPHA;

  TIFFSetField (tiff, TIFFTAG_IMAGEWIDTH, image->width);
  TIFFSetField (tiff, TIFFTAG_IMAGELENGTH, image->height);
  TIFFSetField (tiff, TIFFTAG_BITSPERSAMPLE, image->depth);
  TIFFSetField (tiff, TIFFTAG_SAMPLEFORMAT, floats ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT);
  TIFFSetField (tiff, TIFFTAG_SAMPLESPERPIXEL, image->channels);
  TIFFSetField (tiff, TIFFTAG_PHOTOMETRIC, gray ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
  TIFFSetField (tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField (tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  if (image->x_dpi > 0.0 && image->y_dpi > 0.0)
    {
      TIFFSetField (tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
      TIFFSetField (tiff, TIFFTAG_XRESOLUTION, image->x_dpi);
      TIFFSetField (tiff, TIFFTAG_YRESOLUTION, image->y_dpi);
    }
  if (image->channels % 2 == 0)
    TIFFSetField (tiff, TIFFTAG_EXTRASAMPLES, 1, &extra);
  if (TIFFIsCODECConfigured (COMPRESSION_ADOBE_DEFLATE))
    {
      TIFFSetField (tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
      TIFFSetField (tiff, TIFFTAG_PREDICTOR,
                    floats ? PREDICTOR_FLOATINGPOINT : PREDICTOR_HORIZONTAL);
    }
  TIFFSetField (tiff, TIFFTAG_ROWSPERSTRIP, TIFFDefaultStripSize (tiff, 0));
  if (profile)
    {
      gsize         size;
      gconstpointer data = g_bytes_get_data (image->profile, &size);

      TIFFSetField (tiff, TIFFTAG_ICCPROFILE, (guint32) size, data);
    }
}

/* Converts n values to samples of depth bits. */
static void
narrow (const float *values,
        gsize        n,
        int          depth,
        void        *samples)
{
  if (depth == 32)
    memcpy (samples, values, n * sizeof (float));
  else if (depth == 16)
    for (gsize i = 0; i < n; i++)
      ((guint16 *) samples)[i] = p2p_image_word (values[i]);
  else
    for (gsize i = 0; i < n; i++)
      ((guint8 *) samples)[i] = p2p_image_byte (values[i]);
}

static gboolean
write_rows (TIFF           *tiff,
            const P2pImage *image,
            const P2pIcc   *icc,
            GError        **error)
{
  const gsize       n       = (gsize) image->width * image->channels;
  g_autofree float *values  = p2p_try_new (float, n, error);
  g_autofree float *samples = values ? p2p_try_new (float, n, error) : NULL;

  if (! values || ! samples)
    return FALSE;
  for (int y = 0; y < image->height; y++)
    {
      memcpy (values, image->pixels + y * n, n * sizeof (float));
      if (icc)
        p2p_icc_encode (icc, values, image->width, image->channels);
      narrow (values, n, image->depth, samples);
      if (TIFFWriteScanline (tiff, samples, y, 0) < 0)
        return FALSE;
    }
  return TIFFWriteDirectory (tiff);
}

gboolean
p2p_tiff_write (const P2pImage  *image,
                FILE            *file,
                GError         **error)
{
  const guint64       raw    = (guint64) image->width * image->height * image->channels
                               * (image->depth / 8);
  P2pTiffFile         target = { .file = file };
  g_autoptr (P2pIcc)  icc    = NULL;
  TIFF               *tiff;
  gboolean            good;

  if (! p2p_image_target (image, image->channels < 3, &icc, error))
    return FALSE;

  tiff = p2p_tiff_open (&target, raw < LARGE ? "wm" : "w8m");
  if (tiff)
    set_fields (tiff, image, icc != NULL);
  good = tiff && write_rows (tiff, image, icc, error);
  if (ferror (file) && (good || (error && ! *error)))
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, g_strerror (errno));
      good = FALSE;
    }
  return p2p_tiff_finish (&target, tiff, good, error);
}
