/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Running a pickle, and the values that it leaves. */

#include <string.h>

#include "intl.h"
#include "p2p.h"
#include "pickle-opcodes.h"

#define MAX_LENGTH (16 * 1024 * 1024)   /* a model with ten thousand tensors has 2 MB */

gboolean
p2p_pickle_too_large (P2pPickleMachine *machine)
{
  g_set_error_literal (machine->error, P2P_ERROR, P2P_ERROR_FILE,
                       _("The list of weights is larger than any model's"));
  return FALSE;
}

static gboolean
run (P2pPickleMachine *machine)
{
  const guint8 *start = machine->at;

  while (! machine->stopped)
    {
      const guint8 *at = machine->at;

      if (at < machine->end)
        machine->at++;
      if (at < machine->end && p2p_pickle_opcodes[*at]
          && p2p_pickle_opcodes[*at] (machine, *at))
        continue;

      if (! *machine->error)
        g_set_error (machine->error, P2P_ERROR, P2P_ERROR_FILE,
                     _("The list of weights is damaged (at byte %u)"), (guint) (at - start));
      return FALSE;
    }

  return TRUE;
}

static void
value_free (gpointer data)
{
  P2pPickleValue *value = data;

  if (value->items)
    g_ptr_array_unref (value->items);
  g_free (value);
}

P2pPickle *
p2p_pickle_read (const guint8       *data,
                 gsize               length,
                 const char *const  *allowed,
                 GError            **error)
{
  g_autoptr (P2pPickle)  pickle = g_new0 (P2pPickle, 1);
  g_autoptr (GPtrArray)  stack = g_ptr_array_new ();
  g_autoptr (GArray)     marks = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GHashTable) memo = g_hash_table_new (NULL, NULL);
  GError                *reason = NULL;
  P2pPickleMachine       machine = { data, data + length, allowed, pickle, stack, marks, memo,
                                     FALSE, &reason };

  pickle->values = g_ptr_array_new_with_free_func (value_free);
  pickle->texts = g_string_chunk_new (4096);

  if (length > MAX_LENGTH)
    p2p_pickle_too_large (&machine);
  else
    run (&machine);
  if (reason)
    {
      g_propagate_error (error, reason);
      return NULL;
    }

  return g_steal_pointer (&pickle);
}

void
p2p_pickle_free (P2pPickle *pickle)
{
  if (! pickle)
    return;

  g_ptr_array_unref (pickle->values);
  g_string_chunk_free (pickle->texts);
  g_free (pickle);
}

const P2pPickleValue *
p2p_pickle_lookup (const P2pPickleValue *dict,
                   const char           *key)
{
  for (guint i = 0; i + 1 < dict->items->len; i += 2)
    {
      const P2pPickleValue *name = g_ptr_array_index (dict->items, i);

      if (name->kind == P2P_PICKLE_TEXT && strcmp (name->text, key) == 0)
        return g_ptr_array_index (dict->items, i + 1);
    }

  return NULL;
}
