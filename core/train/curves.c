/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "base/intl.h"
#include "curves.h"

/* By the names that recipes give their losses and report.c gives the metrics.  A new loss or metric
 * gets a row here. */
static const struct
{
  const char *name, *text;
}
curves[] =
{
  { "G_L1",
    N_("how far the results are from their targets, on average: 0 is the same. It falls quickly at "
       "first, then slowly. If it never falls, inputs and targets do not belong together: look at "
       "the samples.") },
  { "G_GAN",
    N_("how surely the discriminator, which judges the pictures, sees that a result is one. The "
       "two learn from each other, so that going up and down is normal. If it only rises, the "
       "discriminator has won, and the results no longer get better by it.") },
  { "D_real",
    N_("how unsurely the discriminator knows a real picture as real. Near 0.69 (0.25 with lsgan, 1 "
       "with hinge) it cannot tell the two kinds apart, which speaks for the results. If it stays "
       "near 0, the discriminator always can.") },
  { "D_fake",
    N_("how unsurely the discriminator knows a result as one. The same values as for D_real mean "
       "the same.") },
  { "teacher_L1",
    N_("how far the results are from the teacher's, on average: 0 is the same. It falls as G_L1 "
       "does.") },
  { "teacher_features",
    N_("how far what the model finds on the way is from what the teacher finds there; 1 is as much "
       "as there is to find. It falls below 1 soon, and then slowly.") },

  { "L1",
    N_("how far the results are from their targets, on average, for pictures that are not learnt "
       "from. Less is better, but blurred pictures have the least: best.safetensors is chosen "
       "by SSIM, grid and sharpness, too. If it rises while G_L1 still falls, the model learns its "
       "pictures by heart: more pictures help.") },
  { "PSNR",
    N_("the same in decibels, where few large errors count more than many small ones. More is "
       "better; 20 is a resemblance, 30 is near.") },
  { "SSIM",
    N_("how much edges and textures are alike: 1 is the same. More is better. Invented detail "
       "lowers it even where it looks good, so look at the samples too.") },
  { "ab",
    N_("how far the colors are from the true ones, whatever their lightness. Less is better; a "
       "gray picture would be as far off as the true colors are strong.") },
  { "grid",
    N_("how strong a checkerboard is in flat areas: 1 is none. Above 2 it can be seen, like woven "
       "cloth; --upsample smooth avoids it.") },
  { "sharpness",
    N_("how strong edges and textures are: 1 is as strong as in the targets. Below 0.9 the results "
       "are blurred; above 1.1 they have edges that should not be there, or noise.") },
  { "chroma",
    N_("how colorful the results are: 1 is as colorful as the targets, less is paler. Much less "
       "than 1 to the end means that the model does not dare to color.") },
};

const char *
p2p_curve_text (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (curves); i++)
    if (strcmp (curves[i].name, name) == 0)
      return _(curves[i].text);
  return NULL;
}
