/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "base/intl.h"
#include "curves.h"

/* Explanations of the curves, by the names that recipes give their losses and report.c gives the
 * metrics.  A new loss or metric needs a row here. */
static const struct
{
  const char *name, *text;
}
curves[] =
{
  { "G_L1",
    N_("the average difference between the results and their targets; 0 means that they are the "
       "same. It falls quickly at first, then slowly. If it never falls, inputs and targets do not "
       "belong together: look at the samples.") },
  { "G_GAN",
    N_("how surely the discriminator, the network that judges the pictures, recognizes a result of "
       "the generator as not real. The two networks learn from each other, so it is normal that "
       "this goes up and down. If it only rises, the discriminator has won, and the results no "
       "longer improve through it.") },
  { "D_real",
    N_("how unsure the discriminator is that a real picture is real. Near 0.69 (0.25 with lsgan, 1 "
       "with hinge) it cannot tell real pictures from results, which is a good sign. If this stays "
       "near 0, it always can.") },
  { "D_fake",
    N_("how unsure the discriminator is that a result is not real. The values mean the same as "
       "those of D_real.") },
  { "G_A",
    N_("how surely the discriminator recognizes a result of the way from A to B as not real. The "
       "two networks learn from each other, so it is normal that this goes up and down; near 0.25 "
       "with lsgan neither wins.") },
  { "G_B",
    N_("the same for the way back, from B to A.") },
  { "D_A",
    N_("how unsure the discriminator of the way from A to B is. Near 0.25 with lsgan it cannot "
       "tell results from real pictures, which is a good sign. If it stays near 0, it always can, "
       "and the generator learns nothing from it.") },
  { "D_B",
    N_("the same for the way back, from B to A.") },
  { "cycle_A",
    N_("how much a picture A differs from itself after it was turned into a B and back, times "
       "--lambda-A. It falls quickly at first, then slowly. If it is very small from early on, the "
       "model may change its pictures too little: look at the samples.") },
  { "cycle_B",
    N_("the same for a picture B that is turned into an A and back.") },
  { "idt_A",
    N_("how much the way from A to B changes a picture that is a B already, times the weights of "
       "cycles and identities. It should fall, too.") },
  { "idt_B",
    N_("the same for a picture A on the way back.") },
  { "teacher_L1",
    N_("the average difference between the results and the teacher's results; 0 means that they "
       "are the same. It falls as G_L1 does.") },
  { "teacher_features",
    N_("the difference between the features inside the model, which are what it recognizes in a "
       "picture on the way to its result, and the features inside the teacher; 1 means as far off "
       "as no features at all. It falls below 1 soon, and then slowly.") },

  { "L1",
    N_("the average difference between the results and their targets, for the validation pictures, "
       "from which the model does not learn. Less is better, but blurred pictures have the least, "
       "so best.safetensors is chosen by SSIM, grid and sharpness too. If it rises while G_L1 "
       "still falls, the model learns its pictures by heart: more pictures help.") },
  { "cycle",
    N_("the average difference between validation pictures A and what they are turned back to from "
       "their results. Less is better for keeping what is in a picture, but no change at all would "
       "have 0.") },
  { "style",
    N_("how far the colors and the texture of all results are from those of the pictures B, in "
       "units of Lab. Less is better; best.safetensors has the least. What the pictures show does "
       "not count here, so look at the samples too.") },
  { "PSNR",
    N_("the same difference in decibels, where a few large errors count more than many small ones. "
       "More is better: at 20 the results resemble their targets, at 30 they are close to them.") },
  { "SSIM",
    N_("how similar edges and textures are to the target's; 1 means that they are the same. More "
       "is better. Invented detail lowers it even where it looks good, so look at the samples "
       "too.") },
  { "ab",
    N_("how far the colors are from the true ones, apart from their lightness. Less is better. A "
       "gray picture would be off by as much as the true colors differ from gray.") },
  { "grid",
    N_("how strong a checkerboard pattern is in flat areas; 1 means that there is none. Above 2 it "
       "can be seen, like woven cloth; --upsample smooth avoids it.") },
  { "sharpness",
    N_("how strong edges and textures are; 1 means as strong as in the targets. Below 0.9 the "
       "results are blurred; above 1.1 they have edges that should not be there, or noise.") },
  { "chroma",
    N_("how colorful the results are; 1 means as colorful as the targets, and less means paler. If "
       "it stays far below 1 to the end, the model does not dare to color.") },
};

const char *
p2p_curve_text (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (curves); i++)
    if (strcmp (curves[i].name, name) == 0)
      return _(curves[i].text);
  return NULL;
}
