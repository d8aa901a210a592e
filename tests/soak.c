/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A plug-in that translates random layers by the code of our plug-in, TURNS times in one process:
 * every second time with the dialog, which an impatient person uses.  After each turn it writes a
 * line into the file soak.log in the folder $P2P_TEST: what soak-left.h counts, and what it did.
 * tests/test-gimp-soak.py judges them.
 *
 * GIMP would start a new process for each call of our procedure.  Therefore the linker replaces
 * gimp_image_procedure_new () (--wrap), which tells us the procedure's function. */

#include <libgimp/gimpui.h>

#include "../plugin/procedure.h"
#include "p2p.h"
#include "preview.h"
#include "soak-left.h"

#define NAME  "plug-in-pix2pix-soak"
#define TURNS 100
#define SEED  24

/* How often the person acts, in milliseconds, and after how many times it no longer waits for a
 * result, because not every choice of a model gives a new one. */
#define BEAT     5
#define PATIENCE 400

static GimpRunImageFunc translate;    /* what our procedure does */

GimpProcedure * __real_gimp_image_procedure_new (GimpPlugIn *plug_in, const char *name,
                                                 GimpPDBProcType type, GimpRunImageFunc run,
                                                 gpointer data, GDestroyNotify destroy);
GimpProcedure * __wrap_gimp_image_procedure_new (GimpPlugIn *plug_in, const char *name,
                                                 GimpPDBProcType type, GimpRunImageFunc run,
                                                 gpointer data, GDestroyNotify destroy);

GimpProcedure *
__wrap_gimp_image_procedure_new (GimpPlugIn       *plug_in,
                                 const char       *name,
                                 GimpPDBProcType   type,
                                 GimpRunImageFunc  run,
                                 gpointer          data,
                                 GDestroyNotify    destroy)
{
  translate = run;

  return __real_gimp_image_procedure_new (plug_in, name, type, run, data, destroy);
}

/* ---- The layer and the settings ------------------------------------------------------------- */

static int
random_side (GRand *random)
{
  const int most[] = { 4, 100, 100, 400, 400, 1000 };

  return g_rand_int_range (random, 1, most[g_rand_int_range (random, 0, G_N_ELEMENTS (most))]);
}

static void
paint (GRand        *random,
       GimpDrawable *drawable)
{
  int                    width  = gimp_drawable_get_width (drawable);
  int                    height = gimp_drawable_get_height (drawable);
  g_autofree guint32    *pixels = g_new (guint32, width * height);
  g_autoptr (GeglBuffer) buffer = gimp_drawable_get_buffer (drawable);

  for (int i = 0; i < width * height; i++)
    pixels[i] = g_rand_int (random);
  gegl_buffer_set (buffer, GEGL_RECTANGLE (0, 0, width, height), 0, babl_format ("R'G'B'A u8"),
                   pixels, GEGL_AUTO_ROWSTRIDE);
}

static GimpDrawable *
add_layer (GRand         *random,
           GimpImage     *image,
           GimpImageType  type)
{
  GimpLayer *layer = gimp_layer_new (image, "Layer", gimp_image_get_width (image),
                                     gimp_image_get_height (image), type, 100.0,
                                     GIMP_LAYER_MODE_NORMAL);

  gimp_image_insert_layer (image, layer, NULL, 0);
  paint (random, GIMP_DRAWABLE (layer));

  return GIMP_DRAWABLE (layer);
}

static GimpImage *
make_image (GRand         *random,
            GimpDrawable **drawable)
{
  const GimpPrecision precisions[] = { GIMP_PRECISION_U8_NON_LINEAR, GIMP_PRECISION_U16_LINEAR,
                                       GIMP_PRECISION_HALF_NON_LINEAR,
                                       GIMP_PRECISION_FLOAT_LINEAR };
  gboolean            gray   = g_rand_int_range (random, 0, 4) == 0;
  int                 width  = random_side (random);
  int                 height = random_side (random);
  GimpImage          *image;

  image = gimp_image_new_with_precision (width, height, gray ? GIMP_GRAY : GIMP_RGB,
                                         precisions[g_rand_int_range (random, 0, 4)]);
  gimp_image_undo_disable (image);
  *drawable = add_layer (random, image, (gray ? GIMP_GRAY_IMAGE : GIMP_RGB_IMAGE) +
                                        g_rand_int_range (random, 0, 2));

  width  = g_rand_int_range (random, 1, width + 1);
  height = g_rand_int_range (random, 1, height + 1);
  switch (g_rand_int_range (random, 0, 4))
    {
    case 0:
      gimp_image_select_rectangle (image, GIMP_CHANNEL_OP_REPLACE, 0, 0, width, height);
      break;
    case 1:
      gimp_image_select_ellipse (image, GIMP_CHANNEL_OP_REPLACE, 0, 0, width, height);
      gimp_selection_feather (image, 8);
      break;
    default:    /* no selection */
      break;
    }

  return image;
}

static gboolean
is_dialog (int turn)
{
  return turn % 2;
}

