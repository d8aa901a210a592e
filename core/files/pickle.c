/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Running a pickle on the pickle machine. */

#include <string.h>

#include "base/intl.h"
#include "p2p.h"
#include "pickle-opcodes.h"
#include "pickle.h"

#define MAX_LENGTH (16 * 1024 * 1024)   /* bytes; a model with 5000 tensors has a pickle of 1 MB */

/* Runs the pickle until it stops.  Sets machine->error when it is damaged or too large. */
static void
run (P2pPickleMachine *machine)
{
  const guint8 *start = machine->at;

  while (! machine->stopped)
    {
      const guint8 *at = machine->at;
      const guint8 *code;

      if (p2p_pickle_take (machine, 1, &code) && p2p_pickle_opcodes[*code]
          && p2p_pickle_opcodes[*code] (machine, *code))
        continue;

      if (! *machine->error)
        g_set_error (machine->error, P2P_ERROR, P2P_ERROR_FILE,
                     _("The list of weights is damaged (at byte %u)"), (guint) (at - start));
      return;
    }
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
                 const char *const  *known,
                 gsize              *used,
                 GError            **error)
{
  g_autoptr (P2pPickle)  pickle = g_new0 (P2pPickle, 1);
  g_autoptr (GPtrArray)  stack = g_ptr_array_new ();
  g_autoptr (GArray)     marks = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GHashTable) memo = g_hash_table_new (NULL, NULL);
  g_autoptr (GError)     reason = NULL;
  P2pPickleMachine       machine = { data, data, length > MAX_LENGTH, known, pickle, stack,
                                     marks, memo, .error = &reason };

  if (length > 0)   /* otherwise data may be NULL */
    machine.end += MIN (length, MAX_LENGTH);
  pickle->values = g_ptr_array_new_with_free_func (value_free);
  pickle->texts = g_string_chunk_new (4096);

  run (&machine);
  if (reason)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }

  *used = machine.at - data;
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
