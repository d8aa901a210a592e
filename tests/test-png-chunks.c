/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What a PNG says about its colors and its orientation: every chunk that may say it, which chunk
 * takes precedence, and damaged chunks. */

#include "folder.h"
#include "p2p.h"
#include "pictures/picture-file.h"
#include "profiles.h"
#include "raw-png.h"

#define BYTES(text) (const guint8 *) text, sizeof text - 1

/* A color that is different in every color space of this file. */
static guint
colour (const RawPng *png,
        int           x,
        int           y,
        int           c)
{
  return c == 0 ? 51 : c == 1 ? 204 : 102;
}

static P2pImage *
load (Fixture         *fixture,
      const RawChunk  *chunks,
      GError         **error)
{
  const RawPng           png   = { 4, 4, 8, 2, .chunks = chunks };
  g_autoptr (GByteArray) bytes = raw_png (&png, colour);
  g_autofree char       *path  = write_file (fixture, "in.png", bytes->data, bytes->len);

  return p2p_image_load (path, error);
}

/* The content of an iCCP chunk with Adobe RGB's profile. */
static GByteArray *
make_iccp (void)
{
  g_autoptr (GByteArray) profile = make_rgb_profile (ADOBE, BYTES (GAMMA_ADOBE));
  g_autoptr (GByteArray) stream  = raw_zlib (profile->data, profile->len);
  GByteArray            *chunk   = g_byte_array_new ();

  g_byte_array_append (chunk, (const guint8 *) "Adobe\0", 7);
  g_byte_array_append (chunk, stream->data, stream->len);
  return chunk;
}

static double
srgb (double light)
{
  return copysign (fabs (light) <= 0.0031308 ? 12.92 * fabs (light)
                                             : 1.055 * pow (fabs (light), 1 / 2.4) - 0.055, light);
}

static double
light (double value)
{
  return value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static double
power (double value)
{
  return pow (value, 2 + 51 / 256.0);
}

static double
bt709 (double value)
{
  return value < 0.081 ? value / 4.5 : pow ((value + 0.099) / 1.099, 1 / 0.45);
}

static double
straight (double value)
{
  return value;
}

/* Matrices from a space's linear light to sRGB's linear light, as published. */
static const double same[9]   = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };
static const double adobe[9]  = { 1.3984, -0.3984, 0, 0, 1, 0, 0, -0.0429, 1.0429 };
static const double p3[9]     = { 1.2249, -0.2247, 0, -0.0420, 1.0419, 0, -0.0197, -0.0786,
                                  1.0979 };
static const double bt2020[9] = { 1.6605, -0.5876, -0.0728, -0.1246, 1.1329, -0.0083,
                                  -0.0182, -0.1006, 1.1187 };

#define CHRM_SRGB "\0\0\x7a\x26\0\0\x80\x84" "\0\0\xfa\0\0\0\x80\xe8" \
                  "\0\0\x75\x30\0\0\xea\x60" "\0\0\x3a\x98\0\0\x17\x70"
#define CHRM_P3   "\0\0\x7a\x26\0\0\x80\x84" "\0\1\x09\xa0\0\0\x7d\0" \
                  "\0\0\x67\x84\0\1\x0d\x88" "\0\0\x3a\x98\0\0\x17\x70"
#define GAMA_SRGB "\0\0\xb1\x8f"
#define GAMA_ONE  "\0\1\x86\xa0"

