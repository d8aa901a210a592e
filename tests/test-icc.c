/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Color profiles: every kind of curve, matrix and table compared with formulas in this file, round
 * trips, and profiles made from numbers.  tests/test-profiles.py compares with other programs. */

#include "p2p.h"
#include "pictures/icc.h"
#include "profiles.h"

/* IEC 61966-2-1 */
static double
srgb (double light)
{
  return light <= 0.0031308 ? 12.92 * light : 1.055 * pow (light, 1 / 2.4) - 0.055;
}

static P2pIcc *
open_profile (GByteArray *bytes)
{
  g_autoptr (GBytes) profile = as_bytes (bytes);
  g_autoptr (GError) error   = NULL;
  P2pIcc            *icc     = p2p_icc_new (profile, &error);

  g_assert_no_error (error);
  return icc;
}

/* ---- Curves ------------------------------------------------------------------------------- */

static double
straight (double v)
{
  return v;
}

static double
power (double v)
{
  return pow (v, 1.5);
}

static double
bent (double v)
{
  return v < 0.5 ? v / 2 : 0.25 + (v - 0.5) * 1.5;
}

/* (1.5 v − 0.5)², and zero where the base is negative. */
static double
shifted (double v)
{
  return v < 1 / 3.0 ? 0 : pow (1.5 * v - 0.5, 2);
}

static double
lifted (double v)
{
  return shifted (v) + 0.25;
}

static double
toed (double v)
{
  return v < 0.25 ? v / 4 : pow (0.5 * v + 0.5, 2);
}

static double
toed_and_lifted (double v)
{
  return v < 0.25 ? v / 4 + 0.125 : pow (0.5 * v + 0.5, 2) + 0.0625;
}

#define TAG(bytes) (const guint8 *) bytes, sizeof bytes - 1
#define PARA(type) "para\0\0\0\0\0" type "\0\0"

static const struct
{
  const char   *name;
  const guint8 *tag;
  gsize         size;
  double     (* light) (double v);
  double        off;      /* tolerance; a table's light has 16 bits */
} curves[] = {
  { "curv-straight", TAG ("curv\0\0\0\0\0\0\0\0"), straight, 3e-5 },
  { "curv-power",    TAG ("curv\0\0\0\0\0\0\0\1\x01\x80"), power, 3e-5 },
  { "curv-table",    TAG ("curv\0\0\0\0\0\0\0\3\0\0\x40\0\xff\xff"), bent, 2e-4 },
  { "para-0",        TAG (PARA ("\0") "\0\1\x80\0"), power, 3e-5 },
  { "para-1",        TAG (PARA ("\1") "\0\2\0\0" "\0\1\x80\0" "\xff\xff\x80\0"), shifted, 3e-5 },
  { "para-2",        TAG (PARA ("\2") "\0\2\0\0" "\0\1\x80\0" "\xff\xff\x80\0" "\0\0\x40\0"),
    lifted, 3e-5 },
  { "para-3",        TAG (PARA ("\3") "\0\2\0\0" "\0\0\x80\0" "\0\0\x80\0" "\0\0\x40\0"
                          "\0\0\x40\0"), toed, 3e-5 },
  { "para-4",        TAG (PARA ("\4") "\0\2\0\0" "\0\0\x80\0" "\0\0\x80\0" "\0\0\x40\0"
                          "\0\0\x40\0" "\0\0\x10\0" "\0\0\x20\0"), toed_and_lifted, 3e-5 },
};

