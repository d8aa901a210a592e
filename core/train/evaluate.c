/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "base/intl.h"
#include "evaluate.h"
#include "hint-metrics.h"
#include "metrics.h"
#include "p2p.h"
#include "sheet.h"

/* Buffers for one picture, and sums over all of them. */
typedef struct
{
  gsize       pixels;
  p2p_real   *a, *b;
  float      *input, *output, *target;   /* [pixels,3] */
  gsize      *places;                    /* of the dots */
  P2pMetrics  sums;
  double      chroma, target_chroma;
} Work;

static void
work_clear (Work *work)
{
  g_free (work->a);
  g_free (work->b);
  g_free (work->input);
  g_free (work->output);
  g_free (work->target);
  g_free (work->places);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

/* Of a sketch, and of what was made with hints. */
static void
measure_hints (const P2pEvaluation *evaluation,
               Work                *work)
{
  const P2pDataKind *kind = &evaluation->kind;
  const int          side = evaluation->input->h;
  const P2pSeen      seen = { &kind->inputs, work->a, side };
  P2pMetrics        *sums = &work->sums;

  if (kind->mode == P2P_DATA_SKETCH)
    sums->ab_error += p2p_metric_ab_of_rgb (work->output, work->target, work->pixels);
  if (! p2p_inputs_take_hints (&kind->inputs) || ! evaluation->n_dots)
    return;
  sums->nearest_error += p2p_metric_nearest (&seen, work->target);
  sums->spread_error += p2p_metric_spreading (&seen, work->target);
  sums->obeyed += (double) p2p_metric_obeyed (work->output, work->target, side, work->places,
                                              evaluation->n_dots) / evaluation->n_dots;
}

static void
measure (const P2pEvaluation *evaluation,
         Work                *work)
{
  const P2pNode  *output = evaluation->output;
  const p2p_real *x = output->x;
  P2pMetrics     *sums = &work->sums;

  p2p_rgb_of_input (&evaluation->kind, work->a, work->pixels, work->input);
  p2p_rgb_of_output (&evaluation->kind, work->a, x, work->pixels, work->output);
  p2p_rgb_of_output (&evaluation->kind, work->a, work->b, work->pixels, work->target);

  sums->n++;
  sums->l1 += p2p_metric_l1 (x, work->b, work->pixels * output->c);
  sums->psnr += p2p_metric_psnr (work->output, work->target, 3 * work->pixels);
  sums->ssim += p2p_metric_ssim (work->output, work->target, output->h, output->w, 3);
  if (evaluation->kind.output == P2P_OUTPUT_LAB_AB)
    {
      sums->ab_error += p2p_metric_ab_error (x, work->b, work->pixels);
      work->chroma += p2p_metric_chroma (x, work->pixels);
      work->target_chroma += p2p_metric_chroma (work->b, work->pixels);
    }
  measure_hints (evaluation, work);
}

static gboolean
evaluate_one (const P2pEvaluation  *evaluation,
              guint                 index,
              Work                 *work,
              GCancellable         *cancellable,
              GError              **error)
{
  const int          side = evaluation->input->h;
  const P2pBatch     batch = { 1, side, side, work->a, work->b };
  const char        *name = p2p_dataset_name (evaluation->dataset, index);
  const P2pEvaluated evaluated = { name, side, work->input, work->output, work->target };
  const P2pView      whole = { side, side, .stream = index, .n_dots = evaluation->n_dots,
                               .places = work->places };
  g_autoptr (GError) problem = NULL;

  if (! p2p_dataset_read (evaluation->dataset, index, &whole, work->a, work->b, &problem))
    {
      if (evaluation->skip)
        evaluation->skip (problem->message, evaluation->data);
      return TRUE;
    }
  if ((evaluation->answer && ! evaluation->answer (evaluation->training, &batch, error))
      || ! p2p_graph_allocate (evaluation->graph, error))
    return FALSE;
  memcpy (evaluation->input->x, work->a, p2p_node_size (evaluation->input) * sizeof (p2p_real));
  if (! p2p_graph_forward (evaluation->graph, 0, NULL, NULL, cancellable, error))
    return FALSE;
  measure (evaluation, work);
  return ! evaluation->tell
         || evaluation->tell (&evaluated, work->sums.n - 1, evaluation->data, error);
}

static void
average (const P2pEvaluation *evaluation,
         const Work          *work,
         P2pMetrics          *metrics)
{
  const P2pMetrics *sums = &work->sums;
  const gboolean    lab = evaluation->kind.output == P2P_OUTPUT_LAB_AB;
  const gboolean    hints = p2p_inputs_take_hints (&evaluation->kind.inputs)
                            && evaluation->n_dots;

  *metrics = (P2pMetrics) {
    sums->n, sums->l1 / sums->n, sums->psnr / sums->n, sums->ssim / sums->n,
    lab || evaluation->kind.mode == P2P_DATA_SKETCH ? sums->ab_error / sums->n : NAN,
    lab ? work->target_chroma / sums->n : NAN,
    lab && work->target_chroma > 0.0 ? work->chroma / work->target_chroma : NAN,
    hints ? sums->nearest_error / sums->n : NAN,
    hints ? sums->spread_error / sums->n : NAN,
    hints ? sums->obeyed / sums->n : NAN,
  };
}

gboolean
p2p_evaluate (const P2pEvaluation  *evaluation,
              GCancellable         *cancellable,
              P2pMetrics           *metrics,
              GError              **error)
{
  const guint   length = p2p_dataset_length (evaluation->dataset);
  const gsize   pixels = (gsize) evaluation->input->h * evaluation->input->w;
  g_auto (Work) work = { pixels };

  work.a = g_new (p2p_real, p2p_node_size (evaluation->input));
  work.b = g_new (p2p_real, p2p_node_size (evaluation->output));
  work.input = g_new (float, 3 * pixels);
  work.output = g_new (float, 3 * pixels);
  work.target = g_new (float, 3 * pixels);
  work.places = g_new (gsize, evaluation->n_dots);
  for (guint i = 0; i < length && work.sums.n < evaluation->n; i++)
    if (! evaluate_one (evaluation, i, &work, cancellable, error))
      return FALSE;

  if (work.sums.n == 0)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                           _("None of the pictures to evaluate with can be read"));
      return FALSE;
    }
  average (evaluation, &work, metrics);
  return TRUE;
}

/* As cards have it, whatever the locale. */
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
  return g_string_free (text, FALSE);
}
