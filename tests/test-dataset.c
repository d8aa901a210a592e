/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Data sets: what the networks see of a folder's pictures, in which order, and the messages for
 * folders that cannot be used. */

#include "pairs.h"

/* Pictures have 8 bits. */
#define STEP (1.0 / 255.0)

/* ---- What is seen ------------------------------------------------------------------------ */

static const P2pView whole = { SIDE, SIDE, SIDE, SIDE };

static void
assert_value (p2p_real value,
              int      expected)
{
  g_assert_cmpfloat_with_epsilon (value, expected / 127.5 - 1.0, STEP / 10.0);
}

static void
check_halves (Fixture  *fixture,
              gboolean  b_to_a)
{
  const P2pDataKind      kind = { P2P_DATA_ALIGNED, b_to_a, { 1, { P2P_PLANE_RGB } },
                                  P2P_OUTPUT_RGB };
  g_autoptr (P2pDataset) dataset = NULL;
  p2p_real               a[SIDE * SIDE * 3], b[SIDE * SIDE * 3];

  write_picture (fixture, "pair.png", 2 * SIDE, SIDE, noise);
  dataset = open_set (fixture, &kind);
  g_assert_cmpuint (p2p_dataset_length (dataset), ==, 1);
  g_assert_cmpstr (p2p_dataset_name (dataset, 0), ==, "pair");
  read_entry (dataset, 0, &whole, a, b);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      for (int k = 0; k < 3; k++)
        {
          assert_value ((b_to_a ? b : a)[(y * SIDE + x) * 3 + k], noise (x, y, k));
          assert_value ((b_to_a ? a : b)[(y * SIDE + x) * 3 + k], noise (SIDE + x, y, k));
        }
}

static void
test_aligned (Fixture       *fixture,
              gconstpointer  data)
{
  check_halves (fixture, FALSE);
}

static void
test_direction (Fixture       *fixture,
                gconstpointer  data)
{
  check_halves (fixture, TRUE);
}

static int
dark (int x, int y, int k)
{
  return 10 + k;
}

static int
bright (int x, int y, int k)
{
  return 200 + k;
}

static void
test_folders (Fixture       *fixture,
              gconstpointer  data)
{
  const P2pDataKind      kind = { P2P_DATA_FOLDERS, FALSE, { 1, { P2P_PLANE_RGB } },
                                  P2P_OUTPUT_GRAY };
  g_autoptr (P2pDataset) dataset = NULL;
  p2p_real               a[SIDE * SIDE * 3], b[SIDE * SIDE];

  write_picture (fixture, "A/one.png", SIDE, SIDE, dark);
  write_picture (fixture, "A/two.png", SIDE, SIDE, bright);
  write_picture (fixture, "B/one.png", 2 * SIDE, 2 * SIDE, bright);
  write_picture (fixture, "B/two.png", SIDE, SIDE, dark);
  dataset = open_set (fixture, &kind);
  g_assert_cmpuint (p2p_dataset_length (dataset), ==, 2);
  read_entry (dataset, 0, &whole, a, b);
  assert_value (a[1], 11);
  /* BT.601's luma of 200, 201, 202 is 200.815. */
  g_assert_cmpfloat_with_epsilon (b[0], 200.815 / 127.5 - 1.0, 1e-5);
}

static int
red (int x, int y, int k)
{
  return k == 0 ? 255 : 0;
}

/* The Lab values of sRGB's red are known from tables. */
static void
test_colorize (Fixture       *fixture,
               gconstpointer  data)
{
  const P2pDataKind kind = { P2P_DATA_COLORIZE, FALSE, { 1, { P2P_PLANE_LAB_L } },
                             P2P_OUTPUT_LAB_AB };
  g_autoptr (P2pDataset) dataset = NULL;
  p2p_real               a[SIDE * SIDE], b[SIDE * SIDE * 2];

  write_picture (fixture, "red.png", 30, 20, red);
  dataset = open_set (fixture, &kind);
  read_entry (dataset, 0, &whole, a, b);
  g_assert_cmpfloat_with_epsilon (a[40], 53.2408 / 50.0 - 1.0, 1e-4);
  g_assert_cmpfloat_with_epsilon (b[80], 80.0925 / 110.0, 1e-4);
  g_assert_cmpfloat_with_epsilon (b[81], 67.2032 / 110.0, 1e-4);
}

/* Two colors, which smooth scaling would mix. */
static int
checks (int x,
        int y,
        int k)
{
  return (x / 3 + y / 3) % 2 ? 255 : 0;
}

static void
test_labels (Fixture       *fixture,
             gconstpointer  data)
{
  P2pDataKind   kind = { P2P_DATA_ALIGNED, FALSE, { 1, { P2P_PLANE_LABELS } },
                         P2P_OUTPUT_RGB };
  const P2pView view = { 29, 29, SIDE, SIDE, 5, 3 };
  int           mixed[2] = { 0, 0 };

  write_picture (fixture, "pair.png", 40, 20, checks);
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (P2pDataset) dataset = NULL;
      p2p_real               a[SIDE * SIDE * 3], b[SIDE * SIDE * 3];

      kind.inputs = p2p_inputs_one (i ? P2P_PLANE_RGB : P2P_PLANE_LABELS);
      dataset = open_set (fixture, &kind);
      read_entry (dataset, 0, &view, a, b);
      for (int j = 0; j < SIDE * SIDE * 3; j++)
        mixed[i] += fabs (a[j]) < 0.99;
    }
  g_assert_cmpint (mixed[0], ==, 0);
  g_assert_cmpint (mixed[1], >, 0);
}

