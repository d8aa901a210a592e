/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Whatever bytes a model file contains, its reader gives a result or an error.  This file holds the
 * libFuzzer entry points of all readers.  It is built once for each: TARGET is the name of one of
 * the targets below.  tests/fuzz builds and runs them. */

#include <stddef.h>
#include <string.h>

#include "fetched.h"
#include "files/safetensors.h"
#include "files/torch-checkpoint.h"
#include "files/torch-file.h"
#include "files/torch-legacy.h"
#include "models/card.h"

int LLVMFuzzerTestOneInput (const guint8 *data, size_t size);

/* Reads every byte of every tensor, so that the sanitizers see it, and makes a card from the
 * metadata. */
static void
use_tensors (P2pTensors *tensors,
             GError     *error)
{
  g_autoptr (P2pCard) card = NULL;
  guint8              all = 0;

  g_assert ((tensors != NULL) == (error == NULL));
  if (! tensors)
    return;

  for (guint i = 0; i < tensors->list->len; i++)
    {
      const P2pTensor *tensor = tensors->list->pdata[i];

      for (gsize j = 0; j < tensor->n_elements * p2p_dtype_size (tensor->dtype); j++)
        all ^= tensor->data[j];
    }
  *(volatile guint8 *) &all;    /* the compiler must not leave the reads out */
  card = p2p_card_new (tensors, NULL);
}

static void
fuzz_safetensors (GBytes *bytes)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (P2pTensors) tensors = p2p_safetensors_read (bytes, &error);

  use_tensors (tensors, error);
}

static void
fuzz_torch_file (GBytes *bytes)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (P2pTensors) tensors = fetched (p2p_torch_file_peek (bytes, FALSE, &error), &error);

  use_tensors (tensors, error);
}

static void
fuzz_torch_legacy (GBytes *bytes)
{
  g_autoptr (GError)     error = NULL;
  g_autoptr (P2pTensors) tensors = fetched (p2p_torch_legacy_peek (bytes, FALSE, &error), &error);

  use_tensors (tensors, error);
}

static void
fuzz_pickle (GBytes *bytes)
{
  static const char *const known[] = { P2P_REBUILD_TENSOR, P2P_REBUILD_TENSOR_V1,
                                       P2P_REBUILD_TENSOR_V3, P2P_REBUILD_SPARSE,
                                       P2P_REBUILD_PARAMETER, P2P_REBUILD_FROM_TYPE,
                                       P2P_TYPE_TENSOR, "torch.FloatStorage", NULL };
  g_autoptr (GError)       error = NULL;
  g_autoptr (P2pPickle)    pickle = NULL;
  g_autoptr (GArray)       tensors = NULL;
  gsize                    size, used = 0;
  const guint8            *data = g_bytes_get_data (bytes, &size);

  pickle = p2p_pickle_read (data, size, known, &used, &error);
  g_assert ((pickle != NULL) == (error == NULL) && used <= size);
  if (pickle)
    tensors = p2p_checkpoint_list (pickle->root);
}

/* The bytes are the card's keys and values, one a line: "ngf=64".  A card that is written and read
 * again must be the same. */
static void
fuzz_card (GBytes *bytes)
{
  gsize                  size;
  const char            *data = g_bytes_get_data (bytes, &size);
  g_autofree char       *text = g_strndup (data, size);
  g_auto (GStrv)         lines = g_strsplit (text, "\n", -1);
  g_autoptr (P2pTensors) tensors = p2p_tensors_new ();
  g_autoptr (GError)     error = NULL;
  g_autoptr (P2pCard)    card = NULL, again = NULL;

  for (int i = 0; lines[i]; i++)
    {
      const char *equals = strchr (lines[i], '=');

      /* JSON gives the reader only valid UTF-8. */
      if (equals && g_utf8_validate (lines[i], -1, NULL))
        g_hash_table_insert (tensors->metadata,
                             g_strdup_printf ("p2p.%.*s", (int) (equals - lines[i]), lines[i]),
                             g_strdup (equals + 1));
    }
  card = p2p_card_new (tensors, &error);
  g_assert ((card != NULL) == (error == NULL));
  if (! card)
    return;

  g_hash_table_unref (tensors->metadata);
  tensors->metadata = p2p_card_to_metadata (card);
  again = p2p_card_new (tensors, &error);
  g_assert_no_error (error);
}

static const struct
{
  const char *name;
  void      (*run) (GBytes *bytes);
}
targets[] =
{
  { "safetensors", fuzz_safetensors },
  { "torch-file", fuzz_torch_file },
  { "torch-legacy", fuzz_torch_legacy },
  { "pickle", fuzz_pickle },
  { "card", fuzz_card },
};

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        size_t        size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);

  if (size == 0)   /* an empty file is refused before it gets here */
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    if (strcmp (targets[i].name, TARGET) == 0)
      targets[i].run (bytes);
  return 0;
}
