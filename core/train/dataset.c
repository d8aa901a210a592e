/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Folders of pictures; sample.c makes the values of a network of them. */

#include <string.h>

#include "base/intl.h"
#include "base/random.h"
#include "dataset.h"

struct _P2pDataset
{
  P2pDataKind  kind;
  P2pListing  *listing;
};

P2pDataset *
p2p_dataset_new (const char         *folder,
                 const P2pDataKind  *kind,
                 P2pDataPart         part,
                 int                 min_side,
                 GError            **error)
{
  P2pListing *listing = p2p_listing_new (folder, kind, part, min_side, error);
  P2pDataset *dataset;

  if (! listing)
    return NULL;
  dataset = g_new0 (P2pDataset, 1);
  dataset->kind = *kind;
  dataset->listing = listing;
  return dataset;
}

void
p2p_dataset_free (P2pDataset *dataset)
{
  if (! dataset)
    return;
  p2p_listing_free (dataset->listing);
  g_free (dataset);
}

const P2pListing *
p2p_dataset_listing (const P2pDataset *dataset)
{
  return dataset->listing;
}

guint
p2p_dataset_length (const P2pDataset *dataset)
{
  return dataset->listing->entries->len;
}

gboolean
p2p_dataset_check (const P2pDataset  *dataset,
                   const char        *folder,
                   GError           **error)
{
  if (p2p_dataset_length (dataset) > 0)
    return TRUE;
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               _("No picture of the folder “%s” is left to use"), folder);
  return FALSE;
}

static const P2pEntry *
get_entry (const P2pDataset *dataset,
           guint             index)
{
  return g_ptr_array_index (dataset->listing->entries, index);
}

const char *
p2p_dataset_name (const P2pDataset *dataset,
                  guint             index)
{
  return get_entry (dataset, index)->name;
}

gboolean
p2p_dataset_size (const P2pDataset  *dataset,
                  guint              index,
                  int               *width,
                  int               *height,
                  GError           **error)
{
  return p2p_listing_size (get_entry (dataset, index), &dataset->kind, width, height, error);
}

/* ---- Reading ---------------------------------------------------------------------------- */

static P2pImage *
load (const char  *path,
      gboolean     pair,
      GError     **error)
{
  g_autoptr (P2pImage) image = p2p_image_load (path, error);

  if (image && pair && ! p2p_listing_check_width (path, image->width, error))
    return NULL;
  return g_steal_pointer (&image);
}

gboolean
p2p_dataset_read (P2pDataset     *dataset,
                  guint           index,
                  const P2pView  *view,
                  p2p_real       *a,
                  p2p_real       *b,
                  GError        **error)
{
  const P2pDataKind   *kind = &dataset->kind;
  const P2pEntry      *entry = get_entry (dataset, index);
  const int            from = kind->b_to_a ? 1 : 0;
  const gboolean       pair = kind->mode == P2P_DATA_ALIGNED;
  const gboolean       one = strcmp (entry->paths[0], entry->paths[1]) == 0;
  g_autoptr (P2pImage) image = load (entry->paths[from], pair, error), other = NULL;

  if (image && ! one)
    other = load (entry->paths[1 - from], pair, error);
  if (! image || (! one && ! other))
    return FALSE;

  return p2p_sample_read (kind, image, one ? image : other, view, a, b, error);
}

/* ---- Chance ----------------------------------------------------------------------------- */

void
p2p_data_order (guint64  seed,
                int      epoch,
                guint    n,
                guint   *order)
{
  const guint64 stream = p2p_random_stream ("data.order") + epoch;

  /* Fisher and Yates' shuffle. */
  for (guint i = 0; i < n; i++)
    {
      guint j = p2p_random (seed, stream, i) % (i + 1);

      order[i] = i;
      order[i] = order[j];
      order[j] = i;
    }
}

P2pView
p2p_data_view (const P2pTrainOptions *options,
               int                    epoch,
               guint                  index)
{
  const guint64 stream = p2p_random_stream ("data.view") + epoch;
  const int     load = options->load_size, crop = options->crop_size;
  const int     room = load - crop + 1;

  return (P2pView) {
    load, load, crop, crop,
    p2p_random (options->seed, stream, 3 * (guint64) index) % room,
    p2p_random (options->seed, stream, 3 * (guint64) index + 1) % room,
    options->flip && p2p_random (options->seed, stream, 3 * (guint64) index + 2) & 1,
    options->seed, p2p_random (options->seed, p2p_random_stream ("data.sample") + epoch, index),
    .train = TRUE,
  };
}
