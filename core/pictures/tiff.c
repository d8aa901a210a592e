/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads TIFF with libtiff.  Gray and RGB with 8 or 16 bits or floating point are called plain and
 * keep the samples as they are stored, in strips or tiles, with interleaved or separate channels.
 * Other kinds, such as palettes, YCbCr and CMYK, are converted to 8-bit RGB by libtiff.  Only the
 * first page of a file is read. */

#include <string.h>

#include "base/memory.h"
#include "files/half.h"
#include "image.h"
#include "tiff-file.h"

gboolean
p2p_tiff_is (const guint8 *data,
             gsize         size)
{
  /* Little-endian, then big-endian; 42 marks a TIFF, 43 a BigTIFF with offsets of 64 bits. */
  static const char marks[][4] = { { 'I', 'I', 42, 0 }, { 'I', 'I', 43, 0 },
                                   { 'M', 'M', 0, 42 }, { 'M', 'M', 0, 43 } };
  gboolean          is     = FALSE;

  for (guint i = 0; size >= 4 && i < G_N_ELEMENTS (marks); i++)
    is = is || memcmp (data, marks[i], 4) == 0;
  return is;
}

/* ---- What is in the file ------------------------------------------------------------------ */

typedef struct
{
  guint32  width, height;
  guint16  bits, samples, format, arrangement, photometric, orientation;
  int      colors;
  gboolean alpha, associated;
} Layout;

static void
read_layout (TIFF   *tiff,
             Layout *layout)
{
  guint16  n_extra = 0, *extra = NULL;

  *layout = (Layout) { .photometric = PHOTOMETRIC_MINISBLACK };
  TIFFGetField (tiff, TIFFTAG_IMAGEWIDTH, &layout->width);
  TIFFGetField (tiff, TIFFTAG_IMAGELENGTH, &layout->height);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_BITSPERSAMPLE, &layout->bits);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLESPERPIXEL, &layout->samples);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_SAMPLEFORMAT, &layout->format);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_PLANARCONFIG, &layout->arrangement);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_ORIENTATION, &layout->orientation);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_EXTRASAMPLES, &n_extra, &extra);
  TIFFGetField (tiff, TIFFTAG_PHOTOMETRIC, &layout->photometric);

  layout->colors     = layout->photometric == PHOTOMETRIC_RGB ? 3 : 1;
  layout->alpha      = layout->samples > layout->colors;
  layout->associated = layout->alpha && n_extra && extra[0] == EXTRASAMPLE_ASSOCALPHA;
  if (layout->format == SAMPLEFORMAT_VOID)
    layout->format = SAMPLEFORMAT_UINT;
}

static gboolean
is_plain (const Layout *layout)
{
  gboolean whole   = layout->format == SAMPLEFORMAT_UINT &&
                     (layout->bits == 8 || layout->bits == 16);
  gboolean floats  = layout->format == SAMPLEFORMAT_IEEEFP &&
                     (layout->bits == 16 || layout->bits == 32 || layout->bits == 64);

  return (whole || floats) && layout->samples >= layout->colors &&
         (layout->photometric == PHOTOMETRIC_RGB ||
          layout->photometric == PHOTOMETRIC_MINISBLACK ||
          layout->photometric == PHOTOMETRIC_MINISWHITE);
}

/* ---- Reading ------------------------------------------------------------------------------ */

/* Converts n samples, in the processor's byte order, to values. */
static void
widen (const Layout *layout,
       const void   *from,
       gsize         n,
       float        *values)
{
  const gboolean floats = layout->format == SAMPLEFORMAT_IEEEFP;

  if (floats && layout->bits == 16)
    for (gsize i = 0; i < n; i++)
      {
        const guint16 half = GUINT16_TO_LE (((const guint16 *) from)[i]);

        p2p_widen (P2P_F16, &half, 1, values + i);
      }
  else if (floats && layout->bits == 32)
    memcpy (values, from, n * sizeof (float));
  else if (floats)
    for (gsize i = 0; i < n; i++)
      values[i] = ((const double *) from)[i];
  else if (layout->bits == 16)
    for (gsize i = 0; i < n; i++)
      values[i] = ((const guint16 *) from)[i] / 65535.0f;
  else
    for (gsize i = 0; i < n; i++)
      values[i] = ((const guint8 *) from)[i] / 255.0f;
}

