/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Distilling: a generator, the student, learns from a trained one, the teacher, which is mostly
 * larger (Ren, Wu, Xiao and Yang 2021, "Online Multi-Granularity Distillation for GAN
 * Compression").  The teacher does not change: it runs as it is applied, one picture at a time,
 * with the norm statistics that its card says and without dropout.  The student's losses are
 *
 *   λ_teacher · mean |student's picture − teacher's picture|
 *   10 · the mean over pairs of features of mean (P (student's) − teacher's)² / mean teacher's²
 *
 * P is a 1×1 convolution for each pair, a projection that gives the student's features as many
 * channels as the teacher's have.  Projections are trained with the student and are part of its
 * checkpoint, but not of its model. */

#pragma once

#include "graph/graph.h"
#include "recipe.h"

typedef struct _P2pDistill P2pDistill;

/* Opens options->teacher.
 * Errors: those of p2p_model_open (); P2P_ERROR_OPTION the teacher sees or gives something else
 * than the student, or needs pictures of other sizes. */
P2pDistill * p2p_distill_new    (const P2pTrainOptions *options, P2pParallel *parallel,
                                 GError **error);
void         p2p_distill_free   (P2pDistill *distill);

/* The projections (owned by distill). */
P2pParams *  p2p_distill_params (P2pDistill *distill);

/* Builds what compares the student's picture [n,h,w,c], an output of its graph, and the graph's
 * features with the teacher's.  The nodes must live until the next call.  The first call declares
 * the projections and initialises them from the seed; after it, the next one builds what can run.
 * Errors: those of the networks; P2P_ERROR_OPTION the teacher has not the running statistics that
 * its card asks for. */
gboolean     p2p_distill_build  (P2pDistill *distill, P2pNode *picture, GError **error);

/* Writes the teacher's pictures of batch->a to batch->b.  Errors: P2P_ERROR_MEMORY. */
gboolean     p2p_distill_answer (P2pDistill *distill, const P2pBatch *batch, GError **error);

/* Runs the teacher on a batch of the shape that was built for, for p2p_distill_learn (); where the
 * data has no targets, batch->b becomes the teacher's pictures.  Errors: P2P_ERROR_MEMORY. */
gboolean     p2p_distill_teach  (P2pDistill *distill, const P2pBatch *batch, GError **error);

/* After the student's forward of that batch: adds the losses' gradients to the seeds of the
 * student's picture and features, and to the projections' gradients; share: the batch's part in all
 * that it does.
 * losses [2], to which it adds: the mean difference of the pictures, the mean over pairs of
 * features. */
void         p2p_distill_learn  (P2pDistill *distill, double share, double *losses);