/* "iCCP" without content stands for the chunk with the Adobe profile. */
static const struct
{
  const char    *name;
  RawChunk       chunks[4];
  const double  *matrix;      /* NULL: the samples are sRGB */
  double      (* light) (double value);
} cases[] = {
  { "none",              { { NULL } }, NULL },
  { "srgb",              { { "sRGB", BYTES ("\0") } }, NULL },
  { "gama-of-srgb",      { { "gAMA", BYTES (GAMA_SRGB) } }, NULL },
  { "chrm-of-srgb",      { { "cHRM", BYTES (CHRM_SRGB) } }, NULL },
  { "both-of-srgb",      { { "gAMA", BYTES (GAMA_SRGB) }, { "cHRM", BYTES (CHRM_SRGB) } }, NULL },
  { "gama",              { { "gAMA", BYTES (GAMA_ONE) } }, same, straight },
  { "chrm",              { { "cHRM", BYTES (CHRM_P3) } }, p3, light },
  { "gama-chrm",         { { "gAMA", BYTES (GAMA_ONE) }, { "cHRM", BYTES (CHRM_P3) } },
    p3, straight },
  { "srgb-before-gama",  { { "gAMA", BYTES (GAMA_ONE) }, { "sRGB", BYTES ("\0") } }, NULL },
  { "iccp",              { { "iCCP" } }, adobe, power },
  { "iccp-before-srgb",  { { "sRGB", BYTES ("\0") }, { "gAMA", BYTES (GAMA_ONE) }, { "iCCP" } },
    adobe, power },
  { "cicp-srgb",         { { "cICP", BYTES ("\1\x0d\0\1") } }, NULL },
  { "cicp-p3",           { { "cICP", BYTES ("\x0c\x0d\0\1") } }, p3, light },
  { "cicp-bt2020",       { { "cICP", BYTES ("\x09\x0e\0\1") } }, bt2020, bt709 },
  { "cicp-linear",       { { "cICP", BYTES ("\1\x08\0\1") } }, same, straight },
  { "cicp-before-iccp",  { { "iCCP" }, { "cICP", BYTES ("\x0c\x0d\0\1") } }, p3, light },
  { "gama-cut",          { { "gAMA", BYTES ("\0\0") } }, NULL },
  { "chrm-cut",          { { "cHRM", BYTES ("\0\0") } }, NULL },
};

static void
fill_in_iccp (RawChunk         *chunks,
              const GByteArray *iccp)
{
  for (; chunks->name; chunks++)
    {
      if (! strcmp (chunks->name, "iCCP") && ! chunks->data)
        *chunks = (RawChunk) { "iCCP", iccp->data, iccp->len };
    }
}

static void
test_colours (Fixture       *fixture,
              gconstpointer  data)
{
  const int              i     = GPOINTER_TO_INT (data);
  g_autoptr (GByteArray) iccp  = make_iccp ();
  g_autoptr (GError)     error = NULL;
  g_autoptr (P2pImage)   image = NULL;
  const double           v[3]  = { 0.2, 0.8, 0.4 };
  RawChunk               chunks[G_N_ELEMENTS (cases[i].chunks)];

  memcpy (chunks, cases[i].chunks, sizeof chunks);
  fill_in_iccp (chunks, iccp);
  image = load (fixture, chunks, &error);
  g_assert_no_error (error);
  g_assert_true ((image->profile != NULL) == (cases[i].matrix != NULL));

  for (int c = 0; c < 3; c++)
    {
      double expected = v[c];

      if (cases[i].matrix)
        {
          const double *row = cases[i].matrix + 3 * c;

          expected = srgb (row[0] * cases[i].light (v[0]) + row[1] * cases[i].light (v[1])
                           + row[2] * cases[i].light (v[2]));
        }
      g_assert_cmpfloat_with_epsilon (image->pixels[c], expected, 0.002);
    }
}

/* ---- Damaged ------------------------------------------------------------------------------ */

