/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reading PNG: every kind, as raw-png.c writes it, and damaged files. */

#include "folder.h"
#include "p2p.h"
#include "raw-png.h"

#include <string.h>

/* ---- Reading PNG -------------------------------------------------------------------------- */

/* A sample that differs from its neighbors at every depth. */
static guint
pattern (const RawPng *png,
         int           x,
         int           y,
         int           c)
{
  return ((x * 40503u + y * 30011u + c * 20101u) ^ (x * y)) & ((1u << png->depth) - 1);
}

static const guint8 palette[] = { 255, 0, 0,  0, 255, 0,  0, 0, 255,  12, 34, 56 };
static const guint8 palette_alpha[] = { 0, 128, 255 };       /* the fourth color is opaque */
static const guint8 gray_key[] = { 0, 0 };
static const guint8 rgb16_key[] = { 0, 0, 0x4e, 0x85, 0x9d, 0x0a };

static const struct
{
  const char *name;
  int         channels;   /* channels of the picture that is read */
  RawPng      png;
} kinds[] = {
  { "gray-1",          1, { 13, 5, 1, 0 } },
  { "gray-2",          1, { 13, 5, 2, 0 } },
  { "gray-4",          1, { 13, 5, 4, 0 } },
  { "gray-8",          1, { 13, 5, 8, 0 } },
  { "gray-16",         1, { 13, 5, 16, 0 } },
  { "gray-alpha-8",    2, { 13, 5, 8, 4 } },
  { "gray-alpha-16",   2, { 13, 5, 16, 4 } },
  { "rgb-8",           3, { 13, 5, 8, 2 } },
  { "rgb-16",          3, { 13, 5, 16, 2 } },
  { "rgb-alpha-8",     4, { 13, 5, 8, 6 } },
  { "rgb-alpha-16",    4, { 13, 5, 16, 6 } },
  { "palette",         3, { 13, 5, 2, 3, FALSE, palette, 12 } },
  { "palette-alpha",   4, { 13, 5, 2, 3, FALSE, palette, 12, palette_alpha, 3 } },
  { "gray-key",        2, { 13, 5, 4, 0, FALSE, NULL, 0, gray_key, 2 } },
  { "rgb-16-key",      4, { 13, 5, 16, 2, FALSE, NULL, 0, rgb16_key, 6 } },
  { "interlaced-1",    1, { 13, 9, 1, 0, TRUE } },
  { "interlaced-8",    3, { 13, 9, 8, 2, TRUE } },
  { "interlaced-16",   4, { 13, 9, 16, 6, TRUE } },
  { "interlaced-tiny", 1, { 1, 1, 8, 0, TRUE } },
};

/* The expected value of channel c of the picture at x, y. */
static double
expected_value (const RawPng *png,
                int           channels,
                int           x,
                int           y,
                int           c)
{
  const double max = (1 << png->depth) - 1;

  if (png->type == 3)
    {
      const guint index = pattern (png, x, y, 0);

      if (c == 3)
        return index < png->trns_size ? png->trns[index] / 255.0 : 1.0;
      return png->palette[3 * index + c] / 255.0;
    }

  /* Alpha of the transparent color. */
  if (png->trns && c == channels - 1)
    {
      for (int i = 0; i < c; i++)
        if (pattern (png, x, y, i) != (guint) (png->trns[2 * i] << 8 | png->trns[2 * i + 1]))
          return 1.0;
      return 0.0;
    }
  return pattern (png, x, y, c) / max;
}

static void
test_read_png (Fixture       *fixture,
               gconstpointer  data)
{
  const int              kind  = GPOINTER_TO_INT (data);
  const RawPng          *png   = &kinds[kind].png;
  g_autoptr (GByteArray) bytes = raw_png (png, pattern);
  g_autofree char       *path  = write_file (fixture, "in.png", bytes->data, bytes->len);
  g_autoptr (GError)     error = NULL;
  g_autoptr (P2pImage)   image = p2p_image_load (path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (image->width, ==, png->width);
  g_assert_cmpint (image->height, ==, png->height);
  g_assert_cmpint (image->channels, ==, kinds[kind].channels);
  g_assert_cmpint (image->depth, ==, MAX (png->depth, 8));
  g_assert_null (image->profile);

  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++)
      for (int c = 0; c < image->channels; c++)
        g_assert_cmpfloat_with_epsilon (
          image->pixels[(y * image->width + x) * image->channels + c],
          expected_value (png, image->channels, x, y, c), 1e-7);
}

