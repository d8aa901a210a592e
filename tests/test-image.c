/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Picture files: JPEG with its orientation, files that cannot be read, and saving with the depth
 * and the profile of the picture, also when it fails halfway.  Reading PNG is tested in test-png.c,
 * profiles in test-icc.c. */

#include "folder.h"
#include "p2p.h"
#include "profiles.h"

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

/* A format about which gdk-pixbuf's readers report less: portable pixmaps, whole and cut off. */
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
  const int            channels = GPOINTER_TO_INT (data) % 8;
  const int            depth    = GPOINTER_TO_INT (data) / 8;
  const int            max      = (1 << depth) - 1;
  g_autoptr (P2pImage) image    = p2p_image_new (32, 24, channels);
  g_autoptr (P2pImage) loaded   = NULL;
  const int            n        = 32 * 24 * channels;

  image->depth = depth;
  for (int i = 0; i < n; i++)
    image->pixels[i] = (float) (i * 40503 % (max + 1)) / max;

  loaded = save_and_load (fixture, image, "out.png");
  g_assert_cmpint (loaded->channels, ==, channels);
  g_assert_cmpint (loaded->depth, ==, depth);
  g_assert_cmpmem (loaded->pixels, n * sizeof (float), image->pixels, n * sizeof (float));
}

static void
test_rounding (Fixture       *fixture,
               gconstpointer  data)
{
  static const struct { double value; int of_8, of_16; } cases[] = {
    { 0.0, 0, 0 }, { 1.0, 255, 65535 }, { -0.1, 0, 0 }, { 1.1, 255, 65535 }, { NAN, 0, 0 },
    { INFINITY, 255, 65535 }, { -INFINITY, 0, 0 },
    { 100.49 / 255, 100, 25826 }, { 100.51 / 255, 101, 25831 }, { 254.6 / 255, 255, 65432 },
    { 0.49 / 255, 0, 126 }, { 0.51 / 255, 1, 131 },
    { 60000.49 / 65535, 233, 60000 }, { 60000.51 / 65535, 233, 60001 },
    { 0.49 / 65535, 0, 0 }, { 0.51 / 65535, 0, 1 },
  };
  const int            depth  = GPOINTER_TO_INT (data);
  g_autoptr (P2pImage) image  = p2p_image_new (G_N_ELEMENTS (cases), 1, 1);
  g_autoptr (P2pImage) loaded = NULL;

  image->depth = depth;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    image->pixels[i] = cases[i].value;

  loaded = save_and_load (fixture, image, "out.png");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (lrint (loaded->pixels[i] * (depth == 8 ? 255 : 65535)), ==,
                     depth == 8 ? cases[i].of_8 : cases[i].of_16);
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

/* JPEG gives colors that are nearly the same, and white where the picture is transparent. */
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

/* Inserts bytes into a JPEG after its first marker. */
static void
insert (const char   *path,
        const guint8 *bytes,
        gsize         n)
{
  g_autofree char *jpeg   = NULL;
  g_autofree char *longer = NULL;
  gsize            size;

  g_assert_true (g_file_get_contents (path, &jpeg, &size, NULL));
  longer = g_malloc (size + n);
  memcpy (longer, jpeg, 2);
  memcpy (longer + 2, bytes, n);
  memcpy (longer + 2 + n, jpeg + 2, size - 2);
  g_assert_true (g_file_set_contents (path, longer, size + n, NULL));
}

/* A photo taken with the camera upright: EXIF says that its left side is the top. */
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

  fill (image, 0, 16, 1.0f, 0.0f, 0.0f, 1.0f);
  fill (image, 16, 32, 0.0f, 0.0f, 1.0f, 1.0f);
  g_assert_true (p2p_image_save (image, path, NULL));
  insert (path, exif, sizeof exif);

  loaded = p2p_image_load (path, NULL);
  g_assert_nonnull (loaded);
  g_assert_cmpint (loaded->width, ==, 16);
  g_assert_cmpint (loaded->height, ==, 32);
  assert_colour (loaded, 8, 4, 1.0f, 0.0f, 0.0f);
  assert_colour (loaded, 8, 28, 0.0f, 0.0f, 1.0f);
}

/* ---- JPEG that was cut off ---------------------------------------------------------------- */

/* Each scan of this JPEG has the whole picture, only coarser.  Wherever it is cut off, it must not
 * be taken for a blurred picture or for a picture that is gray at the bottom. */
