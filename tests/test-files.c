/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Model files: number types, safetensors, and how a damaged file is refused. */

#include <math.h>
#include <string.h>

#include "fetched.h"
#include "files/half.h"
#include "files/open.h"
#include "files/replace.h"
#include "files/safetensors.h"
#include "folder.h"
#include "p2p.h"

/* ---- Numbers ---------------------------------------------------------------------------- */

/* The value of a 16-bit float with so many bits of exponent, by the definition in IEEE 754. */
static double
meaning (guint16 code,
         int     exponent_bits)
{
  int    fraction_bits = 15 - exponent_bits;
  int    bias = (1 << (exponent_bits - 1)) - 1;
  int    exponent = code >> fraction_bits & ((1 << exponent_bits) - 1);
  double fraction = ldexp (code & ((1 << fraction_bits) - 1), -fraction_bits);
  double sign = code & 0x8000 ? -1.0 : 1.0;

  if (exponent == (1 << exponent_bits) - 1)
    return fraction ? NAN : sign * INFINITY;
  if (exponent == 0)
    return sign * ldexp (fraction, 1 - bias);
  return sign * ldexp (1.0 + fraction, exponent - bias);
}

static void
check_widening (P2pDtype dtype,
                int      exponent_bits)
{
  g_autofree guint16 *codes = g_new (guint16, 65536);
  g_autofree float   *values = g_new (float, 65536);

  for (int i = 0; i < 65536; i++)
    codes[i] = GUINT16_TO_LE (i);
  p2p_widen (dtype, codes, 65536, values);

  for (int i = 0; i < 65536; i++)
    {
      double expected = meaning (i, exponent_bits);
      float  alone;

      p2p_widen (dtype, &codes[i], 1, &alone);
      if (memcmp (&alone, &values[i], sizeof alone) != 0)
        g_error ("code 0x%04x alone gives other bits than in a row", i);
      if (isnan (expected) ? ! isnan (values[i])
                           : values[i] != expected || ! signbit (values[i]) != ! signbit (expected))
        g_error ("code 0x%04x gives %g, not %g", i, (double) values[i], expected);
    }
}

static void
test_half_widen (void)
{
  check_widening (P2P_F16, 5);
}

static void
test_bfloat16_widen (void)
{
  check_widening (P2P_BF16, 8);
}

/* Little-endian and not aligned.  2²⁴ + 1 is the first integer that a float does not hold. */
static void
test_int64_widen (void)
{
  static const guint8 bytes[] = "-\376\377\377\377\377\377\377\377" "\1\0\0\1\0\0\0\0"
                                "\0\0\0\0\0\1\0\0";
  float               values[3];

  p2p_widen (P2P_I64, bytes + 1, 3, values);
  g_assert_cmpfloat (values[0], ==, -2.0);
  g_assert_cmpfloat (values[1], ==, 16777216.0);
  g_assert_cmpfloat (values[2], ==, 1099511627776.0);
}

static void
check_half (double  value,
            guint16 expected)
{
  guint16 half = p2p_half (value);

  if (half != expected)
    g_error ("%a gives code 0x%04x, not 0x%04x", value, half, expected);
}

static void
test_half_nearest (void)
{
  /* Between each two neighbors: just below the middle, the middle, and just above it. */
  for (int code = 0; code < 0x7bff; code++)
    {
      float middle = 0.5 * (meaning (code, 5) + meaning (code + 1, 5));

      check_half (meaning (code, 5), code);
      check_half (nextafterf (middle, 0.0f), code);
      check_half (middle, code & 1 ? code + 1 : code);
      check_half (nextafterf (middle, INFINITY), code + 1);
      check_half (-nextafterf (middle, INFINITY), 0x8000 | (code + 1));
    }
}

static void
test_half_special (void)
{
  check_half (P2P_HALF_MAX, 0x7bff);
  check_half (nextafterf (65520.0f, 0.0f), 0x7bff);
  check_half (65520.0f, 0x7c00);
  check_half (-3.4e38f, 0xfc00);
  check_half (INFINITY, 0x7c00);
  check_half (-0.0f, 0x8000);
  check_half (1e-45f, 0x0000);
  g_assert_true ((p2p_half (NAN) & 0x7c00) == 0x7c00 && (p2p_half (NAN) & 0x3ff) != 0);
}

/* ---- Round trips ------------------------------------------------------------------------ */

#define N 1000

