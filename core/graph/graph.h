/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The graph: what a network's build function appends its layers to, for one input size.
 *
 * Call order is execution order.  Values live in one arena planned by lifetime (arena.c).  Any
 * number of graphs share one P2pParams.  Building is sticky: the first failed call records its
 * error and returns NULL, NULL flows through later calls, and p2p_graph_plan () reports it, so
 * networks hold no error checks. */

#pragma once

#include "base/parallel.h"
#include "params.h"
#include "stats.h"

typedef struct _P2pGraph P2pGraph;
typedef struct _P2pNode  P2pNode;

/* Facts about an op that the planner uses. */
typedef enum
{
  P2P_BACKWARD_READS_INPUTS = 1 << 0,
  P2P_BACKWARD_READS_OUTPUT = 1 << 1,
  P2P_MAY_OVERWRITE         = 1 << 2,   /* its result may take the place of its first input */
  P2P_GRADIENT_IN_PLACE     = 1 << 3,   /* and its first input's gradient that of the result */
  P2P_OF_WEIGHT             = 1 << 4,   /* computes a weight of another, its only input: in graphs
                                         * without gradients forward () is called by the op that
                                         * prepares the weight, once */
} P2pOpFlags;

/* What a gradient is taken with respect to. */
typedef enum
{
  P2P_INPUTS = 1 << 0,
  P2P_PARAMS = 1 << 1,
} P2pGradients;

/* An op touches only its node and its inputs.  infer () checks the inputs' shapes and sets the
 * node's shape, its sizes, flops and algorithm.  reserve () makes room for what forward () keeps
 * outside of the arena; NULL: nothing.  forward () and backward () cannot fail.
 * backward () takes the node's g and adds to those gradients of its inputs that are wanted
 * (g not NULL), or sets them where p2p_gradient_is_empty (). */
typedef struct
{
  const char *name;
  guint       flags;
  gboolean (* infer)    (P2pGraph *graph, P2pNode *node, GError **error);
  void     (* forward)  (P2pGraph *graph, P2pNode *node);
  void     (* backward) (P2pGraph *graph, P2pNode *node);
  gboolean (* reserve)  (P2pGraph *graph, P2pNode *node, GError **error);
} P2pOp;

#define P2P_MAX_INPUTS 5

/* One value: an input, a weight or an op's result. */
struct _P2pNode
{
  P2pGraph    *graph;
  int          index;                  /* in call order */
  const P2pOp *op;                     /* NULL: input or weight */
  const char  *scope;                  /* "model.model.1.model.2" */
  P2pParam    *param;                  /* a weight's */
  P2pNode     *inputs[P2P_MAX_INPUTS]; /* NULL: not there (such as a bias) */
  gconstpointer attr;                  /* the op's own numbers */

  int          n, h, w, c;             /* shape; a weight has only its param's dims */
  p2p_real    *x;                      /* value [n,h,w,c]; NULL for weights read where mapped */
  p2p_real    *g;                      /* gradient of the running backward, NULL when not wanted */
  p2p_real    *saved;                  /* what forward keeps for itself or for backward */

  gsize        saved_size;             /* elements of saved */
  gsize        scratch_size;           /* elements, during this node's own work */
  gsize        thread_scratch_size;    /* elements for each thread */
  gsize        backward_scratch_size, backward_thread_scratch_size;
  gsize        prepared_size;          /* elements of the weight's prepared form */
  double       flops;
  const char  *algorithm;              /* for info and bench; static */

  guint        depends;                /* P2pGradients: what the value is computed from */
  gboolean     is_output;
  gboolean     g_empty;                /* g holds nothing yet */

  /* of the planner, bytes from the arena's start; moments: see arena.c */
  gsize        x_offset, g_offset, saved_offset, scratch_offset, backward_scratch_offset;
  P2pNode     *storage, *g_storage;    /* the nodes whose buffers hold this value and gradient */
  int          last_use;               /* moment at which the value is read last */
};

/* Where norms get their statistics. */
typedef enum
{
  P2P_STATS_OWN,        /* from the values that pass; instance norm: for each image alone */
  P2P_STATS_COLLECT,    /* the same over the whole batch, written to stats */
  P2P_STATS_GIVEN,      /* from stats: running, or collected before */
} P2pStatsUse;

typedef struct
{
  P2pStatsUse  stats_use;
  P2pStats    *stats;        /* not owned; NULL with P2P_STATS_OWN */
  gboolean     dropout;
  gboolean     once;         /* one forward alone: prepared weights share one place */
  gboolean     train;        /* each forward brings the running statistics forward */
  guint        gradients;    /* P2pGradients that backward may be asked for; 0: no backward */
  gboolean     features;     /* p2p_feature () marks outputs, else it does nothing */
} P2pGraphOptions;