/* The first turns use each model once. */
static void
choose_settings (GRand               *random,
                 int                  turn,
                 GimpImage           *image,
                 GimpProcedureConfig *config)
{
  const char *const     scales[]  = { "default", "native", "fit:64", "fit:300" };
  const char *const     outputs[] = { "in-place", "new-layer", "new-image" };
  const int             tiles[]   = { 0, 0, 64, 128 };
  g_autoptr (GPtrArray) models    = p2p_models_list (NULL);
  int                   any       = g_rand_int_range (random, 0, models->len);
  P2pModelInfo         *model     = models->pdata[turn < (int) models->len ? turn : any];
  GimpDrawable         *hints     = NULL;

  if (strcmp (model->id, "lines") == 0 && gimp_image_get_base_type (image) == GIMP_RGB)
    hints = add_layer (random, image, GIMP_RGBA_IMAGE);

  /* The dialog would show a new image, which could not be deleted then. */
  g_object_set (config,
                "model", model->id,
                "scale", scales[g_rand_int_range (random, 0, 4)],
                "output", outputs[g_rand_int_range (random, 0, is_dialog (turn) ? 2 : 3)],
                "tile", tiles[g_rand_int_range (random, 0, 4)],
                "strength", g_rand_double (random),
                "chroma", g_rand_double (random),
                "snap-labels", strcmp (model->id, "labels") == 0 && g_rand_boolean (random),
                "hints", hints,
                "keep-paper", g_rand_boolean (random),
                "noise", g_rand_boolean (random),
                "seed", g_rand_int_range (random, 0, 100),
                NULL);
}

/* ---- The person ------------------------------------------------------------------------------ */

typedef struct
{
  GRand     *random;
  int        n_changes;    /* of settings that are left to do */
  int        patience;     /* beats that are left to wait for a result */
  gboolean   accepts;      /* will press OK */
  double     cancel_at;    /* presses Cancel when so much is done; above 1: never */
  gboolean   cancelled;    /* has pressed Cancel while an apply ran */
  GtkWidget *dialog;
} Person;

static void
find (GtkWidget *widget,
      gpointer   data)
{
  gpointer *wanted = data;    /* the type, and where the widget goes */

  if (g_type_is_a (G_OBJECT_TYPE (widget), (GType) wanted[0]))
    wanted[1] = widget;
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), find, data);
}

/* The last widget of that type in the dialog. */
static gpointer
part (Person *person,
      GType   type)
{
  gpointer wanted[2] = { (gpointer) type, NULL };

  find (person->dialog, wanted);

  return wanted[1];
}

static GtkWidget *
find_dialog (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *item = windows; item; item = item->next)
    if (GIMP_IS_PROCEDURE_DIALOG (item->data) && gtk_widget_get_mapped (item->data))
      return item->data;

  return NULL;
}

/* Chooses another model, which makes the preview compute anew. */
static void
choose_model (Person *person)
{
  GtkListBox       *list = part (person, GTK_TYPE_LIST_BOX);
  g_autoptr (GList) rows = gtk_container_get_children (GTK_CONTAINER (list));

  gtk_list_box_select_row (list, g_list_nth_data (rows, g_rand_int_range (person->random, 0,
                                                                          g_list_length (rows))));
}

/* The dialog is open, and no apply runs. */
static void
use_dialog (Person    *person,
            AtkObject *preview)
{
  const char *shown = atk_object_get_description (preview);

  /* The description says which result is shown.  It was removed before the last change. */
  if (person->patience-- > 0 && ! (shown && *shown))
    return;

  if (person->n_changes-- > 0)
    {
      atk_object_set_description (preview, "");
      person->patience = g_rand_boolean (person->random) ? PATIENCE
                                                         : g_rand_int_range (person->random, 0, 8);
      choose_model (person);
      return;
    }

  watch (person->dialog, NULL);
  /* After a cancel or an error the dialog is still there and is closed the second time. */
  gtk_dialog_response (GTK_DIALOG (person->dialog),
                       person->accepts ? GTK_RESPONSE_OK : GTK_RESPONSE_CANCEL);
  person->accepts = FALSE;
}

static gboolean
can_accept (Person *person)
{
  return gtk_widget_is_sensitive (gtk_dialog_get_widget_for_response (GTK_DIALOG (person->dialog),
                                                                      GTK_RESPONSE_OK));
}

/* An apply got on. */
static void
on_progress (GtkProgressBar *bar,
             GParamSpec     *fraction,
             Person         *person)
{
  if (! can_accept (person) && gtk_widget_get_child_visible (GTK_WIDGET (bar)) &&
      gtk_progress_bar_get_fraction (bar) >= person->cancel_at)
    {
      person->cancelled = TRUE;
      gtk_dialog_response (GTK_DIALOG (person->dialog), GTK_RESPONSE_CANCEL);
    }
}