/* ---- Files that are not pictures ---------------------------------------------------------- */

static const RawPng small = { 4, 4, 8, 2 };

static void
cut_in_pixels (GByteArray *bytes)
{
  g_byte_array_set_size (bytes, bytes->len - 30);
}

static void
cut_in_header (GByteArray *bytes)
{
  g_byte_array_set_size (bytes, 20);
}

/* All pixels are there, but the chunk that ends the file is missing. */
static void
cut_end (GByteArray *bytes)
{
  g_byte_array_set_size (bytes, bytes->len - 12);
}

static void
flip_checksum (GByteArray *bytes)
{
  bytes->data[8 + 8 + 13] ^= 1;
}

static void
make_empty (GByteArray *bytes)
{
  g_byte_array_set_size (bytes, 0);
}

static void
make_text (GByteArray *bytes)
{
  memcpy (bytes->data, "a text", 6);
}

static const struct
{
  const char *name;
  void     (* damage) (GByteArray *bytes);
  RawPng      png;
  const char *message;      /* part of the message */
} damages[] = {
  { "cut-in-pixels",  cut_in_pixels, { 4, 4, 8, 2 }, "ends too early" },
  { "cut-in-header",  cut_in_header, { 4, 4, 8, 2 }, "ends too early" },
  { "cut-at-the-end", cut_end,       { 4, 4, 8, 2 }, "ends too early" },
  { "wrong-checksum", flip_checksum, { 4, 4, 8, 2 }, "CRC error" },
  { "empty",          make_empty,    { 4, 4, 8, 2 }, "cannot be read" },
  { "text",           make_text,     { 4, 4, 8, 2 }, "cannot be read" },
  { "no-width",       NULL,          { 0, 4, 8, 2 }, "IHDR" },
  { "odd-depth",      NULL,          { 4, 4, 3, 2 }, "IHDR" },
  { "no-palette",     NULL,          { 4, 4, 8, 3 }, "PLTE" },
};

static void
test_damaged (Fixture       *fixture,
              gconstpointer  data)
{
  const int              kind  = GPOINTER_TO_INT (data);
  g_autoptr (GByteArray) bytes = raw_png (&damages[kind].png, pattern);
  g_autofree char       *path  = NULL;
  g_autoptr (GError)     error = NULL;

  if (damages[kind].damage)
    damages[kind].damage (bytes);
  path = write_file (fixture, "damaged.png", bytes->data, bytes->len);

  g_assert_null (p2p_image_load (path, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, damages[kind].message));
  g_assert_nonnull (strstr (error->message, "damaged.png"));
}

/* A header may announce more pixels than anyone has memory for. */
static void
test_too_large (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (GByteArray) bytes = raw_png (&small, pattern);
  g_autofree char       *path  = NULL;
  g_autoptr (GError)     error = NULL;

  /* 50000 × 50000, with the matching checksum of the header. */
  static const guint8 header[] = { 0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50, 8, 2, 0, 0, 0,
                                   0xc4, 0xcd, 0xaa, 0x9d };
  memcpy (bytes->data + 16, header, sizeof header);
  path = write_file (fixture, "large.png", bytes->data, bytes->len);

  g_assert_null (p2p_image_load (path, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "50000 × 50000"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *name = g_strconcat ("/png/read/", kinds[i].name, NULL);

      g_test_add (name, Fixture, GINT_TO_POINTER (i), set_up, test_read_png, tear_down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *name = g_strconcat ("/png/damaged/", damages[i].name, NULL);

      g_test_add (name, Fixture, GINT_TO_POINTER (i), set_up, test_damaged, tear_down);
    }
  g_test_add ("/png/too-large", Fixture, NULL, set_up, test_too_large, tear_down);

  return g_test_run ();
}
