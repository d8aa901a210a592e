/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Color profiles that are damaged, of another kind, or nonsense: which of them are errors, and that
 * the others never give NaN or infinity. */

#include "p2p.h"
#include "pictures/icc.h"
#include "profiles.h"

#define TAG(bytes) (const guint8 *) bytes, sizeof bytes - 1
#define PARA(type) "para\0\0\0\0\0" type "\0\0"

/* Each entry changes an intact RGB profile: it writes value, as 4 bytes, at offset. */
static const struct
{
  const char   *name;
  const guint8 *curve;
  gsize         size;
  int           offset;
  guint32       value;
  int           code;
} malformed[] = {
  { "size-too-large",  TAG (GAMMA_ADOBE), 0, 100000, P2P_ERROR_FILE },
  { "size-tiny",       TAG (GAMMA_ADOBE), 0, 100, P2P_ERROR_FILE },
  { "no-acsp",         TAG (GAMMA_ADOBE), 36, 0, P2P_ERROR_FILE },
  { "no-tags",         TAG (GAMMA_ADOBE), 128, 0, P2P_ERROR_FILE },
  { "tag-outside",     TAG (GAMMA_ADOBE), 136, 0xfffffff0, P2P_ERROR_FILE },
  { "tag-too-large",   TAG (GAMMA_ADOBE), 140, 0xffffffff, P2P_ERROR_FILE },
  { "no-red",          TAG (GAMMA_ADOBE), 132, 0, P2P_ERROR_FILE },
  { "no-curve",        TAG (GAMMA_ADOBE), 168, 0, P2P_ERROR_FILE },
  { "xyz-is-none",     TAG (GAMMA_ADOBE), 204, 0, P2P_ERROR_FILE },
  { "curve-of-what",   TAG ("what\0\0\0\0\0\0\0\0"), 8, 0x04000000, P2P_ERROR_FILE },
  { "curve-too-long",  TAG ("curv\0\0\0\0\0\0\1\0\0\0\0\0"), 8, 0x04000000, P2P_ERROR_FILE },
  { "curve-huge",      TAG ("curv\0\0\0\0\xff\xff\xff\xff\0\0\0\0"), 8, 0x04000000,
    P2P_ERROR_FILE },
  { "para-type-5",     TAG (PARA ("\5") "\0\1\0\0" "\0\1\0\0"), 8, 0x04000000, P2P_ERROR_FILE },
  { "table-is-none",   TAG (GAMMA_ADOBE), 192, 0x41324230, P2P_ERROR_FILE },
  { "version-5",       TAG (GAMMA_ADOBE), 8, 0x05000000, P2P_ERROR_UNSUPPORTED },
  { "cmyk",            TAG (GAMMA_ADOBE), 16, 0x434d594b, P2P_ERROR_UNSUPPORTED },
  { "lab",             TAG (GAMMA_ADOBE), 16, 0x4c616220, P2P_ERROR_UNSUPPORTED },
  { "link",            TAG (GAMMA_ADOBE), 12, 0x6c696e6b, P2P_ERROR_UNSUPPORTED },
  { "named-colors",    TAG (GAMMA_ADOBE), 12, 0x6e6d636c, P2P_ERROR_UNSUPPORTED },
};

static void
test_malformed (gconstpointer data)
{
  const int          i       = GPOINTER_TO_INT (data);
  GByteArray        *bytes   = make_rgb_profile (ADOBE, malformed[i].curve, malformed[i].size);
  g_autoptr (GBytes) profile = NULL;
  g_autoptr (GError) error   = NULL;

  put_u32 (bytes->data + malformed[i].offset, malformed[i].value);
  profile = as_bytes (bytes);
  g_assert_null (p2p_icc_new (profile, &error));
  g_assert_error (error, P2P_ERROR, malformed[i].code);
}

