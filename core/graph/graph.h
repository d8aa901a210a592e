/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The graph.  A network's build function appends its layers to a graph; the graph is for one input
 * size.
 *
 * Nodes run in the order in which they were appended.  Their values live in one arena (arena.h).
 * Any number of graphs may share one P2pParams.
 *
 * Errors in building are sticky: the first call that fails stores its error in the graph and
 * returns NULL, later calls accept NULL as input and return NULL, and p2p_graph_plan () reports the
 * stored error.  So the build functions of networks need no error checks. */

#pragma once

#include "base/parallel.h"
#include "params.h"
#include "stats.h"

typedef struct _P2pGraph P2pGraph;
typedef struct _P2pNode  P2pNode;

/* Facts about an op that planning and running depend on. */
typedef enum
{
  P2P_BACKWARD_READS_INPUTS = 1 << 0,   /* backward () reads the values of its inputs */
  P2P_BACKWARD_READS_OUTPUT = 1 << 1,   /* backward () reads the value of its result */
  P2P_MAY_OVERWRITE         = 1 << 2,   /* the result may be written over the first input */
  P2P_GRADIENT_IN_PLACE     = 1 << 3,   /* the gradient of the first input may be written over the
                                         * gradient of the result */
  P2P_OF_WEIGHT             = 1 << 4,   /* the op's only input is a weight, from which it computes
                                         * the weight of a convolution.  A graph without gradients
                                         * skips this op; the convolution calls the op's forward ()
                                         * when it prepares the weight */
} P2pOpFlags;

/* What a gradient is taken with respect to. */
typedef enum
{
  P2P_INPUTS = 1 << 0,
  P2P_PARAMS = 1 << 1,
} P2pGradients;

/* An op: the functions that compute one kind of node.  They touch only their node and its inputs.
 *
 * infer () checks the shapes of the inputs and sets the node's shape, sizes, flops and algorithm.
 * reserve () allocates what forward () keeps outside the arena; NULL means that it keeps nothing.
 * forward () computes the node's value.
 * backward () computes the gradients of the inputs from the gradient of the node.  It skips inputs
 * whose g is NULL.  It adds to the gradient of an input, or sets it when p2p_gradient_is_empty ().
 * forward () and backward () cannot fail. */
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

/* One value of the graph: an input, a weight or the result of an op.  Building fills it in; for an
 * op, infer () sets the shape, the sizes, flops and algorithm. */
struct _P2pNode
{
  P2pGraph    *graph;
  int          index;                  /* in the order of appending */
  const P2pOp *op;                     /* NULL for an input or a weight */
  const char  *scope;                  /* name, such as "model.model.1.model.2" */
  P2pParam    *param;                  /* of a weight; otherwise NULL */
  P2pNode     *inputs[P2P_MAX_INPUTS]; /* NULL where there is none (such as no bias) */
  gconstpointer attr;                  /* the op's own parameters; owned */

  int          n, h, w, c;             /* shape; not set for a weight, whose param has its dims */
  p2p_real    *x;                      /* value [n,h,w,c]; NULL for a weight that is read from the
                                        * mapped file */
  p2p_real    *g;                      /* gradient, shaped as x, while backward runs; NULL when it
                                        * is not wanted */
  p2p_real    *saved;                  /* forward () saves it for backward (), and may read it */

  gsize        saved_size;             /* elements of saved */
  gsize        scratch_size;           /* elements of scratch for forward (), shared by threads */
  gsize        thread_scratch_size;    /* elements of scratch for forward (), for each thread */
  gsize        backward_scratch_size, backward_thread_scratch_size;   /* the same for backward () */
  gsize        prepared_size;          /* elements of the weight's prepared form (P2pForm) */
  double       flops;                  /* of one forward () */
  const char  *algorithm;              /* name shown by "info" and "bench"; static */

  guint        depends;                /* P2pGradients: P2P_INPUTS if the value depends on inputs,
                                        * P2P_PARAMS if it depends on trainable parameters */
  gboolean     is_output;
  gboolean     g_empty;                /* nothing was written to g yet */

