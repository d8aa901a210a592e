/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* NaN and infinity in weights are found at any place, and no other number is taken for them. */

#include <math.h>
#include <string.h>

#include "files/finite-check.h"
#include "files/half.h"
#include "graph/params-load.h"
#include "p2p.h"

/* Each code of the 16-bit types is compared with what it widens to. */
static void
check_codes (P2pDtype dtype)
{
  for (int code = 0; code < 65536; code++)
    {
      guint16 stored = GUINT16_TO_LE (code);
      float   value;

      p2p_widen (dtype, &stored, 1, &value);
      if (p2p_all_finite (dtype, &stored, 1) != ! ! isfinite (value))
        g_error ("code 0x%04x of %s, %g, is misjudged", code, p2p_dtype_name (dtype),
                 (double) value);
    }
}

static void
test_half (void)
{
  check_codes (P2P_F16);
}

static void
test_bfloat16 (void)
{
  check_codes (P2P_BF16);
}

/* Tests both ends of every exponent's range, with both signs. */
static void
test_float (void)
{
  for (guint32 exponent = 0; exponent < 512; exponent++)
    for (guint32 end = 0; end < 3; end++)
      {
        guint32 bits = exponent << 23 | (end == 2 ? 0x7fffff : end);
        guint32 stored = GUINT32_TO_LE (bits);
        float   value;

        memcpy (&value, &bits, sizeof value);
        if (p2p_all_finite (P2P_F32, &stored, 1) != ! ! isfinite (value))
          g_error ("0x%08x, %g, is misjudged", bits, (double) value);
      }
}

/* Tests any place among other numbers, at any address. */
static void
test_places (void)
{
  enum { N = 67 };
  guint8 bytes[4 * N + 4] = { 0 };

  for (int shift = 0; shift < 4; shift++)
    for (int i = 0; i < N; i++)
      {
        guint8 *place = bytes + shift + 4 * i;

        memcpy (place, "\x00\x00\x80\x7f", 4);   /* infinity */
        g_assert_false (p2p_all_finite (P2P_F32, bytes + shift, N));
        memset (place, 0, 4);
        g_assert_true (p2p_all_finite (P2P_F32, bytes + shift, N));
        memcpy (place, "\x01\xfc", 2);           /* −NaN */
        g_assert_false (p2p_all_finite (P2P_F16, bytes + shift, 2 * N));
        memset (place, 0, 4);
      }
}

static void
test_integers (void)
{
  static const gint64 all_ones = -1;

  g_assert_true (p2p_all_finite (P2P_I64, &all_ones, 1));
}

/* Tests weights with two dimensions, which stay where they are mapped, and small ones, which are
 * copied. */
static void
check_load (float       weight,
            float       bias,
            const char *named)
{
  const int             dims[2] = { 1, 2 };
  const gint64          dims64[2] = { 1, 2 };
  float                 weights[2] = { 1.0f, weight };
  const P2pInit         init = { 0.0, 0.0 };
  g_autoptr (P2pParams) params = p2p_params_new ();
  P2pTensors           *tensors = p2p_tensors_new ();
  g_autoptr (GError)    error = NULL;
  g_autofree char      *message = g_strdup_printf ("Weight “%s” holds numbers that are not finite: "
                                                   "the training that made it failed; use an "
                                                   "earlier checkpoint", named);

  p2p_params_declare (params, "a.weight", P2P_TRAINABLE, 2, dims, init, NULL);
  p2p_params_declare (params, "a.bias", P2P_TRAINABLE, 1, dims, init, NULL);
  p2p_tensors_add (tensors, "a.weight", P2P_F32, 2, dims64, weights, NULL);
  p2p_tensors_add (tensors, "a.bias", P2P_F32, 1, dims64, &bias, NULL);

  g_assert_false (p2p_params_load (params, tensors, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
  g_assert_cmpstr (error->message, ==, message);
  p2p_tensors_free (tensors);
}

static void
test_load (void)
{
  check_load (NAN, 0.0f, "a.weight");
  check_load (0.0f, -INFINITY, "a.bias");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/finite/every-half", test_half);
  g_test_add_func ("/finite/every-bfloat16", test_bfloat16);
  g_test_add_func ("/finite/float", test_float);
  g_test_add_func ("/finite/any-place", test_places);
  g_test_add_func ("/finite/integers-are", test_integers);
  g_test_add_func ("/finite/weights-are-named", test_load);

  return g_test_run ();
}
