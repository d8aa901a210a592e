/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A model file as its reader leaves it: named tensors, each contiguous and checked, and string
 * metadata.  The readers (safetensors.c, torch-file.c, torch-legacy.c) fill it; params.c takes
 * values from it. */

#pragma once

#include <gio/gio.h>

typedef enum
{
  P2P_F32,
  P2P_F16,
  P2P_BF16,
  P2P_I64,    /* only num_batches_tracked, which nothing needs */
} P2pDtype;

#define P2P_MAX_DIMS 8

typedef struct
{
  char         *name;
  P2pDtype      dtype;
  int           n_dims;
  gint64        dims[P2P_MAX_DIMS];
  gsize         n_elements;
  const guint8 *data;     /* little endian, row-major; not always aligned */
} P2pTensor;

typedef struct
{
  GPtrArray  *list;       /* P2pTensor, in the file's order */
  GHashTable *by_name;    /* name → P2pTensor of list */
  GHashTable *metadata;   /* string → string */
  GPtrArray  *owners;     /* GBytes that keep the data */
  const char *container;  /* what kind of file it was, for people; static, NULL: not from a file */
  char       *found_under;  /* where in a checkpoint the state dict lay, such as "netG"; NULL: at
                             * its root */
} P2pTensors;

P2pTensors * p2p_tensors_new  (void);
void         p2p_tensors_free (P2pTensors *tensors);

/* Adds a tensor whose data owner (may be NULL) keeps alive; FALSE when there is one of the name. */
gboolean     p2p_tensors_add  (P2pTensors *tensors, const char *name, P2pDtype dtype, int n_dims,
                               const gint64 *dims, const void *data, GBytes *owner);

const P2pTensor * p2p_tensors_get (const P2pTensors *tensors, const char *name);

/* Bytes of one element, and "F32" … as safetensors names it. */
gsize        p2p_dtype_size (P2pDtype dtype);
const char * p2p_dtype_name (P2pDtype dtype);

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
