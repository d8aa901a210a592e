/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Ranks through MPI (version 3, Open MPI or MPICH).
 *
 * Operations run without blocking, and wait_for () waits for their end.  Inside MPI, MPICH would
 * spin on a whole processor until then, and so would Open MPI unless it knows that there are more
 * ranks than processors.  Ranks wait for each other often, and sometimes long, for example while
 * rank 0 saves.
 *
 * An error of MPI, such as a machine that is gone, ends all ranks at once.  MPI reports it. */

#include "base/intl.h"
#include "p2p.h"
#include "ranks.h"

/* The number of processes that a launcher says it has started; 1: there is no launcher. */
static int
launched (void)
{
  /* Open MPI; MPICH and others that use its process manager; srun. */
  static const char *const names[] = { "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_getenv (names[i]))
      return g_ascii_strtoll (g_getenv (names[i]), NULL, 10);
  return 1;
}

#ifdef P2P_MPI

#include <mpi.h>
#include <sched.h>
#include <string.h>

#define SPIN  1000    /* microseconds during which a wait gives way only to other processes */
#define SLEEP 50      /* microseconds between two looks after that */

static P2pRanks ranks;
static char     host[MPI_MAX_PROCESSOR_NAME];

/* What MPI reads while an operation runs: counts and places of the blocks of all ranks. */
typedef struct
{
  MPI_Request request;
  int         numbers[];
} Operation;

/* Fills counts [n] with sizes, and places [n] with where each block begins.  MPI counts in int. */
static void
count (const gsize *sizes,
       int         *counts,
       int         *places)
{
  gsize place = 0;

  for (int r = 0; r < ranks.n; place += sizes[r++])
    {
      g_assert (place + sizes[r] <= G_MAXINT);
      counts[r] = sizes[r];
      places[r] = place;
    }
}

static Operation *
operation_new (void)
{
  return g_malloc (sizeof (Operation) + 4 * ranks.n * sizeof (int));
}

static gpointer
gather (const P2pRanks *self,
        gpointer        all,
        const gsize    *sizes)
{
  Operation *operation = operation_new ();
  int       *counts = operation->numbers, *places = counts + ranks.n;

  count (sizes, counts, places);
  MPI_Iallgatherv (MPI_IN_PLACE, 0, MPI_BYTE, all, counts, places, MPI_BYTE, MPI_COMM_WORLD,
                   &operation->request);
  return operation;
}

static gpointer
exchange (const P2pRanks *self,
          gconstpointer   out,
          const gsize    *out_sizes,
          gpointer        in,
          const gsize    *in_sizes)
{
  Operation *operation = operation_new ();
  int       *outs = operation->numbers, *ins = outs + 2 * ranks.n;

  count (out_sizes, outs, outs + ranks.n);
  count (in_sizes, ins, ins + ranks.n);
  MPI_Ialltoallv (out, outs, outs + ranks.n, MPI_BYTE, in, ins, ins + ranks.n, MPI_BYTE,
                  MPI_COMM_WORLD, &operation->request);
  return operation;
}

/* Only the main thread spins, because the others wait while the main thread computes. */
static void
wait_for (const P2pRanks *self,
          gpointer        operation)
{
  gint64 spin_end = g_get_monotonic_time ();
  int    done, is_main;

  MPI_Is_thread_main (&is_main);
  if (is_main)
    spin_end += SPIN;
  while (MPI_Test (&((Operation *) operation)->request, &done, MPI_STATUS_IGNORE), ! done)
    if (g_get_monotonic_time () < spin_end)
      sched_yield ();
    else
      g_usleep (SLEEP);
  g_free (operation);
}

/* The number of ranks on this machine. */
static int
count_here (void)
{
  g_autofree char  *hosts = g_malloc0_n (ranks.n, sizeof host);
  g_autofree gsize *sizes = g_new (gsize, ranks.n);
  int               n = 0;

  for (int r = 0; r < ranks.n; r++)
    sizes[r] = sizeof host;
  memcpy (hosts + ranks.rank * sizeof host, host, sizeof host);
  p2p_ranks_gather (&ranks, hosts, sizes);
  for (int r = 0; r < ranks.n; r++)
    n += strncmp (hosts + r * sizeof host, host, sizeof host) == 0;
  return n;
}

gboolean
p2p_ranks_begin (const P2pRanks **begun,
                 GError         **error)
{
  int length, provided;

  *begun = NULL;
  if (launched () <= 1)
    return TRUE;
  MPI_Init_thread (NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
  MPI_Comm_size (MPI_COMM_WORLD, &ranks.n);
  MPI_Comm_rank (MPI_COMM_WORLD, &ranks.rank);
  MPI_Get_processor_name (host, &length);
  if (ranks.n == 1)
    {
      MPI_Finalize ();
      g_set_error_literal (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                           _("This program was started by the mpirun of another MPI than the one "
                             "that it was built with, so each process would train alone: use the "
                             "mpirun of that MPI"));
      return FALSE;
    }
  ranks.host = host;
  ranks.any_thread = provided >= MPI_THREAD_SERIALIZED;
  ranks.gather = gather;
  ranks.exchange = exchange;
  ranks.wait = wait_for;
  ranks.n_here = count_here ();
  *begun = &ranks;
  return TRUE;
}

void
p2p_ranks_end (const P2pRanks *begun)
{
  if (begun)
    MPI_Finalize ();
}

#else

gboolean
p2p_ranks_begin (const P2pRanks **begun,
                 GError         **error)
{
  *begun = NULL;
  if (launched () <= 1)
    return TRUE;
  g_set_error_literal (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                       _("This program was built without MPI, so each process would train alone: "
                         "install the development files of Open MPI or MPICH and build it again "
                         "with -Dmpi=enabled"));
  return FALSE;
}

void
p2p_ranks_end (const P2pRanks *begun)
{
}

#endif