/* Tests a curve alone, as in gray profiles. */
static void
test_curve (gconstpointer data)
{
  const int          i   = GPOINTER_TO_INT (data);
  g_autoptr (P2pIcc) icc = open_profile (make_profile ("GRAY", (const Tag[]) {
      { "kTRC", curves[i].tag, curves[i].size }, { NULL } }));

  g_assert_true (p2p_icc_can_encode (icc, TRUE));
  g_assert_false (p2p_icc_can_encode (icc, FALSE));
  for (int k = 0; k < 256; k++)
    {
      float pixel[2] = { k / 255.0f, 0.3f };

      p2p_icc_decode (icc, pixel, 1, 2);
      g_assert_cmpfloat_with_epsilon (pixel[0], srgb (curves[i].light (k / 255.0)), curves[i].off);
      g_assert_cmpfloat (pixel[1], ==, 0.3f);

      /* Where the curve is flat, it cannot be inverted. */
      if (curves[i].light (k / 255.0) - curves[i].light ((k - 1) / 255.0) < 1e-9)
        continue;
      p2p_icc_encode (icc, pixel, 1, 2);
      g_assert_cmpfloat_with_epsilon (pixel[0], k / 255.0, curves[i].off);
      g_assert_cmpfloat (pixel[1], ==, 0.3f);
    }
}

/* ---- Colors ------------------------------------------------------------------------------- */

static float
light_of (float value)
{
  const float size = fabsf (value);

  return copysignf (size <= 0.04045f ? size / 12.92f : powf ((size + 0.055f) / 1.055f, 2.4f),
                    value);
}

/* The primaries of Adobe RGB and BT.2020 in sRGB's linear light: Lindbloom's matrices,
 * multiplied. */
