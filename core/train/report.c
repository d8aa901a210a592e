/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <string.h>

#include "base/intl.h"
#include "chart.h"
#include "curves.h"
#include "files/replace.h"
#include "option-table.h"
#include "report.h"
#include "trainer-state.h"

/* While a training runs, its report is written again every RENEW_SECONDS, and the page makes a
 * browser reload it as often.  Reports take at most the share MOST_TIME of the time, so they are
 * written less often if writing is slow. */
#define RENEW_SECONDS 20
#define MOST_TIME     0.01

static const char *const style =
  "<style>\n"
  ":root{color-scheme:light dark;--bg:#fff;--fg:#1d2129;--soft:#667085;--line:#e4e7ec;"
  "--c0:#2563c9;--c1:#c2410c;--c2:#0f8a6d;--c3:#9333b8}\n"
  "@media(prefers-color-scheme:dark){:root{--bg:#16181d;--fg:#e8eaee;--soft:#98a2b3;--line:#2c313a;"
  "--c0:#6ea8fe;--c1:#fb923c;--c2:#4fd1b0;--c3:#d08cf0}}\n"
  "body{margin:0 auto;max-width:1340px;padding:24px;background:var(--bg);color:var(--fg);"
  "font:15px/1.5 system-ui,sans-serif}\n"
  "h1{font-size:24px;margin:0}h2{font-size:17px;margin:32px 0 8px}"
  "p{color:var(--soft);margin:4px 0}\n"
  ".charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));"
  "gap:16px}\n"
  "figure{margin:0;border:1px solid var(--line);border-radius:8px;padding:12px}\n"
  "figcaption{font-weight:600}svg{width:100%;height:auto;display:block}\n"
  "polyline{fill:none;stroke-width:1.6;stroke-linejoin:round}\n"
  ".s0{stroke:var(--c0)}.s1{stroke:var(--c1)}.s2{stroke:var(--c2)}.s3{stroke:var(--c3)}\n"
  ".n0{fill:var(--c0)}.n1{fill:var(--c1)}.n2{fill:var(--c2)}.n3{fill:var(--c3)}\n"
  ".grid{stroke:var(--line)}.axis{stroke:var(--soft)}.tick{fill:var(--soft);font-size:12px}\n"
  ".name{font-size:12px}img{max-width:100%}\n"
  "table{border-collapse:collapse}td{padding:3px 20px 3px 0;border-bottom:1px solid var(--line);"
  "font-variant-numeric:tabular-nums}td:first-child{color:var(--soft)}\n"
  "</style>\n";

/* ---- Curves ----------------------------------------------------------------------------- */

/* A column of the log as a curve over epochs.  offset: of the value in P2pLogRow.  The caller frees
 * x and y. */
static P2pSeries
column (const P2pTrainer *trainer,
        const char       *name,
        gsize             offset)
{
  const GArray *rows = trainer->log->rows;
  P2pSeries     series = { name, p2p_curve_text (name), rows->len, g_new (double, rows->len),
                           g_new (double, rows->len) };

  for (guint i = 0; i < rows->len; i++)
    {
      const P2pLogRow *row = &g_array_index (rows, P2pLogRow, i);
      gboolean         is_val = offset >= G_STRUCT_OFFSET (P2pLogRow, val);

      series.x[i] = (double) row->step / trainer->epoch_steps;
      series.y[i] = is_val && row->val.n == 0 ? NAN : G_STRUCT_MEMBER (double, row, offset);
    }
  return series;
}

static void
append_columns (GString          *page,
                const P2pTrainer *trainer,
                const char       *title,
                P2pSeries        *series,
                int               n)
{
  p2p_chart_append (page, title, _("epoch"), series, n);
  for (int i = 0; i < n; i++)
    {
      g_free (series[i].x);
      g_free (series[i].y);
    }
}

static P2pSeries
loss_column (const P2pTrainer *trainer,
             int               i)
{
  return column (trainer, trainer->recipe->losses[i],
                 G_STRUCT_OFFSET (P2pLogRow, losses) + i * sizeof (double));
}

/* The titles of the charts, by the names of the losses that they show.  A loss without a row here
 * is in the chart of the GAN losses. */
static const struct
{
  const char *loss, *title;
}
charts[] =
{
  { "G_L1",             N_("Difference from the target") },
  { "teacher_L1",       N_("Difference from the teacher") },
  { "teacher_features", N_("Difference from the features inside the teacher") },
  { "cycle_A",          N_("Difference after the cycle, and of identities") },
  { "cycle_B",          N_("Difference after the cycle, and of identities") },
  { "idt_A",            N_("Difference after the cycle, and of identities") },
  { "idt_B",            N_("Difference after the cycle, and of identities") },
  { NULL,               N_("Generator against discriminator") },
};

