/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Files of formats whose loaders report little: whether they are complete or cut off, which side is
 * up, and the colors of transparent pixels. */

#include "folder.h"
#include "pictures/picture-file.h"

#include <string.h>

/* A canvas of 3 × 2 pixels with a frame of one red pixel at its top left. */
static const guint8 small_frame[] = {
  'G', 'I', 'F', '8', '9', 'a', 3, 0, 2, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255,
  0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0, 0x3b
};

/* A red pixel and a blue one, lossless. */
#define VP8L "VP8L\x11\0\0\0/\1\0\0\0\x0f\x10\xf3\xbf\xff\xf3\x1f\x0e\x32\xa2\xff\1\0"

static const char webp[] = "RIFF\x1e\0\0\0WEBP" VP8L;

/* The same with a second frame. */
static const char animated[] = "RIFF\x86\0\0\0WEBPVP8X\x0a\0\0\0\2\0\0\0\1\0\0\0\0\0"
  "ANIM\6\0\0\0\0\0\0\0\0\0" "ANMF*\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\2" VP8L
  "ANMF(\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
  "VP8L\x0f\0\0\0/\0\0\0\0\x07\xd0\xff\x88\xfe\x07\"\xa2\xff\1\0";

/* The same with EXIF that says that its first row is the right side, written in two ways. */
#define TURNED "MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"

static const char turned[] = "RIFFR\0\0\0WEBPVP8X\x0a\0\0\0\x08\0\0\0\1\0\0\0\0\0"
  VP8L "EXIF\x1a\0\0\0" TURNED;
static const char turned_headed[] = "RIFFX\0\0\0WEBPVP8X\x0a\0\0\0\x08\0\0\0\1\0\0\0\0\0"
  VP8L "EXIF\x20\0\0\0" "Exif\0\0" TURNED;

/* Two rows of two pixels. */
static const char bitmap[] = "BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\2\0\0\0\2\0\0\0\1\0\x18\0"
  "\0\0\0\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" "12345600ABCDEF0";

static gboolean
can_read (const char *path)
{
  if (p2p_image_can_load (path))
    return TRUE;
  g_test_skip ("gdk-pixbuf has no loader for this format here");
  return FALSE;
}

static P2pImage *
load (Fixture    *fixture,
      const char *name,
      const void *data,
      gsize       size)
{
  g_autofree char   *path  = write_file (fixture, name, data, size);
  g_autoptr (GError) error = NULL;
  P2pImage          *image = p2p_image_load (path, &error);

  g_assert_no_error (error);
  return image;
}

static void
assert_pixel (const P2pImage *image,
              int             x,
              int             y,
              float           red,
              float           green,
              float           blue)
{
  const float *pixel = image->pixels + (gsize) (y * image->width + x) * image->channels;

  g_assert_cmpfloat_with_epsilon (pixel[0], red, 1e-6f);
  g_assert_cmpfloat_with_epsilon (pixel[1], green, 1e-6f);
  g_assert_cmpfloat_with_epsilon (pixel[2], blue, 1e-6f);
}

/* Asserts that the file is refused wherever it is cut off. */
static void
assert_cut (Fixture    *fixture,
            const char *name,
            const void *data,
            gsize       size)
{
  for (gsize n = 1; n < size; n++)
    {
      g_autofree char     *path  = write_file (fixture, name, data, n);
      g_autoptr (GError)   error = NULL;
      g_autoptr (P2pImage) image = p2p_image_load (path, &error);

      if (image)
        g_error ("%s is read though only %u of %u bytes are there", name, (guint) n, (guint) size);
      g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
    }
}

/* ---- Complete, and cut off ---------------------------------------------------------------- */

static void
test_small_frame (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr (P2pImage) image = load (fixture, "in.gif", small_frame, sizeof small_frame);

  g_assert_cmpint (image->width, ==, 3);
  g_assert_cmpint (image->height, ==, 2);
  assert_pixel (image, 0, 0, 1.0f, 0.0f, 0.0f);
}

static void
test_animation (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (P2pImage) image = NULL;

  if (! can_read ("in.webp"))
    return;
  image = load (fixture, "in.webp", animated, sizeof animated - 1);
  g_assert_cmpint (image->width, ==, 2);
  g_assert_cmpint (image->height, ==, 1);
  assert_pixel (image, 0, 0, 1.0f, 0.0f, 0.0f);
  assert_pixel (image, 1, 0, 0.0f, 0.0f, 1.0f);
}

static void
test_cut_gif (Fixture       *fixture,
              gconstpointer  data)
{
  assert_cut (fixture, "cut.gif", small_frame, sizeof small_frame);
}

static void
test_cut_webp (Fixture       *fixture,
               gconstpointer  data)
{
  /* The last byte only makes the length even. */
  if (can_read ("cut.webp"))
    assert_cut (fixture, "cut.webp", webp, sizeof webp - 2);
}

static void
test_cut_animation (Fixture       *fixture,
                    gconstpointer  data)
{
  if (can_read ("cut.webp"))
    assert_cut (fixture, "cut.webp", animated, sizeof animated - 2);
}

static void
test_cut_bitmap (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr (P2pImage) image = load (fixture, "in.bmp", bitmap, sizeof bitmap);

  g_assert_cmpint (image->height, ==, 2);
  /* The last row ends with padding bytes. */
  assert_cut (fixture, "cut.bmp", bitmap, sizeof bitmap - 2);
}

