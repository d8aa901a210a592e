/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* See png-chunks.h. */

#include "png-chunks.h"

#include "base/intl.h"
#include "containers.h"
#include "icc.h"
#include "image.h"
#include "p2p.h"

#include <gio/gio.h>
#include <string.h>

/* The most bytes that a profile may unpack to, more than any useful profile has.  A limit is needed
 * because a few packed bytes can unpack to any number. */
#define MAX_PROFILE (16 << 20)

static const char chunk_names[] = "cICP\0iCCP\0sRGB\0gAMA\0cHRM\0eXIf";

void
p2p_png_keep_chunks (png_structp png)
{
  png_set_keep_unknown_chunks (png, PNG_HANDLE_CHUNK_ALWAYS, (png_const_bytep) chunk_names,
                               sizeof chunk_names / 5);
}

/* Returns the first chunk of this name; NULL: there is none, or it has fewer than min bytes. */
static const png_unknown_chunk *
find_chunk (png_structp  png,
            png_infop    info,
            const char  *name,
            gsize        min)
{
  png_unknown_chunkp chunks;
  const int          n = png_get_unknown_chunks (png, info, &chunks);

  for (int i = 0; i < n; i++)
    {
      if (! strcmp ((const char *) chunks[i].name, name))
        return chunks[i].size >= min ? &chunks[i] : NULL;
    }
  return NULL;
}

static guint32
get_u32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

/* ---- iCCP --------------------------------------------------------------------------------- */

/* Returns what the converter makes of data, or NULL if data is damaged or gives more than max
 * bytes. */
static GBytes *
convert (GConverter   *converter,
         const guint8 *data,
         gsize         size,
         gsize         max)
{
  g_autoptr (GInputStream) source = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (source, converter);
  g_autoptr (GByteArray)   result = g_byte_array_new ();
  guint8                   part[4096];
  gssize                   n;

  while ((n = g_input_stream_read (stream, part, sizeof part, NULL, NULL)) > 0)
    {
      g_byte_array_append (result, part, n);
      if (result->len > max)
        return NULL;
    }
  return n < 0 ? NULL : g_byte_array_free_to_bytes (g_steal_pointer (&result));
}

/* Unpacks the profile of an iCCP chunk.  The chunk is a name that ends with a zero, a byte for the
 * compression method, and the profile as a zlib stream. */
static GBytes *
unpack_profile (const png_unknown_chunk  *chunk,
                GError                  **error)
{
  g_autoptr (GConverter) converter = NULL;
  const guint8          *zero      = chunk->size ? memchr (chunk->data, 0, MIN (chunk->size, 80))
                                                 : NULL;
  const gsize            start     = zero ? (gsize) (zero - chunk->data) + 2 : chunk->size;
  GBytes                *profile   = NULL;

  converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB));
  if (start < chunk->size)
    profile = convert (converter, chunk->data + start, chunk->size - start, MAX_PROFILE);
  if (! profile)
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                         _("its color profile cannot be unpacked: remove it or assign sRGB to "
                           "the picture"));
  return profile;
}

GBytes *
p2p_png_pack_profile (GBytes *profile)
{
  static const char       head[]    = "ICC profile\0";     /* then the method, 0 */
  g_autoptr (GConverter)  converter = NULL;
  g_autoptr (GBytes)      packed    = NULL;
  GByteArray             *chunk     = g_byte_array_new ();
  gsize                   size;
  const guint8           *data      = g_bytes_get_data (profile, &size);

  converter = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, -1));
  packed = convert (converter, data, size, G_MAXUINT);
  data = g_bytes_get_data (packed, &size);
  g_byte_array_append (chunk, (const guint8 *) head, sizeof head);
  g_byte_array_append (chunk, data, size);
  return g_byte_array_free_to_bytes (chunk);
}

/* ---- Numbers instead of a profile --------------------------------------------------------- */

/* Chromaticities x and y of white, red, green and blue in ITU-R BT.2020 and Display P3. */
static const double bt2020[8] = { 0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046 };
static const double p3[8]     = { 0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060 };

/* Curves, as p2p_icc_make () takes them. */
static const double bt709[5]   = { 1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081 };
static const double power22[5] = { 2.2, 1, 0, 1, 0 };
static const double linear[5]  = { 1, 1, 0, 1, 0 };

/* The codes of ITU-T H.273, tables 2 and 3, that are supported; high dynamic range is not. */
static const struct
{
  guint8        code;
  const double *xy;
} cicp_primaries[] = { { 1, p2p_icc_srgb_xy }, { 9, bt2020 }, { 12, p3 } };

static const struct
{
  guint8        code;
  const double *curve;
} cicp_transfers[] = { { 1, bt709 }, { 4, power22 }, { 8, linear }, { 13, p2p_icc_srgb_curve },
                       { 14, bt709 }, { 15, bt709 } };

/* Makes a profile from the four bytes of a cICP chunk: the codes of primaries, transfer function
 * and matrix (0 is RGB), and 1 for full range.  *profile stays NULL for sRGB. */