static void
test_cut_jpeg (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char     *source = g_test_build_filename (G_TEST_DIST, "data", data, NULL);
  g_autofree char     *whole  = NULL;
  g_autofree char     *path   = NULL;
  g_autoptr (P2pImage) image  = NULL;
  gsize                size;

  g_assert_true (g_file_get_contents (source, &whole, &size, NULL));
  image = p2p_image_load (source, NULL);
  g_assert_nonnull (image);

  for (gsize n = 2; n < size; n += n + 40 < size ? 17 : 1)
    {
      g_autoptr (GError) error = NULL;

      g_free (path);
      path = write_file (fixture, "cut.jpg", whole, n);
      g_assert_null (p2p_image_load (path, &error));
      g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
    }
}

/* A few bytes may announce a picture larger than anyone's memory. */
static void
test_huge_jpeg (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (P2pImage) image = p2p_image_new (16, 16, 3);
  g_autoptr (GError)   error = NULL;
  g_autofree char     *path  = g_build_filename (fixture->folder, "out.jpg", NULL);
  g_autofree char     *jpeg  = NULL;
  gsize                size;

  fill (image, 0, 16, 0.2f, 0.4f, 0.6f, 1.0f);
  g_assert_true (p2p_image_save (image, path, NULL));
  g_assert_true (g_file_get_contents (path, &jpeg, &size, NULL));
  for (gsize i = 0; i + 8 < size; i++)
    if (! memcmp (jpeg + i, "\xff\xc0\0\x11\x08", 5))        /* SOF0, height and width */
      memset (jpeg + i + 5, 0xfd, 4);
  g_assert_true (g_file_set_contents (path, jpeg, size, NULL));

  g_assert_null (p2p_image_load (path, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "65021 × 65021"));
}

/* A camera's preview, a complete JPEG, is in the file before the picture.  Bytes after the end do
 * not matter. */