/* A weight [10,100], a bias [1000] and a counter.  The first two have these numbers. */
static P2pTensors *
make_tensors (P2pDtype    dtype,
              const void *numbers)
{
  static const gint64 counter = 7;
  const gint64        dims[2] = { 10, 100 };
  const gint64        length = N;
  P2pTensors         *tensors = p2p_tensors_new ();

  p2p_tensors_add (tensors, "a.weight", dtype, 2, dims, numbers, NULL);
  p2p_tensors_add (tensors, "b.bias", dtype, 1, &length, numbers, NULL);
  p2p_tensors_add (tensors, "c.num_batches_tracked", P2P_I64, 0, NULL, &counter, NULL);
  return tensors;
}

static P2pTensors *
write_and_open (Fixture          *fixture,
                const P2pTensors *tensors,
                gboolean          f16)
{
  g_autofree char       *path = g_build_filename (fixture->folder, "round.safetensors", NULL);
  g_autoptr (GHashTable) metadata = g_hash_table_new (g_str_hash, g_str_equal);
  P2pTensors            *opened;
  GError                *error = NULL;

  g_hash_table_insert (metadata, "p2p.title", "Straße, \"quoted\"\n\\");
  g_hash_table_insert (metadata, "p2p.task", "");
  p2p_safetensors_write (path, tensors, metadata, f16, &error);
  g_assert_no_error (error);
  opened = fetched (p2p_tensors_peek (path, &error), &error);
  g_assert_no_error (error);
  return opened;
}

static void
check_tensor (const P2pTensors *tensors,
              const char       *name,
              P2pDtype          dtype,
              const float      *expected)
{
  const P2pTensor  *tensor = p2p_tensors_get (tensors, name);
  g_autofree float *values = g_new (float, N);

  g_assert_nonnull (tensor);
  g_assert_cmpstr (p2p_dtype_name (tensor->dtype), ==, p2p_dtype_name (dtype));
  g_assert_cmpuint (tensor->n_elements, ==, N);
  p2p_widen (dtype, tensor->data, N, values);
  for (int i = 0; i < N; i++)
    g_assert_cmpfloat (values[i], ==, expected[i]);
}

/* Fills with numbers that every type holds exactly. */
static void
fill (float   *values,
      guint16 *halves,
      guint16 *bfloats)
{
  for (int i = 0; i < N; i++)
    {
      guint32 bits;

      values[i] = (i % 255 - 127) / 16.0f;
      halves[i] = GUINT16_TO_LE (p2p_half (values[i]));
      memcpy (&bits, &values[i], sizeof bits);
      bfloats[i] = GUINT16_TO_LE (bits >> 16);
    }
}

typedef struct
{
  P2pDtype source;
  gboolean f16;
  P2pDtype weight;    /* type of the weight in the new file; the bias is always F32 */
} RoundTrip;

static void
test_round_trip (Fixture       *fixture,
                 gconstpointer  data)
{
  const RoundTrip       *trip = data;
  float                  values[N];
  guint16                halves[N], bfloats[N];
  g_autoptr (P2pTensors) tensors = NULL;
  g_autoptr (P2pTensors) opened = NULL;

  fill (values, halves, bfloats);
  tensors = make_tensors (trip->source, trip->source == P2P_F32   ? (void *) values
                                        : trip->source == P2P_F16 ? halves : bfloats);
  opened = write_and_open (fixture, tensors, trip->f16);

  check_tensor (opened, "a.weight", trip->weight, values);
  check_tensor (opened, "b.bias", P2P_F32, values);
  g_assert_cmpuint (opened->list->len, ==, 2);
}

static void
test_metadata (Fixture       *fixture,
               gconstpointer  data)
{
  float                  values[N] = { 0.0f };
  g_autoptr (P2pTensors) tensors = make_tensors (P2P_F32, values);
  g_autoptr (P2pTensors) opened = write_and_open (fixture, tensors, FALSE);

  g_assert_cmpuint (g_hash_table_size (opened->metadata), ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (opened->metadata, "p2p.title"), ==,
                   "Straße, \"quoted\"\n\\");
  g_assert_cmpstr (g_hash_table_lookup (opened->metadata, "p2p.task"), ==, "");
}

/* Other programs' readers map the file and need aligned numbers. */
static void
test_alignment (Fixture       *fixture,
                gconstpointer  data)
{
  float                  values[N] = { 0.0f };
  g_autoptr (P2pTensors) tensors = make_tensors (P2P_F32, values);
  g_autoptr (P2pTensors) opened = write_and_open (fixture, tensors, TRUE);

  for (guint i = 0; i < opened->list->len; i++)
    {
      const P2pTensor *tensor = opened->list->pdata[i];

      g_assert_cmpuint ((gsize) tensor->data % p2p_dtype_size (tensor->dtype), ==, 0);
    }
}

