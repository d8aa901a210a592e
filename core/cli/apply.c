/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* `pix2pix apply` turns picture files into other picture files.  The whole command line is checked
 * before the first picture is computed. */

#include "cli.h"

#include "apply/options.h"
#include "base/intl.h"
#include "base/stem.h"
#include "models/card.h"
#include "pictures/metadata.h"
#include "pictures/picture-file.h"

#include <math.h>

/* The largest --colorfulness.  A smaller factor is enough to turn the faintest tints into the
 * purest colors. */
#define MAX_CHROMA 10.0

typedef struct
{
  char            *model;
  char            *scale, *statistics, *noise, *strength, *chroma;   /* as given, or NULL */
  char            *line_strength;
  char            *memory, *tile, *overlap, *threads;
  char            *out, *hints;
  char           **inputs;
  gboolean         snap_labels, keep_paper;
  gboolean         quiet;

  P2pApplyOptions  options;
  int              n_threads;
  P2pCliPictures   pictures;
} Job;

static void
job_clear (Job *job)
{
  g_free (job->model);
  g_free (job->scale);
  g_free (job->statistics);
  g_free (job->noise);
  g_free (job->strength);
  g_free (job->chroma);
  g_free (job->line_strength);
  g_free (job->memory);
  g_free (job->tile);
  g_free (job->overlap);
  g_free (job->threads);
  g_free (job->out);
  g_free (job->hints);
  g_strfreev (job->inputs);
  p2p_cli_pictures_clear (&job->pictures);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

/* ---- The command line --------------------------------------------------------------------- */

static gboolean
parse_scale (const char       *text,
             P2pApplyOptions  *options,
             GError          **error)
{
  int fit;

  if (! text)
    return TRUE;

  if (! p2p_scale_parse (text, &fit))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("--scale wants native or fit:N with the longer side in pixels, not “%s”"),
                   text);
      return FALSE;
    }
  options->scale = text;
  return TRUE;
}

static gboolean
parse_memory (const char       *text,
              P2pApplyOptions  *options,
              GError          **error)
{
  int mebibytes = 0;

  if (! p2p_cli_integer ("--memory", text, 1, G_MAXINT, &mebibytes, error))
    return FALSE;
  options->memory = (guint64) mebibytes << 20;
  return TRUE;
}

static gboolean
parse_tiles (const Job        *job,
             P2pApplyOptions  *options,
             GError          **error)
{
  if (! p2p_cli_integer ("--tile", job->tile, 1, P2P_CLI_MAX_SIDE, &options->tile, error) ||
      ! p2p_cli_integer ("--overlap", job->overlap, 0, P2P_CLI_MAX_SIDE, &options->overlap, error))
    return FALSE;

  if (options->tile && options->overlap >= options->tile)
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("--overlap wants fewer pixels than the %d of a tile's side, not “%s”"),
                   options->tile, job->overlap);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_options (Job     *job,
              GError **error)
{
  P2pApplyOptions *options = &job->options;

  *options = (P2pApplyOptions) P2P_APPLY_DEFAULTS;
  options->noise = job->noise != NULL;
  options->snap_labels = job->snap_labels;
  options->keep_paper = job->keep_paper;

  if (! job->inputs || ! job->out || ! job->model)
    {
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_OPTION,
                           ! job->model    ? _("name a model with --model; "
                                               "“pix2pix models” lists them")
                           : ! job->inputs ? _("name the pictures to work on")
                                           : _("say with -o where the result goes"));
      return FALSE;
    }

  if (job->hints && ! g_file_test (job->hints, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("there is no file or folder “%s” with hints"), job->hints);
      return FALSE;
    }

  return parse_scale (job->scale, options, error) &&
         p2p_cli_statistics ("--statistics", job->statistics, &options->statistics, error) &&
         p2p_cli_seed ("--seed", job->noise, &options->seed, error) &&
         p2p_cli_percent ("--strength", job->strength, 1.0, &options->strength, error) &&
         p2p_cli_percent ("--colorfulness", job->chroma, MAX_CHROMA, &options->chroma, error) &&
         p2p_cli_percent ("--line-strength", job->line_strength, P2P_LINE_STRENGTH_MAX,
                          &options->line_strength, error) &&
         parse_memory (job->memory, options, error) && parse_tiles (job, options, error) &&
         p2p_cli_integer ("--threads", job->threads, 1, P2P_CLI_MAX_THREADS, &job->n_threads,
                          error);
}

/* ---- The work ----------------------------------------------------------------------------- */

/* Finds the file of the hints for the picture in, and sets *path to its path (newly allocated) or
 * to NULL.  It is --hints itself if that is a file.  In a folder, it is the file of the picture's
 * name, or else the picture file whose name differs from it in the ending alone.
 * Errors: P2P_ERROR_OPTION if two files differ from it in the ending alone. */
