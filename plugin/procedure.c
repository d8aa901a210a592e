/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "procedure.h"

#include "base/intl.h"
#include "dialog.h"
#include "drawable.h"
#include "init-gegl.h"
#include "p2p.h"
#include "remember.h"
#include "seen.h"
#include "translate.h"

/* The upper limit of the arguments "tile" and "overlap", in pixels. */
#define MAX_TILE 65536

/* The model is a string instead of a choice, because GIMP remembers the choices that it saw when it
 * first queried the plug-in, and silently replaces an unknown choice by the default. */
static void
add_picture_arguments (GimpProcedure *procedure)
{
  gimp_procedure_add_string_argument (
    procedure, "model", _("_Model"),
    _("The model's name (its file name without the ending) or its path. Empty means the first "
      "model found."),
    "", G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
    procedure, "strength", _("Stren_gth"),
    _("How much of the result is seen: 0 leaves the picture as it is, 1 is the result alone"),
    0.0, 1.0, 1.0, G_PARAM_READWRITE);
  gimp_procedure_add_string_argument (
    procedure, "scale", _("Wor_king size"),
    _("The size at which the model works: default (what suits the model), native (the layer's "
      "own), or fit:N (the longer side N pixels, the result scaled back)"),
    "default", G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
    procedure, "chroma", _("Colorf_ulness"),
    _("For models that only add color: below 1 the colors are paler, above 1 stronger"),
    0.0, 10.0, 1.0, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (
    procedure, "snap-labels", _("Snap to la_bel colors"),
    _("For models with a palette: replace each pixel by the nearest palette color first, because "
      "soft brushes and JPEG mix colors"),
    FALSE, G_PARAM_READWRITE);
  gimp_procedure_add_drawable_argument (
    procedure, "hints", _("Color hints"),
    _("For models that take hints: a layer with dots and strokes of color, transparent elsewhere"),
    TRUE, G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (
    procedure, "keep-paper", _("Keep the paper"),
    _("For models that color line art: keep the tone of the paper of a scan or photo in the "
      "result"),
    FALSE, G_PARAM_READWRITE);
  gimp_procedure_add_double_argument (
    procedure, "line-strength", _("Line s_trength"),
    _("For models that color line art: how dark the model sees the lines, which helps with pencil "
      "drawings. The lines in the result stay as they are."),
    0.0, 4.0, 1.0, G_PARAM_READWRITE);
  gimp_procedure_add_choice_argument (
    procedure, "output", _("Output"),
    _("Where the result goes: into the layer, into a new layer, or into a new image. For line art "
      "the new layer has only the colors and lies below the drawing."),
    gimp_choice_new_with_values ("in-place", P2P_IN_PLACE, _("Re_place layer"), NULL,
                                 "new-layer", P2P_NEW_LAYER, _("_New layer"), NULL,
                                 "new-image", P2P_NEW_IMAGE, _("New _image"), NULL,
                                 NULL),
    "in-place", G_PARAM_READWRITE);
  gimp_procedure_add_boolean_argument (
    procedure, "merge-filters", _("Merge filters"),
    _("When the layer is replaced: translate the layer as its live filters show it, and merge them "
      "into it. Otherwise the filters stay and act on the result."),
    TRUE, G_PARAM_READWRITE);
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
    _("The most memory to use. A picture that needs more is done in tiles. 0 means half of the "
      "free memory."),
    0, G_MAXINT, 0, G_PARAM_READWRITE);
  gimp_procedure_add_int_argument (
    procedure, "tile", _("Tile si_ze"),
    _("The longest side of a tile, in pixels. 0 means as large as memory allows."),
    0, MAX_TILE, 0, G_PARAM_READWRITE);
  gimp_procedure_add_int_argument (
    procedure, "overlap", _("Tile overlap"),
    _("How many pixels neighboring tiles share. -1 means as many as the model needs."),
    -1, MAX_TILE, -1, G_PARAM_READWRITE);

  gimp_procedure_add_image_return_value (
    procedure, "result-image", _("Image of the result"),
    _("The new image if that is the output, otherwise the image that was given"),
    TRUE, G_PARAM_READWRITE);
}

/* One call of the procedure. */
typedef struct
{
  GimpImage            *image;
  GimpDrawable        **drawables;
  GimpProcedureConfig  *config;
  gboolean              nothing_selected;
  GimpImage            *new_image;   /* NULL: none was made */
  GimpDrawable         *shown;       /* the layer that the dialog shows */
  gboolean              remembered;  /* the hints come from the last call, not from the user */
} Call;

static P2pModel *
open_model (const char *id,
            GError    **error)
{
  g_autoptr (GPtrArray) found   = NULL;
  g_autofree char      *message = NULL;

  /* GIMP passes an empty string as NULL when it comes from the dialog or the last values. */
  if (id && *id)
    return p2p_model_open (id, NULL, error);

  found = p2p_models_list (NULL);
  if (found->len > 0)
    return p2p_model_open (((P2pModelInfo *) found->pdata[0])->path, NULL, error);

  message = p2p_dialog_no_models ();
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_NOT_FOUND, message);

  return NULL;
}