static const struct
{
  const char *name;
  RawChunk    chunk;
  int         code;
  const char *message;      /* part of the message */
} damages[] = {
  { "iccp-empty",      { "iCCP", BYTES ("") }, P2P_ERROR_FILE, "cannot be unpacked" },
  { "iccp-name-alone", { "iCCP", BYTES ("name") }, P2P_ERROR_FILE, "cannot be unpacked" },
  { "iccp-no-stream",  { "iCCP", BYTES ("name\0\0") }, P2P_ERROR_FILE, "cannot be unpacked" },
  { "iccp-garbage",    { "iCCP", BYTES ("name\0\0garbage") }, P2P_ERROR_FILE,
    "cannot be unpacked" },
  { "iccp-cut",        { "iCCP", BYTES ("name\0\0\x78\x01\1\4\0\xfb\xff" "ab") }, P2P_ERROR_FILE,
    "cannot be unpacked" },
  { "iccp-no-profile", { "iCCP", BYTES ("name\0\0\x78\x01\1\0\0\xff\xff\0\0\0\1") },
    P2P_ERROR_FILE, "damaged" },
  { "cicp-pq",         { "cICP", BYTES ("\x09\x10\0\1") }, P2P_ERROR_UNSUPPORTED,
    "high dynamic range" },
  { "cicp-yuv",        { "cICP", BYTES ("\1\x0d\1\1") }, P2P_ERROR_UNSUPPORTED, "not read" },
  { "gama-0",          { "gAMA", BYTES ("\0\0\0\0") }, P2P_ERROR_FILE, "makes no sense" },
  { "chrm-0",          { "cHRM", BYTES ("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                        "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") },
    P2P_ERROR_FILE, "makes no sense" },
};

static void
test_damaged (Fixture       *fixture,
              gconstpointer  data)
{
  const int          i        = GPOINTER_TO_INT (data);
  const RawChunk     chunks[] = { damages[i].chunk, { NULL } };
  g_autoptr (GError) error    = NULL;

  g_assert_null (load (fixture, chunks, &error));
  g_assert_error (error, P2P_ERROR, damages[i].code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, damages[i].message));
  g_assert_nonnull (strstr (error->message, "in.png"));
}

/* A profile of a few bytes that decompresses to more than anyone has memory for: here 17 MiB of
 * zeros, compressed by GLib. */
static void
test_bomb (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GZlibCompressor) packer = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, 9);
  g_autofree guint8          *zeros  = g_malloc0 (17 << 20);
  g_autofree guint8          *chunk  = g_malloc0 (1 << 20);
  g_autoptr (GError)          error  = NULL;
  gsize                       n_read, n_written;

  chunk[0] = 'n';
  g_converter_convert (G_CONVERTER (packer), zeros, 17 << 20, chunk + 3, (1 << 20) - 3,
                       G_CONVERTER_INPUT_AT_END, &n_read, &n_written, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_read, ==, 17 << 20);

  g_assert_null (load (fixture, (const RawChunk[]) { { "iCCP", chunk, n_written + 3 }, { NULL } },
                       &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
}

/* ---- Orientation -------------------------------------------------------------------------- */

/* A picture of 8 × 4 pixels, black except for its red top left corner and its green top right
 * corner. */
static guint
corners (const RawPng *png,
         int           x,
         int           y,
         int           c)
{
  return y == 0 && ((x == 0 && c == 0) || (x == png->width - 1 && c == 1)) ? 255 : 0;
}

/* Where the two corners appear (EXIF 2.3, 4.6.4, table 6).  Orientations 4 and 7 have the last row
 * on top. */
static const struct
{
  gboolean turned;
  int      red_x, red_y, green_x, green_y;      /* 1 means the far side */
} views[] = {
  { FALSE, 0, 0, 1, 0 }, { FALSE, 1, 0, 0, 0 }, { FALSE, 1, 1, 0, 1 }, { FALSE, 0, 1, 1, 1 },
  { TRUE,  0, 0, 0, 1 }, { TRUE,  1, 0, 1, 1 }, { TRUE,  1, 1, 1, 0 }, { TRUE,  0, 1, 0, 0 },
};

static const float *
corner (const P2pImage *image,
        int             far_x,
        int             far_y)
{
  const int x = far_x ? image->width - 1 : 0, y = far_y ? image->height - 1 : 0;

  return image->pixels + (y * image->width + x) * 3;
}

/* Asserts that the size is known before the picture is read. */
static void
assert_peek (const char     *path,
             const P2pImage *image)
{
  int width, height;

  g_assert_true (p2p_image_peek (path, &width, &height, NULL));
  g_assert_cmpint (width, ==, image->width);
  g_assert_cmpint (height, ==, image->height);
}

static void
test_orientation (Fixture       *fixture,
                  gconstpointer  data)
{
  const guint8  orientation = GPOINTER_TO_INT (data);
  const guint8  little[]    = { 'I', 'I', 42, 0, 8, 0, 0, 0, 2, 0,
                                0, 1, 3, 0, 1, 0, 0, 0, 7, 0, 0, 0,
                                0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0 };
  const guint8  big[]       = { 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1,
                                1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0 };

  for (int i = 0; i < 2; i++)
    {
      const RawChunk chunks[] = { { "eXIf", i ? big : little, i ? sizeof big : sizeof little,
                                    i == 0 }, { NULL } };
      const RawPng           png   = { 8, 4, 8, 2, .chunks = chunks };
      g_autoptr (GByteArray) bytes = raw_png (&png, corners);
      g_autofree char       *path  = write_file (fixture, "in.png", bytes->data, bytes->len);
      g_autoptr (P2pImage)   image = p2p_image_load (path, NULL);

      g_assert_nonnull (image);
      g_assert_cmpint (image->width, ==, views[orientation - 1].turned ? 4 : 8);
      g_assert_cmpint (image->height, ==, views[orientation - 1].turned ? 8 : 4);
      assert_peek (path, image);
      g_assert_cmpfloat (corner (image, views[orientation - 1].red_x,
                                 views[orientation - 1].red_y)[0], ==, 1.0f);
      g_assert_cmpfloat (corner (image, views[orientation - 1].green_x,
                                 views[orientation - 1].green_y)[1], ==, 1.0f);
    }
}

/* Invalid EXIF leaves the picture as it is. */
static void
test_no_orientation (Fixture       *fixture,
                     gconstpointer  data)
{
  static const RawChunk chunks[][2] = {
    { { "eXIf", BYTES ("MM") } },
    { { "eXIf", BYTES ("MM\0\x2a\xff\xff\xff\xff") } },
    { { "eXIf", BYTES ("MM\0\x2a\0\0\0\x08") } },
    { { "eXIf", BYTES ("MM\0\x2a\0\0\0\x08\xff\xff\1\x12\0\3") } },
    { { "eXIf", BYTES ("MM\0\x2a\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\x09\0\0\0\0\0\0") } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (chunks); i++)
    {
      const RawPng           png   = { 8, 4, 8, 2, .chunks = chunks[i] };
      g_autoptr (GByteArray) bytes = raw_png (&png, corners);
      g_autofree char       *path  = write_file (fixture, "in.png", bytes->data, bytes->len);
      g_autoptr (P2pImage)   image = p2p_image_load (path, NULL);

      g_assert_nonnull (image);
      g_assert_cmpint (image->width, ==, 8);
      g_assert_cmpfloat (corner (image, 0, 0)[0], ==, 1.0f);
      assert_peek (path, image);
    }
}

#define ADD(path, i, func) \
  g_test_add (path, Fixture, GINT_TO_POINTER (i), set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strconcat ("/png-chunks/colors/", cases[i].name, NULL);

      ADD (name, i, test_colours);
    }
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *name = g_strconcat ("/png-chunks/damaged/", damages[i].name, NULL);

      ADD (name, i, test_damaged);
    }
  ADD ("/png-chunks/bomb", 0, test_bomb);
  for (int i = 1; i <= 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("/png-chunks/orientation/%d", i);

      ADD (name, i, test_orientation);
    }
  ADD ("/png-chunks/orientation/none", 0, test_no_orientation);

  return g_test_run ();
}