static gboolean
find_hints (const Job   *job,
            const char  *in,
            char       **path,
            GError     **error)
{
  g_autoptr (GDir) dir  = job->hints ? g_dir_open (job->hints, 0, NULL) : NULL;
  g_autofree char *base = g_path_get_basename (in);
  g_autofree char *stem = p2p_name_stem (base);
  g_autofree char *same = dir ? g_build_filename (job->hints, base, NULL) : NULL;
  const char      *name;

  *path = NULL;
  if (! dir || g_file_test (same, G_FILE_TEST_EXISTS))
    {
      *path = g_strdup (dir ? same : job->hints);
      return TRUE;
    }
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *other = p2p_name_stem (name);

      if (strcmp (other, stem) != 0 || ! p2p_image_is_named (name))
        continue;
      if (*path)
        {
          g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                       _("“%s” and “%s” may both be the hints for %s: keep only one of them in "
                         "“%s”"), *path, name, base, job->hints);
          g_clear_pointer (path, g_free);
          return FALSE;
        }
      *path = g_build_filename (job->hints, name, NULL);
    }
  return TRUE;
}

static void
warn (const P2pImage *image,
      const char     *path,
      P2pBar         *bar)
{
  g_autofree char *warning = p2p_image_warning (image, path);

  if (! warning)
    return;
  p2p_bar_clear (bar);
  g_printerr ("pix2pix: %s\n", warning);
}

/* Loads the hints for the picture in, if there are any, into *own, and lays them over the whole
 * picture in *hints.
 * Errors: P2P_ERROR_OPTION if they do not have the picture's shape; those of reading. */
static gboolean
load_hints (const Job       *job,
            const char      *in,
            const P2pImage  *image,
            P2pBar          *bar,
            P2pHints        *hints,
            P2pImage       **own,
            GError         **error)
{
  g_autofree char *path = NULL;
  double           wrong;

  *own = NULL;
  if (! find_hints (job, in, &path, error))
    return FALSE;
  if (! path)
    return TRUE;
  *own = p2p_image_load (path, error);
  if (! *own)
    return FALSE;
  warn (*own, path, bar);

  *hints = (P2pHints) { *own, 0.0, 0.0, image->width, image->height };
  wrong = (double) (*own)->width * image->height / image->width - (*own)->height;
  if (fabs (wrong) <= 1.0)
    return TRUE;
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               _("The hints “%s” have %d×%d pixels, which is another shape than the picture's "
                 "%d×%d: paint them on a layer of the picture's size"), path, (*own)->width,
               (*own)->height, image->width, image->height);
  return FALSE;
}

/* Copies the metadata of the input file to the result.  If that fails, it is only reported, because
 * the result itself is complete. */
static void
carry_metadata (const char *in,
                const char *out,
                P2pBar     *bar)
{
  g_autoptr (GError) problem = NULL;

  if (p2p_cli_is_pipe (in) || p2p_cli_is_pipe (out) || p2p_metadata_carry (in, out, &problem))
    return;
  p2p_bar_clear (bar);
  p2p_cli_report (problem);
}

static gboolean
apply_one (P2pModel      *model,
           const Job     *job,
           guint          index,
           P2pBar        *bar,
           GCancellable  *cancellable,
           GError       **error)
{
  const char          *in     = job->pictures.in->pdata[index];
  const char          *out    = job->pictures.out->pdata[index];
  g_autoptr (P2pImage) image  = NULL;
  g_autoptr (P2pImage) result = NULL;
  g_autoptr (P2pImage) own    = NULL;
  P2pHints             hints;
  g_autofree char     *name   = p2p_cli_is_pipe (in) ? g_strdup (_("standard input"))
                                                    : g_filename_display_basename (in);
  P2pApplyOptions      options = job->options;
  g_autofree char     *label  = g_strdup_printf ("%u/%u %s", index + 1, job->pictures.in->len,
                                                 name);

  p2p_bar_label (bar, label);

  image = p2p_cli_load (in, error);
  if (! image)
    return FALSE;
  warn (image, name, bar);
  if (! load_hints (job, in, image, bar, &hints, &own, error))
    return FALSE;

  options.once = job->pictures.in->len == 1;
  options.hints = own ? &hints : NULL;
  result = p2p_apply (model, image, &options, p2p_bar_update, bar, cancellable, error);
  if (! result || g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      g_prefix_error (error, "%s: ", name);
      return FALSE;
    }

  p2p_bar_update (1.0, bar);
  if (! p2p_cli_save (result, out, error))
    return FALSE;
  carry_metadata (in, out, bar);
  return TRUE;
}

/* Returns the number of pictures that were done.  Errors of the others are reported here. */
static guint
apply_each (P2pModel     *model,
            const Job    *job,
            GCancellable *cancellable)
{
  g_autoptr (P2pBar) bar    = p2p_bar_new (job->quiet);
  guint              n_done = 0;

  for (guint i = 0; i < job->pictures.in->len && ! g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autoptr (GError) problem = NULL;

      if (apply_one (model, job, i, bar, cancellable, &problem))
        {
          n_done++;
          continue;
        }
      p2p_bar_clear (bar);
      p2p_cli_report (problem);
    }
  return n_done;
}

