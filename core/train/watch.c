/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>

#include "base/intl.h"
#include "watch.h"

#define STEPS       200    /* over which the means are taken */
#define LEAST_STEPS 500    /* before a warning is given */

/* Limits beyond which a warning is given.  Values lie in [−1, 1], so a change of 0.02 is one
 * hundredth of their range. */
#define INVERTED    -0.3
#define UNCHANGED   0.02
#define D_HAS_WON   0.01

void
p2p_watch_compare (gsize           n,
                   int             c,
                   const p2p_real *inputs,
                   const p2p_real *results,
                   double         *change,
                   double         *likeness)
{
  double x = 0.0, y = 0.0, xx = 0.0, yy = 0.0, xy = 0.0;

  *change = 0.0;
  for (gsize i = 0; i < n; i++, inputs += c, results += c)
    {
      double p = 0.0, q = 0.0;

      for (int k = 0; k < c; k++)
        {
          p += inputs[k];
          q += results[k];
          *change += fabs (results[k] - inputs[k]) / (n * c);
        }
      x += p;
      y += q;
      xx += p * p;
      yy += q * q;
      xy += p * q;
    }
  *likeness = (n * xy - x * y) / sqrt (MAX ((n * xx - x * x) * (n * yy - y * y), 1e-12));
}

/* The share of a new value in a mean of all values so far, or of the last ones. */
static double
share_of_new (const P2pWatch *watch)
{
  return MAX (1.0 / watch->n, 1.0 / STEPS);
}

void
p2p_watch_results (P2pWatch *watch,
                   double    change,
                   double    likeness)
{
  watch->n++;
  watch->change += share_of_new (watch) * (change - watch->change);
  watch->likeness += share_of_new (watch) * (likeness - watch->likeness);
}

void
p2p_watch_d (P2pWatch *watch,
             double    loss)
{
  watch->d_loss += share_of_new (watch) * (loss - watch->d_loss);
}

const char *
p2p_watch_warning (const P2pWatch *watch)
{
  if (watch->n < LEAST_STEPS)
    return NULL;
  if (watch->likeness < INVERTED)
    return N_("The results are inverted: dark places become light. This seldom mends itself. Begin "
              "again with another --seed, or with a larger --lambda-identity");
  if (watch->change < UNCHANGED)
    return N_("The results are nearly the same as the inputs. If that stays so, begin again with "
              "--lambda-identity 0, and with a smaller --lambda-A and --lambda-B, such as 2");
  if (watch->d_loss < D_HAS_WON)
    return N_("The discriminator tells nearly all results from real pictures, so the generator "
              "learns little from it any more. If that stays so, begin again with a smaller --ndf, "
              "or with more pictures");
  return NULL;
}