static gboolean
apply (P2pProgress    progress,
       gpointer       progress_data,
       GCancellable  *cancellable,
       GError       **error,
       gpointer       data)
{
  Call                 *call    = data;
  P2pDestination        output  = gimp_procedure_config_get_choice_id (call->config, "output");
  P2pApplyOptions       options;
  g_autofree char      *id      = NULL;
  g_autofree char      *scale   = NULL;
  g_autoptr (P2pModel)  model   = NULL;
  GimpDrawable         *hints   = NULL;
  gboolean              merge, success;

  p2p_dialog_get_options (call->config, &options, &scale);
  g_object_get (call->config, "model", &id, "hints", &hints, "merge-filters", &merge, NULL);

  if (! p2p_check (call->drawables, output, error))
    return FALSE;

  p2p_gegl_init ();
  model = open_model (id, error);

  /* Hints of the last call must not make a model fail that takes none. */
  if (model && call->remembered && ! p2p_model_takes_hints (model))
    g_clear_object (&hints);

  success = model && p2p_translate (model, &options, call->image, call->drawables, hints, output,
                                    merge, progress, progress_data, cancellable,
                                    &call->nothing_selected, &call->new_image, error);
  g_clear_object (&hints);

  return success;
}

static void
tell_gimp (double   fraction,
           gpointer data)
{
  gimp_progress_update (fraction);
}

static void
read_bytes (GimpDrawable *drawable,
            P2pRect       rect,
            double        scale,
            guint8       *rgba,
            gpointer      data)
{
  p2p_gegl_init ();
  p2p_drawable_read_bytes (drawable, rect, scale, rgba);
}

static GimpDrawable *
add_above (GimpDrawable  *drawable,
           const char    *name,
           GError       **error)
{
  return p2p_drawable_add_beside (drawable, name, 1, error);
}

static void
read_selection (P2pRect   rect,
                double    scale,
                guint8   *mask,
                gpointer  data)
{
  p2p_drawable_read_selection (((Call *) data)->shown, rect, scale, mask);
}

/* Fills layer with what the dialog shows: the first layer that the selection touches, or the first
 * one if it touches none. */
static void
choose_shown (Call           *call,
              P2pDialogLayer *layer)
{
  GimpDrawable *drawable;

  layer->n_layers = gimp_core_object_array_get_length ((GObject **) call->drawables);
  for (int i = layer->n_layers - 1; i >= 0; i--)
    {
      if (p2p_drawable_get_area (call->drawables[i], &layer->selected))
        call->shown = call->drawables[i];
      layer->filters |= p2p_has_filters (call->drawables[i]);
    }
  drawable = call->shown ? call->shown : call->drawables[0];

  call->shown     = drawable;
  layer->drawable = drawable;
  layer->width    = gimp_drawable_get_width (drawable);
  layer->height   = gimp_drawable_get_height (drawable);
  layer->channels = (gimp_drawable_is_gray (drawable) ? 1 : 3) + gimp_drawable_has_alpha (drawable);
  if (! p2p_drawable_get_area (drawable, &layer->selected))
    layer->selected = (P2pRect) { 0 };
  if (! gimp_selection_is_empty (call->image))
    layer->read_selection = read_selection;
}

