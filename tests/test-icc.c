/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Colour profiles: every kind of curve and the matrix against formulas written here, round trips,
 * and profiles that are damaged or of another kind.  tests/test-lcms.py compares with another
 * program. */

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

/* (1.5 v − 0.5)², zero before that is positive. */
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
} curves[] = {
  { "curv-straight", TAG ("curv\0\0\0\0\0\0\0\0"), straight },
  { "curv-power",    TAG ("curv\0\0\0\0\0\0\0\1\x01\x80"), power },
  { "curv-table",    TAG ("curv\0\0\0\0\0\0\0\3\0\0\x40\0\xff\xff"), bent },
  { "para-0",        TAG (PARA ("\0") "\0\1\x80\0"), power },
  { "para-1",        TAG (PARA ("\1") "\0\2\0\0" "\0\1\x80\0" "\xff\xff\x80\0"), shifted },
  { "para-2",        TAG (PARA ("\2") "\0\2\0\0" "\0\1\x80\0" "\xff\xff\x80\0" "\0\0\x40\0"),
    lifted },
  { "para-3",        TAG (PARA ("\3") "\0\2\0\0" "\0\0\x80\0" "\0\0\x80\0" "\0\0\x40\0"
                          "\0\0\x40\0"), toed },
  { "para-4",        TAG (PARA ("\4") "\0\2\0\0" "\0\0\x80\0" "\0\0\x80\0" "\0\0\x40\0"
                          "\0\0\x40\0" "\0\0\x10\0" "\0\0\x20\0"), toed_and_lifted },
};

/* A curve alone, as gray profiles have it. */
static void
test_curve (gconstpointer data)
{
  const int          i   = GPOINTER_TO_INT (data);
  g_autoptr (P2pIcc) icc = open_profile (make_profile ("GRAY", (const Tag[]) {
      { "kTRC", curves[i].tag, curves[i].size }, { NULL } }));

  g_assert_true (p2p_icc_is_gray (icc));
  for (int k = 0; k < 256; k++)
    {
      float pixel[2] = { k / 255.0f, 0.3f };

      p2p_icc_decode (icc, pixel, 1, 2);
      g_assert_cmpfloat_with_epsilon (pixel[0], srgb (curves[i].light (k / 255.0)), 3e-5);
      g_assert_cmpfloat (pixel[1], ==, 0.3f);

      /* Where the curve is flat there is no way back. */
      if (curves[i].light (k / 255.0) - curves[i].light ((k - 1) / 255.0) < 1e-9)
        continue;
      p2p_icc_encode (icc, pixel, 1, 2);
      g_assert_cmpfloat_with_epsilon (pixel[0], k / 255.0, 3e-5);
      g_assert_cmpfloat (pixel[1], ==, 0.3f);
    }
}

/* A measured curve may fall a little; light grows all the same. */
static void
test_falling (void)
{
  g_autoptr (P2pIcc) icc = open_profile (make_profile ("GRAY", (const Tag[]) {
      { "kTRC", TAG ("curv\0\0\0\0\0\0\0\5\0\0\x40\0\x3f\0\x80\0\xff\xff") }, { NULL } }));
  float before = -1.0f;

  for (int k = 0; k < 1000; k++)
    {
      float value = k / 999.0f;

      p2p_icc_decode (icc, &value, 1, 1);
      g_assert_cmpfloat (value, >=, before);
      before = value;
    }
}

/* ---- Colours ------------------------------------------------------------------------------ */

static float
light_of (float value)
{
  const float size = fabsf (value);

  return copysignf (size <= 0.04045f ? size / 12.92f : powf ((size + 0.055f) / 1.055f, 2.4f),
                    value);
}

/* The primaries of Adobe RGB and BT.2020 as light of sRGB's: Lindbloom's matrices, multiplied. */
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

static const struct
{
  const char    *name;
  const double (*colorants)[3];
  const guint8  *curve;
  gsize          size;
  double         least;     /* of samples */
} spaces[] = {
  { "p3",     P3,     TAG (CURVE_SRGB),  0.0 },
  { "bt2020", BT2020, TAG (CURVE_SRGB),  0.0 },
  /* A power has no slope at 0: there, the float's last bit is many samples. */
  { "adobe",  ADOBE,  TAG (GAMMA_ADOBE), 0.06 },
};

