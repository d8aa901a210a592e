/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* `pix2pix doctor` checks everything that an installation needs, and says how to repair what is
 * wrong. */

#include "cli.h"
#include "find-gimp.h"
#include "finding.h"

#include "base/blas.h"
#include "base/intl.h"
#include "base/memory.h"
#include "install-folders.h"
#include "models/model.h"
#include "models/models.h"
#include "ops/packed.h"
#include "pictures/picture-file.h"

#include <string.h>
#include <unistd.h>

/* In bytes.  With less free memory the included models do not run well: the facade model takes
 * 167 MB for 256 × 256 pixels. */
#define LEAST_MEMORY ((guint64) 512 << 20)

/* Checks that the files are there that plugin/install has installed.  Its list has a line
 * "CHECKSUM PATH" for each file; lines "folder PATH" are skipped. */
static void
look_at_installed (P2pDoctor *doctor)
{
  g_autofree char *share = g_path_get_dirname (P2P_MODELDIR);
  g_autofree char *list  = g_build_filename (share, "installed", NULL);
  g_autofree char *text  = NULL;
  g_auto (GStrv)   lines = NULL;

  if (! g_file_get_contents (list, &text, NULL, NULL))
    return;
  lines = g_strsplit (text, "\n", -1);
  for (int i = 0; lines[i]; i++)
    {
      const char *path = strchr (lines[i], ' ');

      if (! path || g_str_has_prefix (lines[i], "folder ")
          || g_file_test (path + 1, G_FILE_TEST_EXISTS))
        continue;
      p2p_doctor_trouble (doctor, p2p_doctor_reinstall (),
                          _("%s was installed and is gone"), path + 1);
    }
}

/* Reports why a model cannot be used, and what to do about it. */
static void
tell_broken (P2pDoctor    *doctor,
             const char   *path,
             const GError *error)
{
  g_autofree char *shown  = g_filename_display_name (path);
  g_autofree char *quoted = g_shell_quote (shown);
  g_autofree char *cure   = NULL;

  if (access (path, R_OK) != 0)
    cure = g_strdup_printf ("chmod u+r %s", quoted);
  else
    cure = g_strdup_printf (_("get the file again, move it elsewhere, or delete it: rm %s"),
                            quoted);
  p2p_doctor_trouble (doctor, cure, "%s", error->message);
}

static void
look_at_models (P2pDoctor *doctor)
{
  g_autoptr (GPtrArray) paths  = p2p_models_paths ();
  g_autofree char      *user   = p2p_models_user_folder ();
  g_autofree char      *folder = g_filename_display_name (user);

  g_print ("%s\n", _("Models"));
  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr (GError)   error = NULL;
      g_autoptr (P2pModel) model = p2p_model_open_file (paths->pdata[i], NULL, &error);
      g_autofree char     *path  = g_filename_display_name (paths->pdata[i]);

      if (model)
        p2p_doctor_fine ("%s", path);
      else
        tell_broken (doctor, paths->pdata[i], error);
    }
  if (paths->len == 0)
    p2p_doctor_trouble (doctor, p2p_doctor_reinstall (),
                        _("there are none"));
  p2p_doctor_note (NULL, _("models of your own go into %s"), folder);
}

/* Returns the processor's name (newly allocated), or NULL if /proc/cpuinfo does not have it. */
static char *
read_processor (void)
{
  g_autofree char       *cpuinfo = NULL;
  g_autoptr (GRegex)     line    = g_regex_new ("^model name\\s*: (.*)$", G_REGEX_MULTILINE, 0,
                                                NULL);
  g_autoptr (GMatchInfo) match   = NULL;

  if (! g_file_get_contents ("/proc/cpuinfo", &cpuinfo, NULL, NULL))
    return NULL;
  return g_regex_match (line, cpuinfo, 0, &match) ? g_match_info_fetch (match, 1) : NULL;
}

/* Returns the processor's features that our kernels can use (newly allocated). */
static char *
list_features (void)
{
  GString *features = g_string_new (NULL);

#if defined (__x86_64__)
  if (__builtin_cpu_supports ("avx2"))
    g_string_append (features, " AVX2");
  if (__builtin_cpu_supports ("fma"))
    g_string_append (features, " FMA");
  if (__builtin_cpu_supports ("avx512f"))
    g_string_append (features, " AVX-512");
#endif
  return g_string_free (features, FALSE);
}

