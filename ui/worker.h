/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The thread that computes for the dialog.  It works on the newest request only: a new request
 * cancels the older one, about which nothing more is reported.
 *
 * The worker keeps its results (cache.h), so that a return to earlier settings is instant.  Another
 * chroma only blends again and does not run the network.  The worker does not use the strength: the
 * preview mixes before and after on the main thread.
 *
 * All functions are called on the main thread, except for p2p_request_key () and
 * p2p_request_free (), which any thread may call. */

#pragma once

#include "pixels.h"

/* What to compute.  The caller fills it, and p2p_worker_ask () takes it. */
typedef struct
{
  char            *model;     /* id or path */
  char            *network;   /* one of several in the file, or NULL, as for p2p_model_open () */
  P2pApplyOptions  options;
  char            *scale;     /* the string for options.scale, which p2p_worker_ask () sets */

  /* What to plan: an apply to the selected part of the whole layer. */
  int              width, height, channels;
  P2pRect          selected;

  /* What to compute: an area of the layer's pixels, which may be reduced.  area is in these
   * pixels. */
  P2pPixels       *pixels;    /* NULL: nothing is computed, only planned */
  P2pRect          area;

  /* The layer of color hints, reduced like pixels, and where its left and top lie in pixels. */
  P2pPixels       *hints;     /* NULL: none */
  gboolean         opaque;    /* the hints' layer has no alpha; the core reports that as an error */
  double           hints_x, hints_y;
} P2pRequest;

/* Called on the main thread, about the newest request only. */
typedef struct
{
  /* seconds is how long the apply will take, estimated from earlier runs; 0 when not known yet. */
  void (* planned)  (const P2pApplyPlan *plan, double seconds, gpointer data);
  void (* progress) (double fraction, gpointer data);
  /* n_runs is how often the network has run so far; a result from the cache does not add to it. */
  void (* done)     (P2pPixels *result, P2pRect area, guint n_runs, gpointer data);
  void (* failed)   (const GError *error, gpointer data);
} P2pWorkerFuncs;

typedef struct _P2pWorker P2pWorker;

P2pWorker * p2p_worker_new  (const P2pWorkerFuncs *funcs, gpointer data);

/* Cancels the newest request and waits for the thread to end.  Canceling a computation takes up to
 * 200 ms; opening a model cannot be canceled. */
void        p2p_worker_free (P2pWorker *worker);

/* Makes request the newest one and takes ownership of it.  It was allocated by g_new0 (). */
void        p2p_worker_ask  (P2pWorker *worker, P2pRequest *request);

/* Cancels the newest request, about which nothing more is reported. */
void        p2p_worker_stop (P2pWorker *worker);

/* Does the same and drops all models and results, because model files may have changed. */
void        p2p_worker_forget (P2pWorker *worker);

/* A text (newly allocated) that identifies what request computes.  If two requests have the same
 * text, their results differ at most by chroma. */
char *      p2p_request_key  (const P2pRequest *request);

void        p2p_request_free (P2pRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pRequest, p2p_request_free)
