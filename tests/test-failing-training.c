/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Whichever allocation fails while a training starts, reads pictures, steps, validates or saves: an
 * error says so, nothing leaks (under the sanitizers), and no file is half written. */

#include <glib/gstdio.h>
#include <string.h>

#include "base/random.h"
#include "failing-memory.h"
#include "train/option-table.h"
#include "train/trainer.h"

#define SIDE 32    /* pixels, for unet_32 */

static char *folder;

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char      *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (g_file_test (inner, G_FILE_TEST_IS_DIR))
        remove_folder (inner);
      else
        g_unlink (inner);
    }
  g_rmdir (path);
}

static void
write_picture (const char *in,
               const char *name,
               int         width)
{
  g_autofree char     *parent = g_build_filename (folder, in, NULL);
  g_autofree char     *path = g_build_filename (parent, name, NULL);
  g_autoptr (P2pImage) image = p2p_image_new (width, SIDE, 3);
  GError              *error = NULL;

  for (int i = 0; i < width * SIDE * 3; i++)
    image->pixels[i] = p2p_random_uniform (width, *name, i / 8);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  p2p_image_save (image, path, &error);
  g_assert_no_error (error);
}

static void
make_pictures (void)
{
  for (int i = 0; i < 2; i++)
    {
      const char name[] = { '0' + i, '.', 'p', 'n', 'g', 0 };

      write_picture ("pairs", name, 2 * SIDE);
      write_picture ("pictures", name, SIDE);
      write_picture ("unpaired/A", name, SIDE);
      write_picture ("unpaired/B", name, SIDE);
    }
}

/* ---- Trainings ---------------------------------------------------------------------------- */

static void
on_progress (const P2pTrainProgress *progress,
             gpointer                data)
{
}

/* Messages tell what cannot be read.  A lack of memory is no reason to leave a picture out. */
static void
on_message (const char *message,
            gpointer    data)
{
  g_error ("%s", message);
}

static void
on_warning (const char *message,
            gpointer    data)
{
}

static void
set_options (P2pTrainOptions *options,
             const char      *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  GError        *error = NULL;

  p2p_train_options_init (options);
  for (int i = 0; words[i]; i++)
    {
      g_auto (GStrv)   pair = g_strsplit (words[i], "=", 2);
      g_autofree char *path = g_build_filename (folder, pair[1], NULL);
      const gboolean   is_path = strchr (pair[1], '/') != NULL;

      p2p_train_options_set (options, p2p_train_option_find (pair[0]), is_path ? path : pair[1],
                             &error);
      g_assert_no_error (error);
    }
  p2p_train_options_check (options, NULL, &error);
  g_assert_no_error (error);
}

/* The checksum of a file in the folder of the training, or "". */
static char *
sum_of (const char *name)
{
  g_autofree char *path = g_build_filename (folder, "run", name, NULL);
  g_autofree char *data = NULL;
  gsize            size;

  return g_file_get_contents (path, &data, &size, NULL)
         ? g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guint8 *) data, size) : g_strdup ("");
}

/* Whether a name is that of a temporary file. */
static gboolean
is_temporary (const char *name)
{
  return g_pattern_match_simple ("*.??????", name) && ! g_str_has_suffix (name, ".safetensors");
}

static void
expect_no_leftovers (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char      *name;

  while (dir && (name = g_dir_read_name (dir)))
    if (is_temporary (name))
      g_error ("%s was left over", name);
}

/* Trains from the beginning to the end. */
static char *
run_training (gpointer   line,
              GError   **error)
{
  const P2pTrainTell      tell = { on_progress, on_message, on_warning, NULL, NULL };
  g_autofree char        *run = g_build_filename (folder, "run", NULL);
  g_autofree char        *samples = g_build_filename (run, "samples", NULL);
  g_autoptr (GHashTable)  card = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (P2pTrainOptions) options = { 0 };
  g_autoptr (P2pTrainer)  trainer = NULL;
  g_autofree char        *model = NULL, *best = NULL, *log = NULL;
  gboolean                finished, done;

  remove_folder (run);
  set_options (&options, line);
  trainer = p2p_trainer_new (run, &options, card, 1, NULL, &tell, error);
  done = trainer && p2p_trainer_run (trainer, NULL, &finished, error);
  expect_no_leftovers (run);
  expect_no_leftovers (samples);
  if (! done)
    return NULL;
  g_assert_true (finished);
  model = sum_of ("model.safetensors");
  best = sum_of ("best.safetensors");
  log = sum_of ("log.csv");
  return g_strjoin (" ", model, best, log, NULL);
}

static void
test_training (gconstpointer line)
{
  fail_each (run_training, (char *) line, 50);
}

#define NET "netG=unet_32 crop-size=32 load-size=36 ngf=1 ndf=1 n-layers-D=1 n-epochs=1 " \
            "n-epochs-decay=0"

static const struct
{
  const char *name, *options;
}
trainings[] =
{
  { "pairs", "mode=aligned data=pairs/ val=pairs/ " NET },
  { "batches", "mode=aligned data=pairs/ " NET " accumulate=2 ema=0.9 diffaugment=true" },
  { "sketch", "mode=sketch hints=true data=pictures/ val=pictures/ " NET },
  { "colorize", "mode=colorize data=pictures/ val=pictures/ " NET },
  { "cyclegan", "recipe=cyclegan data=unpaired/ val=unpaired/ " NET " norm=instance" },
};

int
main (int    argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  folder = g_dir_make_tmp ("pix2pix-training-XXXXXX", NULL);
  make_pictures ();
  for (guint i = 0; i < G_N_ELEMENTS (trainings); i++)
    {
      g_autofree char *name = g_strconcat ("/failing-training/", trainings[i].name, NULL);

      g_test_add_data_func (name, trainings[i].options, test_training);
    }
  status = g_test_run ();
  remove_folder (folder);
  g_free (folder);
  return status;
}
