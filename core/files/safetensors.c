/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reading safetensors.  The header is untrusted: a scan bounds its depth and size before json-glib
 * sees it, whose parser recurses without bound; then every number is checked. */

#include <json-glib/json-glib.h>
#include <string.h>

#include "base/intl.h"
#include "p2p.h"
#include "safetensors.h"

/* A model with five thousand tensors has a header of 1 MB and 60 000 JSON values. */
#define MAX_HEADER (10 * 1000 * 1000)   /* bytes */
#define MAX_VALUES (100 * 1000)
#define MAX_DEPTH  4

typedef struct
{
  const char *name;
  P2pDtype    dtype;
  int         n_dims;
  gint64      dims[P2P_MAX_DIMS];
  gsize       begin, end;   /* bytes from the end of the header */
} Entry;

/* What the JSON parser's signal collects. */
typedef struct
{
  GHashTable *counts;       /* JsonObject → members met */
  char       *duplicate;    /* a name that was met twice, or NULL */
} Members;

/* ---- The header's JSON ------------------------------------------------------------------ */

/* The end of the string that starts after a quote: its closing quote, or end. */
static const char *
skip_string (const char *at,
             const char *end)
{
  while (at < end && *at != '"' && (guchar) *at >= ' ')
    at += *at == '\\' && at + 1 < end ? 2 : 1;
  return at < end && *at == '"' ? at : end;
}

static gboolean
is_blank (const char *at,
          const char *end)
{
  while (at < end && *at == ' ')
    at++;
  return at == end;
}

/* Outside of strings nothing but JSON's own characters passes: json-glib knows comments and other
 * kinds of quotes, behind which brackets could hide from this scan. */
static gboolean
scan_json (const char *text,
           gsize       length,
           GError    **error)
{
  const char *end = text + length;
  gsize       n_values = 1;
  int         depth = 0;

  for (const char *at = text; at < end; at++)
    {
      if (*at == '"')
        at = skip_string (at + 1, end);
      else if (*at == '{' || *at == '[')
        depth++;
      else if (*at == '}' || *at == ']')
        depth--;
      else if (*at == ',' || *at == ':')
        n_values++;
      else if (! *at || ! strchr (" \t\r\n0123456789+-.eEtrufalsn", *at))
        break;

      if (depth > MAX_DEPTH)
        return p2p_damaged (error, _("The header is nested too deeply"));
      if (n_values > MAX_VALUES)
        return p2p_damaged (error, _("The header has more entries than any model"));
      if (depth <= 0 && is_blank (at + 1, end))
        return TRUE;
      if (depth <= 0)
        break;
    }

  return p2p_damaged (error, _("The header is not JSON"));
}

/* A name that is there twice replaces its first value, so the object does not grow. */
static void
member_met (JsonParser *parser,
            JsonObject *object,
            const char *name,
            gpointer    data)
{
  Members *members = data;
  guint    count = GPOINTER_TO_UINT (g_hash_table_lookup (members->counts, object)) + 1;

  g_hash_table_insert (members->counts, object, GUINT_TO_POINTER (count));
  if (json_object_get_size (object) < count && ! members->duplicate)
    members->duplicate = g_strdup (name);
}

/* The parser that holds the header's object. */
static JsonParser *
parse_json (const char *text,
            gsize       length,
            GError    **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  g_autofree char       *duplicate = NULL;
  Members                members = { counts, NULL };
  gboolean               parsed;

  if (! g_utf8_validate_len (text, length, NULL))
    {
      p2p_damaged (error, _("The header is not UTF-8"));
      return NULL;
    }
  if (! scan_json (text, length, error))
    return NULL;

  g_signal_connect (parser, "object-member", G_CALLBACK (member_met), &members);
  parsed = json_parser_load_from_data (parser, text, length, NULL);
  g_signal_handlers_disconnect_by_data (parser, &members);
  duplicate = members.duplicate;

  if (duplicate && p2p_text_is_plain (duplicate, -1, P2P_MAX_NAME))
    p2p_damaged (error, _("The header has two entries named “%s”"), duplicate);
  else if (duplicate)
    p2p_damaged (error, _("The header has two entries of the same name"));
  else if (! parsed || ! JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    p2p_damaged (error, _("The header is not JSON"));
  else
    return g_steal_pointer (&parser);

  return NULL;
}

/* ---- The header's meaning --------------------------------------------------------------- */

static const char *
get_string (JsonObject *object,
            const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
         ? json_node_get_string (node) : NULL;
}

/* Up to max integers, none negative; how many, or −1. */
static int
get_integers (JsonObject *object,
              const char *member,
              int         max,
              gint64     *values)
{
  JsonNode  *node = json_object_get_member (object, member);
  JsonArray *array;
  guint      n;

  if (! node || ! JSON_NODE_HOLDS_ARRAY (node))
    return -1;
  array = json_node_get_array (node);
  n = json_array_get_length (array);
  if (n > (guint) max)
    return -1;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (! JSON_NODE_HOLDS_VALUE (element) || json_node_get_value_type (element) != G_TYPE_INT64)
        return -1;
      values[i] = json_node_get_int (element);
      /* What does not fit 64 bits arrives as the largest number from newer versions of
       * json-glib. */
      if (values[i] < 0 || values[i] == G_MAXINT64)
        return -1;
    }

  return n;
}