static void
test_too_large_for_f16 (Fixture       *fixture,
                        gconstpointer  data)
{
  float                  values[N] = { [N - 1] = -65505.0f };
  g_autoptr (P2pTensors) tensors = make_tensors (P2P_F32, values);
  g_autofree char       *path = g_build_filename (fixture->folder, "large.safetensors", NULL);
  g_autoptr (GError)     error = NULL;

  g_assert_false (p2p_safetensors_write (path, tensors, NULL, TRUE, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_OPTION);
  g_assert_cmpstr (error->message, ==, "Weight “a.weight” holds -65505, which is too large for "
                                       "F16: write the model without F16");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* ---- Replacing -------------------------------------------------------------------------- */

static gboolean
save_half (FILE     *file,
           gpointer  data,
           GError  **error)
{
  fputs ("half of it", file);
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE, "enough");
  return FALSE;
}

static gboolean
save_new (FILE     *file,
          gpointer  data,
          GError  **error)
{
  fputs ("new", file);
  return TRUE;
}

static void
check_contents (const char *path,
                const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static void
test_replace_fails (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char   *path = write_file (fixture, "old", "old", 3);
  g_autoptr (GError) error = NULL;
  guint              n = count_files (fixture->folder);

  g_assert_false (p2p_replace_file (path, save_half, NULL, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
  check_contents (path, "old");
  g_assert_cmpuint (count_files (fixture->folder), ==, n);
}

static void
test_replace_link (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char   *path = write_file (fixture, "target", "old", 3);
  g_autofree char   *link = g_build_filename (fixture->folder, "link", NULL);
  g_autoptr (GFile)  file = g_file_new_for_path (link);
  g_autoptr (GError) error = NULL;
  GStatBuf           info;

  g_assert_true (g_file_make_symbolic_link (file, "target", NULL, NULL));
  g_assert_cmpint (g_chmod (path, 0640), ==, 0);
  g_assert_true (p2p_replace_file (link, save_new, NULL, &error));
  g_assert_no_error (error);
  check_contents (path, "new");
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0640);
}

/* As root, a rename would replace /dev/null by a file. */
static void
test_replace_device (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (p2p_replace_file ("/dev/null", save_new, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, ==, "Cannot write /dev/null: Operation not supported");
}

static void
test_replace_no_place (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (p2p_replace_file ("/proc/there-is-no-room", save_new, NULL, &error));
  g_assert_nonnull (error);
  g_assert_true (g_str_has_prefix (error->message, "Cannot write /proc/there-is-no-room: "));
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *path;
    RoundTrip   trip;
  }
  trips[] =
  {
    { "/safetensors/round-trip/f32",         { P2P_F32,  FALSE, P2P_F32 } },
    { "/safetensors/round-trip/f32-to-f16",  { P2P_F32,  TRUE,  P2P_F16 } },
    { "/safetensors/round-trip/f16",         { P2P_F16,  FALSE, P2P_F16 } },
    { "/safetensors/round-trip/bf16",        { P2P_BF16, FALSE, P2P_F32 } },
    { "/safetensors/round-trip/bf16-to-f16", { P2P_BF16, TRUE,  P2P_F16 } },
  };

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/half/every-code-widens-exactly", test_half_widen);
  g_test_add_func ("/half/narrowing-takes-the-nearest", test_half_nearest);
  g_test_add_func ("/half/special-values", test_half_special);
  g_test_add_func ("/bfloat16/every-code-widens-exactly", test_bfloat16_widen);
  g_test_add_func ("/int64/nearest-float", test_int64_widen);

  for (guint i = 0; i < G_N_ELEMENTS (trips); i++)
    g_test_add (trips[i].path, Fixture, &trips[i].trip, set_up, test_round_trip, tear_down);
  g_test_add ("/safetensors/metadata-comes-back", Fixture, NULL, set_up, test_metadata, tear_down);
  g_test_add ("/safetensors/data-is-aligned", Fixture, NULL, set_up, test_alignment, tear_down);
  g_test_add ("/safetensors/too-large-for-f16", Fixture, NULL, set_up, test_too_large_for_f16,
              tear_down);

  g_test_add ("/replace/failure-leaves-the-old-file", Fixture, NULL, set_up, test_replace_fails,
              tear_down);
  g_test_add ("/replace/link-and-permissions-stay", Fixture, NULL, set_up, test_replace_link,
              tear_down);
  g_test_add_func ("/replace/devices-are-refused", test_replace_device);
  g_test_add_func ("/replace/no-place-is-an-error", test_replace_no_place);

  return g_test_run ();
}
