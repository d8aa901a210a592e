/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Making tensors contiguous.  This takes no more memory than the size of the file and the size of
 * the tensors together. */

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/memory.h"
#include "p2p.h"
#include "torch-gather.h"
#include "zip.h"

/* The budget, in bytes, is MAX_START + MAX_GROWTH times the size of the file. */
#define MAX_GROWTH 4
#define MAX_START  (1024 * 1024)

/* So many bytes of the mapped file are read before their pages are dropped. */
#define WINDOW     (4 * 1024 * 1024)

void
p2p_torch_source_init (P2pTorchSource *source,
                       GBytes         *bytes,
                       gboolean        is_mapped)
{
  source->bytes = bytes;
  source->is_mapped = is_mapped;
  source->budget = MIN (g_bytes_get_size (bytes), G_MAXSIZE / MAX_GROWTH - MAX_START) * MAX_GROWTH
                   + MAX_START;
}

/* Drops the pages between begin and end from memory, if they belong to the mapped file.  They are
 * read from disk again when somebody accesses them. */
static void
drop_pages (const P2pTorchSource *source,
            const guint8         *begin,
            const guint8         *end)
{
  const gsize   page = sysconf (_SC_PAGESIZE);
  gsize         size;
  const guint8 *data = g_bytes_get_data (source->bytes, &size);
  gsize         first, last;

  if (! source->is_mapped || begin < data || end > data + size)
    return;

  first = ((gsize) begin + page - 1) / page * page;
  last = (gsize) end / page * page;
  if (first < last)
    madvise ((void *) first, last - first, MADV_DONTNEED);
}

/* Whether the tensor can use the numbers in its storage without a copy: they are contiguous and
 * need no conversion. */
static gboolean
is_plain (const P2pPiece *piece)
{
  gint64 step = 1;

  if (piece->negated || piece->storage->width != p2p_dtype_size (piece->storage->dtype))
    return FALSE;
  for (int i = piece->n_dims - 1; i >= 0; i--)
    {
      if (piece->dims[i] != 1 && piece->strides[i] != step)
        return FALSE;
      step *= piece->dims[i];
    }

  return TRUE;
}

/* Copies a number of width bytes, or converts a double to a float when the widths differ. */
static void
copy_number (const guint8 *from,
             gsize         width,
             guint8       *to,
             gsize         new_width)
{
  guint64 bits;
  guint32 narrow_bits;
  double  wide;
  float   narrow;

  if (width == new_width)
    {
      memcpy (to, from, width);
      return;
    }
  memcpy (&bits, from, sizeof bits);
  bits = GUINT64_FROM_LE (bits);
  memcpy (&wide, &bits, sizeof wide);
  narrow = (float) wide;
  memcpy (&narrow_bits, &narrow, sizeof narrow_bits);
  narrow_bits = GUINT32_TO_LE (narrow_bits);
  memcpy (to, &narrow_bits, sizeof narrow_bits);
}

/* A dimension of a tensor that is copied: its size, and its strides in the storage and in the copy,
 * in numbers. */
typedef struct
{
  gint64 n, from, to;
} Dim;

/* Sorts the dimensions by their stride in the storage, the largest first. */
static void
sort_dims (const P2pPiece *piece,
           Dim            *dims)
{
  gint64 step = 1;

  for (int i = piece->n_dims - 1; i >= 0; i--)
    {
      dims[i] = (Dim) { piece->dims[i], piece->strides[i], step };
      step *= piece->dims[i];
    }

  for (int i = 1; i < piece->n_dims; i++)
    for (int j = i; j > 0 && dims[j - 1].from < dims[j].from; j--)
      {
        Dim dim = dims[j];

        dims[j] = dims[j - 1];
        dims[j - 1] = dim;
      }
}

/* Copies the piece's numbers in the order in which they lie in the file.  So the file is read once
 * from beginning to end, and pages that were read can be dropped. */
