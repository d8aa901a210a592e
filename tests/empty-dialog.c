/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A plug-in with nothing but a GimpProcedureDialog, which says when it is first drawn.
 * tests/bench-start.py compares our dialog with it. */

#include <libgimp/gimpui.h>

#define NAME "plug-in-empty-dialog"

G_DECLARE_FINAL_TYPE (EmptyDialog, empty_dialog, EMPTY, DIALOG, GimpPlugIn)

struct _EmptyDialog
{
  GimpPlugIn parent;
};

G_DEFINE_FINAL_TYPE (EmptyDialog, empty_dialog, GIMP_TYPE_PLUG_IN)

static gboolean
drawn (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_func (widget, drawn, NULL);
  g_printerr ("empty-dialog: first drawn at %" G_GINT64_FORMAT "\n", g_get_monotonic_time ());

  return FALSE;
}

static GimpValueArray *
run (GimpProcedure        *procedure,
     GimpRunMode           run_mode,
     GimpImage            *image,
     GimpDrawable        **drawables,
     GimpProcedureConfig  *config,
     gpointer              data)
{
  GtkWidget *dialog;

  gimp_ui_init ("empty-dialog");
  dialog = gimp_procedure_dialog_new (procedure, config, "Empty");
  gimp_procedure_dialog_fill (GIMP_PROCEDURE_DIALOG (dialog), NULL);
  g_signal_connect_after (dialog, "draw", G_CALLBACK (drawn), NULL);
  gimp_procedure_dialog_run (GIMP_PROCEDURE_DIALOG (dialog));
  gtk_widget_destroy (dialog);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_CANCEL, NULL);
}

static GList *
query_procedures (GimpPlugIn *plug_in)
{
  return g_list_append (NULL, g_strdup (NAME));
}

static GimpProcedure *
create_procedure (GimpPlugIn *plug_in,
                  const char *name)
{
  GimpProcedure *procedure = gimp_image_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN,
                                                       run, NULL, NULL);

  gimp_procedure_set_image_types (procedure, "*");
  gimp_procedure_add_double_argument (procedure, "number", "_Number", NULL, 0.0, 1.0, 1.0,
                                      G_PARAM_READWRITE);

  return procedure;
}

static gboolean
set_i18n (GimpPlugIn   *plug_in,
          const char   *procedure_name,
          char        **domain,
          char        **catalog)
{
  return FALSE;
}

static void
empty_dialog_class_init (EmptyDialogClass *klass)
{
  GimpPlugInClass *plug_in_class = GIMP_PLUG_IN_CLASS (klass);

  plug_in_class->query_procedures = query_procedures;
  plug_in_class->create_procedure = create_procedure;
  plug_in_class->set_i18n         = set_i18n;
}

static void
empty_dialog_init (EmptyDialog *plug_in)
{
}

GIMP_MAIN (empty_dialog_get_type ())