static const char *
chart_of (const char *loss)
{
  guint i = 0;

  while (charts[i].loss && strcmp (charts[i].loss, loss) != 0)
    i++;
  return charts[i].title;
}

/* Appends the chart of this title, if the recipe has losses for it. */
static void
append_chart (GString          *page,
              const P2pTrainer *trainer,
              const char       *title)
{
  const char *const *losses = trainer->recipe->losses;
  P2pSeries          series[P2P_CHART_MAX];
  int                n = 0;

  for (int i = 0; losses[i] && n < P2P_CHART_MAX; i++)
    if (strcmp (chart_of (losses[i]), title) == 0)
      series[n++] = loss_column (trainer, i);
  append_columns (page, trainer, _(title), series, n);
}

/* Appends charts of the losses.  Losses on the same scale share a chart. */
static void
append_losses (GString          *page,
               const P2pTrainer *trainer)
{
  const guint n = G_N_ELEMENTS (charts) - (trainer->options.lambda_gan > 0.0 ? 0 : 1);

  for (guint i = 0; i < n; i++)
    if (i == 0 || strcmp (charts[i].title, charts[i - 1].title) != 0)
      append_chart (page, trainer, charts[i].title);
}

static void
append_validations (GString          *page,
                    const P2pTrainer *trainer)
{
  static const struct
  {
    const char *title, *name;
    gsize       offset;
  }
  metrics[] =
  {
    { N_("Validation: L1"), "L1", G_STRUCT_OFFSET (P2pLogRow, val.l1) },
    { N_("Validation: difference after the cycle"), "cycle",
      G_STRUCT_OFFSET (P2pLogRow, val.cycle) },
    { N_("Validation: difference of colors and texture from pictures B"), "style",
      G_STRUCT_OFFSET (P2pLogRow, val.style) },
    { N_("Validation: PSNR, dB"), "PSNR", G_STRUCT_OFFSET (P2pLogRow, val.psnr) },
    { N_("Validation: SSIM"), "SSIM", G_STRUCT_OFFSET (P2pLogRow, val.ssim) },
    { N_("Validation: error of colors (a and b of Lab)"), "ab",
      G_STRUCT_OFFSET (P2pLogRow, val.ab_error) },
    { N_("Validation: chroma, 1 is the same as in the target"), "chroma",
      G_STRUCT_OFFSET (P2pLogRow, val.chroma) },
    { N_("Validation: grid energy, 1 is no grid"), "grid",
      G_STRUCT_OFFSET (P2pLogRow, val.grid) },
    { N_("Validation: sharpness, 1 is the same as in the target"), "sharpness",
      G_STRUCT_OFFSET (P2pLogRow, val.sharpness) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (metrics); i++)
    {
      P2pSeries series = column (trainer, metrics[i].name, metrics[i].offset);

      append_columns (page, trainer, _(metrics[i].title), &series, 1);
    }
}

/* ---- The rest --------------------------------------------------------------------------- */

static void
append_row (GString    *page,
            const char *name,
            const char *value)
{
  g_autofree char *text = g_markup_escape_text (value, -1);

  g_string_append_printf (page, "<tr><td>%s</td><td>%s</td></tr>\n", name, text);
}

static void
append_options (GString          *page,
                const P2pTrainer *trainer)
{
  g_string_append_printf (page, "<h2>%s</h2>\n<table>\n", _("Options"));
  for (guint i = 0; p2p_train_option (i); i++)
    {
      const P2pTrainOption *option = p2p_train_option (i);
      g_autofree char      *value = p2p_train_options_get (&trainer->options, option);
      const char           *wants;

      p2p_train_option_help (option, &wants);
      if (value && (wants || strcmp (value, "true") == 0))
        append_row (page, p2p_train_option_name (option), wants ? value : _("yes"));
    }
  g_string_append (page, "</table>\n");
}

/* Appends the newest sheet of samples, which is embedded in the page. */
static void
append_sample (GString          *page,
               const P2pTrainer *trainer)
{
  for (int epoch = trainer->state.epochs_ended; epoch >= 0; epoch--)
    {
      g_autofree char *name = g_strdup_printf ("epoch-%04d.png", epoch);
      g_autofree char *path = g_build_filename (trainer->folder, "samples", name, NULL);
      g_autofree char *data = NULL, *code = NULL;
      gsize            size;

      if (! g_file_get_contents (path, &data, &size, NULL))
        continue;
      code = g_base64_encode ((guchar *) data, size);
      g_string_append_printf (page, "<h2>%s</h2>\n<p>", _("Samples"));
      if (trainer->recipe->n_ways == 2)
        g_string_append_printf (page, _("After epoch %d: inputs, results, and what these are "
                                        "turned back to; first pictures A, then pictures B"),
                                epoch);
      else if (epoch > 0)
        g_string_append_printf (page, _("Input, output and target after epoch %d"), epoch);
      else
        g_string_append (page, _("Input, output and target before the first step, when nothing is "
                                 "learned yet. Check that each input and target belong "
                                 "together"));
      g_string_append_printf (page, "</p>\n<img src='data:image/png;base64,%s' alt=''>\n", code);
      return;
    }
}

static int
count_epochs (const P2pTrainer *trainer)
{
  return trainer->options.n_epochs + trainer->options.n_epochs_decay;
}

static gboolean
is_live (const P2pTrainer *trainer)
{
  return ! trainer->stopped && ! trainer->failed
         && trainer->state.epochs_ended < count_epochs (trainer);
}

/* Appends how far the training is, and whether it still runs. */
static void
append_state (GString          *page,
              const P2pTrainer *trainer)
{
  const P2pTrainState *state = &trainer->state;
  const int            n_epochs = count_epochs (trainer);
  const gboolean       begun = state->step > trainer->first;
  g_autoptr (GDateTime) time = g_date_time_new_now_local ();
  g_autofree char     *now = g_date_time_format (time, "%Y-%m-%d %H:%M");
  g_autofree char     *left = begun ? p2p_duration_text (p2p_trainer_seconds_left (trainer)) : NULL;
  g_autofree char     *step = g_strdup_printf ("%" G_GUINT64_FORMAT, state->step);
  g_autofree char     *steps = g_strdup_printf ("%" G_GUINT64_FORMAT, trainer->n_steps);

  g_string_append (page, "<p>");
  g_string_append_printf (page, _("%d of %d epochs, %s of %s steps, begun %s"),
                          state->epochs_ended, n_epochs, step, steps, state->created);
  g_string_append (page, "</p>\n<p><b>");
  if (trainer->failed)
    g_string_append_printf (page, _("Failed on %s. The program has printed the reason."), now);
  else if (state->epochs_ended >= n_epochs)
    g_string_append_printf (page, _("Finished on %s."), now);
  else if (trainer->stopped)
    g_string_append_printf (page, _("Stopped on %s. To go on: pix2pix train --resume."), now);
  else if (left)
    g_string_append_printf (page, _("Still running: %s left."), left);
  else
    g_string_append (page, _("Still running; the first curves come soon."));
  g_string_append (page, "</b>");
  if (is_live (trainer))
    g_string_append_printf (page, _(" Last updated on %s; the page reloads itself."), now);
  g_string_append (page, "</p>\n");
}

static void
append_head (GString          *page,
             const P2pTrainer *trainer)
{
  g_autofree char *absolute = g_canonicalize_filename (trainer->folder, NULL);
  g_autofree char *base = g_path_get_basename (absolute);
  g_autofree char *shown = g_filename_display_name (base);
  g_autofree char *name = g_markup_escape_text (shown, -1);

  /* Translators: the code of your language, from which a browser chooses its letterforms. */
  g_string_append_printf (page, "<!doctype html>\n<html lang='%s'><head><meta charset='utf-8'>"
                          "<meta name='viewport' content='width=device-width'>\n", _("en"));
  if (is_live (trainer))
    g_string_append_printf (page, "<meta http-equiv='refresh' content='%d'>\n", RENEW_SECONDS);
  g_string_append_printf (page, "<title>%s – pix2pix</title>\n%s</head><body>\n<h1>%s</h1>\n",
                          name, style, name);
  append_state (page, trainer);
  if (trainer->state.metrics[0])
    {
      g_string_append (page, "<p>");
      g_string_append_printf (page, _("Last validation: %s"), trainer->state.metrics[0]);
      g_string_append (page, "</p>\n");
    }
}

static gboolean
save (FILE     *file,
      gpointer  data,
      GError  **error)
{
  const GString *page = data;

  fwrite (page->str, 1, page->len, file);
  return TRUE;
}

gboolean
p2p_report_write (const P2pTrainer  *trainer,
                  GError           **error)
{
  g_autoptr (GString) page = g_string_new (NULL);
  g_autofree char    *path = p2p_trainer_path (trainer, "report.html");

  append_head (page, trainer);
  g_string_append_printf (page, "<h2>%s</h2>\n<div class='charts'>\n", _("Curves"));
  append_losses (page, trainer);
  append_validations (page, trainer);
  g_string_append (page, "</div>\n");
  append_sample (page, trainer);
  append_options (page, trainer);
  g_string_append (page, "</body></html>\n");
  return p2p_replace_file (path, save, page, error);
}

void
p2p_report_renew (P2pTrainer *trainer)
{
  const gint64 start = g_get_monotonic_time ();
  gint64       now;

  if (start < trainer->next_report)
    return;
  p2p_report_write (trainer, NULL);
  now = g_get_monotonic_time ();
  trainer->next_report = now + MAX (RENEW_SECONDS * G_USEC_PER_SEC, (now - start) / MOST_TIME);
}