static void
copy_piece (const P2pTorchSource *source,
            const P2pPiece       *piece,
            guint8               *copy)
{
  const gsize   width = piece->storage->width;
  const gsize   new_width = p2p_dtype_size (piece->storage->dtype);
  const int     n_outer = piece->n_dims - 1;
  const guint8 *from, *kept, *end;
  Dim           dims[P2P_MAX_DIMS];
  gint64        index[P2P_MAX_DIMS] = { 0 };
  gint64        last = 0;

  from = kept = (const guint8 *) g_bytes_get_data (piece->storage->bytes, NULL)
                + piece->offset * width;
  sort_dims (piece, dims);
  for (int i = 0; i < piece->n_dims; i++)
    last += (dims[i].n - 1) * dims[i].from;
  end = from + (last + 1) * width;
  for (gsize done = 0; done < piece->n; done += n_outer < 0 ? 1 : dims[n_outer].n)
    {
      int i = n_outer - 1;

      if (n_outer < 0)
        copy_number (from, width, copy, new_width);
      else
        for (gint64 j = 0; j < dims[n_outer].n; j++)
          copy_number (from + j * dims[n_outer].from * width, width,
                       copy + j * dims[n_outer].to * new_width, new_width);

      for (; i >= 0 && ++index[i] == dims[i].n; i--)
        {
          index[i] = 0;
          from -= (dims[i].n - 1) * dims[i].from * width;
          copy -= (dims[i].n - 1) * dims[i].to * new_width;
        }
      if (i >= 0)
        {
          from += dims[i].from * width;
          copy += dims[i].to * new_width;
        }
      if (from - kept > WINDOW)
        {
          drop_pages (source, kept, from);
          kept = from;
        }
    }
  drop_pages (source, kept, end);
}

/* Flips the sign of n floats, which is the highest bit of the last byte in each. */
static void
negate (guint8 *numbers,
        gsize   n,
        gsize   width)
{
  for (gsize i = 1; i <= n; i++)
    numbers[i * width - 1] ^= 0x80;
}

/* Returns a contiguous copy of the piece's numbers. */
static GBytes *
gather (P2pTorchSource *source,
        const P2pPiece *piece,
        GError        **error)
{
  const gsize size = piece->n * p2p_dtype_size (piece->storage->dtype);
  guint8     *copy;

  if (! p2p_zip_spend (&source->budget, size, error))
    return NULL;
  copy = p2p_memory_alloc (P2P_FOR_MODEL, size, 1, error);
  if (! copy)
    return NULL;

  copy_piece (source, piece, copy);
  if (piece->negated)
    negate (copy, piece->n, p2p_dtype_size (piece->storage->dtype));
  return g_bytes_new_take (copy, size);
}

static GBytes *
get_numbers (P2pTorchSource *source,
             const P2pPiece *piece,
             GError        **error)
{
  const gsize width = piece->storage->width;

  if (piece->n == 0)
    return g_bytes_new (NULL, 0);
  if (is_plain (piece))
    return g_bytes_new_from_bytes (piece->storage->bytes, piece->offset * width,
                                   piece->n * width);
  return gather (source, piece, error);
}

static gboolean
must_copy (const GArray *pieces)
{
  for (guint i = 0; i < pieces->len; i++)
    {
      const P2pPiece *piece = &g_array_index (pieces, P2pPiece, i);

      if (piece->storage && ! is_plain (piece))
        return TRUE;
    }
  return FALSE;
}

GArray *
p2p_torch_find (P2pTorchState     *state,
                const P2pTensors  *tensors,
                GError           **error)
{
  g_autoptr (GArray) pieces = g_array_sized_new (FALSE, TRUE, sizeof (P2pPiece),
                                                 tensors->list->len);

  g_array_set_size (pieces, tensors->list->len);
  for (guint i = 0; i < tensors->list->len; i++)
    {
      const P2pTensor *tensor = g_ptr_array_index (tensors->list, i);

      if (tensor->dtype != P2P_OTHER
          && ! p2p_torch_state_find (state, tensor, &g_array_index (pieces, P2pPiece, i), error))
        return NULL;
    }
  return g_steal_pointer (&pieces);
}

gboolean
p2p_torch_gather (P2pTorchSource  *source,
                  const GArray    *pieces,
                  P2pTensors      *tensors,
                  GError         **error)
{
  gsize         size;
  const guint8 *data = g_bytes_get_data (source->bytes, &size);

  /* Checking the checksums of the zip file has brought the whole file into memory. */
  if (must_copy (pieces))
    drop_pages (source, data, data + size);

  for (guint i = 0; i < pieces->len; i++)
    {
      const P2pPiece *piece = &g_array_index (pieces, P2pPiece, i);
      P2pTensor      *tensor = g_ptr_array_index (tensors->list, i);
      GBytes         *bytes;

      if (! piece->storage)
        continue;
      bytes = get_numbers (source, piece, error);
      if (! bytes)
        return FALSE;
      tensor->data = g_bytes_get_data (bytes, NULL);
      g_ptr_array_add (tensors->owners, bytes);
    }
  return TRUE;
}
