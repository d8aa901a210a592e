/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Metrics as one number, and in words. */

#include <math.h>

#include "evaluate.h"

/* Keeps the score finite when a result is flat all over and its sharpness is 0. */
#define LEAST_SHARPNESS 0.01

double
p2p_metrics_score (const P2pMetrics *metrics)
{
  const double sharpness = MAX (metrics->sharpness, LEAST_SHARPNESS);
  double       score = ! isnan (metrics->style) ? metrics->style
                       : isnan (metrics->ab_error) ? metrics->l1 : metrics->ab_error;

  if (! isnan (metrics->ssim))
    score *= 1.0 - metrics->ssim;
  if (! isnan (metrics->sharpness))
    score *= MAX (sharpness, 1.0 / sharpness);
  if (! isnan (metrics->grid))
    score *= pow (MAX (metrics->grid, 1.0), 1.0 / 8.0);
  return score;
}

/* Appends a metric, unless it is NaN, with a decimal point in every locale, as cards need it. */
static void
append_metric (GString    *text,
               const char *name,
               const char *format,
               double      value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (! isnan (value))
    g_string_append_printf (text, "%s%s %s", text->len ? ", " : "", name,
                            g_ascii_formatd (number, sizeof number, format, value));
}

char *
p2p_metrics_to_text (const P2pMetrics *metrics)
{
  GString *text = g_string_new (NULL);

  append_metric (text, "L1", "%.4f", metrics->l1);
  append_metric (text, "PSNR", "%.2f", metrics->psnr);
  append_metric (text, "SSIM", "%.4f", metrics->ssim);
  append_metric (text, "ab error", "%.2f", metrics->ab_error);
  append_metric (text, "of gray", "%.2f", metrics->gray_error);
  append_metric (text, "chroma", "%.2f", metrics->chroma);
  append_metric (text, "nearest hint", "%.2f", metrics->nearest_error);
  append_metric (text, "spreading", "%.2f", metrics->spread_error);
  append_metric (text, "dots obeyed", "%.2f", metrics->obeyed);
  append_metric (text, "cycle", "%.4f", metrics->cycle);
  append_metric (text, "style", "%.2f", metrics->style);
  append_metric (text, "grid", "%.2f", metrics->grid);
  append_metric (text, "sharpness", "%.3f", metrics->sharpness);
  return g_string_free (text, FALSE);
}