static void
look_at_processor (void)
{
  g_autofree char *name     = read_processor ();
  g_autofree char *features = list_features ();
  const char      *limit    = g_getenv ("P2P_ISA");

  g_print ("%s\n", _("Processor"));
  p2p_doctor_fine (_("%s, %d threads, with:%s"), name ? name : _("unknown"),
                   (int) g_get_num_processors (), *features ? features : _(" nothing special"));
  if (limit)
    p2p_doctor_note ("unset P2P_ISA", _("the variable P2P_ISA=%s limits the kernels"), limit);
  p2p_doctor_fine (_("kernels: %s"), p2p_isa_name ());
}

static void
look_at_blas (void)
{
  int              n_threads;
  gboolean         serial;
  g_autofree char *blas = p2p_blas_describe (&n_threads, &serial);

  g_print ("%s\n", _("Linear algebra (BLAS)"));
  p2p_doctor_fine (_("%s; it could use %d threads, but pix2pix has threads of its own and lets it "
                     "use one"), blas, n_threads);
  if (serial)
    {
      g_autofree char *install = p2p_doctor_install ("libopenblas0-pthread");

      p2p_doctor_note (install, _("this build of it serves one thread at a time, which makes "
                                  "training slower"));
    }
}

static void
look_at_loaders (P2pDoctor *doctor)
{
  static const struct
  {
    const char *picture, *name, *package;
    gboolean    needed;
  } kinds[] = {
    { ".jpg",  "JPEG", "libgdk-pixbuf-2.0-0", TRUE },
    { ".gif",  "GIF",  "libgdk-pixbuf-2.0-0", TRUE },
    { ".bmp",  "BMP",  "libgdk-pixbuf-2.0-0", TRUE },
    { ".webp", "WebP", "webp-pixbuf-loader",  FALSE },
    { ".avif", "AVIF", "libavif-gdk-pixbuf",  FALSE },
    { ".heif", "HEIF", "heif-gdk-pixbuf",     FALSE },
  };
  g_autoptr (GString) found = g_string_new ("PNG, TIFF");

  g_print ("%s\n", _("Pictures that the program can read; GIMP has readers of its own"));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *install = p2p_doctor_install (kinds[i].package);

      if (p2p_image_can_load (kinds[i].picture))
        g_string_append_printf (found, ", %s", kinds[i].name);
      else if (kinds[i].needed)
        p2p_doctor_trouble (doctor, install, _("no %s"), kinds[i].name);
      else
        p2p_doctor_note (install, _("no %s"), kinds[i].name);
    }
  p2p_doctor_fine ("%s", found->str);
}

static void
look_at_memory (P2pDoctor *doctor)
{
  const guint64    bytes     = p2p_memory_read ("MemAvailable");
  g_autofree char *available = g_format_size (bytes);
  g_autofree char *total     = g_format_size (p2p_memory_read ("MemTotal"));

  g_print ("%s\n", _("Memory"));
  if (bytes == G_MAXUINT64)
    p2p_doctor_note (NULL, _("the system does not say how much is free"));
  else if (bytes < LEAST_MEMORY)
    p2p_doctor_trouble (doctor, _("close other programs"),
                        _("%s free of %s: the included models need more"),
                        available, total);
  else
    p2p_doctor_fine (_("%s free of %s; a picture that needs more than half of the free memory is "
                       "done in tiles"), available, total);
}

int
p2p_cli_doctor (int    argc,
                char **argv)
{
  P2pDoctor          doctor    = { 0 };
  const GOptionEntry entries[] = { { NULL } };

  if (! p2p_cli_parse (&argc, &argv, entries, _("- look for what is wrong with an installation"),
                       _("Each problem is printed with the command that solves it. "
                         "The exit status is 1 if something is wrong."),
                       "doctor") ||
      ! p2p_cli_no_more (argc, argv))
    return P2P_CLI_USAGE;

  g_print ("pix2pix %s\n", P2P_VERSION);
  p2p_doctor_gimp (&doctor);
  look_at_installed (&doctor);
  look_at_models (&doctor);
  look_at_processor ();
  look_at_blas ();
  look_at_loaders (&doctor);
  look_at_memory (&doctor);

  if (doctor.n_troubles == 0)
    {
      g_print ("%s\n", _("Nothing is wrong."));
      return P2P_CLI_DONE;
    }
  g_print (_("Things that are wrong: %d\n"), doctor.n_troubles);
  return P2P_CLI_FAILED;
}
