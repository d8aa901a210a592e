/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "recipe.h"

const P2pRecipe *
p2p_recipe_of (const P2pTrainOptions *options)
{
  if (options->recipe == P2P_RECIPE_CYCLEGAN)
    return &p2p_recipe_cyclegan;
  return options->teacher ? &p2p_recipe_distill : &p2p_recipe_pix2pix;
}