/* A buffer for a strip or a tile, of all channels or of one if channels are separate. */
typedef struct
{
  gboolean  tiled;
  guint32   width, height;    /* in pixels */
  tmsize_t  size;        /* of bytes */
  guint8   *bytes;
  float    *values;      /* of one row */
} Block;

static gboolean
make_block (TIFF          *tiff,
            const Layout  *layout,
            Block         *block,
            GError       **error)
{
  *block = (Block) { TIFFIsTiled (tiff), layout->width, layout->height };
  if (block->tiled)
    {
      TIFFGetField (tiff, TIFFTAG_TILEWIDTH, &block->width);
      TIFFGetField (tiff, TIFFTAG_TILELENGTH, &block->height);
    }
  else
    {
      guint32 rows = 0;

      TIFFGetFieldDefaulted (tiff, TIFFTAG_ROWSPERSTRIP, &rows);
      block->height = CLAMP (rows, 1, layout->height);
    }
  block->size   = block->tiled ? TIFFTileSize (tiff) : TIFFVStripSize (tiff, block->height);
  block->bytes  = block->size > 0 ? p2p_try_new (guint8, block->size, error) : NULL;
  block->values = block->bytes ? p2p_try_new (float, (gsize) block->width * layout->samples, error)
                               : NULL;
  return block->values != NULL;
}

/* Copies one row of a block into the picture.  The block's first sample is that of channel. */
static void
place_row (const Layout *layout,
           const Block  *block,
           int           row,
           int           n_samples,
           int           channel,
           guint32       width,
           float        *to)
{
  const int     channels = layout->colors + layout->alpha;
  const gsize   pitch    = (gsize) block->width * n_samples * (layout->bits / 8);
  const guint8 *from     = block->bytes + row * pitch;

  widen (layout, from, (gsize) width * n_samples, block->values);
  for (guint32 x = 0; x < width; x++)
    for (int i = 0; i < n_samples && channel + i < channels; i++)
      to[x * channels + channel + i] = block->values[x * n_samples + i];
}

static gboolean
read_block (TIFF         *tiff,
            const Layout *layout,
            const Block  *block,
            guint32       left,
            guint32       top,
            int           plane,
            P2pImage     *image)
{
  const int     n_samples = layout->arrangement == PLANARCONFIG_SEPARATE ? 1 : layout->samples;
  const guint32 width     = MIN (block->width, layout->width - left);
  const guint32 height    = MIN (block->height, layout->height - top);
  const guint32 number    = block->tiled ? TIFFComputeTile (tiff, left, top, 0, plane)
                                         : TIFFComputeStrip (tiff, top, plane);
  tmsize_t      size      = block->tiled ? block->size : TIFFVStripSize (tiff, height);
  tmsize_t      got;

  if ((guint64) height * block->width * n_samples * (layout->bits / 8) > (guint64) block->size)
    return FALSE;
  got = block->tiled ? TIFFReadEncodedTile (tiff, number, block->bytes, size)
                     : TIFFReadEncodedStrip (tiff, number, block->bytes, size);
  if (got < size)
    return FALSE;

  for (guint32 y = 0; y < height; y++)
    place_row (layout, block, y, n_samples, plane, width,
               image->pixels + ((gsize) (top + y) * layout->width + left) * image->channels);
  return TRUE;
}

static gboolean
read_plain (TIFF          *tiff,
            const Layout  *layout,
            P2pImage      *image,
            GError       **error)
{
  const int planes = layout->arrangement == PLANARCONFIG_SEPARATE ? image->channels : 1;
  Block     block;
  gboolean  good   = make_block (tiff, layout, &block, error);

  for (int plane = 0; good && plane < planes; plane++)
    for (guint32 y = 0; good && y < layout->height; y += block.height)
      for (guint32 x = 0; good && x < layout->width; x += block.width)
        good = read_block (tiff, layout, &block, x, y, plane, image);
  g_free (block.bytes);
  g_free (block.values);

  for (gsize i = 0; layout->photometric == PHOTOMETRIC_MINISWHITE &&
                    i < (gsize) layout->width * layout->height; i++)
    image->pixels[i * image->channels] = 1.0f - image->pixels[i * image->channels];
  image->depth = layout->format == SAMPLEFORMAT_IEEEFP ? 32 : layout->bits;
  return good;
}