static int
apply_all (const Job *job)
{
  GCancellable        *cancellable = p2p_cli_cancel_on_signals ();
  g_autoptr (GError)   error       = NULL;
  g_autoptr (P2pModel) model       = p2p_model_open (job->model, NULL, &error);
  const guint          n           = job->pictures.in->len;
  guint                n_done;

  if (! model || ! p2p_cli_make_folders (&job->pictures, &error))
    {
      p2p_cli_report (error);
      return P2P_CLI_FAILED;
    }
  p2p_model_set_threads (model, job->n_threads);

  n_done = apply_each (model, job, cancellable);
  if (n > 1 && ! job->quiet)
    g_print (_("%u of %u pictures done\n"), n_done, n);
  return n_done == n ? P2P_CLI_DONE : P2P_CLI_FAILED;
}

int
p2p_cli_apply (int    argc,
               char **argv)
{
  g_auto (Job)       job   = { 0 };
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &job.model,
      N_("the model: an id that “pix2pix models” lists, or a file"), N_("ID|FILE") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &job.out,
      N_("where the result goes: a .png, .jpg or .tif, a folder, or - for standard output"),
      N_("OUT|FOLDER|-") },
    { "force", 0, 0, G_OPTION_ARG_NONE, &job.pictures.force, N_("overwrite existing files"), NULL },
    { "recursive", 0, 0, G_OPTION_ARG_NONE, &job.pictures.recursive,
      N_("also take the pictures in subfolders"), NULL },
    { "scale", 0, 0, G_OPTION_ARG_STRING, &job.scale,
      N_("working size: the picture's own, or its longer side in pixels (default: the model's)"),
      "native|fit:N" },
    { "statistics", 0, 0, G_OPTION_ARG_STRING, &job.statistics,
      N_("normalize by the picture's statistics or the training's (default: as the card says)"),
      "image|running" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &job.noise, N_("vary the result with this seed"), "N" },
    { "noise", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &job.noise, NULL, NULL },
    { "strength", 0, 0, G_OPTION_ARG_STRING, &job.strength,
      N_("mix with the original: from 0% (as it is) to 100% (the full result)"), "0%…100%" },
    { "colorfulness", 0, 0, G_OPTION_ARG_STRING, &job.chroma,
      N_("for models that only give colors: paler below 100%, stronger above"), "0%…1000%" },
    { "chroma", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &job.chroma, NULL, NULL },
    { "snap-labels", 0, 0, G_OPTION_ARG_NONE, &job.snap_labels,
      N_("for models with a palette: first give each pixel the palette's nearest color"), NULL },
    { "hints", 0, 0, G_OPTION_ARG_FILENAME, &job.hints,
      N_("for models that take hints: a picture with dots and strokes of color, transparent "
         "elsewhere, or a folder of such pictures, named as the inputs"), N_("FILE|FOLDER") },
    { "keep-paper", 0, 0, G_OPTION_ARG_NONE, &job.keep_paper,
      N_("for models that see line art: keep the tone of the paper in a scan or a photo"), NULL },
    { "line-strength", 0, 0, G_OPTION_ARG_STRING, &job.line_strength,
      N_("for models that see line art: show the model paler lines (below 100%) or darker ones "
         "(above); the lines in the result do not change"), "0%…400%" },
    { "memory", 0, 0, G_OPTION_ARG_STRING, &job.memory,
      N_("use at most this memory, by tiles if needed (default: half of what is free)"), "MIB" },
    { "tile", 0, 0, G_OPTION_ARG_STRING, &job.tile,
      N_("work in tiles of at most N pixels a side (default: as memory allows)"), "N" },
    { "overlap", 0, 0, G_OPTION_ARG_STRING, &job.overlap,
      N_("pixels that neighboring tiles share (default: as many as the model needs)"), "N" },
    { "threads", 0, 0, G_OPTION_ARG_STRING, &job.threads,
      N_("threads that compute (default: one for each processor)"), "N" },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &job.quiet,
      N_("show no progress bar, and do not count the pictures at the end"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &job.inputs, NULL, NULL },
    { NULL }
  };

  if (! p2p_cli_parse (&argc, &argv, entries, _("IN|FOLDER…|- - turn pictures into others"),
                       _("PNG and TIFF keep 8 or 16 bits a sample, TIFF also floating point; other "
                         "formats have 8.\nColor profiles are kept. All pictures in a folder are "
                         "taken.\nAn error in one picture does not stop the others.\n"
                         "“-” reads standard input, and “-o -” writes a PNG to standard output."),
                       "apply --model facade labels.png -o photo.png"))
    return P2P_CLI_USAGE;

  if (! read_options (&job, &error) ||
      ! p2p_cli_find_pictures (&job.pictures, job.inputs, job.out, &error))
    return p2p_cli_usage (error);
  return apply_all (&job);
}
