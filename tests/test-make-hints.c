/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Hints that are made from the true picture: their colors and places, and that only seed and stream
 * determine them. */

#include <math.h>
#include <string.h>

#include "pictures/color.h"
#include "train/make-hints.h"
#include "train/recolor.h"

#define SIDE 64

/* Red on the left, blue on the right, a black line between them, and white paper at the bottom. */
typedef struct
{
  float rgb[SIDE * SIDE * 3], lines[SIDE * SIDE];
} Drawing;

static void
draw (Drawing *drawing)
{
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        const gboolean line = ABS (x - SIDE / 2) < 2, paper = y >= SIDE * 3 / 4;
        float         *rgb = drawing->rgb + (y * SIDE + x) * 3;

        rgb[0] = line ? 0.0f : paper || x < SIDE / 2 ? 1.0f : 0.0f;
        rgb[1] = paper && ! line ? 1.0f : 0.0f;
        rgb[2] = line ? 0.0f : paper || x > SIDE / 2 ? 1.0f : 0.0f;
        drawing->lines[y * SIDE + x] = line ? 0.0f : 1.0f;
      }
}

/* A color is never averaged across a line or painted onto one: there is no blue on the left. */
static void
test_lines_stop (void)
{
  g_autofree Drawing *drawing = g_new (Drawing, 1);
  const P2pTruth      truth = { SIDE, SIDE, drawing->rgb, drawing->lines };
  int                 n_painted = 0;

  draw (drawing);
  for (guint64 stream = 0; stream < 50; stream++)
    {
      g_autoptr (P2pHintMap) map = p2p_hint_map_new (SIDE, SIDE, NULL);

      p2p_make_hints (&truth, 7, stream, map, NULL);
      for (int i = 0; i < SIDE * SIDE / 2; i++)
        {
          const float *rgb = map->rgb + 3 * i;

          if (map->mask[i] <= 0.0f)
            continue;
          n_painted++;
          g_assert_cmpfloat (drawing->lines[i], ==, 1.0f);
          g_assert_true (i % SIDE < SIDE / 2 ? rgb[0] > rgb[2] - 0.15f : rgb[2] > rgb[0] - 0.15f);
        }
    }
  g_assert_cmpint (n_painted, >, 1000);
}

static void
test_chance (void)
{
  g_autofree Drawing *drawing = g_new (Drawing, 1);
  const P2pTruth      truth = { SIDE, SIDE, drawing->rgb, drawing->lines };
  const gsize         bytes = SIDE * SIDE * sizeof (float);
  int                 n_wanted = 0;

  draw (drawing);
  for (guint64 stream = 0; stream < 300; stream++)
    n_wanted += p2p_wants_hints (3, stream);
  g_assert_cmpint (n_wanted, >, 170);
  g_assert_cmpint (n_wanted, <, 230);

  for (guint64 stream = 0; stream < 10; stream++)
    {
      g_autoptr (P2pHintMap) a = p2p_hint_map_new (SIDE, SIDE, NULL);
      g_autoptr (P2pHintMap) b = p2p_hint_map_new (SIDE, SIDE, NULL);
      g_autoptr (P2pHintMap) c = p2p_hint_map_new (SIDE, SIDE, NULL);

      p2p_make_hints (&truth, 3, stream, a, NULL);
      p2p_make_hints (&truth, 3, stream, b, NULL);
      p2p_make_hints (&truth, 4, stream, c, NULL);
      g_assert_cmpmem (a->rgb, 3 * bytes, b->rgb, 3 * bytes);
      g_assert_cmpmem (a->mask, bytes, b->mask, bytes);
      g_assert_true (memcmp (a->mask, c->mask, bytes) != 0 || memcmp (a->rgb, c->rgb, 3 * bytes));
    }
}

/* The dots of an evaluation are where there is color, and have exactly that color. */
static void
test_dots (void)
{
  g_autofree Drawing    *drawing = g_new (Drawing, 1);
  const P2pTruth         truth = { SIDE, SIDE, drawing->rgb, drawing->lines };
  g_autoptr (P2pHintMap) map = p2p_hint_map_new (SIDE, SIDE, NULL);
  gsize                  places[20];

  draw (drawing);
  p2p_make_dots (&truth, G_N_ELEMENTS (places), 1, 5, map, places, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_assert_cmpuint (places[i], <, SIDE * SIDE * 3 / 4);
      g_assert_cmpfloat (map->mask[places[i]], ==, 1.0f);
      g_assert_cmpfloat (drawing->lines[places[i]], ==, 1.0f);
    }
}

/* Changing hues keeps the lightness and the grays.  A painted background changes only the paper. */
static void
test_recolor (void)
{
  g_autofree Drawing *drawing = g_new (Drawing, 1);
  int                 n_turned = 0, n_painted = 0;

  for (guint64 stream = 0; stream < 100; stream++)
    {
      const float *paper = drawing->rgb + (SIDE * SIDE - 1) * 3;
      const float *line = drawing->rgb + (SIDE * SIDE / 2 + SIDE / 2) * 3;
      float        lab[3];

      draw (drawing);
      g_assert_true (p2p_recolor (drawing->rgb, SIDE, SIDE, 2, stream, NULL));
      p2p_lab_from_rgb (drawing->rgb, lab);
      g_assert_cmpfloat_with_epsilon (lab[0], 53.24, 0.1);    /* of sRGB's red */
      n_turned += fabsf (drawing->rgb[0] - 1.0f) > 0.02f || drawing->rgb[1] > 0.02f;
      n_painted += paper[0] < 0.99f || paper[1] < 0.99f || paper[2] < 0.99f;
      for (int k = 0; k < 3; k++)
        g_assert_cmpfloat_with_epsilon (line[k], 0.0f, 1e-3);
    }
  g_assert_cmpint (n_turned, >, 30);
  g_assert_cmpint (n_turned, <, 70);
  g_assert_cmpint (n_painted, >, 10);
  g_assert_cmpint (n_painted, <, 45);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/make-hints/lines-stop", test_lines_stop);
  g_test_add_func ("/make-hints/chance", test_chance);
  g_test_add_func ("/make-hints/dots", test_dots);
  g_test_add_func ("/make-hints/recolor", test_recolor);

  return g_test_run ();
}