/* A view's crop and flip give the same as cutting the scaled whole by hand. */
static void
test_view (Fixture       *fixture,
           gconstpointer  data)
{
  const P2pView          all = { 24, 24, 24, 24 };
  const P2pView          view = { 24, 24, SIDE, SIDE, 5, 7, TRUE };
  g_autoptr (P2pDataset) dataset = NULL;
  p2p_real               full[24 * 24 * 3], other[24 * 24 * 3];
  p2p_real               a[SIDE * SIDE * 3], b[SIDE * SIDE * 3];

  write_picture (fixture, "pair.png", 40, 20, noise);
  dataset = open_set (fixture, &aligned);
  read_entry (dataset, 0, &all, full, other);
  read_entry (dataset, 0, &view, a, b);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      for (int k = 0; k < 3; k++)
        {
          int from = ((7 + y) * 24 + 5 + SIDE - 1 - x) * 3 + k;

          g_assert_cmpfloat (a[(y * SIDE + x) * 3 + k], ==, full[from]);
          g_assert_cmpfloat (b[(y * SIDE + x) * 3 + k], ==, other[from]);
        }
}

/* ---- Order ------------------------------------------------------------------------------- */

static void
test_order (void)
{
  guint    orders[3][50];
  gboolean seen[50] = { FALSE };

  p2p_data_order (7, 0, 50, orders[0]);
  p2p_data_order (7, 1, 50, orders[1]);
  p2p_data_order (7, 0, 50, orders[2]);
  for (int i = 0; i < 50; i++)
    {
      g_assert_false (seen[orders[0][i]]);
      seen[orders[0][i]] = TRUE;
    }
  g_assert_cmpmem (orders[0], sizeof orders[0], orders[2], sizeof orders[2]);
  g_assert_cmpint (memcmp (orders[0], orders[1], sizeof orders[0]), !=, 0);
}

/* ---- Folders that cannot be used ---------------------------------------------------------- */

static void
expect (Fixture           *fixture,
        const P2pDataKind *kind,
        int                least,
        int                code,
        const char        *format)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *message = NULL;
  g_auto (GStrv)     parts = g_strsplit (format, "@", -1);

  message = g_strjoinv (fixture->folder, parts);
  g_assert_null (p2p_dataset_new (fixture->folder, kind, P2P_DATA_TRAIN,
                                  (P2pSize) { least, least }, &error));
  g_assert_error (error, P2P_ERROR, code);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_empty (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *path = write_file (fixture, "notes.txt", "none", 4);

  expect (fixture, &aligned, 1, P2P_ERROR_NOT_FOUND, "There is no picture in the folder “@”");
}

static const P2pDataKind folders = { P2P_DATA_FOLDERS, FALSE, { 1, { P2P_PLANE_RGB } },
                                     P2P_OUTPUT_RGB };

static void
test_no_folders (Fixture       *fixture,
                 gconstpointer  data)
{
  write_picture (fixture, "A/one.png", SIDE, SIDE, dark);
  expect (fixture, &folders, 1, P2P_ERROR_NOT_FOUND,
          "“@” has no folders A and B with pictures in both, which --mode folders needs");
}

/* Expects that one file or pair of the folder is left out, with this reason. */
static void
expect_left_out (Fixture           *fixture,
                 const P2pDataKind *kind,
                 int                least,
                 guint              length,
                 const char        *format)
{
  g_autoptr (GError)     error = NULL;
  g_autofree char       *message = NULL;
  g_auto (GStrv)         parts = g_strsplit (format, "@", -1);
  g_autoptr (P2pDataset) dataset = p2p_dataset_new (fixture->folder, kind, P2P_DATA_TRAIN,
                                                    (P2pSize) { least, least }, &error);
  const GPtrArray       *left_out;

  g_assert_no_error (error);
  left_out = p2p_dataset_listing (dataset)->left_out;
  message = g_strjoinv (fixture->folder, parts);
  g_assert_cmpuint (p2p_dataset_length (dataset), ==, length);
  g_assert_cmpuint (left_out->len, ==, 1);
  g_assert_cmpstr (left_out->pdata[0], ==, message);
  g_assert_true (p2p_dataset_check (dataset, "", NULL) == (length > 0));
}

static void
test_no_partner (Fixture       *fixture,
                 gconstpointer  data)
{
  write_picture (fixture, "A/one.png", SIDE, SIDE, dark);
  write_picture (fixture, "B/one.png", SIDE, SIDE, dark);
  write_picture (fixture, "B/two.png", SIDE, SIDE, dark);
  expect_left_out (fixture, &folders, 1, 1,
                   "@/B/two.png has no partner of the same name in “@/A”");
}

