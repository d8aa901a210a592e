/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads and writes PNG with libpng.
 *
 * On an error libpng leaves with longjmp.  So reading and writing each have one function that calls
 * setjmp and another that does the work.  Everything that has to be freed is in a struct of the
 * caller. */

#include "base/intl.h"
#include "base/memory.h"
#include "icc.h"
#include "image.h"
#include "png-chunks.h"

#include <errno.h>
#include <math.h>
#include <png.h>
#include <string.h>

#define INCH 0.0254     /* in meters */

typedef struct
{
  png_structp   png;
  png_infop     info;
  GError       *error;

  /* Reading. */
  const guint8 *data;
  gsize         size, position;
  P2pImage     *image;
  png_bytep    *rows;

  /* Writing. */
  FILE         *file;
  P2pIcc       *icc;      /* NULL: sRGB */
  GBytes       *chunk;    /* content of the iCCP chunk, or NULL */
  float        *values;   /* samples of a row */
  guint8       *row;      /* bytes of a row */
} P2pPng;

gboolean
p2p_png_is (const guint8 *data,
            gsize         size)
{
  return size >= 8 && png_sig_cmp (data, 0, 8) == 0;
}

char *
p2p_png_version (void)
{
  return g_strdup (png_get_libpng_ver (NULL));
}

G_NORETURN static void
on_error (png_structp     png,
          png_const_charp message)
{
  P2pPng *state = png_get_error_ptr (png);

  if (! state->error)
    state->error = g_error_new_literal (P2P_ERROR, P2P_ERROR_FILE, message);
  longjmp (png_jmpbuf (png), 1);
}

/* Allocates memory for libpng.  A failure is recorded here: libpng can go on without some memory,
 * and where it cannot, its own error message comes later and is less clear. */
static png_voidp
on_malloc (png_structp      png,
           png_alloc_size_t size)
{
  P2pPng   *state  = png_get_mem_ptr (png);
  png_voidp memory = g_try_malloc (size);

  if (! memory && ! state->error)
    p2p_memory_complain (P2P_FOR_PICTURE, size, &state->error);
  return memory;
}

static void
on_free (png_structp png,
         png_voidp   memory)
{
  g_free (memory);
}

/* Ignores warnings.  They are about things that do not matter here, such as odd texts. */
static void
on_warning (png_structp     png,
            png_const_charp message)
{
}

/* ---- Reading ------------------------------------------------------------------------------ */

static void
on_read (png_structp png,
         png_bytep   bytes,
         size_t      length)
{
  P2pPng *state = png_get_io_ptr (png);

  if (length > state->size - state->position)
    png_error (png, _("the file ends too early"));
  memcpy (bytes, state->data + state->position, length);
  state->position += length;
}

/* Asks libpng for 1 to 4 channels of 8 bits, or of 16 in the machine's byte order. */
static void
set_transformations (P2pPng *state)
{
  png_set_expand (state->png);
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  if (png_get_bit_depth (state->png, state->info) == 16)
    png_set_swap (state->png);
#endif
  png_set_interlace_handling (state->png);
  png_read_update_info (state->png, state->info);
}

/* Converts n integers, which lie at the beginning of row, to floats that fill row.  It begins with
 * the last one, so that no integer is overwritten before it is read. */
static void
widen_row (float *row,
           gsize  n,
           int    depth)
{
  const guint8 *bytes = (const guint8 *) row;

  while (n-- > 0)
    {
      float value;

      if (depth == 16)
        {
          guint16 sample;

          memcpy (&sample, bytes + 2 * n, 2);
          value = sample / 65535.0f;
        }
      else
        {
          value = bytes[n] / 255.0f;
        }
      memcpy (row + n, &value, sizeof value);
    }
}

static void
read_resolution (P2pPng *state)
{
  png_uint_32 x, y;
  int         unit;

  if (png_get_pHYs (state->png, state->info, &x, &y, &unit) && unit == PNG_RESOLUTION_METER)
    {
      state->image->x_dpi = x * INCH;
      state->image->y_dpi = y * INCH;
    }
}

static void
read_picture (P2pPng *state)
{
  int width, height, depth, channels;

  png_set_read_fn (state->png, state, on_read);
  p2p_png_keep_chunks (state->png);
  png_read_info (state->png, state->info);
  set_transformations (state);

  width    = png_get_image_width (state->png, state->info);
  height   = png_get_image_height (state->png, state->info);
  channels = png_get_channels (state->png, state->info);
  depth    = png_get_bit_depth (state->png, state->info);

  state->image = p2p_image_try_new (width, height, channels, &state->error);
  if (! state->image)
    longjmp (png_jmpbuf (state->png), 1);
  state->image->depth = depth;
  read_resolution (state);

  /* libpng writes its integers where the floats will be, so no second buffer is needed. */
  state->rows = p2p_try_new (png_bytep, height, &state->error);
  if (! state->rows)
    longjmp (png_jmpbuf (state->png), 1);
  for (int y = 0; y < height; y++)
    state->rows[y] = (png_bytep) (state->image->pixels + (gsize) y * width * channels);
  png_read_image (state->png, state->rows);
  png_read_end (state->png, state->info);

  for (int y = 0; y < height; y++)
    widen_row (state->image->pixels + (gsize) y * width * channels, (gsize) width * channels,
               depth);
}

