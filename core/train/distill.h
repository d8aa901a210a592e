/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Distillation: a generator, the student, also learns from a trained and usually larger one, the
 * teacher (Ren, Wu, Xiao and Yang 2021, "Online Multi-Granularity Distillation for GAN
 * Compression").  The teacher does not change.  It runs as a model is applied: one picture at a
 * time, with the norm statistics that its card asks for, and without dropout.  Distillation adds
 * two losses to the student's:
 *
 *   λ_teacher · mean |student's picture − teacher's picture|
 *   10 · the mean, over pairs of features s of the student and t of the teacher, of
 *        mean (P (s) − t)² / mean t²
 *
 * P is a projection, a 1×1 convolution of each pair, which gives s as many channels as t has.  The
 * projections are trained together with the student.  They are part of its checkpoint, but not of
 * its model. */

#pragma once

#include "graph/graph.h"
#include "recipe.h"

typedef struct _P2pDistill P2pDistill;

/* Opens the model options->teacher.  parallel is not owned.
 * Errors: those of p2p_model_open (); P2P_ERROR_OPTION the teacher has other inputs or another
 * output than the student, or needs pictures of other sizes. */
P2pDistill * p2p_distill_new    (const P2pTrainOptions *options, P2pParallel *parallel,
                                 GError **error);
void         p2p_distill_free   (P2pDistill *distill);

/* The weights of the projections (owned by distill). */
P2pParams *  p2p_distill_params (P2pDistill *distill);

/* Builds the comparison of the student with the teacher.  picture [n,h,w,c] is the student's
 * result, an output of its graph, whose features are compared too; these nodes must live until the
 * next call.  The first call declares the projections and initializes them from the seed.  Its
 * comparison cannot run, but those of later calls can.
 * Errors: those of building and planning a graph; P2P_ERROR_OPTION the teacher lacks the running
 * statistics that its card asks for. */
gboolean     p2p_distill_build  (P2pDistill *distill, P2pNode *picture, GError **error);

/* Writes the teacher's pictures for batch->a to batch->b.  Errors: P2P_ERROR_MEMORY. */
gboolean     p2p_distill_answer (P2pDistill *distill, const P2pBatch *batch, GError **error);

/* Runs the teacher on a batch, of the shape that p2p_distill_build () was called for, and keeps its
 * picture and features for p2p_distill_learn ().  Where the data has no targets, the teacher's
 * pictures are written to batch->b.  Errors: P2P_ERROR_MEMORY. */
gboolean     p2p_distill_teach  (P2pDistill *distill, const P2pBatch *batch, GError **error);

/* To be called after p2p_distill_teach () and the student's forward of the same batch.  Adds the
 * losses' gradients to the seeds of the student's picture and features, and to the gradients of the
 * projections.  share: the weight of this batch in the step, 1 when it is the step's only one.
 * Adds to losses [2], times share: the mean difference of the pictures, and the mean over pairs of
 * features, both without λ_teacher and 10. */
void         p2p_distill_learn  (P2pDistill *distill, double share, double *losses);