static gboolean
read_cicp (const guint8  *data,
           GBytes       **profile,
           GError       **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (cicp_primaries); i++)
    for (guint k = 0; k < G_N_ELEMENTS (cicp_transfers); k++)
      {
        if (cicp_primaries[i].code != data[0] || cicp_transfers[k].code != data[1] ||
            data[2] != 0 || data[3] != 1)
          continue;
        if (cicp_primaries[i].xy == p2p_icc_srgb_xy &&
            cicp_transfers[k].curve == p2p_icc_srgb_curve)
          return TRUE;
        *profile = p2p_icc_make (cicp_primaries[i].xy, cicp_transfers[k].curve, error);
        return *profile != NULL;
      }

  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                       _("its colors are of a kind that is not read, such as high dynamic range: "
                         "convert the picture to sRGB first"));
  return FALSE;
}

/* Whether gAMA and cHRM hold the values that programs write for sRGB, for readers that do not know
 * the sRGB chunk.  The gamma 1 / 2.2 then stands for sRGB's own curve.  Either may be NULL. */
static gboolean
is_srgb (const guint8 *gama,
         const guint8 *chrm)
{
  static const guint32 srgb[8] = { 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000 };

  if (gama && get_u32 (gama) != 45455)
    return FALSE;
  for (int i = 0; chrm && i < 8; i++)
    {
      if (get_u32 (chrm + 4 * i) != srgb[i])
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_gama_chrm (const png_unknown_chunk  *gama,
                const png_unknown_chunk  *chrm,
                GBytes                  **profile,
                GError                  **error)
{
  double xy[8];
  double power[5] = { 0, 1, 0, 1, 0 };

  if (is_srgb (gama ? gama->data : NULL, chrm ? chrm->data : NULL))
    return TRUE;

  for (int i = 0; i < 8; i++)
    xy[i] = chrm ? get_u32 (chrm->data + 4 * i) / 100000.0 : p2p_icc_srgb_xy[i];
  if (gama)
    power[0] = 100000.0 / get_u32 (gama->data);

  *profile = p2p_icc_make (xy, gama ? power : p2p_icc_srgb_curve, error);
  return *profile != NULL;
}

gboolean
p2p_png_profile (png_structp  png,
                 png_infop    info,
                 GBytes     **profile,
                 GError     **error)
{
  const png_unknown_chunk *chunk;

  /* In order of precedence (PNG, third edition, 4.3). */
  *profile = NULL;
  if ((chunk = find_chunk (png, info, "cICP", 4)))
    return read_cicp (chunk->data, profile, error);
  if ((chunk = find_chunk (png, info, "iCCP", 0)))
    return (*profile = unpack_profile (chunk, error)) != NULL;
  if (find_chunk (png, info, "sRGB", 0))
    return TRUE;

  return read_gama_chrm (find_chunk (png, info, "gAMA", 4), find_chunk (png, info, "cHRM", 32),
                         profile, error);
}

/* ---- eXIf --------------------------------------------------------------------------------- */

int
p2p_png_orientation (png_structp png,
                     png_infop   info)
{
  const png_unknown_chunk *chunk = find_chunk (png, info, "eXIf", 8);

  return chunk ? p2p_exif_orientation (chunk->data, chunk->size) : 1;
}

/* ---- Without libpng ----------------------------------------------------------------------- */

/* The most bytes of EXIF that are read, more than its first directory has.  Thumbnails come after
 * that directory. */
#define MAX_EXIF (64 << 10)

/* Walks over the chunks without libpng.  A chunk is a length, a name, as many bytes, and a checksum
 * (PNG, third edition, 5.3).  EXIF may come after the pixels, so the walk goes to the end. */
gboolean
p2p_png_peek (FILE    *file,
              int     *width,
              int     *height,
              int     *orientation,
              GError **error)
{
  g_autofree guint8 *data = g_malloc (MAX_EXIF);
  gboolean           has_exif = FALSE;
  guint8             head[8];

  *width = *height = 0;
  *orientation = 1;
  while (fread (head, 1, sizeof head, file) == sizeof head)
    {
      const guint32  length = get_u32 (head);
      const gboolean is_header = memcmp (head + 4, "IHDR", 4) == 0;
      const gboolean is_exif = ! has_exif && memcmp (head + 4, "eXIf", 4) == 0;
      const gsize    n = is_header || is_exif ? fread (data, 1, MIN (length, MAX_EXIF), file) : 0;

      if (is_header && n >= 8)
        {
          *width = get_u32 (data);
          *height = get_u32 (data + 4);
        }
      if (is_exif)
        *orientation = p2p_exif_orientation (data, n);
      has_exif = has_exif || is_exif;
      if (memcmp (head + 4, "IEND", 4) == 0)
        return p2p_image_check_size (*width, *height, 1, error);
      if (fseek (file, (long) length - (long) n + 4, SEEK_CUR))
        break;
    }
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, _("the file ends too early"));
  return FALSE;
}
