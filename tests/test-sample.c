/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What networks see and should give for a pair of pictures in memory: halves, transparency,
 * sketches, and which networks suit which data. */

#include <math.h>
#include <string.h>

#include "train/sample.h"

#define SIDE 32

static P2pInputs
parse (const char *text)
{
  P2pInputs        inputs;
  g_autofree char *unknown = NULL;

  g_assert_true (p2p_inputs_parse (text, &inputs, &unknown));
  return inputs;
}

/* A transparent picture, in which columns can be painted. */
static P2pImage *
clear_image (int width,
             int height)
{
  P2pImage *image = p2p_image_new (width, height, 4);

  memset (image->pixels, 0, (gsize) width * height * 4 * sizeof (float));
  return image;
}

static void
paint_column (P2pImage *image,
              int       x,
              float     red,
              float     green,
              float     blue)
{
  for (int y = 0; y < image->height; y++)
    {
      const float pixel[] = { red, green, blue, 1.0f };

      memcpy (image->pixels + ((gsize) y * image->width + x) * 4, pixel, sizeof pixel);
    }
}

/* ---- Pairs ------------------------------------------------------------------------------ */

/* Each half of an aligned pair is a picture of its own.  The transparent part of the left half is
 * filled with its own blue, not with the red at the edge of the right half. */
static void
test_halves (void)
{
  const P2pDataKind    kind = { P2P_DATA_ALIGNED, FALSE, parse ("rgb"), P2P_OUTPUT_RGB };
  const P2pView        view = { SIDE, SIDE, SIDE, SIDE };
  g_autoptr (P2pImage) image = clear_image (2 * SIDE, SIDE);
  g_autofree p2p_real *a = g_new (p2p_real, SIDE * SIDE * 3);
  g_autofree p2p_real *b = g_new (p2p_real, SIDE * SIDE * 3);

  paint_column (image, 0, 0.0f, 0.0f, 1.0f);
  paint_column (image, SIDE, 1.0f, 0.0f, 0.0f);
  p2p_sample_read (&kind, image, image, &view, a, b, NULL);
  for (int i = 0; i < SIDE * SIDE; i++)
    {
      g_assert_cmpfloat_with_epsilon (a[3 * i], -1.0, 1e-5);
      g_assert_cmpfloat_with_epsilon (a[3 * i + 2], 1.0, 1e-5);
      g_assert_cmpfloat_with_epsilon (b[3 * i], 1.0, 1e-5);
      g_assert_cmpfloat_with_epsilon (b[3 * i + 2], -1.0, 1e-5);
    }
}

/* rgba: colors are extended under transparency, and alpha does not change. */
static void
test_alpha (void)
{
  const P2pDataKind    kind = { P2P_DATA_FOLDERS, FALSE, parse ("rgba"), P2P_OUTPUT_RGBA };
  const P2pView        view = { SIDE, SIDE, SIDE, SIDE };
  g_autoptr (P2pImage) image = clear_image (SIDE, SIDE);
  g_autofree p2p_real *a = g_new (p2p_real, SIDE * SIDE * 4);
  g_autofree p2p_real *b = g_new (p2p_real, SIDE * SIDE * 4);

  paint_column (image, 5, 1.0f, 0.0f, 0.0f);
  p2p_sample_read (&kind, image, image, &view, a, b, NULL);
  for (int i = 0; i < SIDE * SIDE; i++)
    {
      g_assert_cmpfloat_with_epsilon (a[4 * i], 1.0, 1e-5);
      g_assert_cmpfloat_with_epsilon (a[4 * i + 3], i % SIDE == 5 ? 1.0 : -1.0, 1e-5);
      g_assert_cmpfloat_with_epsilon (b[4 * i + 3], i % SIDE == 5 ? 1.0 : -1.0, 1e-5);
    }
}

/* ---- Sketches --------------------------------------------------------------------------- */

/* Ink on a transparent ground counts as ink on paper. */
static void
test_drawn_lines (void)
{
  const P2pDataKind    kind = { P2P_DATA_SKETCH, FALSE, parse ("lines"), P2P_OUTPUT_RGB };
  const P2pView        view = { SIDE, SIDE, SIDE, SIDE };
  g_autoptr (P2pImage) lines = clear_image (SIDE, SIDE), colors = clear_image (SIDE, SIDE);
  g_autofree p2p_real *a = g_new (p2p_real, SIDE * SIDE), *b = g_new (p2p_real, SIDE * SIDE * 3);

  paint_column (lines, 16, 0.0f, 0.0f, 0.0f);
  paint_column (colors, 4, 0.0f, 1.0f, 0.0f);
  p2p_sample_read (&kind, lines, colors, &view, a, b, NULL);
  for (int i = 0; i < SIDE * SIDE; i++)
    {
      g_assert_cmpfloat (fabs (a[i] - (i % SIDE == 16 ? -1.0 : 1.0)), <=, 0.05);
      g_assert_cmpfloat_with_epsilon (b[3 * i], i % SIDE == 4 ? -1.0 : 1.0, 1e-5);
    }
}

