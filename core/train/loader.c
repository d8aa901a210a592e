/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Prefetch.  A few batches circulate: the loader's thread takes an empty one, reads pictures into
 * it and puts it into the queue full; the training takes it from there and gives it back as
 * empty. */

#include "base/intl.h"
#include "base/memory.h"
#include "base/random.h"
#include "crop.h"
#include "loader.h"
#include "p2p.h"
#include "parts.h"

#define N_LOADS 4

struct _P2pLoader
{
  P2pDataset            *dataset;
  const P2pTrainOptions *options;
  guint64                first, end;
  int                    first_picture, n_pictures;    /* of a step, that this rank reads */
  guint                 *order;       /* of the samples in epoch */
  int                    epoch;       /* −1: there is no order yet */

  P2pLoad                loads[N_LOADS];
  GAsyncQueue           *empty, *full;
  GThread               *thread;
  int                    stop;        /* TRUE: the thread ends; read and set atomically */
};

static int
step_pictures (const P2pTrainOptions *options)
{
  return options->batch_size * options->accumulate;
}

guint64
p2p_loader_epoch_steps (const P2pDataset      *dataset,
                        const P2pTrainOptions *options)
{
  return MAX (1, p2p_dataset_samples (dataset) / step_pictures (options));
}

/* ---- In the loader's thread ------------------------------------------------------------- */

/* Allocates the batch for n pictures of w × h pixels, unless it is for this size already. */
static gboolean
make_room (P2pLoad               *load,
           const P2pTrainOptions *options,
           int                    n,
           int                    w,
           int                    h)
{
  const gsize pixels = (gsize) n * w * h;
  P2pBatch   *batch = &load->batch;

  if (batch->a && batch->w == w && batch->h == h)
    return TRUE;
  g_free (batch->a);
  g_free (batch->b);
  *batch = (P2pBatch) { n, h, w };
  batch->a = p2p_memory_alloc (P2P_FOR_BATCH, pixels * options->g.input_nc, sizeof (p2p_real),
                               &load->error);
  if (batch->a)
    batch->b = p2p_memory_alloc (P2P_FOR_BATCH, pixels * options->g.output_nc, sizeof (p2p_real),
                                 &load->error);
  if (! batch->b)
    g_clear_pointer (&batch->a, g_free);
  return batch->a != NULL;
}

/* A picture of the batch that is to be read. */
typedef struct
{
  P2pDataset *dataset;    /* the loader's, or its partner */
  guint       index;      /* of the entry */
  guint       drawn;      /* from which the random view follows */
  gboolean    is_b;       /* it goes into b, as a partner's pictures do */
  int         place;      /* its number in the batch */
} Wanted;

/* Reads a picture into the batch. */
static gboolean
read_entry (P2pLoader     *loader,
            P2pLoad       *load,
            const Wanted  *wanted,
            GError       **error)
{
  const P2pTrainOptions *options = loader->options;
  P2pBatch              *batch = &load->batch;
  P2pSize                size;
  P2pView                view;
  p2p_real              *a, *b;

  if (! p2p_dataset_size (wanted->dataset, wanted->index, &size.width, &size.height, error))
    return FALSE;
  view = p2p_view_of_epoch (options, loader->epoch, wanted->drawn, size);
  if (! make_room (load, options, loader->n_pictures, view.w, view.h))
    return FALSE;
  a = batch->a + (gsize) wanted->place * view.w * view.h * options->g.input_nc;
  b = batch->b + (gsize) wanted->place * view.w * view.h * options->g.output_nc;
  if (wanted->is_b)
    view.shift = (P2pColorShift) { 0 };
  return p2p_dataset_read (wanted->dataset, wanted->index, &view, wanted->is_b ? b : a, b, error);
}

/* Finds the picture for a place in the epoch's order.  Without a partner, the view follows from the
 * entry.  With one, an entry may be in several samples of an epoch, so each place has a view of its
 * own. */
static Wanted
find (const P2pLoader *loader,
      guint64          place,
      gboolean         is_b,
      int              i)
{
  P2pDataset    *partner = p2p_dataset_partner (loader->dataset);
  const guint    n = p2p_dataset_length (loader->dataset);
  const guint64  stream = p2p_random_stream ("data.partner") + loader->epoch;
  const guint    sample = loader->order[place % p2p_dataset_samples (loader->dataset)];

  if (! partner)
    return (Wanted) { loader->dataset, sample, sample, FALSE, i };
  if (! is_b)
    return (Wanted) { loader->dataset, sample % n, 2 * place, FALSE, i };
  return (Wanted) { partner, p2p_random (loader->options->seed, stream, place)
                             % p2p_dataset_length (partner), 2 * place + 1, TRUE, i };
}