/* Reads a kind that is not plain, which libtiff converts to 8-bit RGB multiplied by alpha. */
static gboolean
read_others (TIFF          *tiff,
             const Layout  *layout,
             P2pImage      *image,
             GError       **error)
{
  const gsize         n      = (gsize) layout->width * layout->height;
  g_autofree guint32 *raster = p2p_try_new (guint32, n, error);

  /* With the orientation that the file has, libtiff does not turn the picture. */
  if (! raster || ! TIFFReadRGBAImageOriented (tiff, layout->width, layout->height, raster,
                                               layout->orientation, TRUE))
    return FALSE;

  for (gsize i = 0; i < n; i++)
    {
      const guint8 pixel[] = { TIFFGetR (raster[i]), TIFFGetG (raster[i]), TIFFGetB (raster[i]),
                               TIFFGetA (raster[i]) };

      for (int k = 0; k < image->channels; k++)
        image->pixels[i * image->channels + k] = pixel[k] / 255.0f;
    }
  return TRUE;
}

/* Converts colors that are multiplied by alpha to straight alpha. */
static void
divide_by_alpha (P2pImage *image)
{
  const int colors = image->channels - 1;

  for (gsize i = 0; i < (gsize) image->width * image->height; i++)
    {
      float      *pixel = image->pixels + i * image->channels;
      const float alpha = pixel[colors];

      for (int k = 0; alpha > 0.0f && k < colors; k++)
        pixel[k] = image->depth == 32 ? pixel[k] / alpha : MIN (pixel[k], alpha) / alpha;
    }
}

static void
read_resolution (TIFF     *tiff,
                 P2pImage *image)
{
  float   x = 0.0f, y = 0.0f;
  guint16 unit;

  TIFFGetField (tiff, TIFFTAG_XRESOLUTION, &x);
  TIFFGetField (tiff, TIFFTAG_YRESOLUTION, &y);
  TIFFGetFieldDefaulted (tiff, TIFFTAG_RESOLUTIONUNIT, &unit);
  if (unit == RESUNIT_NONE || ! (x > 0.0f && y > 0.0f))
    return;
  image->x_dpi = unit == RESUNIT_CENTIMETER ? x * 2.54 : x;
  image->y_dpi = unit == RESUNIT_CENTIMETER ? y * 2.54 : y;
}

static P2pImage *
read_pixels (TIFF          *tiff,
             const Layout  *layout,
             GError       **error)
{
  const gboolean       plain    = is_plain (layout);
  const int            channels = plain ? layout->colors + layout->alpha : 3 + layout->associated;
  g_autoptr (P2pImage) image    = NULL;
  void                *profile;
  guint32              size;

  if (! p2p_image_check_size (MIN (layout->width, G_MAXINT), MIN (layout->height, G_MAXINT),
                              channels, error))
    return NULL;
  image = p2p_image_try_new (layout->width, layout->height, channels, error);
  if (! image || ! (plain ? read_plain : read_others) (tiff, layout, image, error))
    return NULL;

  if (layout->associated)
    divide_by_alpha (image);
  read_resolution (tiff, image);
  if (TIFFGetField (tiff, TIFFTAG_ICCPROFILE, &size, &profile) && size)
    image->profile = g_bytes_new (profile, size);
  return g_steal_pointer (&image);
}

P2pImage *
p2p_tiff_read (const guint8  *data,
               gsize          size,
               int           *orientation,
               GError       **error)
{
  P2pTiffFile  file   = { .data = data, .size = size };
  TIFF        *tiff   = p2p_tiff_open (&file, "rm");
  P2pImage    *image  = NULL;
  Layout       layout = { 0 };

  if (tiff)
    {
      read_layout (tiff, &layout);
      image = read_pixels (tiff, &layout, error);
    }
  *orientation = layout.orientation;
  p2p_tiff_finish (&file, tiff, image != NULL, error);
  return image;
}

gboolean
p2p_tiff_peek (const guint8  *data,
               gsize          size,
               int           *width,
               int           *height,
               int           *orientation,
               GError       **error)
{
  P2pTiffFile  file   = { .data = data, .size = size };
  TIFF        *tiff   = p2p_tiff_open (&file, "rm");
  Layout       layout = { 0 };
  gboolean     good;

  if (tiff)
    read_layout (tiff, &layout);
  good = tiff && p2p_image_check_size (MIN (layout.width, G_MAXINT), MIN (layout.height, G_MAXINT),
                                       1, error);
  *width       = layout.width;
  *height      = layout.height;
  *orientation = layout.orientation;
  return p2p_tiff_finish (&file, tiff, good, error);
}
