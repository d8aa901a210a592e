/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The tensors of a model file: named tensors and string metadata, in the same form for all formats.
 *
 * A reader (safetensors.c, torch-file.c, torch-legacy.c) first lists all tensors of the file.  The
 * caller picks those that it needs (p2p_tensors_derive ()).  Then p2p_tensors_fetch () gives these
 * their numbers, contiguous and checked.  params.c takes the values from there. */

#pragma once

#include <gio/gio.h>

typedef enum
{
  P2P_F32,
  P2P_F16,
  P2P_BF16,
  P2P_I64,    /* occurs only for num_batches_tracked, which nothing needs */
  P2P_OTHER,  /* any other type; its numbers are never read, which is an error only when a network
               * needs the tensor */
} P2pDtype;

/* Whether a weight must be computed from several tensors of the file, and how (models/fold.c). */
typedef enum
{
  P2P_FOLD_NONE,
  P2P_FOLD_SPECTRAL,
  P2P_FOLD_WEIGHT_NORM,
} P2pFold;

#define P2P_MAX_DIMS 8

/* One tensor.  The reader fills it in; models/fold.c sets fold. */
typedef struct
{
  char         *name;
  P2pDtype      dtype;
  int           n_dims;
  gint64        dims[P2P_MAX_DIMS];
  gsize         n_elements;
  const guint8 *data;     /* little-endian numbers, row-major, perhaps not aligned; NULL before they
                           * are fetched, and always for P2P_OTHER */
  char         *type;     /* the file's own name for the type of the numbers, for messages */
  gconstpointer origin;   /* private to the reader: where it finds the numbers */
  P2pFold       fold;
} P2pTensor;

typedef struct _P2pTensors P2pTensors;

struct _P2pTensors
{
  GPtrArray  *list;       /* P2pTensor, in the file's order; owns them */
  GHashTable *by_name;    /* name → P2pTensor in list */
  GHashTable *metadata;   /* string → string */
  GPtrArray  *owners;     /* GBytes that keep the tensors' data alive */
  const char *container;  /* the format of the file, as people are told it; static; NULL when the
                           * tensors are not from a file */
  char       *found_under;  /* where in a checkpoint the state dict was found, such as "netG"; NULL
                             * for the root */

  /* A view of some of the tensors under other names; both are NULL when this is no view.
   * p2p_tensors_get () then translates absent + x to the name prefix + x.  For example, with absent
   * "model." and prefix "netG.", the name "model.1.weight" finds the tensor "netG.1.weight". */
  const char *absent;
  const char *prefix;

  /* The reader's function that fetches the numbers of the tensors in list, for
   * p2p_tensors_fetch ().  NULL when there is nothing to fetch. */
  gboolean  (* fetch) (P2pTensors *tensors, GError **error);
  gpointer     reader;      /* data for fetch; owned */
  GDestroyNotify free_reader;
};

P2pTensors * p2p_tensors_new  (void);
void         p2p_tensors_free (P2pTensors *tensors);

/* Adds a tensor.  The list keeps a reference to owner, which keeps data alive; with NULL the caller
 * must keep data alive.  Returns FALSE when there is a tensor of this name already. */
gboolean     p2p_tensors_add  (P2pTensors *tensors, const char *name, P2pDtype dtype, int n_dims,
                               const gint64 *dims, const void *data, GBytes *owner);

/* For readers: sets what p2p_tensors_fetch () will do.  Takes reader, which free_reader frees.
 * tensors is NULL when listing has failed; then reader is freed at once.  Returns tensors. */
P2pTensors * p2p_tensors_fetch_later (P2pTensors *tensors, const char *container,
                                      gboolean (* fetch) (P2pTensors *tensors, GError **error),
                                      gpointer reader, GDestroyNotify free_reader);

/* Gives the tensors in the list their numbers.  Readers do not read these before, because the list
 * may still contain tensors that are not needed.  A second call does nothing.
 * Errors: those of the reader, for a damaged tensor.  No tensor may be used then. */
gboolean     p2p_tensors_fetch (P2pTensors *tensors, GError **error);

/* Returns an empty list for some of the tensors of from (p2p_tensors_add_copy ()).  It takes over
 * the file, the metadata, the container and the reader.  Afterwards from has only its tensors, and
 * their numbers can no longer be fetched through it. */
P2pTensors * p2p_tensors_derive (P2pTensors *from);

/* Adds a copy of a tensor under a name; its data is not copied.  Returns the copy, owned by the
 * list, or NULL when there is a tensor of this name already. */
P2pTensor *  p2p_tensors_add_copy (P2pTensors *tensors, const char *name, const P2pTensor *tensor);

/* Renames a tensor of the list.  No tensor may have the new name yet. */
void         p2p_tensors_rename (P2pTensors *tensors, P2pTensor *tensor, const char *name);

/* Returns the tensor of this name, or NULL. */
const P2pTensor * p2p_tensors_get (const P2pTensors *tensors, const char *name);

/* The bytes of one element (0 for P2P_OTHER), and the name that safetensors has for the type, such
 * as "F32". */
gsize        p2p_dtype_size (P2pDtype dtype);
const char * p2p_dtype_name (P2pDtype dtype);

/* Whether weights may have this type. */
gboolean     p2p_dtype_is_float (P2pDtype dtype);

/* Returns a shape as people read it (newly allocated), such as "64×3×4×4"; "1" for a scalar. */
char *       p2p_shape_to_text (int n_dims, const gint64 *dims);

/* Sets P2P_ERROR_FILE with a formatted message.  Always returns FALSE, so that readers can return
 * its result. */
gboolean     p2p_damaged (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Whether a text from a file may be shown on a terminal: it is UTF-8, has at most max bytes, and
 * has no control characters except line breaks.  length: in bytes; −1 when text ends with a NUL. */
gboolean     p2p_text_is_plain (const char *text, gssize length, gsize max);

/* The longest name that a tensor may have, in bytes. */
#define P2P_MAX_NAME 512

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pTensors, p2p_tensors_free)
