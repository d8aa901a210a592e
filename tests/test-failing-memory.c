/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Whichever allocation fails while a model is opened, a picture is read, written or translated:
 * an error says so, nothing leaks (under the sanitizers), and the same works when it is done
 * again. */

#include "failing-memory.h"
#include "models/convert.h"
#include "models/networks.h"
#include "small-model.h"

#define WIDTH  150
#define HEIGHT 100

static char *
checksum (const P2pImage *image)
{
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guint8 *) image->pixels,
                                      image_bytes (image));
}

static char *
path_of (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* ---- Applies ------------------------------------------------------------------------------ */

/* What is applied to which picture. */
typedef struct
{
  const char *inputs;             /* the card's */
  int         input_nc, output_nc;
  int         channels;           /* of the picture */
  const char *scale;
  int         tile;
  gboolean    snap, layers;
} Case;

typedef struct
{
  const Case *what;
  P2pModel   *model;              /* NULL: is opened each time */
  P2pImage   *image, *hints;
} Applying;

static P2pApplyOptions
options_of (const Applying *applying,
            P2pHints       *hints)
{
  P2pApplyOptions options = P2P_APPLY_DEFAULTS;

  *hints = (P2pHints) { applying->hints, 0, 0, WIDTH, HEIGHT };
  options.scale = applying->what->scale;
  options.tile = applying->what->tile;
  options.snap_labels = applying->what->snap;
  options.strength = 0.8;
  options.hints = p2p_model_takes_hints (applying->model) ? hints : NULL;
  return options;
}

static char *
apply_merged (gpointer   data,
              GError   **error)
{
  const Applying      *applying = data;
  P2pHints             hints;
  P2pApplyOptions      options = options_of (applying, &hints);
  g_autoptr (P2pImage) result = p2p_apply (applying->model, applying->image, &options, NULL, NULL,
                                           NULL, error);

  return result ? checksum (result) : NULL;
}

static char *
apply_layers (gpointer   data,
              GError   **error)
{
  const Applying         *applying = data;
  P2pHints                hints;
  P2pApplyOptions         options = options_of (applying, &hints);
  g_autoptr (P2pComputed) computed = p2p_apply_compute (applying->model, applying->image, &options,
                                                        NULL, NULL, NULL, error);
  g_auto (P2pLayers)      layers = { NULL };

  return computed && p2p_apply_layers (computed, 0.5, NULL, &layers, error)
         ? checksum (layers.colors) : NULL;
}

/* Opens the model and applies it once. */
static char *
open_and_apply (gpointer   data,
                GError   **error)
{
  Applying             fresh = *(Applying *) data;
  g_autofree char     *path = path_of ("model.safetensors");
  g_autoptr (P2pModel) model = p2p_model_open (path, NULL, error);

  fresh.model = model;
  if (! model)
    return NULL;
  p2p_model_set_threads (model, 2);
  return apply_merged (&fresh, error);
}

static P2pImage *
make_hints (void)
{
  P2pImage *hints = p2p_image_new (WIDTH, HEIGHT, 4);

  for (int i = 0; i < WIDTH * HEIGHT; i++)
    if (i % 37 == 0)
      {
        hints->pixels[4 * i] = i % 5 / 4.0f;
        hints->pixels[4 * i + 3] = 1.0f;
      }
  return hints;
}

static void
test_apply (gconstpointer data)
{
  const Case          *what = data;
  g_autoptr (P2pModel) model = open_model (what->inputs, what->input_nc, what->output_nc);
  g_autoptr (P2pImage) image = random_image (WIDTH, HEIGHT, what->channels);
  g_autoptr (P2pImage) hints = make_hints ();
  Applying             applying = { what, model, image, hints };

  p2p_model_set_threads (model, 2);
  /* Once the model has prepared its weights, it needs less memory. */
  fail_each (open_and_apply, &applying, 1);
  fail_each (what->layers ? apply_layers : apply_merged, &applying, 1);
}

static const Case cases[] =
{
  { "rgb", 3, 3, 3, "native" },
  { "rgb", 3, 3, 3, "native", .tile = 64 },
  { "rgb", 3, 3, 4, "fit:64" },
  { "gray", 1, 3, 2, "fit:64" },
  { "labels", 3, 3, 3, "fit:64", .snap = TRUE },
  { "lab-l", 1, 2, 3, "fit:64" },
  { "lines,hint-mask,hint-rgb,spread-rgb", 8, 3, 3, "native", .layers = TRUE },
  { "lines,hint-mask,hint-rgb,spread-rgb", 8, 3, 4, "fit:64" },
};

/* ---- Files -------------------------------------------------------------------------------- */

static char *
load (gpointer   path,
      GError   **error)
{
  g_autoptr (P2pImage) image = p2p_image_load (path, error);

  return image ? checksum (image) : NULL;
}

static char *
save (gpointer   path,
      GError   **error)
{
  g_autoptr (P2pImage) image = random_image (WIDTH, HEIGHT, 4);
  g_autofree char     *data = NULL;
  gsize                size;

  if (! p2p_image_save (image, path, error))
    return NULL;
  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guint8 *) data, size);
}

/* A file that exists while a picture is written to it stays whole. */
static void
test_picture (gconstpointer name)
{
  g_autofree char *path = path_of (name);
  GDir            *dir;
  guint            n = 0;

  /* gdk-pixbuf writes JPEG from its own memory, a few rows at a time. */
  if (g_str_has_suffix (path, ".jpg"))
    g_free (save (path, NULL));
  else
    fail_each (save, path, 1);
  fail_each (load, path, 1);
  g_unlink (path);
  dir = g_dir_open (folder, 0, NULL);
  while (g_dir_read_name (dir))
    n++;
  g_dir_close (dir);
  g_assert_cmpuint (n, <=, 1);      /* model.safetensors of other tests */
}

static char *
convert (gpointer   path,
         GError   **error)
{
  g_autofree char       *out = path_of ("converted.safetensors");
  g_autofree char       *data = NULL;
  g_autoptr (P2pTensors) tensors = p2p_network_open (path, NULL, error);
  g_autoptr (P2pCard)    card = tensors ? p2p_card_new (tensors, error) : NULL;
  gsize                  size;

  if (! card || ! p2p_convert (g_steal_pointer (&tensors), card, out, FALSE, NULL, error))
    {
      g_assert_false (g_file_test (out, G_FILE_TEST_EXISTS));
      return NULL;
    }
  g_assert_true (g_file_get_contents (out, &data, &size, NULL));
  g_unlink (out);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guint8 *) data, size);
}

static void
test_convert (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autofree char     *path = path_of ("model.safetensors");

  fail_each (convert, path, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/failing-memory/apply/%u", i + 1);

      g_test_add_data_func (name, &cases[i], test_apply);
    }
  g_test_add_data_func ("/failing-memory/png", "picture.png", test_picture);
  g_test_add_data_func ("/failing-memory/tiff", "picture.tif", test_picture);
  g_test_add_data_func ("/failing-memory/jpeg", "picture.jpg", test_picture);
  g_test_add_func ("/failing-memory/convert", test_convert);
  return run_tests ();
}