/* Colours of 16 bits come back as the same samples, also those outside of sRGB. */
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

/* A profile that is sRGB by its numbers changes nothing, not even the last bit; one that has only
 * sRGB's primaries does. */
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

/* Colours that the profile does not have, and no numbers at all. */
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

/* ---- Made of numbers ---------------------------------------------------------------------- */

static void
test_make (void)
{
  const P2pPrimaries primaries = { { 0.3127, 0.680, 0.265, 0.150 },
                                   { 0.3290, 0.320, 0.690, 0.060 } };
  const P2pTransfer  none      = { 0 };
  g_autoptr (GBytes) profile   = p2p_icc_make (&primaries, &p2p_transfer_srgb, NULL);
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

  g_assert_null (p2p_icc_make (&primaries, &none, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
}

/* ---- Damaged, hostile, of other kinds ----------------------------------------------------- */

static const double COLLINEAR[3][3] = { { 0.4, 0.2, 0.1 }, { 0.8, 0.4, 0.2 }, { 0.1, 0.1, 0.7 } };

/* One change to a sound RGB profile: value, as 4 bytes, at offset. */
static const struct
{
  const char    *name;
  const double (*colorants)[3];
  const guint8  *curve;
  gsize          size;
  int            offset;
  guint32        value;
  int            code;
} malformed[] = {
  { "size-too-large",   ADOBE, TAG (GAMMA_ADOBE), 0, 100000, P2P_ERROR_FILE },
  { "size-tiny",        ADOBE, TAG (GAMMA_ADOBE), 0, 100, P2P_ERROR_FILE },
  { "no-acsp",          ADOBE, TAG (GAMMA_ADOBE), 36, 0, P2P_ERROR_FILE },
  { "no-tags",          ADOBE, TAG (GAMMA_ADOBE), 128, 0, P2P_ERROR_FILE },
  { "tag-outside",      ADOBE, TAG (GAMMA_ADOBE), 136, 0xfffffff0, P2P_ERROR_FILE },
  { "tag-too-large",    ADOBE, TAG (GAMMA_ADOBE), 140, 0xffffffff, P2P_ERROR_FILE },
  { "tag-too-small",    ADOBE, TAG (GAMMA_ADOBE), 140, 8, P2P_ERROR_FILE },
  { "xyz-cut",          ADOBE, TAG (GAMMA_ADOBE), 140, 16, P2P_ERROR_FILE },
  { "no-red",           ADOBE, TAG (GAMMA_ADOBE), 132, 0, P2P_ERROR_FILE },
  { "no-curve",         ADOBE, TAG (GAMMA_ADOBE), 168, 0, P2P_ERROR_FILE },
  { "xyz-is-none",      ADOBE, TAG (GAMMA_ADOBE), 204, 0, P2P_ERROR_FILE },
  { "collinear",        COLLINEAR, TAG (GAMMA_ADOBE), 8, 0x04000000, P2P_ERROR_FILE },
  { "curve-of-what",    ADOBE, TAG ("what\0\0\0\0\0\0\0\0"), 8, 0x04000000, P2P_ERROR_FILE },
  { "curve-too-long",   ADOBE, TAG ("curv\0\0\0\0\0\0\1\0\0\0\0\0"), 8, 0x04000000,
    P2P_ERROR_FILE },
  { "curve-huge",       ADOBE, TAG ("curv\0\0\0\0\xff\xff\xff\xff\0\0\0\0"), 8, 0x04000000,
    P2P_ERROR_FILE },
  { "curve-flat",       ADOBE, TAG ("curv\0\0\0\0\0\0\0\2\x40\0\x40\0"), 8, 0x04000000,
    P2P_ERROR_FILE },
  { "curve-down",       ADOBE, TAG ("curv\0\0\0\0\0\0\0\2\xff\xff\0\0"), 8, 0x04000000,
    P2P_ERROR_FILE },
  { "curve-power-0",    ADOBE, TAG ("curv\0\0\0\0\0\0\0\1\0\0"), 8, 0x04000000, P2P_ERROR_FILE },
  { "para-type-5",      ADOBE, TAG (PARA ("\5") "\0\1\0\0" "\0\1\0\0"), 8, 0x04000000,
    P2P_ERROR_FILE },
  { "para-cut",         ADOBE, TAG (PARA ("\4") "\0\1\0\0" "\0\1\0\0"), 8, 0x04000000,
    P2P_ERROR_FILE },
  { "para-division",    ADOBE, TAG (PARA ("\1") "\0\1\0\0" "\0\0\0\0" "\0\0\0\0"), 8, 0x04000000,
    P2P_ERROR_FILE },
  { "para-infinite",    ADOBE, TAG (PARA ("\0") "\xff\xff\0\0"), 8, 0x04000000, P2P_ERROR_FILE },
  { "version-5",        ADOBE, TAG (GAMMA_ADOBE), 8, 0x05000000, P2P_ERROR_UNSUPPORTED },
  { "cmyk",             ADOBE, TAG (GAMMA_ADOBE), 16, 0x434d594b, P2P_ERROR_UNSUPPORTED },
  { "lab-connection",   ADOBE, TAG (GAMMA_ADOBE), 20, 0x4c616220, P2P_ERROR_UNSUPPORTED },
  { "tables",           ADOBE, TAG (GAMMA_ADOBE), 192, 0x41324230, P2P_ERROR_UNSUPPORTED },
};

static void
test_malformed (gconstpointer data)
{
  const int          i       = GPOINTER_TO_INT (data);
  GByteArray        *bytes   = make_rgb_profile (malformed[i].colorants, malformed[i].curve,
                                                 malformed[i].size);
  g_autoptr (GBytes) profile = NULL;
  g_autoptr (GError) error   = NULL;

  put_u32 (bytes->data + malformed[i].offset, malformed[i].value);
  profile = as_bytes (bytes);
  g_assert_null (p2p_icc_new (profile, &error));
  g_assert_error (error, P2P_ERROR, malformed[i].code);
}

/* Whatever bytes are cut off or changed, reading ends, and what is read gives numbers. */
static void
test_mutations (void)
{
  static const guint8     table[]  = "curv\0\0\0\0\0\0\0\2\0\0\xff\xff";
  static const guint8     values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
  g_autoptr (GByteArray)  sound    = make_rgb_profile (ADOBE, TAG (table));

  for (guint i = 0; i < sound->len * (1 + G_N_ELEMENTS (values)); i++)
    {
      const guint        place   = i % sound->len, kind = i / sound->len;
      g_autofree guint8 *copy    = g_memdup2 (sound->data, sound->len);
      const gsize        size    = kind ? sound->len : place;
      g_autoptr (GBytes) profile = NULL;
      g_autoptr (P2pIcc) icc     = NULL;
      float              pixel[] = { 0.2f, 0.5f, 0.9f };

      if (kind)
        copy[place] = values[kind - 1];
      profile = g_bytes_new (copy, size);
      icc = p2p_icc_new (profile, NULL);
      g_assert_true (kind || ! icc);
      if (! icc)
        continue;
      p2p_icc_decode (icc, pixel, 1, 3);
      for (int c = 0; c < 3; c++)
        g_assert_true (isfinite (pixel[c]));
    }
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
  g_test_add_func ("/icc/falling", test_falling);
  g_test_add_func ("/icc/primaries", test_primaries);
  g_test_add_func ("/icc/neutral", test_neutral);
  for (guint i = 0; i < G_N_ELEMENTS (spaces); i++)
    {
      g_autofree char *name = g_strconcat ("/icc/round-trip/", spaces[i].name, NULL);

      g_test_add_data_func (name, GINT_TO_POINTER (i), test_round_trip);
    }
  g_test_add_func ("/icc/srgb", test_srgb);
  g_test_add_func ("/icc/clip", test_clip);
  g_test_add_func ("/icc/make", test_make);
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_autofree char *name = g_strconcat ("/icc/malformed/", malformed[i].name, NULL);

      g_test_add_data_func (name, GINT_TO_POINTER (i), test_malformed);
    }
  g_test_add_func ("/icc/mutations", test_mutations);

  return g_test_run ();
}