  /* The plan of the arena (arena.c).  Offsets are in bytes from the arena's start. */
  gsize        x_offset, g_offset, saved_offset, scratch_offset, backward_scratch_offset;
  P2pNode     *storage, *g_storage;    /* the nodes whose buffers hold this value and gradient */
  int          last_use;               /* when the value is read last, as a moment (arena.c) */
};

/* Where norms get their statistics. */
typedef enum
{
  P2P_STATS_OWN,        /* computed from the values that pass: batch norm from the whole batch,
                         * instance norm from each image */
  P2P_STATS_COLLECT,    /* computed from the whole batch, for instance norm too, and written to
                         * P2pGraphOptions.stats */
  P2P_STATS_GIVEN,      /* read from P2pGraphOptions.stats: the running statistics, or those that
                         * another graph has collected */
} P2pStatsUse;

/* How a graph is to run; whoever makes the graph fills this in. */
typedef struct
{
  P2pStatsUse  stats_use;
  P2pStats    *stats;        /* not owned; not used with P2P_STATS_OWN */
  gboolean     dropout;
  gboolean     once;         /* the graph runs forward only once: it keeps no prepared weight, and
                              * all weights are prepared in the same memory, one after the other */
  gboolean     train;        /* each forward updates the running statistics */
  guint        gradients;    /* P2pGradients that backward may be asked for; 0 means no backward */
  gboolean     features;     /* p2p_feature () makes outputs; otherwise it does nothing */
} P2pGraphOptions;

struct _P2pGraph
{
  P2pParams       *params;       /* not owned */
  P2pParallel     *parallel;     /* not owned */
  P2pGraphOptions  options;
  guint64          seed;         /* for dropout in the current forward */
  guint            first;        /* index of the graph's first picture in the whole batch; 0 unless
                                  * the batch is computed in parts.  So no two pictures of the batch
                                  * get the same dropout */

  GPtrArray       *nodes;        /* P2pNode, in the order of appending */
  GPtrArray       *features;     /* nodes that p2p_feature () has marked, in the same order */
  GStringChunk    *strings;      /* the nodes' names */
  GError          *error;        /* of the first call that failed while building */
  double           flops;        /* of a whole forward */
  gsize            prepared;     /* bytes for prepared weights, which lie outside the arena; with
                                  * options.once those of the largest prepared weight */
  p2p_real        *once;         /* with options.once: the memory in which weights are prepared */
  char            *arena;        /* NULL until it is allocated or placed */
  gsize            arena_size;   /* bytes */
  void          (* passed) (P2pNode *node, gpointer data);    /* NULL: nobody watches backward */
  gpointer         passed_data;
  gboolean         placed;       /* the arena is the caller's memory (p2p_graph_place ()) */
  gboolean         planned;
};

/* ---- Building --------------------------------------------------------------------------- */

/* Makes an empty graph; options are copied.  params, parallel and options->stats stay the caller's
 * and must outlive the graph. */
P2pGraph * p2p_graph_new  (P2pParams *params, P2pParallel *parallel,
                           const P2pGraphOptions *options);
void       p2p_graph_free (P2pGraph *graph);

/* Where in the tree of names a layer is appended.  It is passed by value, so there is no stack of
 * names to push and pop. */
typedef struct
{
  P2pGraph   *graph;
  const char *path;    /* such as "model.1"; "" is the root */
} P2pAt;

/* The root of the names. */
P2pAt      p2p_at  (P2pGraph *graph);

