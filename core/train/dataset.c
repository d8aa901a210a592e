/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reads the pictures of a folder; sample.c turns them into the values that a network sees. */

#include <string.h>

#include "base/intl.h"
#include "base/random.h"
#include "dataset.h"
#include "pictures/picture-file.h"

struct _P2pDataset
{
  P2pDataKind  kind;
  P2pListing  *listing;
  P2pDataset  *partner;     /* the pictures of the other kind; NULL: there is none */
  GAsyncQueue *warnings;    /* char *: those that p2p_dataset_take_warning () has not yet given */
  GMutex       mutex;       /* protects told */
  GHashTable  *told;        /* all warnings so far: each is given once */
};

static P2pDataset *
open_one (const char         *folder,
          const P2pDataKind  *kind,
          P2pDataPart         part,
          P2pSize             least,
          GError            **error)
{
  P2pListing *listing = p2p_listing_new (folder, kind, part, least, error);
  P2pDataset *dataset;

  if (! listing)
    return NULL;
  dataset = g_new0 (P2pDataset, 1);
  dataset->kind = *kind;
  dataset->listing = listing;
  dataset->warnings = g_async_queue_new_full (g_free);
  dataset->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&dataset->mutex);
  return dataset;
}

/* Opens two folders of pictures that do not belong together: the inputs, and their partner. */
static P2pDataset *
open_unpaired (const char         *folder,
               const P2pDataKind  *kind,
               P2pDataPart         part,
               P2pSize             least,
               GError            **error)
{
  const P2pDataKind      here = { P2P_DATA_PICTURES, FALSE, kind->inputs, kind->output };
  const P2pDataKind      there = { P2P_DATA_PICTURES, FALSE, p2p_inputs_of_output (kind->output),
                                   kind->output };
  g_autofree char       *a = NULL, *b = NULL;
  g_autoptr (P2pDataset) dataset = NULL;

  if (! p2p_folders_find (folder, kind, part, &a, &b, error))
    return NULL;
  dataset = open_one (kind->b_to_a ? b : a, &here, part, least, error);
  if (dataset)
    dataset->partner = open_one (kind->b_to_a ? a : b, &there, part, least, error);
  return dataset && dataset->partner ? g_steal_pointer (&dataset) : NULL;
}

P2pDataset *
p2p_dataset_new (const char         *folder,
                 const P2pDataKind  *kind,
                 P2pDataPart         part,
                 P2pSize             least,
                 GError            **error)
{
  return kind->mode == P2P_DATA_UNPAIRED ? open_unpaired (folder, kind, part, least, error)
                                         : open_one (folder, kind, part, least, error);
}

void
p2p_dataset_free (P2pDataset *dataset)
{
  if (! dataset)
    return;
  p2p_dataset_free (dataset->partner);
  p2p_listing_free (dataset->listing);
  g_async_queue_unref (dataset->warnings);
  g_hash_table_unref (dataset->told);
  g_mutex_clear (&dataset->mutex);
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

P2pDataset *
p2p_dataset_partner (P2pDataset *dataset)
{
  return dataset->partner;
}

guint
p2p_dataset_entries (const P2pDataset *dataset)
{
  return p2p_dataset_length (dataset)
         + (dataset->partner ? p2p_dataset_length (dataset->partner) : 0);
}

guint
p2p_dataset_left_out (const P2pDataset *dataset)
{
  return dataset->listing->left_out->len
         + (dataset->partner ? dataset->partner->listing->left_out->len : 0);
}

guint
p2p_dataset_samples (const P2pDataset *dataset)
{
  return MAX (p2p_dataset_length (dataset),
              dataset->partner ? p2p_dataset_length (dataset->partner) : 0);
}

gboolean
p2p_dataset_check (const P2pDataset  *dataset,
                   const char        *folder,
                   GError           **error)
{
  if (p2p_dataset_length (dataset) > 0
      && (! dataset->partner || p2p_dataset_length (dataset->partner) > 0))
    return TRUE;
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               _("No picture in the folder “%s” can be used"), folder);
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

static void
warn (P2pDataset     *dataset,
      const P2pImage *image,
      const char     *path)
{
  char *warning = p2p_image_warning (image, path);

  if (! warning)
    return;
  g_mutex_lock (&dataset->mutex);
  if (g_hash_table_add (dataset->told, g_strdup (warning)))
    g_async_queue_push (dataset->warnings, warning);
  else
    g_free (warning);
  g_mutex_unlock (&dataset->mutex);
}

char *
p2p_dataset_take_warning (P2pDataset *dataset)
{
  char *warning = g_async_queue_try_pop (dataset->warnings);

  return warning || ! dataset->partner ? warning : p2p_dataset_take_warning (dataset->partner);
}

static P2pImage *
load (P2pDataset  *dataset,
      const char  *path,
      GError     **error)
{
  const gboolean       pair = dataset->kind.mode == P2P_DATA_ALIGNED;
  g_autoptr (P2pImage) image = p2p_image_load (path, error);

  if (! image || (pair && ! p2p_listing_check_width (path, image->width, error)))
    return NULL;
  warn (dataset, image, path);
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
  const gboolean       one = strcmp (entry->paths[0], entry->paths[1]) == 0;
  g_autoptr (P2pImage) image = load (dataset, entry->paths[from], error), other = NULL;

  if (image && ! one)
    other = load (dataset, entry->paths[1 - from], error);
  if (! image || (! one && ! other))
    return FALSE;

  return p2p_sample_read (kind, image, one ? image : other, view, a, b, error);
}

static void
skipped_free (gpointer data)
{
  P2pSkipped *skipped = data;

  g_free (skipped->message);
  g_free (skipped);
}

GPtrArray *
p2p_skipped_list (void)
{
  return g_ptr_array_new_with_free_func (skipped_free);
}

void
p2p_skipped_add (GPtrArray  *skipped,
                 P2pDataset *dataset,
                 guint       index,
                 const char *message)
{
  P2pSkipped *entry = g_new (P2pSkipped, 1);

  *entry = (P2pSkipped) { dataset, index, g_strdup (message) };
  g_ptr_array_add (skipped, entry);
}

/* ---- Order ------------------------------------------------------------------------------ */

void
p2p_data_order (guint64  seed,
                int      epoch,
                guint    n,
                guint   *order)
{
  const guint64 stream = p2p_random_stream ("data.order") + epoch;

  /* The Fisher-Yates shuffle, which fills the array as it goes. */
  for (guint i = 0; i < n; i++)
    {
      guint j = p2p_random (seed, stream, i) % (i + 1);

      order[i] = i;
      order[i] = order[j];
      order[j] = i;
    }
}