static void
test_preview (Fixture       *fixture,
              gconstpointer  data)
{
  static const guint8  preview[] = { 0xff, 0xe1, 0, 8, 0xff, 0xd8, 0xff, 0xda, 0xff, 0xd9 };
  g_autoptr (P2pImage) image     = p2p_image_new (32, 16, 3);
  g_autoptr (P2pImage) loaded    = NULL;
  g_autoptr (GError)   error     = NULL;
  g_autofree char     *path      = g_build_filename (fixture->folder, "out.jpg", NULL);
  g_autofree char     *jpeg      = NULL;
  gsize                size;

  fill (image, 0, 32, 0.2f, 0.4f, 0.6f, 1.0f);
  g_assert_true (p2p_image_save (image, path, NULL));
  insert (path, preview, sizeof preview);
  loaded = p2p_image_load (path, &error);
  g_assert_no_error (error);

  g_assert_true (g_file_get_contents (path, &jpeg, &size, NULL));
  g_assert_true (g_file_set_contents (path, jpeg, size - 10, NULL));
  g_assert_null (p2p_image_load (path, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
}

/* ---- Profiles ----------------------------------------------------------------------------- */

/* The greenest green of Adobe RGB, which is outside sRGB, survives saving with the profile in files
 * of every kind. */
static void
test_profile (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (P2pImage) image  = p2p_image_new (16, 16, 3);
  g_autoptr (P2pImage) loaded = NULL;

  image->depth = 16;
  image->profile = as_bytes (make_rgb_profile (ADOBE, GAMMA_ADOBE, sizeof GAMMA_ADOBE - 1));
  fill (image, 0, 16, -0.6649f, 1.0f, -0.2287f, 1.0f);       /* in sRGB, by Lindbloom's matrices */

  loaded = save_and_load (fixture, image, data);
  g_assert_true (g_bytes_equal (loaded->profile, image->profile));
  assert_colour (loaded, 8, 8, -0.6649f, 1.0f, -0.2287f);
}

/* A profile that is sRGB changes no sample, and stays. */
static void
test_srgb_profile (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (P2pImage) image  = p2p_image_new (16, 16, 4);
  g_autoptr (P2pImage) loaded = NULL;

  image->profile = as_bytes (make_rgb_profile (SRGB, CURVE_SRGB, sizeof CURVE_SRGB - 1));
  fill (image, 0, 16, 1 / 255.0f, 100 / 255.0f, 1.0f, 0.2f);

  loaded = save_and_load (fixture, image, "out.png");
  g_assert_true (g_bytes_equal (loaded->profile, image->profile));
  g_assert_cmpmem (loaded->pixels, 16 * 16 * 4 * sizeof (float),
                   image->pixels, 16 * 16 * 4 * sizeof (float));
}

static GBytes *
make_gray_profile (void)
{
  const Tag tags[] = { { "kTRC", GAMMA_ADOBE, sizeof GAMMA_ADOBE - 1 }, { NULL } };

  return as_bytes (make_profile ("GRAY", tags));
}

static void
test_gray_profile (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr (P2pImage) image  = p2p_image_new (16, 16, 2);
  g_autoptr (P2pImage) loaded = NULL;

  image->depth = 16;
  image->profile = make_gray_profile ();
  fill (image, 0, 16, 0.3f, 0.5f, 0.0f, 0.0f);

  loaded = save_and_load (fixture, image, "out.png");
  g_assert_true (g_bytes_equal (loaded->profile, image->profile));
  g_assert_cmpfloat_with_epsilon (loaded->pixels[0], 0.3f, 2e-5);
  g_assert_cmpfloat_with_epsilon (loaded->pixels[1], 0.5f, 2e-5);
}

/* A profile for the other kind of picture, or one that cannot be used for writing, is left out, and
 * the colors are right. */
static void
test_other_profile (Fixture       *fixture,
                    gconstpointer  data)
{
  const int            channels = GPOINTER_TO_INT (data);
  g_autoptr (P2pImage) image    = p2p_image_new (16, 16, channels);
  g_autoptr (P2pImage) loaded   = NULL;

  image->profile = channels == 3 ? make_gray_profile ()
                 : channels == 4 ? as_bytes (make_one_way_profile ())
                                 : as_bytes (make_rgb_profile (ADOBE, GAMMA_ADOBE,
                                                               sizeof GAMMA_ADOBE - 1));
  fill (image, 0, 16, 0.2f, 0.4f, 0.6f, 0.0f);

  loaded = save_and_load (fixture, image, "out.png");
  g_assert_null (loaded->profile);
  for (int c = 0; c < channels; c++)
    g_assert_cmpfloat_with_epsilon (loaded->pixels[c], image->pixels[c], 1e-6);
}

/* ---- Failing ------------------------------------------------------------------------------ */

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
  g_assert_nonnull (strstr (error->message, ".png, .jpg or .tif"));
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

/* When the disk is full halfway, the old file stays, and no other file is left.  A limit on the
 * size of files acts as a full disk. */
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
  for (int depth = 8; depth <= 16; depth += 8)
    for (int channels = 1; channels <= 4; channels++)
      {
        g_autofree char *name = g_strdup_printf ("/image/round-trip/%d×%d", channels, depth);

        g_test_add (name, Fixture, GINT_TO_POINTER (8 * depth + channels), set_up,
                    test_round_trip, tear_down);
      }
  ADD ("rounding/8", GINT_TO_POINTER (8), test_rounding);
  ADD ("rounding/16", GINT_TO_POINTER (16), test_rounding);
  ADD ("jpeg", NULL, test_jpeg);
  ADD ("orientation", NULL, test_orientation);
  ADD ("cut-jpeg/progressive", "progressive.jpg", test_cut_jpeg);
  ADD ("huge-jpeg", NULL, test_huge_jpeg);
  ADD ("preview", NULL, test_preview);
  ADD ("profile/png", "out.png", test_profile);
  ADD ("profile/jpeg", "out.jpg", test_profile);
  ADD ("profile/tiff", "out.tif", test_profile);
  ADD ("profile/srgb", NULL, test_srgb_profile);
  ADD ("profile/gray", NULL, test_gray_profile);
  ADD ("profile/gray-in-rgb", GINT_TO_POINTER (3), test_other_profile);
  ADD ("profile/one-way", GINT_TO_POINTER (4), test_other_profile);
  ADD ("profile/rgb-in-gray", GINT_TO_POINTER (1), test_other_profile);
  ADD ("wrong-ending/other", "out.gif", test_wrong_ending);
  ADD ("wrong-ending/none", "out", test_wrong_ending);
  ADD ("no-folder", NULL, test_no_folder);
  ADD ("disk-full/png", "out.png", test_disk_full);
  ADD ("disk-full/jpeg", "out.jpg", test_disk_full);
  ADD ("disk-full/tiff", "out.tif", test_disk_full);

  return g_test_run ();
}
