/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* An apply on 2048 × 2048 pixels can be cancelled at any moment: while it composes the input,
 * computes at once, in strips or in tiles, scales colors up, or mixes.  The promise is 200 ms.  A
 * busy machine, or one that is slow to allocate and free memory, cannot keep it.  So the test
 * measures the processor time that the program itself uses after the cancel, in all threads
 * together, which is usually about a dozen milliseconds.  Threads that wait for each other spin for
 * some moments, so a busy machine adds to it; therefore the limit is half of the time of the whole
 * apply. */

#include <sys/resource.h>

#include "apply/plan.h"
#include "small-model.h"

#define PIXELS  2048

typedef struct
{
  GCancellable *cancellable;
  gint64        delay;
  gint64        at;            /* processor time when it was cancelled */
} Cancel;

/* The process's user time in microseconds, without the system's time. */
static gint64
computed (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec * (gint64) G_USEC_PER_SEC + usage.ru_utime.tv_usec;
}

static gpointer
cancel_later (gpointer data)
{
  Cancel *cancel = data;

  g_usleep (cancel->delay);
  cancel->at = computed ();
  g_cancellable_cancel (cancel->cancellable);
  return NULL;
}

static void
check_moments (P2pModel              *model,
               const P2pImage        *image,
               const P2pApplyOptions *options,
               int                    moments)
{
  gint64               start = g_get_monotonic_time (), work = computed ();
  g_autoptr (P2pImage) result = apply (model, image, options);
  gint64               whole = g_get_monotonic_time () - start, worst = 0, moment = 0;

  int                  cancelled = 0;

  work = computed () - work;
  for (int i = 0; i < moments; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError)       error = NULL;
      Cancel                   cancel = { cancellable, whole * (i + p2p_random_uniform (9, 0, i))
                                                       / moments };
      GThread                 *thread = g_thread_new ("cancel", cancel_later, &cancel);
      g_autoptr (P2pImage)     none = p2p_apply (model, image, options, NULL, NULL, cancellable,
                                                 &error);
      gint64                   end = computed ();

      /* A cancel in the last moments may come too late. */
      g_thread_join (thread);
      if (none)
        continue;
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      cancelled++;
      if (end - cancel.at > worst)
        {
          worst = end - cancel.at;
          moment = cancel.delay;
        }
    }
  g_test_message ("an apply takes %d ms of the processor, after a cancel %d ms, at %d ms",
                  (int) (work / 1000), (int) (worst / 1000), (int) (moment / 1000));
  g_assert_cmpint (worst, <, work / 2);
  g_assert_cmpint (cancelled, >, 0);
}

/* A large picture, of which half is transparent, in stripes. */
static P2pImage *
draw (int channels)
{
  P2pImage *image = p2p_image_new (PIXELS, PIXELS, channels);

  for (gsize i = 0; i < (gsize) PIXELS * PIXELS; i++)
    for (int k = 0; k < channels; k++)
      image->pixels[i * channels + k] = k == 3 ? i / 100 % 2 : (i * (k + 7) >> 5 & 255) / 255.0f;
  return image;
}

static void
test_guided (void)
{
  static const float   slopes[] = { 0.3, -0.2 };
  g_autoptr (P2pModel) model = open_small (&(SmallModel) { "lab-l", 1, 2, slopes });
  g_autoptr (P2pImage) image = draw (4);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;

  options.scale = "fit:1024";
  check_moments (model, image, &options, 10);
}

static void
test_tiles (void)
{
  g_autoptr (P2pModel) model = open_model ("labels", 3, 3);
  g_autoptr (P2pImage) image = draw (4);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;

  options.snap_labels = TRUE;
  options.tile = 1024;
  options.strength = 0.5;
  check_moments (model, image, &options, 6);
}

static void
test_whole (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = draw (3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;

  options.memory = G_MAXUINT64;
  check_moments (model, image, &options, 6);
}

static void
test_strips (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = draw (3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  P2pPlan              plan;

  options.memory = G_MAXUINT64;
  while (p2p_plan_make (model, PIXELS, PIXELS, 3, &options, &plan, NULL) && ! plan.strips.levels)
    options.memory = plan.bytes - 1;
  g_assert_cmpint (plan.strips.levels, >, 0);
  check_moments (model, image, &options, 8);
}

/* ---- At every stage --------------------------------------------------------------------- */

typedef struct
{
  GCancellable *cancellable;
  int           calls, at;    /* number of progress reports, and the report to cancel at */
  gint64        cancelled;
} Stage;

static void
cancel_at (double   fraction,
           gpointer data)
{
  Stage *stage = data;

  if (stage->calls++ != stage->at)
    return;
  stage->cancelled = computed ();
  g_cancellable_cancel (stage->cancellable);
}

/* Cancels at the first progress report, the second, the fourth, the tenth and so on. */
static void
test_stages (void)
{
  g_autoptr (P2pModel) model = open_model ("rgb", 3, 3);
  g_autoptr (P2pImage) image = draw (3);
  P2pApplyOptions      options = P2P_APPLY_DEFAULTS;
  gint64               worst = 0, work = 0;
  gboolean             again = TRUE;

  options.tile = PIXELS / 2;
  for (int at = 0; again; at = at ? 3 * at : 1)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError)       error = NULL;
      Stage                    stage = { cancellable, 0, at };
      gint64                   start = computed ();
      g_autoptr (P2pImage)     none = p2p_apply (model, image, &options, cancel_at, &stage,
                                                 cancellable, &error);

      again = none == NULL;
      work  = computed () - start;
      if (none)
        continue;
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      worst = MAX (worst, computed () - stage.cancelled);
    }
  g_test_message ("an apply takes %d ms of the processor, after a cancel at most %d ms",
                  (int) (work / 1000), (int) (worst / 1000));
  g_assert_cmpint (worst, <, work / 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cancel/guided", test_guided);
  g_test_add_func ("/cancel/stages", test_stages);
  g_test_add_func ("/cancel/strips", test_strips);
  g_test_add_func ("/cancel/tiles", test_tiles);
  g_test_add_func ("/cancel/whole", test_whole);
  return run_tests ();
}
