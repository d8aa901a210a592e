/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Conversion of the numbers in model files to float, and of float to half. */

#include <string.h>

#if defined (__x86_64__) || defined (__i386__)
#include <cpuid.h>
#include <immintrin.h>
#define HAVE_F16C
#endif

#include "half.h"

static inline float
float_from_bits (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static inline guint16
read_16 (const guint8 *source)
{
  return source[0] | source[1] << 8;
}

static inline guint32
read_32 (const guint8 *source)
{
  guint32 bits;

  memcpy (&bits, source, sizeof bits);
  return GUINT32_FROM_LE (bits);
}

static inline gint64
read_64 (const guint8 *source)
{
  gint64 bits;

  memcpy (&bits, source, sizeof bits);
  return GINT64_FROM_LE (bits);
}

/* ---- Half ------------------------------------------------------------------------------- */

static inline float
widen_half (guint16 half)
{
  guint32 sign = (guint32) (half & 0x8000) << 16;
  guint32 exponent = half >> 10 & 0x1f;
  guint32 fraction = half & 0x3ff;

  if (exponent == 0)      /* zero, or subnormal: a multiple of 2^-24, which is a normal float */
    return (sign ? -1.0f : 1.0f) * ((float) fraction * 0x1p-24f);
  if (exponent == 0x1f)   /* infinity, or a NaN, which becomes quiet */
    return float_from_bits (sign | 0x7f800000 | fraction << 13 | (fraction ? 0x400000 : 0));
  return float_from_bits (sign | (exponent + 112) << 23 | fraction << 13);
}

gboolean
p2p_have_f16c (void)
{
#ifdef HAVE_F16C
  /* The answer is kept (1 no, 2 yes), because cpuid is slow on virtual machines. */
  static gsize known = 0;

  if (g_once_init_enter (&known))
    {
      unsigned int a, b, c = 0, d;
      gboolean     yes;

      /* Not all compilers accept "f16c" here, so cpuid is asked directly.  The question for "avx2"
       * also makes sure that the operating system saves the wide registers. */
      yes = __builtin_cpu_supports ("avx2") && __get_cpuid (1, &a, &b, &c, &d) && (c & bit_F16C);
      g_once_init_leave (&known, yes ? 2 : 1);
    }
  return known == 2;
#else
  return FALSE;
#endif
}

#ifdef HAVE_F16C
/* Widens 8 halves at a time, and returns how many it has widened: n rounded down to a multiple of
 * 8. */
__attribute__ ((target ("avx2,f16c")))
static gsize
widen_halves_f16c (const guint8 *source,
                   gsize         n,
                   float        *values)
{
  gsize i;

  for (i = 0; i + 8 <= n; i += 8)
    _mm256_storeu_ps (values + i,
                      _mm256_cvtph_ps (_mm_loadu_si128 ((const __m128i_u *) (source + 2 * i))));
  return i;
}
#endif

static void
widen_halves (const guint8 *source,
              gsize         n,
              float        *values)
{
  gsize i = 0;

#ifdef HAVE_F16C
  if (p2p_have_f16c ())
    i = widen_halves_f16c (source, n, values);
#endif
  for (; i < n; i++)
    values[i] = widen_half (read_16 (source + 2 * i));
}

guint16
p2p_half (float value)
{
  guint32 bits, sign, kept, rest, tie;
  int     shift;

  memcpy (&bits, &value, sizeof bits);
  sign = bits >> 16 & 0x8000;
  bits &= 0x7fffffff;

  if (bits > 0x7f800000)    /* NaN becomes a quiet NaN */
    return sign | 0x7e00 | (bits >> 13 & 0x3ff);
  if (bits >= 0x47800000)   /* 65536 and more become infinity */
    return sign | 0x7c00;
  if (bits < 0x33000000)    /* below 2^-25, half of the smallest subnormal half, it becomes zero */
    return sign;

  if (bits >= 0x38800000)   /* a normal half: 13 bits of the fraction are dropped */
    {
      shift = 13;
      bits -= 112u << 23;
    }
  else                      /* a subnormal half: a multiple of 2^-24 */
    {
      shift = 126 - (int) (bits >> 23);
      bits = (bits & 0x7fffff) | 0x800000;
    }
  kept = bits >> shift;
  rest = bits & ((1u << shift) - 1);
  tie = 1u << (shift - 1);
  /* When rounding carries into the exponent, the result is right too, up to infinity. */
  return sign | (kept + (rest > tie || (rest == tie && (kept & 1))));
}

/* ---- All types -------------------------------------------------------------------------- */

void
p2p_widen (P2pDtype    dtype,
           const void *source,
           gsize       n,
           float      *values)
{
  const guint8 *bytes = source;

  switch (dtype)
    {
    case P2P_F32:
      for (gsize i = 0; i < n; i++)
        values[i] = float_from_bits (read_32 (bytes + 4 * i));
      break;
    case P2P_F16:
      widen_halves (bytes, n, values);
      break;
    case P2P_BF16:
      for (gsize i = 0; i < n; i++)
        values[i] = float_from_bits ((guint32) read_16 (bytes + 2 * i) << 16);
      break;
    case P2P_I64:
      for (gsize i = 0; i < n; i++)
        values[i] = (float) read_64 (bytes + 8 * i);
      break;
    case P2P_OTHER:
      g_assert_not_reached ();
    }
}
