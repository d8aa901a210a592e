/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The one thread that computes for the dialog.  It works on the newest request only: an older one
 * is cancelled, and of one that was overtaken nothing is heard any more.  What it found it keeps,
 * so that going back is instant; strength is no matter of its, and chroma does not make it run the
 * network again. */

#pragma once

#include "pixels.h"

typedef struct
{
  char            *model;     /* id or path */
  char            *network;   /* one of several in a file; NULL: as p2p_model_open () takes it */
  P2pApplyOptions  options;
  char            *scale;     /* what options.scale points to */

  /* What is to be planned: the apply of a layer where it is selected. */
  int              width, height, channels;
  P2pRect          selected;

  /* What is to be computed: an area of the layer's pixels, perhaps reduced ones. */
  P2pPixels       *pixels;    /* NULL: nothing */
  P2pRect          area;

  /* A layer of color hints, as large as pixels show the layer's, with its left and top there. */
  P2pPixels       *hints;     /* NULL: none */
  gboolean         opaque;    /* that layer has no alpha, which the core refuses */
  double           hints_x, hints_y;
} P2pRequest;

/* What is heard of the newest request, on the main thread. */
typedef struct
{
  /* seconds: that the apply will take, judged by what was computed before; 0: not known yet. */
  void (* planned)  (const P2pApplyPlan *plan, double seconds, gpointer data);
  void (* progress) (double fraction, gpointer data);
  /* n_runs: how often the network has run for any request, that is not for any result. */
  void (* done)     (P2pPixels *result, P2pRect area, guint n_runs, gpointer data);
  void (* failed)   (const GError *error, gpointer data);
} P2pWorkerFuncs;

typedef struct _P2pWorker P2pWorker;

P2pWorker * p2p_worker_new  (const P2pWorkerFuncs *funcs, gpointer data);

/* Returns within the 200 ms that cancelling takes. */
void        p2p_worker_free (P2pWorker *worker);

/* Takes request, made with g_new0 (). */
void        p2p_worker_ask  (P2pWorker *worker, P2pRequest *request);

/* Nothing is heard of earlier requests from now on. */
void        p2p_worker_stop (P2pWorker *worker);

/* The same, and files are read anew: they may have been changed. */
void        p2p_worker_forget (P2pWorker *worker);

/* What the result depends on, but for chroma (newly allocated). */
char *      p2p_request_key  (const P2pRequest *request);

void        p2p_request_free (P2pRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pRequest, p2p_request_free)
