/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The plug-in's entry point: tells GIMP which procedure and which help pages the plug-in has. */

#include <libgimp/gimp.h>

#include "p2p.h"
#include "procedure.h"

#define P2P_TYPE_PLUG_IN (p2p_plug_in_get_type ())
G_DECLARE_FINAL_TYPE (P2pPlugIn, p2p_plug_in, P2P, PLUG_IN, GimpPlugIn)

struct _P2pPlugIn
{
  GimpPlugIn parent;
};

G_DEFINE_FINAL_TYPE (P2pPlugIn, p2p_plug_in, GIMP_TYPE_PLUG_IN)

/* The path (newly allocated) of a file or folder beside the plug-in's binary. */
static char *
beside (const char *name)
{
  g_autofree char *folder = g_path_get_dirname (gimp_get_progname ());

  return g_build_filename (folder, name, NULL);
}

/* The help domain must be the name space in help/LANGUAGE/gimp-help.xml. */
static GList *
query_procedures (GimpPlugIn *plug_in)
{
  g_autofree char   *path = beside ("help");
  g_autoptr (GFile)  help = g_file_new_for_path (path);

  gimp_plug_in_set_help_domain (plug_in, "gimp-pix2pix", help);
  return g_list_append (NULL, g_strdup (P2P_PROCEDURE_NAME));
}

static GimpProcedure *
create_procedure (GimpPlugIn *plug_in,
                  const char *name)
{
  g_autofree char   *models = beside ("models");
  g_autofree char   *path   = beside ("pix2pix.svg");
  g_autoptr (GFile)  icon   = g_file_new_for_path (path);
  GimpProcedure     *procedure;

  g_return_val_if_fail (strcmp (name, P2P_PROCEDURE_NAME) == 0, NULL);

  p2p_models_add_folder (models);

  procedure = p2p_procedure_new (plug_in);
  gimp_procedure_set_icon_file (procedure, icon);

  return procedure;
}

static void
p2p_plug_in_class_init (P2pPlugInClass *klass)
{
  GimpPlugInClass *plug_in_class = GIMP_PLUG_IN_CLASS (klass);

  plug_in_class->query_procedures = query_procedures;
  plug_in_class->create_procedure = create_procedure;
}

static void
p2p_plug_in_init (P2pPlugIn *plug_in)
{
}

/* Does what GIMP_MAIN () would do, but also prints the version, which `pix2pix doctor` asks for. */
int
main (int    argc,
      char **argv)
{
  if (argc == 2 && strcmp (argv[1], "--version") == 0)
    {
      g_print ("pix2pix %s\n", P2P_VERSION);
      return 0;
    }

  return gimp_main (P2P_TYPE_PLUG_IN, argc, argv);
}
