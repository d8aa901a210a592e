/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Prefetched batches: which pictures they hold, and what happens to files that cannot be read. */

#include "pairs.h"
#include "train/crop.h"

#define N_PAIRS 5

static P2pTrainOptions
loader_options (Fixture *fixture)
{
  return (P2pTrainOptions) { .data = fixture->folder, .load_size = { 18, 18 },
                             .crop_size = { SIDE, SIDE }, .flip = TRUE, .seed = 5, .batch_size = 2,
                             .accumulate = 1,
                             .g = { .input_nc = 3, .output_nc = 3 } };
}

static void
write_pairs (Fixture *fixture)
{
  for (int i = 0; i < N_PAIRS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d.png", i);

      write_picture (fixture, name, 40, 20, noise);
    }
}

/* The batches of an epoch follow its order, two pictures each, cut as their views say.  A loader
 * that begins later gives the same batches. */
static void
test_loader (Fixture       *fixture,
             gconstpointer  data)
{
  P2pTrainOptions        options = loader_options (fixture);
  g_autoptr (P2pDataset) dataset = NULL, other = NULL;
  guint                  order[N_PAIRS];

  write_pairs (fixture);
  dataset = open_set (fixture, &aligned);
  other = open_set (fixture, &aligned);
  g_assert_cmpuint (p2p_loader_epoch_steps (dataset, &options), ==, 2);
  for (guint64 first = 0; first < 6; first += 3)
    {
      g_autoptr (P2pLoader) loader = p2p_loader_new (dataset, &options, NULL, first, 9);

      for (guint64 step = first; step < 6; step++)
        {
          P2pLoad *load = p2p_loader_take (loader);

          g_assert_no_error (load->error);
          p2p_data_order (5, step / 2, N_PAIRS, order);
          for (int i = 0; i < 2; i++)
            {
              guint    index = order[step % 2 * 2 + i];
              P2pView  view = p2p_view_of_epoch (&options, step / 2, index,
                                                 (P2pSize) { 20, 20 });
              p2p_real a[SIDE * SIDE * 3], b[SIDE * SIDE * 3];

              read_entry (other, index, &view, a, b);
              g_assert_cmpmem (load->batch.a + i * SIDE * SIDE * 3, sizeof a, a, sizeof a);
              g_assert_cmpmem (load->batch.b + i * SIDE * SIDE * 3, sizeof b, b, sizeof b);
            }
          p2p_loader_give_back (loader, load);
        }
    }
}

/* Writes a picture with damaged pixels, which shows only when it is read.  Returns its path. */
static char *
write_damaged (Fixture    *fixture,
               const char *name)
{
  g_autofree char *path = NULL, *data = NULL;
  gsize            size;

  write_picture (fixture, name, 40, 20, noise);
  path = g_build_filename (fixture->folder, name, NULL);
  g_assert_true (g_file_get_contents (path, &data, &size, NULL));
  memset (data + size / 2, 0, 100);
  return write_file (fixture, name, data, size);
}

/* A file that cannot be read is named and replaced, and the training goes on. */
static void
test_broken (Fixture       *fixture,
             gconstpointer  data)
{
  P2pTrainOptions        options = loader_options (fixture);
  g_autoptr (P2pDataset) dataset = NULL;
  g_autoptr (P2pLoader)  loader = NULL;
  g_autofree char       *broken = NULL;
  guint                  named = 0;

  write_pairs (fixture);
  broken = write_damaged (fixture, "2.png");
  dataset = open_set (fixture, &aligned);
  loader = p2p_loader_new (dataset, &options, NULL, 0, 20);
  for (int step = 0; step < 20; step++)
    {
      P2pLoad *load = p2p_loader_take (loader);

      g_assert_no_error (load->error);
      for (guint i = 0; i < load->skipped->len; i++, named++)
        {
          const P2pSkipped *skipped = load->skipped->pdata[i];

          g_assert_nonnull (strstr (skipped->message, broken));
          g_assert_cmpstr (p2p_dataset_name (skipped->dataset, skipped->index), ==, "2");
        }
      p2p_loader_give_back (loader, load);
    }
  g_assert_cmpuint (named, >, 0);
}

static void
test_all_broken (Fixture       *fixture,
                 gconstpointer  data)
{
  P2pTrainOptions        options = loader_options (fixture);
  g_autofree char       *broken = write_damaged (fixture, "2.png");
  g_autoptr (P2pDataset) dataset = open_set (fixture, &aligned);
  g_autoptr (P2pLoader)  loader = p2p_loader_new (dataset, &options, NULL, 0, 20);
  P2pLoad               *load = p2p_loader_take (loader);

  g_assert_error (load->error, P2P_ERROR, P2P_ERROR_FILE);
  g_assert_nonnull (strstr (load->error->message, fixture->folder));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/loader/batches", Fixture, NULL, set_up, test_loader, remove_all);
  g_test_add ("/loader/broken", Fixture, NULL, set_up, test_broken, remove_all);
  g_test_add ("/loader/all-broken", Fixture, NULL, set_up, test_all_broken, remove_all);
  return g_test_run ();
}