struct _P2pGraph
{
  P2pParams       *params;       /* not owned */
  P2pParallel     *parallel;     /* not owned */
  P2pGraphOptions  options;
  guint64          seed;         /* of this forward's dropout */
  guint            first;        /* which picture of the batch is the graph's first */

  GPtrArray       *nodes;        /* P2pNode, in call order */
  GPtrArray       *features;     /* those that p2p_feature () has marked, in call order */
  GStringChunk    *strings;
  GError          *error;        /* the first failed call's */
  double           flops;        /* of a whole forward */
  gsize            prepared;     /* bytes that prepared weights take, outside the arena */
  p2p_real        *once;         /* with options.once, the place of the weight that is prepared */
  char            *arena;
  gsize            arena_size;
  gboolean         planned;
};

/* ---- Building --------------------------------------------------------------------------- */

P2pGraph * p2p_graph_new  (P2pParams *params, P2pParallel *parallel,
                           const P2pGraphOptions *options);
void       p2p_graph_free (P2pGraph *graph);

/* A place in the names, passed by value: nothing to pop. */
typedef struct
{
  P2pGraph   *graph;
  const char *path;
} P2pAt;

P2pAt      p2p_at  (P2pGraph *graph);
P2pAt      p2p_sub (P2pAt at, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* The picture that goes in: values [n,h,w,c], to be filled through node->x before forward. */
P2pNode *  p2p_input  (P2pGraph *graph, int n, int h, int w, int c);

/* The parameter at.name, declared or looked up. */
P2pNode *  p2p_weight (P2pAt at, const char *name, P2pParamKind kind, int n_dims, const int *dims,
                       P2pInit init);

/* Appends a node for op: for the builders in ops/.  attr is copied.  NULL when a needed input (one
 * of the first n_needed) is NULL or infer fails. */
P2pNode *  p2p_append (P2pAt at, const P2pOp *op, P2pNode *const *inputs, int n_inputs,
                       int n_needed, gconstpointer attr, gsize attr_size);

/* Keeps the node's value readable after forward and backward, and lets its gradient be seeded. */
void       p2p_output (P2pNode *node);

/* Called by a network for the values that tell best what it has found in the picture, such as its
 * bottleneck, so that another network can be compared with it there.  With options.features the
 * value becomes an output and joins graph->features.  Returns node. */
P2pNode *  p2p_feature (P2pNode *node);

/* ---- Planning and running --------------------------------------------------------------- */

/* Reports the first failed call, then lays out the arena; nothing is allocated yet. */
gboolean   p2p_graph_plan (P2pGraph *graph, GError **error);

/* Allocates the arena on first use, so that inputs can be filled.  Errors: P2P_ERROR_MEMORY. */
gboolean   p2p_graph_allocate (P2pGraph *graph, GError **error);

/* Gives the arena's memory back, values and all; the plan and prepared weights stay. */
void       p2p_graph_release  (P2pGraph *graph);

typedef void (*P2pGraphProgress) (double fraction, gpointer data);

/* Computes every node.  progress is called on the calling thread.
 * Errors: G_IO_ERROR_CANCELLED; P2P_ERROR_MEMORY. */
gboolean   p2p_graph_forward (P2pGraph *graph, guint64 seed, P2pGraphProgress progress,
                              gpointer data, GCancellable *cancellable, GError **error);

/* The gradient [n,h,w,c] of a marked output, zero at first: to be filled between forward and
 * backward.  Outputs without seed have no part in the backward. */
p2p_real * p2p_graph_seed     (P2pNode *output);

/* Takes the seeded gradients back through the graph, once after a forward: adds to the parameters'
 * gradients, and leaves those of the inputs in their g until the next forward.
 * wanted: some or all of the graph's P2pGradients. */
void       p2p_graph_backward (P2pGraph *graph, guint wanted);

/* ---- For ops ---------------------------------------------------------------------------- */

/* Scratch of the node whose forward runs. */
p2p_real * p2p_node_scratch        (P2pNode *node);
p2p_real * p2p_node_thread_scratch (P2pNode *node, int worker);

/* Scratch of the node whose backward runs. */
p2p_real * p2p_node_backward_scratch        (P2pNode *node);
p2p_real * p2p_node_backward_thread_scratch (P2pNode *node, int worker);

/* Whether node's g is to be set, not added to; true for the first that asks, who then does so. */
gboolean   p2p_gradient_is_empty   (P2pNode *node);

gsize      p2p_node_size       (const P2pNode *node);   /* elements: n · h · w · c */

/* An infer () for ops whose result has the first input's shape. */
gboolean   p2p_infer_same_shape (P2pGraph *graph, P2pNode *node, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pGraph, p2p_graph_free)