static gboolean
try_read (P2pPng *state)
{
  if (setjmp (png_jmpbuf (state->png)))
    return FALSE;

  read_picture (state);
  return TRUE;
}

P2pImage *
p2p_png_read (const guint8  *data,
              gsize          size,
              int           *orientation,
              GError       **error)
{
  P2pPng    state = { .data = data, .size = size };
  P2pImage *image = NULL;

  state.png  = png_create_read_struct_2 (PNG_LIBPNG_VER_STRING, &state, on_error, on_warning,
                                         &state, on_malloc, on_free);
  state.info = state.png ? png_create_info_struct (state.png) : NULL;

  if (state.info && try_read (&state) &&
      p2p_png_profile (state.png, state.info, &state.image->profile, &state.error))
    image = g_steal_pointer (&state.image);
  else
    g_propagate_error (error, g_steal_pointer (&state.error));
  if (image)
    *orientation = p2p_png_orientation (state.png, state.info);
  g_clear_error (&state.error);

  png_destroy_read_struct (&state.png, &state.info, NULL);
  g_free (state.rows);
  g_clear_pointer (&state.image, p2p_image_free);
  return image;
}

/* ---- Writing ------------------------------------------------------------------------------ */

static void
on_write (png_structp png,
          png_bytep   bytes,
          size_t      length)
{
  P2pPng *state = png_get_io_ptr (png);

  if (fwrite (bytes, 1, length, state->file) != length)
    png_error (png, g_strerror (errno));
}

static void
on_flush (png_structp png)
{
}

/* Rounds n floats to samples of 8 bits, or of 16 bits with the high byte first. */
static void
round_row (const float *values,
           gsize        n,
           int          depth,
           guint8      *row)
{
  for (gsize i = 0; i < n; i++)
    {
      if (depth > 8)
        {
          const guint sample = p2p_image_word (values[i]);

          row[2 * i]     = sample >> 8;
          row[2 * i + 1] = sample & 255;
        }
      else
        {
          row[i] = p2p_image_byte (values[i]);
        }
    }
}

static void
write_header (P2pPng         *state,
              const P2pImage *image)
{
  static const int types[] = { PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA,
                               PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA };

  png_set_IHDR (state->png, state->info, image->width, image->height, image->depth > 8 ? 16 : 8,
                types[image->channels - 1], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                PNG_FILTER_TYPE_DEFAULT);
  if (image->x_dpi > 0.0 && image->y_dpi > 0.0)
    png_set_pHYs (state->png, state->info, lrint (image->x_dpi / INCH),
                  lrint (image->y_dpi / INCH), PNG_RESOLUTION_METER);
  png_write_info_before_PLTE (state->png, state->info);

  /* Written as a plain chunk, because libpng refuses some profiles that programs read well. */
  if (state->chunk)
    {
      gsize         size;
      const guint8 *data = g_bytes_get_data (state->chunk, &size);

      png_write_chunk (state->png, (png_const_bytep) "iCCP", data, size);
    }
  png_write_info (state->png, state->info);
}

static void
write_picture (P2pPng         *state,
               const P2pImage *image)
{
  const gsize n = (gsize) image->width * image->channels;

  png_set_write_fn (state->png, state, on_write, on_flush);
  write_header (state, image);

  for (int y = 0; y < image->height; y++)
    {
      memcpy (state->values, image->pixels + y * n, n * sizeof (float));
      if (state->icc)
        p2p_icc_encode (state->icc, state->values, image->width, image->channels);
      round_row (state->values, n, image->depth, state->row);
      png_write_row (state->png, state->row);
    }
  png_write_end (state->png, NULL);
}

static gboolean
try_write (P2pPng         *state,
           const P2pImage *image)
{
  if (setjmp (png_jmpbuf (state->png)))
    return FALSE;

  write_picture (state, image);
  return TRUE;
}

gboolean
p2p_png_write (const P2pImage  *image,
               FILE            *file,
               GError         **error)
{
  const gsize n     = (gsize) image->width * image->channels;
  P2pPng      state = { .file = file };
  gboolean    done;

  if (! p2p_image_target (image, image->channels < 3, &state.icc, error))
    return FALSE;
  if (state.icc)
    state.chunk = p2p_png_pack_profile (image->profile);

  state.row = p2p_try_new (guint8, image->depth > 8 ? 2 * n : n, &state.error);
  state.values = state.row ? p2p_try_new (float, n, &state.error) : NULL;
  state.png  = state.values ? png_create_write_struct_2 (PNG_LIBPNG_VER_STRING, &state, on_error,
                                                         on_warning, &state, on_malloc, on_free)
                            : NULL;
  state.info = state.png ? png_create_info_struct (state.png) : NULL;

  done = state.info && try_write (&state, image);
  if (! done)
    g_propagate_error (error, g_steal_pointer (&state.error));
  g_clear_error (&state.error);

  png_destroy_write_struct (&state.png, &state.info);
  g_clear_pointer (&state.icc, p2p_icc_free);
  g_clear_pointer (&state.chunk, g_bytes_unref);
  g_free (state.values);
  g_free (state.row);
  return done;
}