static gboolean
get_dtype (const char *name,
           P2pDtype   *dtype)
{
  for (int i = P2P_F32; i <= P2P_I64; i++)
    if (g_strcmp0 (name, p2p_dtype_name (i)) == 0)
      {
        *dtype = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
shape_has_size (const Entry *entry)
{
  gsize size = p2p_dtype_size (entry->dtype);

  for (int i = 0; i < entry->n_dims; i++)
    if (! g_size_checked_mul (&size, size, entry->dims[i]))
      return FALSE;
  return size == entry->end - entry->begin;
}

/* Checks what the header says of a tensor whose name is plain; data_size: the bytes that follow. */
static gboolean
read_entry (const char *name,
            JsonNode   *node,
            gsize       data_size,
            Entry      *entry,
            GError    **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *dtype = object ? get_string (object, "dtype") : NULL;
  gint64      offsets[2];

  entry->name = name;
  if (! dtype || ! p2p_text_is_plain (dtype, -1, 32)
      || (entry->n_dims = get_integers (object, "shape", P2P_MAX_DIMS, entry->dims)) < 0
      || get_integers (object, "data_offsets", 2, offsets) != 2)
    return p2p_damaged (error, _("What the header says of tensor “%s” makes no sense"), name);

  if (! get_dtype (dtype, &entry->dtype))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                   _("Tensor “%s” has numbers of type %s, which are not read; save it as F32, F16 "
                     "or BF16"), name, dtype);
      return FALSE;
    }

  if (offsets[0] > offsets[1] || (guint64) offsets[1] > data_size)
    return p2p_damaged (error, _("Tensor “%s” lies outside the file, which may be cut off"), name);
  entry->begin = offsets[0];
  entry->end = offsets[1];
  if (! shape_has_size (entry))
    return p2p_damaged (error, _("The size of tensor “%s” is not that of its shape"), name);

  return TRUE;
}

static gboolean
read_metadata (JsonNode   *node,
               GHashTable *metadata,
               GError    **error)
{
  JsonObject       *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autoptr (GList) names = object ? json_object_get_members (object) : NULL;

  if (! object)
    return p2p_damaged (error, _("The metadata is no list of texts"));

  for (GList *list = names; list; list = list->next)
    {
      const char *text = get_string (object, list->data);

      if (! text)
        return p2p_damaged (error, _("The metadata is no list of texts"));
      g_hash_table_insert (metadata, g_strdup (list->data), g_strdup (text));
    }

  return TRUE;
}

static int
by_place (gconstpointer a,
          gconstpointer b)
{
  const Entry *first = a;
  const Entry *second = b;

  if (first->begin != second->begin)
    return first->begin < second->begin ? -1 : 1;
  return first->end < second->end ? -1 : first->end > second->end;
}

/* The entries sorted by their place in the file. */
static GArray *
read_entries (JsonObject *header,
              gsize       data_size,
              GHashTable *metadata,
              GError    **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_autoptr (GList)  names = json_object_get_members (header);

  for (GList *list = names; list; list = list->next)
    {
      JsonNode *node = json_object_get_member (header, list->data);
      Entry     entry = { 0 };

      if (strcmp (list->data, "__metadata__") == 0)
        {
          if (! read_metadata (node, metadata, error))
            return NULL;
          continue;
        }
      if (! p2p_text_is_plain (list->data, -1, P2P_MAX_NAME))
        {
          p2p_damaged (error, _("The name of a tensor is too long, or no text"));
          return NULL;
        }
      if (! read_entry (list->data, node, data_size, &entry, error))
        return NULL;
      g_array_append_val (entries, entry);
    }

  g_array_sort (entries, by_place);
  for (guint i = 1; i < entries->len; i++)
    {
      const Entry *before = &g_array_index (entries, Entry, i - 1);
      const Entry *entry = &g_array_index (entries, Entry, i);

      if (entry->begin < before->end)
        {
          p2p_damaged (error, _("Tensors “%s” and “%s” overlap"), before->name, entry->name);
          return NULL;
        }
    }

  return g_steal_pointer (&entries);
}

P2pTensors *
p2p_safetensors_read (GBytes  *file,
                      GError **error)
{
  g_autoptr (P2pTensors) tensors = p2p_tensors_new ();
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GArray)     entries = NULL;
  gsize                  size;
  const guint8          *data = g_bytes_get_data (file, &size);
  guint64                header_size;

  if (size < sizeof header_size)
    {
      p2p_damaged (error, _("The file is cut off"));
      return NULL;
    }
  memcpy (&header_size, data, sizeof header_size);
  header_size = GUINT64_FROM_LE (header_size);
  if (header_size > MAX_HEADER || header_size > size - 8)
    {
      p2p_damaged (error, _("The header is longer than the file, which may be cut off"));
      return NULL;
    }
  data += 8 + header_size;
  size -= 8 + header_size;

  parser = parse_json ((const char *) data - header_size, header_size, error);
  if (parser)
    entries = read_entries (json_node_get_object (json_parser_get_root (parser)), size,
                            tensors->metadata, error);
  if (! entries)
    return NULL;

  tensors->container = "safetensors";
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      p2p_tensors_add (tensors, entry->name, entry->dtype, entry->n_dims, entry->dims,
                       data + entry->begin, i == 0 ? file : NULL);
    }

  return g_steal_pointer (&tensors);
}
