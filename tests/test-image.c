/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Picture files: JPEG with its orientation, files that cannot be read, and saving, also when it
 * fails half way.  Reading PNG is in test-png.c. */

#include "folder.h"
#include "p2p.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

static void
test_missing (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char   *path  = g_build_filename (fixture->folder, "nothing.png", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (p2p_image_load (path, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "nothing.png"));
}

static void
test_folder (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (p2p_image_load (fixture->folder, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
}

/* Formats of which gdk-pixbuf's readers tell less: portable pixmaps, whole and cut off. */
static void
test_pixmap (Fixture       *fixture,
             gconstpointer  data)
{
  static const char    pixmap[] = "P6 4 4 255\n" "red0green1blue2 and 32 bytes more for a picture.";
  g_autofree char     *path     = write_file (fixture, "whole.ppm", pixmap, 11 + 48);
  g_autoptr (GError)   error    = NULL;
  g_autoptr (P2pImage) image    = p2p_image_load (path, &error);

  g_assert_no_error (error);
  g_assert_cmpint (image->channels, ==, 3);
  for (int i = 0; i < 48; i++)
    g_assert_cmpint (lrint (image->pixels[i] * 255), ==, pixmap[11 + i]);
}

static void
test_cut_pixmap (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char   *path  = write_file (fixture, "cut.ppm", "P6 4 4 255\nnot enough", 21);
  g_autoptr (GError) error = NULL;

  g_assert_null (p2p_image_load (path, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "cut.ppm"));
}

/* ---- Saving ------------------------------------------------------------------------------- */

static P2pImage *
save_and_load (Fixture        *fixture,
               const P2pImage *image,
               const char     *name)
{
  g_autofree char   *path   = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error  = NULL;
  P2pImage          *loaded = NULL;

  p2p_image_save (image, path, &error);
  g_assert_no_error (error);
  loaded = p2p_image_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (loaded->width, ==, image->width);
  g_assert_cmpint (loaded->height, ==, image->height);
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
  return loaded;
}

static void
test_round_trip (Fixture       *fixture,
                 gconstpointer  data)
{
  const int            channels = GPOINTER_TO_INT (data);
  g_autoptr (P2pImage) image    = p2p_image_new (32, 24, channels);
  g_autoptr (P2pImage) loaded   = NULL;
  const int            n        = 32 * 24 * channels;

  for (int i = 0; i < n; i++)
    image->pixels[i] = (i * 7 % 256) / 255.0f;

  loaded = save_and_load (fixture, image, "out.png");
  g_assert_cmpint (loaded->channels, ==, channels);
  g_assert_cmpmem (loaded->pixels, n * sizeof (float), image->pixels, n * sizeof (float));
}

static void
test_rounding (Fixture       *fixture,
               gconstpointer  data)
{
  static const struct { float value; int byte; } cases[] = {
    { 0.0f, 0 }, { 1.0f, 255 }, { -0.1f, 0 }, { 1.1f, 255 }, { NAN, 0 }, { INFINITY, 255 },
    { -INFINITY, 0 }, { 100.49f / 255, 100 }, { 100.51f / 255, 101 }, { 254.6f / 255, 255 },
    { 0.49f / 255, 0 }, { 0.51f / 255, 1 },
  };
  g_autoptr (P2pImage) image  = p2p_image_new (G_N_ELEMENTS (cases), 1, 1);
  g_autoptr (P2pImage) loaded = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    image->pixels[i] = cases[i].value;

  loaded = save_and_load (fixture, image, "out.png");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (lrint (loaded->pixels[i] * 255), ==, cases[i].byte);
}

static void
fill (P2pImage *image,
      int       x0,
      int       x1,
      float     red,
      float     green,
      float     blue,
      float     alpha)
{
  const float colour[] = { red, green, blue, alpha };

  for (int y = 0; y < image->height; y++)
    for (int x = x0; x < x1; x++)
      memcpy (image->pixels + (y * image->width + x) * image->channels, colour,
              image->channels * sizeof (float));
}

static void
assert_colour (const P2pImage *image,
               int             x,
               int             y,
               float           red,
               float           green,
               float           blue)
{
  const float *pixel = image->pixels + (y * image->width + x) * image->channels;

  g_assert_cmpfloat_with_epsilon (pixel[0], red, 0.03);
  g_assert_cmpfloat_with_epsilon (pixel[1], green, 0.03);
  g_assert_cmpfloat_with_epsilon (pixel[2], blue, 0.03);
}

/* JPEG: near the colours, and white where the picture is transparent. */
static void
test_jpeg (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (P2pImage) image  = p2p_image_new (32, 16, 4);
  g_autoptr (P2pImage) loaded = NULL;

  fill (image, 0, 16, 0.2f, 0.4f, 0.6f, 1.0f);
  fill (image, 16, 32, 0.2f, 0.4f, 0.6f, 0.0f);

  loaded = save_and_load (fixture, image, "out.JPG");
  g_assert_cmpint (loaded->channels, ==, 3);
  assert_colour (loaded, 4, 8, 0.2f, 0.4f, 0.6f);
  assert_colour (loaded, 28, 8, 1.0f, 1.0f, 1.0f);
}

/* A photograph taken upright: EXIF says that its left side is the top. */
static void
test_orientation (Fixture       *fixture,
                  gconstpointer  data)
{
  static const guint8 exif[] = {
    0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0,              /* APP1 */
    'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,                        /* one entry */
    1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,        /* orientation 6 */
  };
  g_autoptr (P2pImage) image  = p2p_image_new (32, 16, 3);
  g_autoptr (P2pImage) loaded = NULL;
  g_autofree char     *path   = g_build_filename (fixture->folder, "out.jpg", NULL);
  g_autofree char     *jpeg   = NULL;
  g_autofree char     *turned = NULL;
  gsize                size;

  fill (image, 0, 16, 1.0f, 0.0f, 0.0f, 1.0f);
  fill (image, 16, 32, 0.0f, 0.0f, 1.0f, 1.0f);
  g_assert_true (p2p_image_save (image, path, NULL));
  g_assert_true (g_file_get_contents (path, &jpeg, &size, NULL));

  turned = g_malloc (size + sizeof exif);
  memcpy (turned, jpeg, 2);
  memcpy (turned + 2, exif, sizeof exif);
  memcpy (turned + 2 + sizeof exif, jpeg + 2, size - 2);
  g_assert_true (g_file_set_contents (path, turned, size + sizeof exif, NULL));

  loaded = p2p_image_load (path, NULL);
  g_assert_nonnull (loaded);
  g_assert_cmpint (loaded->width, ==, 16);
  g_assert_cmpint (loaded->height, ==, 32);
  assert_colour (loaded, 8, 4, 1.0f, 0.0f, 0.0f);
  assert_colour (loaded, 8, 28, 0.0f, 0.0f, 1.0f);
}

static void
test_wrong_ending (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (P2pImage) image = p2p_image_new (4, 4, 1);
  g_autofree char     *path  = g_build_filename (fixture->folder, data, NULL);
  g_autoptr (GError)   error = NULL;

  fill (image, 0, 4, 0.5f, 0, 0, 0);
  g_assert_false (p2p_image_save (image, path, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_OPTION);
  g_assert_nonnull (strstr (error->message, ".png or .jpg"));
  g_assert_cmpuint (count_files (fixture->folder), ==, 0);
}

static void
test_no_folder (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (P2pImage) image = p2p_image_new (4, 4, 1);
  g_autofree char     *path  = g_build_filename (fixture->folder, "none", "out.png", NULL);
  g_autoptr (GError)   error = NULL;

  fill (image, 0, 4, 0.5f, 0, 0, 0);
  g_assert_false (p2p_image_save (image, path, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, "out.png"));
}

/* The disk is full half way, as a limit on the size of files has it: the old file stays, nothing
 * else is left. */
static void
test_disk_full (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (P2pImage) image = p2p_image_new (256, 256, 3);
  g_autofree char     *path  = write_file (fixture, data, "old", 3);
  g_autofree char     *now   = NULL;
  g_autoptr (GError)   error = NULL;
  struct rlimit        limit, low;

  for (int i = 0; i < 256 * 256 * 3; i++)
    image->pixels[i] = g_test_rand_double ();

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  low = limit;
  low.rlim_cur = 16384;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &low), ==, 0);
  p2p_image_save (image, path, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);

  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, g_strerror (EFBIG)));
  g_assert_true (g_file_get_contents (path, &now, NULL, NULL));
  g_assert_cmpstr (now, ==, "old");
  g_assert_cmpuint (count_files (fixture->folder), ==, 1);
}

#define ADD(name, data, func) \
  g_test_add ("/image/" name, Fixture, data, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("missing", NULL, test_missing);
  ADD ("folder", NULL, test_folder);
  ADD ("pixmap", NULL, test_pixmap);
  ADD ("cut-pixmap", NULL, test_cut_pixmap);
  ADD ("round-trip/gray", GINT_TO_POINTER (1), test_round_trip);
  ADD ("round-trip/gray-alpha", GINT_TO_POINTER (2), test_round_trip);
  ADD ("round-trip/rgb", GINT_TO_POINTER (3), test_round_trip);
  ADD ("round-trip/rgb-alpha", GINT_TO_POINTER (4), test_round_trip);
  ADD ("rounding", NULL, test_rounding);
  ADD ("jpeg", NULL, test_jpeg);
  ADD ("orientation", NULL, test_orientation);
  ADD ("wrong-ending/other", "out.gif", test_wrong_ending);
  ADD ("wrong-ending/none", "out", test_wrong_ending);
  ADD ("no-folder", NULL, test_no_folder);
  ADD ("disk-full/png", "out.png", test_disk_full);
  ADD ("disk-full/jpeg", "out.jpg", test_disk_full);

  return g_test_run ();
}