static gboolean
act (gpointer data)
{
  Person    *person = data;
  GtkWidget *dialog = find_dialog ();

  if (dialog && ! person->dialog)
    {
      person->dialog = dialog;
      g_signal_connect (part (person, GTK_TYPE_PROGRESS_BAR), "notify::fraction",
                        G_CALLBACK (on_progress), person);
    }
  if (dialog && can_accept (person))
    use_dialog (person, gtk_widget_get_accessible (part (person, P2P_TYPE_PREVIEW)));

  return G_SOURCE_CONTINUE;
}

/* ---- The turns ------------------------------------------------------------------------------- */

/* What became of the turn. */
static const char *
outcome (GimpValueArray *values,
         const Person   *person)
{
  switch (GIMP_VALUES_GET_ENUM (values, 0))
    {
    case GIMP_PDB_SUCCESS:
      return person->cancelled ? "cancelled, then done" : "done";
    case GIMP_PDB_CANCEL:
      return person->cancelled ? "cancelled" : "closed";
    default:
      return gimp_value_array_length (values) > 1 ? GIMP_VALUES_GET_STRING (values, 1) : "failed";
    }
}

/* Deletes the new image if there is one.  A call that fails returns no image. */
static void
delete_result (GimpValueArray *values,
               GimpImage      *image)
{
  GimpImage *made;

  if (GIMP_VALUES_GET_ENUM (values, 0) != GIMP_PDB_SUCCESS)
    return;

  made = GIMP_VALUES_GET_IMAGE (values, 1);
  if (made != image)
    gimp_image_delete (made);
}

static void
take_turn (GRand               *random,
           int                  turn,
           GimpProcedure       *procedure,
           GimpProcedureConfig *config,
           FILE                *log)
{
  GimpRunMode      run_mode   = is_dialog (turn) ? GIMP_RUN_INTERACTIVE : GIMP_RUN_NONINTERACTIVE;
  Person           person     = { random, g_rand_int_range (random, 0, 4), PATIENCE,
                                  g_rand_int_range (random, 0, 4) > 0,
                                  g_rand_double_range (random, 0.0, 2.0) };
  GimpDrawable    *layers[2]  = { NULL };
  GimpImage       *image      = make_image (random, &layers[0]);
  guint            source     = 0;
  GimpValueArray  *values;
  g_autofree char *what       = NULL;

  choose_settings (random, turn, image, config);
  if (is_dialog (turn))
    source = g_timeout_add (BEAT, act, &person);
  values = translate (procedure, run_mode, image, layers, config, NULL);
  if (source)
    g_source_remove (source);

  what = g_strdup_printf ("%s, %d × %d pixels: %s", source ? "dialog" : "call",
                          gimp_image_get_width (image), gimp_image_get_height (image),
                          outcome (values, &person));
  delete_result (values, image);
  gimp_image_delete (image);
  gimp_value_array_unref (values);
  note (log, what);
}

static GimpValueArray *
soak (GimpProcedure        *procedure,
      GimpProcedureConfig  *config,
      gpointer              data)
{
  GimpPlugIn                      *plug_in  = gimp_procedure_get_plug_in (procedure);
  g_autoptr (GimpProcedure)        ours     = p2p_procedure_new (plug_in);
  g_autoptr (GimpProcedureConfig)  settings = gimp_procedure_create_config (ours);
  g_autoptr (GRand)                random   = g_rand_new_with_seed (SEED);
  g_autofree char                 *path     = g_build_filename (g_getenv ("P2P_TEST"), "soak.log",
                                                                NULL);
  FILE                            *log      = fopen (path, "w");

  fprintf (log, "seed %d\n", SEED);
  gegl_init (NULL, NULL);
  for (int turn = 0; turn < TURNS; turn++)
    take_turn (random, turn, ours, settings, log);
  fclose (log);

  return gimp_procedure_new_return_values (procedure, GIMP_PDB_SUCCESS, NULL);
}

/* ---- The plug-in ----------------------------------------------------------------------------- */

G_DECLARE_FINAL_TYPE (Soak, soak_plug_in, P2P, SOAK, GimpPlugIn)

struct _Soak
{
  GimpPlugIn parent;
};

G_DEFINE_FINAL_TYPE (Soak, soak_plug_in, GIMP_TYPE_PLUG_IN)

static GList *
query_procedures (GimpPlugIn *plug_in)
{
  return g_list_append (NULL, g_strdup (NAME));
}

static GimpProcedure *
create_procedure (GimpPlugIn *plug_in,
                  const char *name)
{
  return gimp_procedure_new (plug_in, name, GIMP_PDB_PROC_TYPE_PLUGIN, soak, NULL, NULL);
}

static gboolean
set_i18n (GimpPlugIn  *plug_in,
          const char  *procedure_name,
          char       **domain,
          char       **catalog)
{
  return FALSE;
}

static void
soak_plug_in_class_init (SoakClass *klass)
{
  GimpPlugInClass *plug_in_class = GIMP_PLUG_IN_CLASS (klass);

  plug_in_class->query_procedures = query_procedures;
  plug_in_class->create_procedure = create_procedure;
  plug_in_class->set_i18n         = set_i18n;
}

static void
soak_plug_in_init (Soak *plug_in)
{
}

GIMP_MAIN (soak_plug_in_get_type ())
