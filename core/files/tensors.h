/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A model file as its reader leaves it: named tensors and string metadata.  The readers
 * (safetensors.c, torch-file.c, torch-legacy.c) list all tensors of the file first; then
 * p2p_tensors_fetch () gives numbers, contiguous and checked, to those that somebody has kept.
 * params.c takes values from them. */

#pragma once

#include <gio/gio.h>

typedef enum
{
  P2P_F32,
  P2P_F16,
  P2P_BF16,
  P2P_I64,    /* only num_batches_tracked, which nothing needs */
  P2P_OTHER,  /* not read, and an error only where a network needs the tensor */
} P2pDtype;

/* How a weight's numbers come out of other tensors (models/fold.c). */
typedef enum
{
  P2P_FOLD_NONE,
  P2P_FOLD_SPECTRAL,
  P2P_FOLD_WEIGHT_NORM,
} P2pFold;

#define P2P_MAX_DIMS 8

typedef struct
{
  char         *name;
  P2pDtype      dtype;
  int           n_dims;
  gint64        dims[P2P_MAX_DIMS];
  gsize         n_elements;
  const guint8 *data;     /* little endian, row-major; not always aligned; NULL: not fetched, or
                           * P2P_OTHER */
  char         *type;     /* the file's name for the type of the numbers */
  gconstpointer origin;   /* where the reader finds the numbers */
  P2pFold       fold;
} P2pTensor;

typedef struct _P2pTensors P2pTensors;

struct _P2pTensors
{
  GPtrArray  *list;       /* P2pTensor, in the file's order */
  GHashTable *by_name;    /* name → P2pTensor of list */
  GHashTable *metadata;   /* string → string */
  GPtrArray  *owners;     /* GBytes that keep the data */
  const char *container;  /* what kind of file it was, for people; static, NULL: not from a file */
  char       *found_under;  /* where in a checkpoint the state dict lay, such as "netG"; NULL: at
                             * its root */

  /* For a look at some of the tensors by other names; both NULL: there is none.  The tensor that
   * p2p_tensors_get () calls absent + x has the name prefix + x in by_name. */
  const char *absent;
  const char *prefix;

  /* Fetches the numbers of the tensors of list, for p2p_tensors_fetch (); NULL: they are there. */
  gboolean  (* fetch) (P2pTensors *tensors, GError **error);
  gpointer     reader;      /* for fetch */
  GDestroyNotify free_reader;
};

P2pTensors * p2p_tensors_new  (void);
void         p2p_tensors_free (P2pTensors *tensors);

/* Adds a tensor whose data owner (may be NULL) keeps alive; FALSE when there is one of the name. */
gboolean     p2p_tensors_add  (P2pTensors *tensors, const char *name, P2pDtype dtype, int n_dims,
                               const gint64 *dims, const void *data, GBytes *owner);

/* Lets fetch give the tensors their numbers later; the list takes reader, which free_reader frees.
 * tensors may be NULL, as what could not be listed is.  Returns tensors. */
P2pTensors * p2p_tensors_fetch_later (P2pTensors *tensors, const char *container,
                                      gboolean (* fetch) (P2pTensors *tensors, GError **error),
                                      gpointer reader, GDestroyNotify free_reader);

/* Gives the tensors their numbers, which the readers keep back until it is known which of the
 * tensors are wanted.  Again: nothing.
 * Errors: those of the reader, for a tensor that is damaged; no tensor is to be used then. */
gboolean     p2p_tensors_fetch (P2pTensors *tensors, GError **error);

/* An empty list that takes over from's file, metadata and container, for some of its tensors. */
P2pTensors * p2p_tensors_derive (P2pTensors *from);

/* Adds a copy of a tensor under a name; NULL when there is one of the name. */
P2pTensor *  p2p_tensors_add_copy (P2pTensors *tensors, const char *name, const P2pTensor *tensor);

/* Gives a tensor of the list another name, which none of them has. */
void         p2p_tensors_rename (P2pTensors *tensors, P2pTensor *tensor, const char *name);

const P2pTensor * p2p_tensors_get (const P2pTensors *tensors, const char *name);

/* Bytes of one element (P2P_OTHER: 0), and "F32" … as safetensors names it. */
gsize        p2p_dtype_size (P2pDtype dtype);
const char * p2p_dtype_name (P2pDtype dtype);

/* Whether numbers of the type may be a weight's. */
gboolean     p2p_dtype_is_float (P2pDtype dtype);

/* "64×3×4×4"; a scalar has the shape "1".  To be freed. */
char *       p2p_shape_to_text (int n_dims, const gint64 *dims);

/* Sets P2P_ERROR_FILE with a message and gives FALSE, for readers to return. */
gboolean     p2p_damaged (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Whether text (length bytes, −1: up to its NUL) is UTF-8 of at most max bytes without control
 * characters other than line breaks: what of a file may be shown on a terminal. */
gboolean     p2p_text_is_plain (const char *text, gssize length, gsize max);

/* The longest name of a tensor, in bytes. */
#define P2P_MAX_NAME 512

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pTensors, p2p_tensors_free)
