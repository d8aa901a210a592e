/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Checks the options of an apply. */

#include <string.h>

#include "base/intl.h"
#include "models/scale.h"
#include "options.h"

gboolean
p2p_apply_options_check (const P2pApplyOptions  *options,
                         GError                **error)
{
  if (! (options->strength >= 0.0 && options->strength <= 1.0))
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION, _("The strength must be between 0 and 1"));
  else if (! (options->chroma >= 0.0 && options->chroma <= 100.0))
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION, _("The chroma must be between 0 and 100"));
  else if (! (options->line_strength >= 0.0 && options->line_strength <= P2P_LINE_STRENGTH_MAX))
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("The line strength must be between 0 and %g"), P2P_LINE_STRENGTH_MAX);
  else if (options->tile < 0 || options->overlap < -1)
    g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                 _("The tiles and their overlap must not be negative"));
  else
    return TRUE;
  return FALSE;
}

gboolean
p2p_apply_options_fit (const P2pModel         *model,
                       const P2pApplyOptions  *options,
                       int                    *fit,
                       GError                **error)
{
  *fit = model->card->fit;
  if (! options->scale || strcmp (options->scale, "default") == 0)
    return TRUE;
  if (p2p_scale_parse (options->scale, fit))
    return TRUE;
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               _("The scale “%s” is not one of “default”, “native” and “fit:” with a number of "
                 "pixels"), options->scale);
  return FALSE;
}
