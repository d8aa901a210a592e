/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Compiles the transforms (winograd-body.h) for each kind of processor, and calls those for the
 * processor on which the program runs. */

#include "packed.h"
#include "winograd.h"

#define M(kind) ((kind) == P2P_WINOGRAD_2_2 ? 2 : (kind) == P2P_WINOGRAD_3_4 ? 3 : 4)
#define R(kind) ((kind) == P2P_WINOGRAD_4_3 ? 3 : (kind) == P2P_WINOGRAD_3_4 ? 4 : 2)

#if defined (__x86_64__)

#define NAME(x) x##_avx512
#define TARGET  __attribute__ ((target ("avx512f")))
#define BYTES   64
#include "winograd-body.h"

#define NAME(x) x##_avx2
#define TARGET  __attribute__ ((target ("avx2,fma")))
#define BYTES   32
#include "winograd-body.h"

#endif

#define NAME(x) x##_baseline
#define TARGET
#define BYTES   16
#include "winograd-body.h"

typedef struct
{
  void (* input)  (P2pWinograd, const P2pWinogradTile *, int, p2p_real *, gsize);
  void (* weight) (P2pWinograd, const p2p_real *, const int *, p2p_real *, gsize, int, gsize);
  void (* output) (P2pWinograd, const p2p_real *, gsize, int, const p2p_real *,
                   const P2pWinogradTile *);
  void (* gradient) (P2pWinograd, const P2pWinogradTile *, int, p2p_real *, gsize);
  void (* taps)   (P2pWinograd, const p2p_real *, gsize, p2p_real *);
} Transforms;

static const Transforms transforms[] =
{
  [P2P_ISA_BASELINE] = { input_baseline, weight_baseline, output_baseline, gradient_baseline,
                         taps_baseline },
#if defined (__x86_64__)
  [P2P_ISA_AVX2]     = { input_avx2, weight_avx2, output_avx2, gradient_avx2, taps_avx2 },
  [P2P_ISA_AVX512]   = { input_avx512, weight_avx512, output_avx512, gradient_avx512, taps_avx512 },
#endif
};

static const Transforms *
chosen (void)
{
  return &transforms[MAX (p2p_isa (), P2P_ISA_BASELINE)];
}

int
p2p_winograd_m (P2pWinograd kind)
{
  return M (kind);
}

int
p2p_winograd_r (P2pWinograd kind)
{
  return R (kind);
}

void
p2p_winograd_input (P2pWinograd            kind,
                    const P2pWinogradTile *from,
                    int                    channels,
                    p2p_real              *v,
                    gsize                  stride)
{
  chosen ()->input (kind, from, channels, v, stride);
}

void
p2p_winograd_weight (P2pWinograd     kind,
                     const p2p_real *taps,
                     const int      *rows,
                     p2p_real       *u,
                     gsize           stride,
                     int             width,
                     gsize           panel)
{
  chosen ()->weight (kind, taps, rows, u, stride, width, panel);
}

void
p2p_winograd_output (P2pWinograd            kind,
                     const p2p_real        *products,
                     gsize                  stride,
                     int                    channels,
                     const p2p_real        *bias,
                     const P2pWinogradTile *to)
{
  chosen ()->output (kind, products, stride, channels, bias, to);
}

void
p2p_winograd_gradient (P2pWinograd            kind,
                       const P2pWinogradTile *from,
                       int                    channels,
                       p2p_real              *w,
                       gsize                  stride)
{
  chosen ()->gradient (kind, from, channels, w, stride);
}

void
p2p_winograd_taps (P2pWinograd     kind,
                   const p2p_real *u,
                   gsize           stride,
                   p2p_real       *taps)
{
  chosen ()->taps (kind, u, stride, taps);
}