/* The place at.path + "." + the formatted name. */
P2pAt      p2p_sub (P2pAt at, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Once building has failed, p2p_weight () and p2p_append () return NULL, and so do all builders of
 * layers, which call them.  The graph owns its nodes. */

/* Appends an input picture [n,h,w,c].  The caller writes its values to node->x after
 * p2p_graph_allocate () and before p2p_graph_forward (). */
P2pNode *  p2p_input  (P2pGraph *graph, int n, int h, int w, int c);

/* Appends a weight: the parameter whose name is at.path + "." + name, which is declared if there is
 * none yet (p2p_params_declare ()). */
P2pNode *  p2p_weight (P2pAt at, const char *name, P2pParamKind kind, int n_dims, const int *dims,
                       P2pInit init);

/* Appends a node for op; the builders in ops/ call this.  attr is copied.  Of the n_inputs inputs,
 * the first n_needed must be there and the others may be NULL.  Returns NULL when a needed input is
 * NULL or infer () fails. */
P2pNode *  p2p_append (P2pAt at, const P2pOp *op, P2pNode *const *inputs, int n_inputs,
                       int n_needed, gconstpointer attr, gsize attr_size);

/* Makes a node an output: its value can be read after forward and after backward, and its gradient
 * can be seeded. */
void       p2p_output (P2pNode *node);

/* Marks a feature: a value that describes well what the network has found in the picture, such as
 * its bottleneck.  Networks call this so that distillation can compare two networks there.  With
 * options.features the node becomes an output and is added to graph->features.  Returns node. */
P2pNode *  p2p_feature (P2pNode *node);

/* ---- Planning and running --------------------------------------------------------------- */

/* Ends building: lays out the arena, without allocating it.
 * Errors: those of the first call that failed while building. */
gboolean   p2p_graph_plan (P2pGraph *graph, GError **error);

/* Allocates the arena, unless it is allocated, so that the inputs can be filled.
 * Errors: P2P_ERROR_MEMORY. */
gboolean   p2p_graph_allocate (P2pGraph *graph, GError **error);

/* Puts the arena of a planned graph into memory, which has at least graph->arena_size bytes and
 * comes from p2p_memory_pages ().  It stays the caller's and must outlive the graph.  Graphs that
 * run one after the other can share it: when one runs, the values of the others are lost. */
void       p2p_graph_place    (P2pGraph *graph, void *memory);

/* Frees the arena and with it all values.  The plan and the prepared weights stay. */
void       p2p_graph_release  (P2pGraph *graph);

/* Reports progress, on the thread that called p2p_graph_forward (); fraction grows from 0 to 1. */
typedef void (*P2pGraphProgress) (double fraction, gpointer data);

/* Computes every node.
 * seed: for dropout.  progress, cancellable: may be NULL.
 * Errors: P2P_ERROR_MEMORY; G_IO_ERROR_CANCELLED, after which the values are garbage. */
gboolean   p2p_graph_forward (P2pGraph *graph, guint64 seed, P2pGraphProgress progress,
                              gpointer data, GCancellable *cancellable, GError **error);

/* Returns the gradient [n,h,w,c] of an output (p2p_output ()), in the arena.  It is zero at first;
 * the caller fills it between forward and backward.  Outputs that are not seeded take no part in
 * backward. */
p2p_real * p2p_graph_seed     (P2pNode *output);

/* Propagates the seeded gradients back through the graph; to be called at most once after each
 * forward.  Adds to the gradients of the parameters.  The gradients of the inputs can be read in
 * their g until the next forward.
 * wanted: P2pGradients to compute, some or all of options.gradients. */
void       p2p_graph_backward (P2pGraph *graph, guint wanted);

/* Is called while backward runs, on the thread that called it: for each node, from the last to the
 * first, after backward has passed it.  Gradients of parameters that no earlier node uses are
 * complete then. */
typedef void (*P2pGraphPassed) (P2pNode *node, gpointer data);

/* Makes each backward call func from now on; NULL: no more. */
void       p2p_graph_watch    (P2pGraph *graph, P2pGraphPassed func, gpointer data);

/* ---- For ops ---------------------------------------------------------------------------- */

/* Scratch memory for the node's forward (), which loses its content when forward () returns.  The
 * first function returns the scratch that all threads share, the second that of one thread (worker
 * as in P2pChunkFunc). */
p2p_real * p2p_node_scratch        (P2pNode *node);
p2p_real * p2p_node_thread_scratch (P2pNode *node, int worker);

/* The same for the node's backward (). */
p2p_real * p2p_node_backward_scratch        (P2pNode *node);
p2p_real * p2p_node_backward_thread_scratch (P2pNode *node, int worker);

/* Whether nothing was written to the node's gradient yet.  Returns TRUE only once: the caller must
 * then set the whole gradient instead of adding to it. */
gboolean   p2p_gradient_is_empty   (P2pNode *node);

gsize      p2p_node_size       (const P2pNode *node);   /* elements: n · h · w · c */

/* The infer () of ops whose result has the shape of their first input. */
gboolean   p2p_infer_same_shape (P2pGraph *graph, P2pNode *node, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pGraph, p2p_graph_free)
