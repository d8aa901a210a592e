/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The part of `pix2pix doctor` that checks GIMP without starting it: which versions are installed,
 * which folders for plug-ins there are, and whether the plug-in in them runs.  Programs are only
 * run with --version. */

#include "find-gimp.h"

#include "base/intl.h"
#include "finding.h"
#include "install-folders.h"
#include "p2p.h"

/* The plug-in's path in a folder for plug-ins. */
#define PLUG_IN G_DIR_SEPARATOR_S "pix2pix" G_DIR_SEPARATOR_S "pix2pix"

/* Prints the versions of GIMP that are installed.  Returns whether one of them is GIMP 3. */
static gboolean
look_for_versions (void)
{
  static const char *const names[] = { "gimp-console-3", "gimp-3", "gimp-console", "gimp" };
  g_autoptr (GHashTable)   seen    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gboolean                 found   = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *program = g_find_program_in_path (names[i]);
      g_autofree char *reason  = NULL;
      char            *version = program ? p2p_doctor_version (program, &reason) : NULL;

      if (! version || ! g_hash_table_add (seen, version))
        continue;
      if (g_str_has_prefix (version, "3."))
        p2p_doctor_fine (_("GIMP %s: %s"), version, program);
      else
        p2p_doctor_note (NULL, _("GIMP %s, for which the plug-in is not made: %s"), version,
                         program);
      found = found || g_str_has_prefix (version, "3.");
    }
  return found;
}

static void
add_flatpak (void)
{
  g_autofree char *folder = g_build_filename (g_get_home_dir (), ".var", "app", "org.gimp.GIMP",
                                              NULL);

  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    p2p_doctor_note (_("install your system's own GIMP 3, too"),
                     _("the GIMP from Flatpak has its own libraries, and the plug-in does not run "
                       "with them"));
}

/* Returns the folders where GIMP 3 looks for plug-ins: the user's, for which GIMP3_DIRECTORY counts
 * as in GIMP, and that of the system. */
static GPtrArray *
find_folders (void)
{
  GPtrArray       *folders = g_ptr_array_new_with_free_func (g_free);
  const char      *chosen  = g_getenv ("GIMP3_DIRECTORY");
  g_autofree char *all     = g_build_filename (g_get_user_config_dir (), "GIMP", NULL);
  g_autoptr (GDir) dir     = chosen && *chosen ? NULL : g_dir_open (all, 0, NULL);
  const char      *name;

  if (chosen && *chosen)
    {
      g_autofree char *folder = g_canonicalize_filename (chosen, g_get_home_dir ());

      g_ptr_array_add (folders, g_build_filename (folder, "plug-ins", NULL));
    }
  while (dir && (name = g_dir_read_name (dir)))
    if (g_str_has_prefix (name, "3."))
      g_ptr_array_add (folders, g_build_filename (all, name, "plug-ins", NULL));

  if (P2P_GIMP_PLUGINDIR)
    g_ptr_array_add (folders, g_strdup (P2P_GIMP_PLUGINDIR));
  return folders;
}

static void
look_at_plug_in (P2pDoctor  *doctor,
                 const char *path)
{
  g_autofree char *folder  = g_path_get_dirname (path);
  g_autofree char *models  = g_build_filename (folder, "models", NULL);
  g_autofree char *shown   = g_filename_display_name (path);
  g_autofree char *quoted  = g_shell_quote (shown);
  g_autofree char *allow   = g_strdup_printf ("chmod +x %s", quoted);
  g_autofree char *reason  = NULL;
  g_autofree char *version = NULL;
  const char      *update  = p2p_doctor_reinstall ();

  p2p_models_add_folder (models);
  if (! g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
    {
      p2p_doctor_trouble (doctor, allow, _("the plug-in %s is not executable"), shown);
      return;
    }

  version = p2p_doctor_version (path, &reason);
  if (! version)
    p2p_doctor_trouble (doctor, update, _("the plug-in %s does not run: %s"), shown, reason);
  else if (g_strcmp0 (version, P2P_VERSION))
    p2p_doctor_trouble (doctor, update, _("the plug-in %s is version %s, this program is %s"),
                        shown, version, P2P_VERSION);
  else
    p2p_doctor_fine (_("plug-in %s: %s"), version, shown);
}

void
p2p_doctor_gimp (P2pDoctor *doctor)
{
  g_autoptr (GPtrArray) folders = find_folders ();
  int                   n_found = 0;
  gboolean              gimp;

  g_print ("GIMP\n");
  gimp = look_for_versions ();
  add_flatpak ();

  for (guint i = 0; i < folders->len; i++)
    {
      g_autofree char *path  = g_strconcat (folders->pdata[i], PLUG_IN, NULL);
      g_autofree char *shown = g_filename_display_name (folders->pdata[i]);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        {
          look_at_plug_in (doctor, path);
          n_found++;
        }
      else
        {
          p2p_doctor_note (NULL, _("no plug-in in %s"), shown);
        }
    }

  if (gimp && n_found == 0)
    p2p_doctor_trouble (doctor, p2p_doctor_reinstall (),
                        _("the plug-in is not installed in GIMP"));
  if (! gimp && n_found > 0)
    {
      g_autofree char *install = p2p_doctor_install ("gimp");

      p2p_doctor_trouble (doctor, install, _("there is a plug-in, but no GIMP 3"));
    }
  else if (! gimp)
    {
      p2p_doctor_note (NULL, _("no GIMP 3; the program does not need it"));
    }
}
