/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Whatever bytes a PNG, a color profile, a palette, log.csv or the metadata of a checkpoint
 * contain, its reader gives a result or an error, and results make sense.  This file holds the
 * libFuzzer entry points of these readers.  It is built once for each, like fuzz-readers.c. */

#include <glib/gstdio.h>
#include <math.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "apply/labels.h"
#include "files/tensors.h"
#include "models/palette.h"
#include "pictures/icc.h"
#include "pictures/image.h"
#include "pictures/picture-file.h"
#include "raw-png.h"
#include "train/checkpoint.h"
#include "train/log.h"
#include "train/option-table.h"

#define MOST_PIXELS (1 << 18)    /* of a PNG that is read, so that an input takes little time */

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

static guint32
get_u32 (const guint8 *data)
{
  return (guint32) data[0] << 24 | data[1] << 16 | data[2] << 8 | data[3];
}

/* Corrects the checksums of a PNG's chunks, which libpng checks before anything else. */
static void
repair (guint8 *data,
        gsize   size)
{
  gsize at = 8;

  while (size - at >= 12 && get_u32 (data + at) <= size - at - 12)
    {
      const gsize   length = get_u32 (data + at);
      const guint32 crc = GUINT32_TO_BE (raw_crc (data + at + 4, length + 4));

      memcpy (data + at + 8 + length, &crc, sizeof crc);
      at += length + 12;
    }
}

static void
expect_finite (const float *values,
               gsize        n)
{
  for (gsize i = 0; i < n; i++)
    g_assert (isfinite (values[i]));
}

static void
run_png (const guint8 *data,
         gsize         size)
{
  g_autoptr (GError)   error = NULL;
  g_autofree guint8   *copy = g_memdup2 (data, size);
  g_autoptr (P2pImage) image = NULL;

  if (size < 33 || (guint64) get_u32 (data + 16) * get_u32 (data + 20) > MOST_PIXELS)
    return;
  repair (copy, size);
  image = p2p_image_read (copy, size, "a.png", &error);
  g_assert ((image != NULL) == (error == NULL));
  if (image)
    expect_finite (image->pixels, (gsize) image->width * image->height * image->channels);
}

static void
run_profile (const guint8 *data,
             gsize         size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (P2pIcc) icc = p2p_icc_new (bytes, &error);
  float              pixels[64 * 4];

  g_assert ((icc != NULL) == (error == NULL));
  for (int channels = 1; icc && channels <= 4; channels++)
    {
      for (int i = 0; i < 64 * channels; i++)
        pixels[i] = i * 37 % 256 / 255.0f;
      p2p_icc_decode (icc, pixels, 64, channels);
      expect_finite (pixels, 64 * channels);
      if (! p2p_icc_can_encode (icc, channels < 3))
        continue;
      p2p_icc_encode (icc, pixels, 64, channels);
      expect_finite (pixels, 64 * channels);
    }
}

static void
run_palette (const guint8 *data,
             gsize         size)
{
  const float      gray[] = { 0.5f, 0.5f, 0.5f };
  g_autofree char *text = g_strndup ((const char *) data, size);

  if (p2p_palette_is_sound (text))
    {
      P2pPalette *palette = p2p_palette_new (text);

      expect_finite (p2p_palette_nearest (palette, gray), 3);
      g_free (palette);
    }
}

/* A log that can be opened can be continued, and has the same rows when it is opened again. */
static void
run_log (const guint8 *data,
         gsize         size)
{
  static const char *const names[] = { "G_GAN", "G_L1", NULL };
  g_autofree char         *name = g_strdup_printf ("pix2pix-log-%d.csv", (int) getpid ());
  g_autofree char         *path = g_build_filename (g_get_tmp_dir (), name, NULL);
  const P2pLogRow          row = { .step = 1, .epoch = 1 };
  gint64                   length = 0;
  guint                    n = 0;

  g_assert (g_file_set_contents (path, (const char *) data, size, NULL));
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (P2pLog) log = p2p_log_new (path, names, i ? length : (gint64) size, &error);

      g_assert_no_error (error);
      g_assert (i == 0 || log->rows->len == n);
      for (guint j = 0; j < log->rows->len; j++)
        g_assert (g_array_index (log->rows, P2pLogRow, j).epoch >= 0);
      p2p_log_add (log, &row, &error);
      g_assert_no_error (error);
      length = p2p_log_sync (log, &error);
      n = log->rows->len;
    }
  g_unlink (path);
}

/* The bytes are the keys and values of the metadata, one a line: "state.step=64". */
static void
run_checkpoint (const guint8 *data,
                gsize         size)
{
  g_autofree char         *text = g_strndup ((const char *) data, size);
  g_auto (GStrv)           lines = g_strsplit (text, "\n", -1);
  g_autoptr (P2pTensors)   tensors = p2p_tensors_new ();
  g_autoptr (GHashTable)   card = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GError)       error = NULL;
  g_auto (P2pTrainOptions) options = { 0 };
  P2pTrainState            state = { 0 };

  for (int i = 0; lines[i]; i++)
    {
      const char *equals = strchr (lines[i], '=');

      if (equals && g_utf8_validate (lines[i], -1, NULL))
        g_hash_table_insert (tensors->metadata, g_strndup (lines[i], equals - lines[i]),
                             g_strdup (equals + 1));
    }
  p2p_train_options_init (&options);
  if (p2p_checkpoint_read (tensors, &options, card, &state, &error)
      && p2p_train_options_check (&options, NULL, &error))
    g_free (p2p_train_options_to_text (&options));
  p2p_train_state_clear (&state);
}

static const struct
{
  const char *name;
  void      (*run) (const guint8 *data, gsize size);
}
targets[] =
{
  { "png", run_png },
  { "profile", run_profile },
  { "palette", run_palette },
  { "log", run_log },
  { "checkpoint", run_checkpoint },
};

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size)
{
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    if (strcmp (targets[i].name, TARGET) == 0)
      targets[i].run (data, size);
  return 0;
}