/* Proposes a new layer as the output if the layers cannot be replaced.  Also turns "merge-filters"
 * on for every call with the dialog, because the preview shows the layer with its filters. */
static void
propose_output (Call *call)
{
  if (gimp_procedure_config_get_choice_id (call->config, "output") == P2P_IN_PLACE &&
      ! p2p_check (call->drawables, P2P_IN_PLACE, NULL) &&
      p2p_check (call->drawables, P2P_NEW_LAYER, NULL))
    g_object_set (call->config, "output", "new-layer", NULL);
  g_object_set (call->config, "merge-filters", TRUE, NULL);
}

static gboolean
run_dialog (Call           *call,
            GimpProcedure  *procedure,
            GError        **error)
{
  P2pDialogLayer layer = { .read = read_bytes, .add_above = add_above, .apply = apply,
                           .data = call };

  /* Checks whether the layers can be translated into a new image, which has the fewest conditions.
   * apply () checks the output that the user chooses. */
  if (! p2p_check (call->drawables, P2P_NEW_IMAGE, error))
    return FALSE;

  choose_shown (call, &layer);
  propose_output (call);

  return p2p_dialog_run (procedure, call->config, &layer, error);
}

/* If the call has no hints, a dialog or a repeated call takes those of the last time. */
static void
recall_hints (Call        *call,
              GimpRunMode  run_mode)
{
  GimpDrawable *hints = NULL;

  g_object_get (call->config, "hints", &hints, NULL);
  if (! hints && call->drawables && call->drawables[0])
    {
      GimpDrawable *last = p2p_remembered_hints (call->drawables[0]);

      /* After an Undo or a canceled dialog no hints are remembered, but the layer that was painted
       * on may still exist.  Searches for it by its name. */
      if (! last && run_mode == GIMP_RUN_INTERACTIVE)
        last = GIMP_DRAWABLE (gimp_image_get_layer_by_name (call->image, _("Color hints")));
      if (last == call->drawables[0])
        last = NULL;

      g_object_set (call->config, "hints", last, NULL);
      call->remembered = last != NULL;
    }
  g_clear_object (&hints);
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
  Call            call   = { image, drawables, config };
  GError         *error  = NULL;
  GimpValueArray *values;
  gboolean        success;

  if (run_mode != GIMP_RUN_NONINTERACTIVE)
    recall_hints (&call, run_mode);
  if (run_mode == GIMP_RUN_INTERACTIVE)
    {
      success = run_dialog (&call, procedure, &error);
    }
  else
    {
      gimp_progress_init (_("Translating"));
      success = apply (tell_gimp, NULL, NULL, &error, &call);
    }
  /* GIMP keeps the arguments for the next time, but cannot keep a layer and would warn of it. */
  g_object_set (config, "hints", NULL, NULL);
  if (! success)
    return gimp_procedure_new_return_values (
      procedure, error ? status_of (error, run_mode) : GIMP_PDB_CANCEL, error);

  if (call.nothing_selected && run_mode != GIMP_RUN_NONINTERACTIVE)
    gimp_message (_("Nothing was changed: the selection does not touch the layer."));
  if (call.new_image && run_mode != GIMP_RUN_NONINTERACTIVE)
    gimp_display_new (call.new_image);

  values = gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
  GIMP_VALUES_SET_IMAGE (values, 1, call.new_image ? call.new_image : image);

  return values;
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
  /* GIMP's search for actions looks only at the words of the label and of this first text. */
  gimp_procedure_set_documentation (
    procedure,
    _("Turn one kind of picture into another with a neural network: color a sketch or line art, "
      "colorize a black-and-white photo, draw a map from an aerial photo or a facade from a plan"),
    _("A trained model translates the layer, or the selected part of it, into another kind of "
      "picture: a plan into a facade, a line drawing into a photo. Everything is computed on this "
      "computer."),
    P2P_PROCEDURE_NAME);
  gimp_procedure_set_attribution (procedure, "gimp-pix2pix", "GPL-3.0-or-later", "2026");

  add_picture_arguments (procedure);
  add_model_arguments (procedure);

  return procedure;
}
