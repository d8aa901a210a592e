/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "procedure.h"

#include <gegl.h>

#include "dialog.h"
#include "intl.h"
#include "p2p.h"
#include "translate.h"

/* Pixels a side, of the tile and its overlap. */
#define MAX_TILE 65536

/* A model is a string, not a choice: choices are remembered from the time GIMP first saw the
 * plug-in, and an unknown one runs the default without a word. */
static void
add_picture_arguments (GimpProcedure *procedure)
{
  gimp_procedure_add_string_argument (
    procedure, "model", _("_Model"),
    _("The model's name (its file name without the ending) or its path; empty: the first found"),
    "", G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
    procedure, "strength", _("Stren_gth"),
    _("How much of the result is seen: 0 leaves the picture as it is, 1 is the result alone"),
    0.0, 1.0, 1.0, G_PARAM_READWRITE);
  gimp_procedure_add_string_argument (
    procedure, "scale", _("_Working size"),
    _("The size at which the model works: default (what suits the model), native (the layer's "
      "own), or fit:N (the longer side N pixels, the result scaled back)"),
    "default", G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
    procedure, "chroma", _("Color_fulness"),
    _("Of models that give colors alone: paler below 1, stronger above"),
    0.0, 10.0, 1.0, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (
    procedure, "snap-labels", _("Snap to label co_lors"),
    _("Of models with a palette: take each pixel for its nearest color there, as soft brushes and "
      "JPEG mix them"),
    FALSE, G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument (
    procedure, "output", _("Output"),
    _("Where the result goes"),
    gimp_choice_new_with_values ("in-place", P2P_OUTPUT_IN_PLACE, _("Re_place the layer"), NULL,
                                 "new-layer", P2P_OUTPUT_NEW_LAYER, _("_New layer above it"), NULL,
                                 NULL),
    "in-place", G_PARAM_READWRITE);
}

static void
add_model_arguments (GimpProcedure *procedure)
{
  gimp_procedure_add_choice_argument (
    procedure, "statistics", _("Normalization"),
    _("What the model measures brightness and contrast against: this picture alone, or the "
      "average of the pictures it was trained with"),
    gimp_choice_new_with_values ("model", P2P_STATISTICS_MODEL, _("As the model prefers"), NULL,
                                 "image", P2P_STATISTICS_IMAGE, _("This picture"), NULL,
                                 "running", P2P_STATISTICS_RUNNING, _("Average in training"), NULL,
                                 NULL),
    "model", G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (
    procedure, "noise", _("_Vary the result"),
    _("Switch parts of the model off at random: another seed gives another result"),
    FALSE, G_PARAM_READWRITE);
  gimp_procedure_add_int_argument (
    procedure, "seed", _("S_eed"),
    _("The same seed gives the same result"),
    0, G_MAXINT, 0, G_PARAM_READWRITE);
  gimp_procedure_add_int_argument (
    procedure, "memory", _("Memor_y (MiB)"),
    _("The most that may be used, by working in tiles if need be; 0: half of what is free"),
    0, G_MAXINT, 0, G_PARAM_READWRITE);
  gimp_procedure_add_int_argument (
    procedure, "tile", _("_Tile size"),
    _("Work in tiles of at most as many pixels a side; 0: as large as memory allows"),
    0, MAX_TILE, 0, G_PARAM_READWRITE);
  gimp_procedure_add_int_argument (
    procedure, "overlap", _("Tile overl_ap"),
    _("The pixels that neighboring tiles share; -1: as the model needs"),
    -1, MAX_TILE, -1, G_PARAM_READWRITE);
}

static P2pModel *
open_model (const char *id,
            GError    **error)
{
  g_autoptr (GPtrArray) found   = NULL;
  g_autofree char      *message = NULL;

  /* An empty string of the dialog or of the last values arrives as NULL. */
  if (id && *id)
    return p2p_model_open (id, error);

  found = p2p_models_list ();
  if (found->len > 0)
    return p2p_model_open (((P2pModelInfo *) found->pdata[0])->path, error);

  message = p2p_dialog_no_models ();
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_NOT_FOUND, message);

  return NULL;
}

static gboolean
apply (GimpImage           *image,
       GimpDrawable       **drawables,
       GimpProcedureConfig *config,
       gboolean            *nothing_selected,
       GError             **error)
{
  P2pApplyOptions       options = P2P_APPLY_DEFAULTS;
  g_autofree char      *id      = NULL;
  g_autofree char      *scale   = NULL;
  g_autoptr (P2pModel)  model   = NULL;
  P2pOutput             output;
  int                   seed, memory;

  g_object_get (config,
                "model",       &id,
                "strength",    &options.strength,
                "scale",       &scale,
                "chroma",      &options.chroma,
                "snap-labels", &options.snap_labels,
                "noise",       &options.noise,
                "seed",        &seed,
                "memory",      &memory,
                "tile",        &options.tile,
                "overlap",     &options.overlap,
                NULL);
  options.seed       = seed;
  options.memory     = (guint64) memory << 20;
  options.statistics = gimp_procedure_config_get_choice_id (config, "statistics");
  output             = gimp_procedure_config_get_choice_id (config, "output");
  if (scale && *scale)
    options.scale = scale;

  if (! p2p_translate_check (drawables, output, error))
    return FALSE;

  model = open_model (id, error);

  return model && p2p_translate (model, &options, image, drawables, output, nothing_selected,
                                 error);
}

static GimpPDBStatusType
status_of (const GError *error,
           GimpRunMode   run_mode)
{
  if (run_mode == GIMP_RUN_NONINTERACTIVE &&
      (g_error_matches (error, P2P_ERROR, P2P_ERROR_NOT_FOUND) ||
       g_error_matches (error, P2P_ERROR, P2P_ERROR_OPTION)))
    return GIMP_PDB_CALLING_ERROR;

  return GIMP_PDB_EXECUTION_ERROR;
}

static GimpValueArray *
run (GimpProcedure        *procedure,
     GimpRunMode           run_mode,
     GimpImage            *image,
     GimpDrawable        **drawables,
     GimpProcedureConfig  *config,
     gpointer              data)
{
  GError   *error            = NULL;
  gboolean  nothing_selected = FALSE;

  if (run_mode == GIMP_RUN_INTERACTIVE && ! p2p_dialog_run (procedure, config, &error))
    return gimp_procedure_new_return_values (
      procedure, error ? GIMP_PDB_EXECUTION_ERROR : GIMP_PDB_CANCEL, error);

  /* Not before: the dialog does not need it, and it takes a fifth of a second. */
  gegl_init (NULL, NULL);

  if (! apply (image, drawables, config, &nothing_selected, &error))
    return gimp_procedure_new_return_values (procedure, status_of (error, run_mode), error);

  if (nothing_selected && run_mode != GIMP_RUN_NONINTERACTIVE)
    gimp_message (_("Nothing was changed: the selection does not touch the layer."));

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

GimpProcedure *
p2p_procedure_new (GimpPlugIn *plug_in)
{
  GimpProcedure *procedure = gimp_image_procedure_new (plug_in, P2P_PROCEDURE_NAME,
                                                       GIMP_PDB_PROC_TYPE_PLUGIN, run, NULL, NULL);

  gimp_procedure_set_image_types (procedure, "RGB*, GRAY*");
  gimp_procedure_set_sensitivity_mask (procedure, GIMP_PROCEDURE_SENSITIVE_DRAWABLE |
                                                  GIMP_PROCEDURE_SENSITIVE_DRAWABLES);
  gimp_procedure_set_menu_label (procedure, _("_Image Translation (pix2pix)..."));
  gimp_procedure_add_menu_path (procedure, "<Image>/Filters/Artistic");
  gimp_procedure_set_documentation (
    procedure,
    _("Turn one kind of picture into another with a neural network"),
    _("A trained model translates the layer, or the selected part of it, into another kind of "
      "picture: a plan into a facade, a line drawing into a photo. Everything is computed on this "
      "computer."),
    P2P_PROCEDURE_NAME);
  gimp_procedure_set_attribution (procedure, "gimp-pix2pix", "GPL-3.0-or-later", "2026");

  add_picture_arguments (procedure);
  add_model_arguments (procedure);

  return procedure;
}