static void
test_primaries (void)
{
  static const struct
  {
    const double (* colorants)[3];
    float           light[3][3];
  } cases[] = {
    { ADOBE,  { { 1.3983f, 0, 0 }, { -0.3983f, 1, -0.0429f }, { 0, 0, 1.0429f } } },
    { BT2020, { { 1.6605f, -0.1246f, -0.0182f }, { -0.5876f, 1.1329f, -0.1006f },
                { -0.0728f, -0.0083f, 1.1187f } } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (P2pIcc) icc = open_profile (make_rgb_profile (cases[i].colorants,
                                                               TAG (GAMMA_ADOBE)));

      for (int k = 0; k < 3; k++)
        {
          float pixel[3] = { k == 0, k == 1, k == 2 };

          p2p_icc_decode (icc, pixel, 1, 3);
          for (int c = 0; c < 3; c++)
            g_assert_cmpfloat_with_epsilon (light_of (pixel[c]), cases[i].light[k][c], 0.001);
        }
    }
}

static void
test_neutral (void)
{
  g_autoptr (P2pIcc) icc = open_profile (make_rgb_profile (ADOBE, TAG (GAMMA_ADOBE)));

  for (int k = 0; k <= 16; k++)
    {
      float pixel[4] = { k / 16.0f, k / 16.0f, k / 16.0f, 0.5f };
      float gray     = k / 16.0f;

      p2p_icc_decode (icc, pixel, 1, 4);
      for (int c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon (pixel[c], srgb (pow (k / 16.0, 2 + 51 / 256.0)), 1e-4);
      g_assert_cmpfloat (pixel[3], ==, 0.5f);

      /* Gray samples in a file with such a profile. */
      p2p_icc_decode (icc, &gray, 1, 1);
      g_assert_cmpfloat_with_epsilon (gray, pixel[0], 1e-4);
    }
}

/* Gray JPEGs are loaded as RGB and keep their gray profile. */
static void
test_gray_of_rgb (void)
{
  g_autoptr (P2pIcc) icc = open_profile (make_profile ("GRAY", (const Tag[]) {
      { "kTRC", TAG (GAMMA_ADOBE) }, { NULL } }));

  for (int k = 0; k <= 16; k++)
    {
      float pixel[3] = { k / 16.0f, k / 16.0f, k / 16.0f };

      p2p_icc_decode (icc, pixel, 1, 3);
      g_assert_cmpfloat_with_epsilon (pixel[0], srgb (pow (k / 16.0, 2 + 51 / 256.0)), 1e-4);
      g_assert_cmpfloat (pixel[1], ==, pixel[0]);
      g_assert_cmpfloat (pixel[2], ==, pixel[0]);
    }
}

static const struct
{
  const char    *name;
  const double (*colorants)[3];
  const guint8  *curve;
  gsize          size;
  double         least;     /* the smallest sample that is tested */
} spaces[] = {
  { "p3",     P3,     TAG (CURVE_SRGB),  0.0 },
  { "bt2020", BT2020, TAG (CURVE_SRGB),  0.0 },
  /* A power curve has no slope at 0: there, the float's last bit is many levels. */
  { "adobe",  ADOBE,  TAG (GAMMA_ADOBE), 0.06 },
};

/* Colors with 16 bits come back as the same samples, also those outside sRGB. */
static void
test_round_trip (gconstpointer data)
{
  const int          i       = GPOINTER_TO_INT (data);
  g_autoptr (P2pIcc) icc     = open_profile (make_rgb_profile (spaces[i].colorants, spaces[i].curve,
                                                               spaces[i].size));
  int                outside = 0;

  for (int k = 0; k < 50000; k++)
    {
      float before[3], pixel[3];

      for (int c = 0; c < 3; c++)
        before[c] = pixel[c] = lrint (g_test_rand_double_range (spaces[i].least, 1.0) * 65535)
                               / 65535.0f;
      p2p_icc_decode (icc, pixel, 1, 3);
      for (int c = 0; c < 3; c++)
        outside += pixel[c] < 0.0f || pixel[c] > 1.0f;
      p2p_icc_encode (icc, pixel, 1, 3);
      for (int c = 0; c < 3; c++)
        g_assert_cmpint (lrint (pixel[c] * 65535), ==, lrint (before[c] * 65535));
    }
  g_assert_cmpint (outside, >, 1000);
}

/* Little CMS keeps the light of table curves with 16 bits.  The inverse is off by at most a sixth
 * of an 8-bit level, and below level eight, where the curve is flat, by one and a half. */
static void
test_curve_of_samples (void)
{
  const int          n     = 1024;
  g_autofree guint8 *curve = g_malloc0 (12 + 2 * n);
  g_autoptr (P2pIcc) icc   = NULL;

  memcpy (curve, "curv", 4);
  put_u32 (curve + 8, n);
  for (int i = 0; i < n; i++)
    {
      const long light = lrint (pow (i / (n - 1.0), 2.2) * 65535);

      curve[12 + 2 * i] = light >> 8;
      curve[13 + 2 * i] = light;
    }
  icc = open_profile (make_rgb_profile (ADOBE, curve, 12 + 2 * n));

  for (int k = 0; k < 50000; k++)
    {
      float before[3], pixel[3];

      for (int c = 0; c < 3; c++)
        before[c] = pixel[c] = g_test_rand_int_range (0, 65536) / 65535.0f;
      p2p_icc_decode (icc, pixel, 1, 3);
      p2p_icc_encode (icc, pixel, 1, 3);
      for (int c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon (pixel[c], before[c],
                                        before[c] < 8 / 255.0f ? 0.006 : 0.0006);
    }
}

/* Linear light in Adobe RGB's colors by tables: to XYZ, and back by the published inverse
 * matrix. */
static void
test_tables (void)
{
  static const double    inverse[9] = { 1.9624274, -0.6105343, -0.3413404, -0.9787684, 1.9161415,
                                        0.0334540, 0.0286869, -0.1406752, 1.3487655 };
  double                 halved[9];     /* XYZ's values are halved, except for a 65536th */
  g_autoptr (GByteArray) to = make_table (NULL, ADOBE), from = NULL;
  g_autoptr (P2pIcc)     both = NULL, one = NULL, mixed = NULL;
  guint8                 xyz[3][20];

  for (int i = 0; i < 9; i++)
    halved[i] = inverse[i] * (1 + 32767 / 32768.0);
  for (int i = 0; i < 3; i++)
    put_xyz (xyz[i], P3[i]);
  from = make_table (halved, ADOBE);
  both = open_profile (make_profile ("RGB ", (const Tag[]) {
      { "A2B0", to->data, to->len }, { "B2A0", from->data, from->len }, { NULL } }));
  one = open_profile (make_one_way_profile ());
  mixed = open_profile (make_profile ("RGB ", (const Tag[]) {
      { "A2B0", to->data, to->len }, { "rXYZ", xyz[0], 20 }, { "gXYZ", xyz[1], 20 },
      { "bXYZ", xyz[2], 20 }, { "rTRC", TAG (CURVE_SRGB) }, { "gTRC", TAG (CURVE_SRGB) },
      { "bTRC", TAG (CURVE_SRGB) }, { NULL } }));
  g_assert_true (p2p_icc_can_encode (both, FALSE));
  g_assert_false (p2p_icc_can_encode (one, FALSE));
  g_assert_false (p2p_icc_can_encode (mixed, FALSE));

  for (int k = 0; k < 1000; k++)
    {
      float v[3], pixel[3];

      for (int c = 0; c < 3; c++)
        v[c] = pixel[c] = g_test_rand_double ();
      p2p_icc_decode (both, pixel, 1, 3);
      g_assert_cmpfloat_with_epsilon (light_of (pixel[0]), 1.3984f * v[0] - 0.3984f * v[1], 0.0005);
      g_assert_cmpfloat_with_epsilon (light_of (pixel[1]), v[1], 0.0005);
      g_assert_cmpfloat_with_epsilon (light_of (pixel[2]), 1.0429f * v[2] - 0.0429f * v[1], 0.0005);
      p2p_icc_encode (both, pixel, 1, 3);
      for (int c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon (pixel[c], v[c], 0.0005);
    }
}

/* A profile that is sRGB by its numbers changes nothing, not even the last bit.  A profile that has
 * only sRGB's primaries changes samples. */
static void
test_srgb (void)
{
  g_autoptr (P2pIcc) same  = open_profile (make_rgb_profile (SRGB, TAG (CURVE_SRGB)));
  g_autoptr (P2pIcc) other = open_profile (make_rgb_profile (SRGB, TAG (GAMMA_ADOBE)));
  float              pixel[3] = { 0.1f, -0.2f, 1.3f }, kept[3] = { 0.1f, -0.2f, 1.3f };

  p2p_icc_decode (same, pixel, 1, 3);
  p2p_icc_encode (same, pixel, 1, 3);
  g_assert_cmpmem (pixel, sizeof pixel, kept, sizeof kept);

  p2p_icc_decode (other, pixel, 1, 3);
  g_assert_cmpfloat (fabsf (pixel[0] - 0.1f), >, 0.005);
}

/* Tests colors outside the profile, NaN and infinity. */
static void
test_clip (void)
{
  static const struct { float pixel[3], expected[3]; } cases[] = {
    { { 2.0f, 2.0f, 2.0f },      { 1, 1, 1 } },
    { { -1.0f, -1.0f, -1.0f },   { 0, 0, 0 } },
    { { NAN, NAN, NAN },         { 0, 0, 0 } },
    { { INFINITY, INFINITY, INFINITY }, { 1, 1, 1 } },
  };
  g_autoptr (P2pIcc) icc = open_profile (make_profile ("GRAY", (const Tag[]) {
      { "kTRC", TAG (GAMMA_ADOBE) }, { NULL } }));
  g_autoptr (P2pIcc) rgb = open_profile (make_rgb_profile (ADOBE, TAG (GAMMA_ADOBE)));

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      float pixel[3], gray = cases[i].pixel[0];

      p2p_icc_encode (icc, &gray, 1, 1);
      g_assert_cmpfloat (gray, ==, cases[i].expected[0]);

      memcpy (pixel, cases[i].pixel, sizeof pixel);
      p2p_icc_encode (rgb, pixel, 1, 3);
      for (int c = 0; c < 3; c++)
        {
          g_assert_false (isnan (pixel[c]));
          g_assert_true (pixel[c] >= 0.0f && pixel[c] <= 1.0f);
        }
    }
}

#define N_SHARED 30000

typedef struct
{
  const P2pIcc *icc;
  float         pixels[N_SHARED * 3];
} Shared;

static gpointer
decode_shared (gpointer data)
{
  Shared *shared = data;

  for (guint i = 0; i < N_SHARED * 3; i++)
    shared->pixels[i] = i * 40503 % 65536 / 65535.0f;
  p2p_icc_decode (shared->icc, shared->pixels, N_SHARED, 3);
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (P2pIcc)  icc    = open_profile (make_rgb_profile (ADOBE, TAG (GAMMA_ADOBE)));
  g_autofree Shared  *shared = g_new (Shared, 5);
  GThread            *threads[4];

  for (int i = 0; i < 4; i++)
    {
      shared[i].icc = icc;
      threads[i] = g_thread_new ("decode", decode_shared, &shared[i]);
    }
  for (int i = 0; i < 4; i++)
    g_thread_join (threads[i]);

  shared[4].icc = icc;
  decode_shared (&shared[4]);
  for (int i = 0; i < 4; i++)
    g_assert_cmpmem (shared[i].pixels, sizeof shared[i].pixels,
                     shared[4].pixels, sizeof shared[4].pixels);
}

/* ---- Made from numbers -------------------------------------------------------------------- */

static void
test_make (void)
{
  const double       p3[8]     = { 0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060 };
  const double       none[5]   = { 0 };
  g_autoptr (GBytes) profile   = p2p_icc_make (p3, p2p_icc_srgb_curve, NULL);
  g_autoptr (P2pIcc) made      = p2p_icc_new (profile, NULL);
  g_autoptr (P2pIcc) published = open_profile (make_rgb_profile (P3, TAG (CURVE_SRGB)));
  g_autoptr (GError) error     = NULL;

  g_assert_nonnull (made);
  for (int k = 0; k < 1000; k++)
    {
      float a[3], b[3];

      for (int c = 0; c < 3; c++)
        a[c] = b[c] = g_test_rand_double ();
      p2p_icc_decode (made, a, 1, 3);
      p2p_icc_decode (published, b, 1, 3);
      for (int c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon (a[c], b[c], 0.002);
    }

  g_assert_null (p2p_icc_make (p3, none, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
}

/* The date of creation is not in the bytes. */
static void
test_make_same (void)
{
  g_autoptr (GBytes) profile = p2p_icc_make (p2p_icc_srgb_xy, p2p_icc_srgb_curve, NULL);

  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (profile, NULL) + 24, 12,
                   "\x07\xea\0\1\0\1\0\0\0\0\0\0", 12);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (curves); i++)
    {
      g_autofree char *name = g_strconcat ("/icc/curve/", curves[i].name, NULL);

      g_test_add_data_func (name, GINT_TO_POINTER (i), test_curve);
    }
  g_test_add_func ("/icc/primaries", test_primaries);
  g_test_add_func ("/icc/neutral", test_neutral);
  g_test_add_func ("/icc/gray-of-rgb", test_gray_of_rgb);
  g_test_add_func ("/icc/threads", test_threads);
  for (guint i = 0; i < G_N_ELEMENTS (spaces); i++)
    {
      g_autofree char *name = g_strconcat ("/icc/round-trip/", spaces[i].name, NULL);

      g_test_add_data_func (name, GINT_TO_POINTER (i), test_round_trip);
    }
  g_test_add_func ("/icc/round-trip/curve-of-samples", test_curve_of_samples);
  g_test_add_func ("/icc/tables", test_tables);
  g_test_add_func ("/icc/srgb", test_srgb);
  g_test_add_func ("/icc/clip", test_clip);
  g_test_add_func ("/icc/make", test_make);
  g_test_add_func ("/icc/make-same", test_make_same);

  return g_test_run ();
}