/* ---- Which side is up --------------------------------------------------------------------- */

static void
assert_turned (Fixture    *fixture,
               const char *data,
               gsize       size)
{
  g_autofree char     *path  = write_file (fixture, "in.webp", data, size);
  g_autoptr (P2pImage) image = load (fixture, "in.webp", data, size);
  int                  width = 0, height = 0;

  g_assert_cmpint (image->width, ==, 1);
  g_assert_cmpint (image->height, ==, 2);
  assert_pixel (image, 0, 0, 1.0f, 0.0f, 0.0f);
  assert_pixel (image, 0, 1, 0.0f, 0.0f, 1.0f);

  g_assert_true (p2p_image_peek (path, &width, &height, NULL));
  g_assert_cmpint (width, ==, 1);
  g_assert_cmpint (height, ==, 2);
}

static void
test_turned (Fixture       *fixture,
             gconstpointer  data)
{
  if (! can_read ("in.webp"))
    return;
  assert_turned (fixture, turned, sizeof turned - 1);
  assert_turned (fixture, turned_headed, sizeof turned_headed - 1);
}

/* ---- Transparent pixels ------------------------------------------------------------------- */

static void
put (GByteArray *file,
     gboolean    big,
     guint       number,
     int         n_bytes)
{
  for (int i = 0; i < n_bytes; i++)
    g_byte_array_append (file, &(guint8) { number >> 8 * (big ? n_bytes - 1 - i : i) }, 1);
}

/* A TIFF of one pixel with the bytes 200, 100, 50 and an alpha of 128. */
static GByteArray *
make_tiff (gboolean big,
           guint    extra_samples)
{
  static const guint entries[][3] = {    /* tag, type, value; type 3 is a short, 4 a long */
    { 0x100, 3, 1 }, { 0x101, 3, 1 }, { 0x102, 3, 0 }, { 0x103, 3, 1 }, { 0x106, 3, 2 },
    { 0x111, 4, 8 }, { 0x115, 3, 4 }, { 0x116, 3, 1 }, { 0x117, 4, 4 }, { 0x152, 3, 0 } };
  const guint n    = G_N_ELEMENTS (entries), bits = 12 + 2 + 12 * n + 4;
  GByteArray *file = g_byte_array_new ();

  g_byte_array_append (file, (guint8 *) (big ? "MM" : "II"), 2);
  put (file, big, 42, 2);
  put (file, big, 12, 4);
  g_byte_array_append (file, (guint8[]) { 200, 100, 50, 128 }, 4);
  put (file, big, n, 2);
  for (guint i = 0; i < n; i++)
    {
      const guint    tag    = entries[i][0];
      const gboolean is_far = tag == 0x102;

      put (file, big, tag, 2);
      put (file, big, entries[i][1], 2);
      put (file, big, is_far ? 4 : 1, 4);
      if (is_far || entries[i][1] == 4)
        put (file, big, is_far ? bits : entries[i][2], 4);
      else
        {
          put (file, big, tag == 0x152 ? extra_samples : entries[i][2], 2);
          put (file, big, 0, 2);
        }
    }
  put (file, big, 0, 4);
  for (int i = 0; i < 4; i++)
    put (file, big, 8, 2);
  return file;
}

static void
test_tiff (Fixture       *fixture,
           gconstpointer  data)
{
  const gboolean associated = GPOINTER_TO_INT (data) == 1;

  for (int big = 0; big < 2; big++)
    {
      g_autoptr (GByteArray) file  = make_tiff (big, GPOINTER_TO_INT (data));
      g_autoptr (P2pImage)   image = load (fixture, "in.tiff", file->data, file->len);

      g_assert_cmpint (image->channels, ==, 4);
      g_assert_cmpfloat_with_epsilon (image->pixels[3], 128 / 255.0f, 1e-6f);
      if (associated)     /* red cannot be more than alpha */
        assert_pixel (image, 0, 0, 1.0f, 100 / 128.0f, 50 / 128.0f);
      else
        assert_pixel (image, 0, 0, 200 / 255.0f, 100 / 255.0f, 50 / 255.0f);
    }
}

static void
test_cut_tiff (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr (GByteArray) file = make_tiff (FALSE, 2);

  assert_cut (fixture, "cut.tiff", file->data, file->len);
}

#define ADD(name, data, test) \
  g_test_add ("/formats/" name, Fixture, data, set_up, test, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a GIF whose first frame is smaller than its canvas is complete", NULL, test_small_frame);
  ADD ("of an animated WebP the first frame is read", NULL, test_animation);
  ADD ("a GIF that is cut off anywhere is refused", NULL, test_cut_gif);
  ADD ("a WebP that is cut off anywhere is refused", NULL, test_cut_webp);
  ADD ("an animated WebP that is cut off anywhere is refused", NULL, test_cut_animation);
  ADD ("a BMP that is cut off anywhere is refused", NULL, test_cut_bitmap);
  ADD ("a TIFF that is cut off anywhere is refused", NULL, test_cut_tiff);
  ADD ("a WebP is turned upright as its EXIF says", NULL, test_turned);
  ADD ("colors of a TIFF with unassociated alpha are as they are stored", GINT_TO_POINTER (2),
       test_tiff);
  ADD ("colors of a TIFF with associated alpha are divided by it", GINT_TO_POINTER (1), test_tiff);
  return g_test_run ();
}
