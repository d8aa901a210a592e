/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Where models are looked for, and what happens to a model that is added.  The contents of a file
 * mostly do not matter here: test-cli.py lists real ones. */

#include "models/models.h"

#include <glib/gstdio.h>
#include <string.h>

/* Set in main (): the user's folder, and two folders that are added in this order. */
static char *user, *first, *second;

static void
make_model (const char *folder,
            const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "model", -1, NULL));
}

static void
assert_found (const char *id,
              const char *folder,
              const char *name)
{
  g_autoptr (GError) error    = NULL;
  g_autofree char   *path     = p2p_models_find (id, &error);
  g_autofree char   *expected = g_build_filename (folder, name, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (path, ==, expected);
}

static void
test_order (void)
{
  assert_found ("everywhere", user, "everywhere.safetensors");
  assert_found ("added", first, "added.safetensors");
  assert_found ("last", second, "last.safetensors");
}

/* Trained weights are models only in the user's folder.  A model file of the same name comes first,
 * and .pth comes before .pt. */
static void
test_trained_weights (void)
{
  g_autoptr (GError) error = NULL;

  assert_found ("trained", user, "trained.pth");
  assert_found ("older", user, "older.pt");
  assert_found ("everywhere", user, "everywhere.safetensors");

  g_assert_null (p2p_models_find ("stray", &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_NOT_FOUND);
}

static void
test_path (void)
{
  g_autofree char *path = g_build_filename (second, "everywhere.safetensors", NULL);

  assert_found (path, second, "everywhere.safetensors");
}

static void
test_missing_file (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (p2p_models_find ("nowhere.safetensors", &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "nowhere.safetensors"));
}

/* This includes a folder, and a file with another ending. */
static void
test_unknown_id (void)
{
  const char *const ids[] = { "nowhere", "folder", "notes", "" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (p2p_models_find (ids[i], &error));
      g_assert_error (error, P2P_ERROR, P2P_ERROR_NOT_FOUND);
      g_assert_nonnull (strstr (error->message, "added, everywhere"));
      g_assert_nonnull (strstr (error->message, "last"));
      g_assert_nonnull (strstr (error->message, user));
    }
}

static void
test_broken_files (void)
{
  g_autoptr (GPtrArray) models = p2p_models_list (NULL);

  /* Models may be installed on this machine. */
  for (guint i = 0; i < models->len; i++)
    {
      const P2pModelInfo *model = models->pdata[i];

      g_assert_cmpstr (model->id, !=, "everywhere");
      g_assert_cmpstr (model->id, !=, "added");
    }
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char      *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);

      remove_all (inside);
    }
  g_remove (path);
}

/* An added model file is in the user's folder, with its corrected card and a name made from its
 * title.  Nothing is replaced. */