/* Bytes that are not a profile count as damage, not as a newer version. */
static void
test_garbage (void)
{
  g_autofree guint8 *bytes   = g_malloc (200);
  g_autoptr (GBytes) profile = NULL;
  g_autoptr (GError) error   = NULL;

  memset (bytes, 'x', 200);
  put_u32 (bytes, 200);
  profile = g_bytes_new (bytes, 200);
  g_assert_null (p2p_icc_new (profile, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
}

static void
assert_numbers (const P2pIcc *icc)
{
  for (int k = 0; k <= 64; k++)
    {
      float pixel[] = { k / 64.0f, (k * 7 % 65) / 64.0f, 0.9f };

      p2p_icc_decode (icc, pixel, 1, 3);
      for (int c = 0; c < 3; c++)
        g_assert_true (isfinite (pixel[c]));
      if (! p2p_icc_can_encode (icc, FALSE))
        continue;
      p2p_icc_encode (icc, pixel, 1, 3);
      for (int c = 0; c < 3; c++)
        g_assert_true (pixel[c] >= 0.0f && pixel[c] <= 1.0f);
    }
}

/* Intact profiles with nonsensical contents.  They give finite numbers all the same. */
static void
test_nonsense (void)
{
  static const double collinear[3][3] = { { 0.4, 0.2, 0.1 }, { 0.8, 0.4, 0.2 }, { 0.1, 0.1, 0.7 } };
  static const struct { const guint8 *curve; gsize size; } nonsense[] = {
    { TAG ("curv\0\0\0\0\0\0\0\2\x40\0\x40\0") },                /* flat */
    { TAG ("curv\0\0\0\0\0\0\0\2\xff\xff\0\0") },                /* falling */
    { TAG ("curv\0\0\0\0\0\0\0\1\0\0") },                        /* exponent 0 */
    { TAG (PARA ("\0") "\xff\xff\0\0") },                          /* exponent −1 */
    { TAG (PARA ("\0") "\x7f\xff\0\0") },
    { TAG (PARA ("\1") "\0\1\0\0" "\0\0\0\0" "\0\0\0\0") },       /* a = 0 */
    { TAG (PARA ("\2") "\0\x20\0\0" "\x7f\xff\0\0" "\x7f\xff\0\0" "\x7f\xff\0\0") },
  };
  g_autoptr (GBytes) bytes = as_bytes (make_rgb_profile (collinear, TAG (GAMMA_ADOBE)));
  g_autoptr (P2pIcc) flat  = p2p_icc_new (bytes, NULL);

  assert_numbers (flat);
  g_assert_false (p2p_icc_can_encode (flat, FALSE));
  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    {
      g_autoptr (GBytes) curved = as_bytes (make_rgb_profile (ADOBE, nonsense[i].curve,
                                                              nonsense[i].size));
      g_autoptr (P2pIcc) icc    = p2p_icc_new (curved, NULL);

      if (icc)
        assert_numbers (icc);
    }
}

/* Whichever bytes are cut off or changed, reading ends, and what is read gives finite numbers. */
static void
mutate (const GByteArray *sound)
{
  static const guint8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };

  for (guint i = 0; i < sound->len * (1 + G_N_ELEMENTS (values)); i++)
    {
      const guint        place   = i % sound->len, kind = i / sound->len;
      g_autofree guint8 *copy    = g_memdup2 (sound->data, sound->len);
      const gsize        size    = kind ? sound->len : place;
      g_autoptr (GBytes) profile = NULL;
      g_autoptr (P2pIcc) icc     = NULL;

      if (kind)
        copy[place] = values[kind - 1];
      profile = g_bytes_new (copy, size);
      icc = p2p_icc_new (profile, NULL);
      g_assert_true (kind || ! icc);
      if (icc)
        assert_numbers (icc);
    }
}

static void
test_mutated_matrix (void)
{
  g_autoptr (GByteArray) sound = make_rgb_profile (
      ADOBE, TAG ("curv\0\0\0\0\0\0\0\2\0\0\xff\xff"));

  mutate (sound);
}

static void
test_mutated_function (void)
{
  g_autoptr (GByteArray) sound = make_rgb_profile (P3, TAG (CURVE_SRGB));

  mutate (sound);
}

static void
test_mutated_tables (void)
{
  static const double    same[9] = { 1, 0, 0, 0, 1, 0, 0, 0, 1 };
  g_autoptr (GByteArray) to      = make_table (NULL, ADOBE);
  g_autoptr (GByteArray) from    = make_table (same, ADOBE);
  g_autoptr (GByteArray) sound   = make_profile ("RGB ", (const Tag[]) {
      { "A2B0", to->data, to->len }, { "B2A0", from->data, from->len }, { NULL } });

  mutate (sound);
}

/* Numbers that no primaries have: on a line, without light, or far out of range. */
static void
test_make_nonsense (void)
{
  static const double xys[][8] = {
    { 0 },
    { 0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.47, 0.465 },
    { 0.3127, 0.3290, 0.64, 0.33, 0.64, 0.33, 0.15, 0.06 },
    { 0.3127, 0.0, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06 },
    { 0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 42949.67295 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (xys); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (p2p_icc_make (xys[i], p2p_icc_srgb_curve, &error));
      g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_autofree char *name = g_strconcat ("/icc-damaged/malformed/", malformed[i].name, NULL);

      g_test_add_data_func (name, GINT_TO_POINTER (i), test_malformed);
    }
  g_test_add_func ("/icc-damaged/garbage", test_garbage);
  g_test_add_func ("/icc-damaged/nonsense", test_nonsense);
  g_test_add_func ("/icc-damaged/made-of-nonsense", test_make_nonsense);
  g_test_add_func ("/icc-damaged/mutated/matrix", test_mutated_matrix);
  g_test_add_func ("/icc-damaged/mutated/function", test_mutated_function);
  g_test_add_func ("/icc-damaged/mutated/tables", test_mutated_tables);

  return g_test_run ();
}