/* Lines that are made are determined by seed and stream.  Another stream gives other lines. */
static void
test_made_lines (void)
{
  const P2pDataKind    kind = { P2P_DATA_SKETCH, FALSE, parse ("lines"), P2P_OUTPUT_RGB };
  g_autoptr (P2pImage) image = clear_image (SIDE, SIDE);
  const gsize          n = SIDE * SIDE;
  g_autofree p2p_real *a = g_new (p2p_real, 3 * n), *b = g_new (p2p_real, 3 * n);

  for (int x = 10; x < 20; x++)
    paint_column (image, x, 0.8f, 0.2f, 0.1f);
  for (int i = 0; i < 3; i++)
    {
      const P2pView view = { SIDE, SIDE, SIDE, SIDE, .seed = 1, .stream = i == 2 ? 7 : 6,
                             .train = TRUE };

      p2p_sample_read (&kind, image, image, &view, a + i * n, b, NULL);
    }
  g_assert_cmpmem (a, n * sizeof *a, a + n, n * sizeof *a);
  g_assert_true (memcmp (a, a + 2 * n, n * sizeof *a) != 0);
}

/* ---- Which networks suit ---------------------------------------------------------------- */

static void
test_kinds (void)
{
  static const struct
  {
    P2pDataMode mode;
    const char *inputs;
    P2pOutput   output;
    gboolean    b_to_a, good;
  }
  cases[] =
  {
    { P2P_DATA_ALIGNED,  "rgb",                     P2P_OUTPUT_RGB,    FALSE, TRUE },
    { P2P_DATA_FOLDERS,  "rgba",                    P2P_OUTPUT_RGBA,   TRUE,  TRUE },
    { P2P_DATA_ALIGNED,  "lines",                   P2P_OUTPUT_RGB,    FALSE, TRUE },
    { P2P_DATA_ALIGNED,  "rgb,hint-rgb,hint-mask",  P2P_OUTPUT_RGB,    FALSE, FALSE },
    { P2P_DATA_ALIGNED,  "lab-l",                   P2P_OUTPUT_LAB_AB, FALSE, FALSE },
    { P2P_DATA_COLORIZE, "lab-l",                   P2P_OUTPUT_LAB_AB, FALSE, TRUE },
    { P2P_DATA_COLORIZE, "lab-l,hint-ab,hint-mask", P2P_OUTPUT_LAB_AB, FALSE, TRUE },
    { P2P_DATA_COLORIZE, "lab-l,gray",              P2P_OUTPUT_LAB_AB, FALSE, FALSE },
    { P2P_DATA_COLORIZE, "rgb",                     P2P_OUTPUT_LAB_AB, FALSE, FALSE },
    { P2P_DATA_COLORIZE, "lab-l",                   P2P_OUTPUT_LAB_AB, TRUE,  FALSE },
    { P2P_DATA_SKETCH,   "lines,spread-rgb",        P2P_OUTPUT_RGB,    FALSE, TRUE },
    { P2P_DATA_SKETCH,   "lines",                   P2P_OUTPUT_GRAY,   FALSE, FALSE },
    { P2P_DATA_SKETCH,   "rgb,lines",               P2P_OUTPUT_RGB,    FALSE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const P2pDataKind  kind = { cases[i].mode, cases[i].b_to_a, parse (cases[i].inputs),
                                  cases[i].output };
      g_autoptr (GError) error = NULL;

      g_test_message ("case %u", i);
      g_assert_true (p2p_data_kind_check (&kind, &error) == cases[i].good);
      g_assert_true ((error == NULL) == cases[i].good);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sample/halves", test_halves);
  g_test_add_func ("/sample/alpha", test_alpha);
  g_test_add_func ("/sample/drawn-lines", test_drawn_lines);
  g_test_add_func ("/sample/made-lines", test_made_lines);
  g_test_add_func ("/sample/kinds", test_kinds);

  return g_test_run ();
}