static void
test_other_shape (Fixture       *fixture,
                  gconstpointer  data)
{
  write_picture (fixture, "A/one.png", SIDE, SIDE, dark);
  write_picture (fixture, "B/one.png", SIDE, SIDE + 1, dark);
  expect_left_out (fixture, &folders, 1, 0,
                   "@/A/one.png has 16×16 pixels, but its partner @/B/one.png has 16×17, another "
                   "shape");
}

/* The message names the largest possible size, which is that of the larger picture's half. */
static void
test_too_small (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr (P2pDataset) dataset = NULL;

  write_picture (fixture, "pair.png", 2 * SIDE, SIDE, noise);
  expect_left_out (fixture, &aligned, SIDE + 1, 0,
                   "@/pair.png is too small: 16×16 pixels, and at least 17×17 are needed");
  write_picture (fixture, "pear.png", 2 * SIDE + 4, SIDE + 1, noise);
  dataset = p2p_dataset_new (fixture->folder, &aligned, P2P_DATA_TRAIN, (P2pSize) { 100, 100 },
                             NULL);
  g_assert_cmpint (p2p_dataset_listing (dataset)->largest.width, ==, SIDE + 2);
  g_assert_cmpint (p2p_dataset_listing (dataset)->largest.height, ==, SIDE + 1);
}

static void
test_odd (Fixture       *fixture,
          gconstpointer  data)
{
  write_picture (fixture, "one.png", 2 * SIDE, SIDE, noise);
  write_picture (fixture, "pair.png", 2 * SIDE + 1, SIDE, noise);
  expect_left_out (fixture, &aligned, 1, 1,
                   "@/pair.png holds no pair, A left and B right: it is 33 pixels wide, an odd "
                   "number");
}

/* If files are not checked beforehand, the error comes when the picture is read. */
static void
test_unseen (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (P2pDataset) dataset = NULL;
  g_autoptr (GError)     error = NULL;
  p2p_real               a[SIDE * SIDE * 3], b[SIDE * SIDE * 3];

  write_picture (fixture, "pair.png", 2 * SIDE + 1, SIDE, noise);
  dataset = p2p_dataset_new (fixture->folder, &aligned, P2P_DATA_TRAIN, (P2pSize) { 0, 0 }, NULL);
  g_assert_cmpuint (p2p_dataset_length (dataset), ==, 1);
  g_assert_false (p2p_dataset_read (dataset, 0, &whole, a, b, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, "33 pixels wide, an odd number"));
}

/* ---- Threads ----------------------------------------------------------------------------- */

#define N_THREADS 4
#define N_READS   500    /* of each thread */

static const P2pView enlarged = { 2 * SIDE, 2 * SIDE, SIDE, SIDE, 3, 5, TRUE };

typedef struct
{
  P2pDataset *dataset;
  p2p_real    a[SIDE * SIDE * 3], b[SIDE * SIDE * 3];    /* what a single thread reads */
} Shared;

/* Returns how often it read something else. */
static gpointer
read_often (gpointer data)
{
  const Shared *shared = data;
  p2p_real      a[SIDE * SIDE * 3], b[SIDE * SIDE * 3];
  int           n_others = 0;

  for (int i = 0; i < N_READS; i++)
    {
      read_entry (shared->dataset, 0, &enlarged, a, b);
      n_others += memcmp (a, shared->a, sizeof a) || memcmp (b, shared->b, sizeof b);
    }
  return GINT_TO_POINTER (n_others);
}

/* This happens when samples are drawn while the next batches are prefetched. */
static void
test_threads (Fixture       *fixture,
              gconstpointer  data)
{
  Shared   shared;
  GThread *threads[N_THREADS];

  write_picture (fixture, "pair.png", 2 * SIDE, SIDE, noise);
  shared.dataset = open_set (fixture, &aligned);
  read_entry (shared.dataset, 0, &enlarged, shared.a, shared.b);
  for (int i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new (NULL, read_often, &shared);
  for (int i = 0; i < N_THREADS; i++)
    g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (threads[i])), ==, 0);
  p2p_dataset_free (shared.dataset);
}

int
main (int    argc,
      char **argv)
{
  static const struct
  {
    const char *path;
    void     (* run) (Fixture *fixture, gconstpointer data);
  }
  tests[] =
  {
    { "/dataset/aligned", test_aligned },
    { "/dataset/direction", test_direction },
    { "/dataset/folders", test_folders },
    { "/dataset/colorize", test_colorize },
    { "/dataset/labels", test_labels },
    { "/dataset/view", test_view },
    { "/dataset/threads", test_threads },
    { "/dataset/says/empty", test_empty },
    { "/dataset/says/no-folders", test_no_folders },
    { "/dataset/says/no-partner", test_no_partner },
    { "/dataset/says/other-shape", test_other_shape },
    { "/dataset/says/too-small", test_too_small },
    { "/dataset/says/odd", test_odd },
    { "/dataset/says/unseen", test_unseen },
  };

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dataset/order", test_order);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, remove_all);
  return g_test_run ();
}