static void
test_add (void)
{
  static const char *const texts[] = { "title", "Old House!", "norm_statistics", "running", NULL };
  static const char *const bad[] = { "norm_statistics", "sometimes", NULL };
  g_autoptr (GError)       error = NULL;
  g_autofree char         *path = g_test_build_filename (G_TEST_DIST, "..", "weights",
                                                         "facade.safetensors", NULL);
  g_autofree char         *expected = g_build_filename (user, "old-house-2.safetensors", NULL);
  g_autofree char         *refused = g_build_filename (user, "facade.safetensors", NULL);
  g_autofree char         *first_id = p2p_model_install (path, NULL, texts, NULL, &error);
  g_autofree char         *id = p2p_model_install (path, NULL, texts, NULL, &error);
  g_autoptr (P2pModelInfo) info = p2p_model_info_new (expected, NULL, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (first_id, ==, "old-house");
  g_assert_cmpstr (id, ==, "old-house-2");
  g_assert_cmpstr (info->title, ==, "Old House!");
  g_assert_cmpstr (p2p_model_info_get (info, "norm_statistics"), ==, "running");
  g_assert_cmpstr (p2p_model_info_get (info, "inputs"), ==, "labels");

  g_assert_null (p2p_model_install (path, NULL, bad, NULL, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
  g_assert_false (g_file_test (refused, G_FILE_TEST_EXISTS));
}

/* A model that is added in the place of another gets its ID, and everything else stays. */
static void
test_replace (void)
{
  static const char *const texts[] = { "title", "New", NULL };
  g_autofree char         *path = g_test_build_filename (G_TEST_DIST, "..", "weights",
                                                         "facade.safetensors", NULL);
  g_autofree char         *old = p2p_model_install (path, NULL, NULL, NULL, NULL);
  g_autofree char         *id = p2p_model_install (path, NULL, texts, old, NULL);
  g_autofree char         *name = g_strconcat (old, ".safetensors", NULL);
  g_autofree char         *place = g_build_filename (user, name, NULL);
  g_autoptr (P2pModelInfo) info = p2p_model_info_new (place, NULL, NULL);

  g_assert_cmpstr (id, ==, old);
  g_assert_cmpstr (info->title, ==, "New");
}

/* A corrected model in the user's folder stays the same file. */
static void
test_correct (void)
{
  static const char *const texts[] = { "title", "Corrected", NULL };
  g_autofree char         *path = g_test_build_filename (G_TEST_DIST, "..", "weights",
                                                         "facade.safetensors", NULL);
  g_autofree char         *old = p2p_model_install (path, NULL, NULL, NULL, NULL);
  g_autofree char         *name = g_strconcat (old, ".safetensors", NULL);
  g_autofree char         *place = g_build_filename (user, name, NULL);
  g_autofree char         *id = p2p_model_install (place, NULL, texts, NULL, NULL);
  g_autoptr (P2pModelInfo) info = p2p_model_info_new (place, NULL, NULL);

  g_assert_cmpstr (id, ==, old);
  g_assert_cmpstr (info->title, ==, "Corrected");
}

static gboolean
is_there (const char *folder,
          const char *id,
          const char *ending)
{
  g_autofree char *name = g_strconcat (id, ending, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* A removed model is in the trash, with its picture and the weights that it was made from. */
static void
test_remove (void)
{
  g_autoptr (GError)       error = NULL;
  g_autofree char         *path = g_test_build_filename (G_TEST_DIST, "..", "weights",
                                                         "facade.safetensors", NULL);
  g_autofree char         *id = p2p_model_install (path, NULL, NULL, NULL, NULL);
  g_autofree char         *name = g_strconcat (id, ".safetensors", NULL);
  g_autofree char         *weights = g_strconcat (id, ".pth", NULL);
  g_autofree char         *picture = g_strconcat (id, ".png", NULL);
  g_autofree char         *place = g_build_filename (user, name, NULL);
  g_autofree char         *trash = g_build_filename (g_getenv ("XDG_DATA_HOME"), "Trash/files",
                                                     NULL);
  g_autoptr (P2pModelInfo) info = p2p_model_info_new (place, NULL, NULL);

  make_model (user, weights);
  make_model (user, picture);
  p2p_model_remove (info, &error);
  g_assert_no_error (error);
  for (int i = 0; i < 3; i++)
    {
      const char *ending = (const char *[]) { ".safetensors", ".pth", ".png" }[i];

      g_assert_false (is_there (user, id, ending));
      g_assert_true (is_there (trash, id, ending));
    }
}

/* Models that were installed for all users, or are beside the plug-in, cannot be removed by the
 * user. */
static void
test_own (void)
{
  g_autofree char         *path = g_test_build_filename (G_TEST_DIST, "..", "weights",
                                                         "facade.safetensors", NULL);
  g_autofree char         *id = p2p_model_install (path, NULL, NULL, NULL, NULL);
  g_autofree char         *name = g_strconcat (id, ".safetensors", NULL);
  g_autofree char         *place = g_build_filename (user, name, NULL);
  g_autoptr (P2pModelInfo) own = p2p_model_info_new (place, NULL, NULL);
  g_autoptr (P2pModelInfo) other = p2p_model_info_new (path, NULL, NULL);

  g_assert_true (p2p_model_is_own (own));
  g_assert_false (p2p_model_is_own (other));
}

/* A corrected title shows in every language.  A title that was not changed keeps its
 * translations. */
static void
test_translated (void)
{
  static const char *const corrected[] = { "title", "House", NULL };
  g_autofree char         *path = g_test_build_filename (G_TEST_DIST, "..", "weights",
                                                         "facade.safetensors", NULL);
  const char              *left[] = { "title", NULL, NULL };

  g_setenv ("LANGUAGE", "de", TRUE);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (P2pModelInfo) before = p2p_model_info_new (path, NULL, NULL);
      g_autofree char         *id = NULL;
      g_autofree char         *place = NULL;
      g_autoptr (P2pModelInfo) german = NULL;
      g_autoptr (P2pModelInfo) english = NULL;

      left[1] = before->title;
      id      = p2p_model_install (path, NULL, i == 0 ? corrected : left, NULL, NULL);
      place   = g_strconcat (user, "/", id, ".safetensors", NULL);
      german  = p2p_model_info_new (place, NULL, NULL);
      g_setenv ("LANGUAGE", "en", TRUE);
      english = p2p_model_info_new (place, NULL, NULL);
      g_setenv ("LANGUAGE", "de", TRUE);

      g_assert_cmpstr (german->title, ==, i == 0 ? "House" : before->title);
      g_assert_cmpstr (english->title, ==, i == 0 ? "House" : "Facade");
      g_assert_cmpstr (before->title, !=, "Facade");
    }
  g_setenv ("LANGUAGE", "C", TRUE);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *top    = g_dir_make_tmp ("pix2pix-models-XXXXXX", NULL);
  g_autofree char *folder = NULL;
  int              status;

  /* The trash for things on the home folder's device is in the home folder. */
  g_setenv ("HOME", top, TRUE);
  g_setenv ("XDG_DATA_HOME", top, TRUE);
  g_test_init (&argc, &argv, NULL);

  user   = p2p_models_user_folder ();
  first  = g_build_filename (top, "first", NULL);
  second = g_build_filename (top, "second", NULL);
  folder = g_build_filename (first, "folder.safetensors", NULL);
  make_model (user, "everywhere.safetensors");
  make_model (user, "everywhere.pth");
  make_model (user, "trained.pth");
  make_model (user, "trained.pt");
  make_model (user, "older.pt");
  make_model (first, "everywhere.safetensors");
  make_model (first, "stray.pth");
  make_model (first, "added.safetensors");
  make_model (second, "everywhere.safetensors");
  make_model (second, "added.safetensors");
  make_model (second, "last.safetensors");
  make_model (second, "notes.txt");
  g_mkdir (folder, 0700);
  p2p_models_add_folder (first);
  p2p_models_add_folder (second);

  g_test_add_func ("/models/order", test_order);
  g_test_add_func ("/models/trained-weights", test_trained_weights);
  g_test_add_func ("/models/path", test_path);
  g_test_add_func ("/models/missing-file", test_missing_file);
  g_test_add_func ("/models/unknown-id", test_unknown_id);
  g_test_add_func ("/models/broken-files", test_broken_files);
  g_test_add_func ("/models/add", test_add);
  g_test_add_func ("/models/replace", test_replace);
  g_test_add_func ("/models/correct", test_correct);
  g_test_add_func ("/models/remove", test_remove);
  g_test_add_func ("/models/own", test_own);
  g_test_add_func ("/models/add-translated", test_translated);
  status = g_test_run ();

  remove_all (top);
  g_free (user);
  g_free (first);
  g_free (second);
  return status;
}