/* Reads picture i of the batch: the entry at a place in the epoch's order, or the first one after
 * it that can be read. */
static gboolean
read_place (P2pLoader *loader,
            P2pLoad   *load,
            guint64    place,
            gboolean   is_b,
            int        i)
{
  const guint n = p2p_dataset_samples (loader->dataset);

  for (guint tried = 0; tried < n; tried++)
    {
      const Wanted       wanted = find (loader, place + tried, is_b, i);
      g_autoptr (GError) problem = NULL;

      if (read_entry (loader, load, &wanted, &problem))
        return TRUE;
      if (g_error_matches (problem, P2P_ERROR, P2P_ERROR_MEMORY))
        load->error = g_steal_pointer (&problem);
      if (load->error)
        return FALSE;
      p2p_skipped_add (load->skipped, wanted.dataset, wanted.index, problem->message);
    }

  g_set_error (&load->error, P2P_ERROR, P2P_ERROR_FILE,
               _("None of the pictures in “%s” can be read"), loader->options->data);
  return FALSE;
}

static void
read_batch (P2pLoader *loader,
            P2pLoad   *load,
            guint64    step)
{
  const guint64 steps = p2p_loader_epoch_steps (loader->dataset, loader->options);
  const int     epoch = step / steps;
  const guint64 place = step % steps * step_pictures (loader->options) + loader->first_picture;

  if (epoch != loader->epoch)
    p2p_data_order (loader->options->seed, epoch, p2p_dataset_samples (loader->dataset),
                    loader->order);
  loader->epoch = epoch;
  for (int i = 0; i < loader->n_pictures; i++)
    if (! read_place (loader, load, place + i, FALSE, i)
        || (p2p_dataset_partner (loader->dataset)
            && ! read_place (loader, load, place + i, TRUE, i)))
      return;
}

static gpointer
run (gpointer data)
{
  P2pLoader *loader = data;

  for (guint64 step = loader->first; step < loader->end; step++)
    {
      P2pLoad *load = g_async_queue_pop (loader->empty);

      if (g_atomic_int_get (&loader->stop))
        break;
      read_batch (loader, load, step);
      g_async_queue_push (loader->full, load);
    }
  return NULL;
}

/* ---- In the training's thread ----------------------------------------------------------- */

static void
load_clear (P2pLoad *load)
{
  g_free (load->batch.a);
  g_free (load->batch.b);
  g_ptr_array_unref (load->skipped);
  g_clear_error (&load->error);
}

P2pLoader *
p2p_loader_new (P2pDataset            *dataset,
                const P2pTrainOptions *options,
                const P2pRanks        *ranks,
                guint64                first,
                guint64                end)
{
  P2pLoader *loader = g_new0 (P2pLoader, 1);
  int        first_part, end_part;

  loader->dataset = dataset;
  loader->options = options;
  loader->first = first;
  loader->end = end;
  p2p_parts_range (options->accumulate, ranks, ranks ? ranks->rank : 0, &first_part, &end_part);
  loader->first_picture = first_part * options->batch_size;
  loader->n_pictures = (end_part - first_part) * options->batch_size;
  loader->order = g_new (guint, p2p_dataset_samples (dataset));
  loader->epoch = -1;
  loader->empty = g_async_queue_new ();
  loader->full = g_async_queue_new ();
  for (int i = 0; i < N_LOADS; i++)
    {
      loader->loads[i].skipped = p2p_skipped_list ();
      g_async_queue_push (loader->empty, &loader->loads[i]);
    }
  loader->thread = g_thread_new ("loader", run, loader);
  return loader;
}

void
p2p_loader_free (P2pLoader *loader)
{
  if (! loader)
    return;

  /* The thread may be waiting for an empty load.  Any load wakes it: it sees stop before it uses
   * the load. */
  g_atomic_int_set (&loader->stop, TRUE);
  g_async_queue_push (loader->empty, &loader->loads[0]);
  g_thread_join (loader->thread);
  for (int i = 0; i < N_LOADS; i++)
    load_clear (&loader->loads[i]);
  g_async_queue_unref (loader->empty);
  g_async_queue_unref (loader->full);
  g_free (loader->order);
  g_free (loader);
}

P2pLoad *
p2p_loader_take (P2pLoader *loader)
{
  return g_async_queue_pop (loader->full);
}

void
p2p_loader_give_back (P2pLoader *loader,
                      P2pLoad   *load)
{
  g_ptr_array_set_size (load->skipped, 0);
  g_clear_error (&load->error);
  g_async_queue_push (loader->empty, load);
}
