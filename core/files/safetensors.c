/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Reading safetensors.  The header is untrusted.  The parser of json-glib recurses without limit,
 * so a scan of our own first checks the depth of the header and the number of its values.  After
 * parsing, every number in it is checked. */

#include <json-glib/json-glib.h>
#include <string.h>

#include "base/intl.h"
#include "p2p.h"
#include "safetensors.h"

/* A model with 5000 tensors has a header of 1 MB with 60 000 JSON values. */
#define MAX_HEADER (100 * 1000 * 1000)   /* bytes; the limit of the reference reader */
#define MAX_VALUES (100 * 1000)          /* JSON values */
#define MAX_DEPTH  4                     /* nested JSON objects and arrays */
#define MAX_SIDES  64                    /* dimensions; networks use at most P2P_MAX_DIMS */

#define BLANKS     " \t\r\n"

/* The types that the reference reader knows and that become P2P_OTHER here. */
static const struct
{
  const char *name;
  int         bits;
}
other_types[] =
{
  { "F64", 64 }, { "U64", 64 }, { "I32", 32 }, { "U32", 32 }, { "I16", 16 }, { "U16", 16 },
  { "I8", 8 }, { "U8", 8 }, { "BOOL", 8 }, { "C64", 64 }, { "F8_E5M2", 8 }, { "F8_E4M3", 8 },
  { "F8_E8M0", 8 }, { "F8_E4M3FNUZ", 8 }, { "F8_E5M2FNUZ", 8 }, { "F6_E2M3", 6 },
  { "F6_E3M2", 6 }, { "F4", 4 },
};

typedef struct
{
  P2pTensor tensor;
  gsize     begin, end;   /* where its data lies, in bytes from the end of the header */
} Entry;

/* What the handler of the JSON parser's signal "object-member" collects, to find names that occur
 * twice in an object. */
typedef struct
{
  GHashTable *counts;       /* JsonObject → the number of members parsed so far */
  char       *duplicate;    /* the first name that occurs twice, or NULL */
} Members;

/* ---- The header's JSON ------------------------------------------------------------------ */

/* Returns the closing quote of a string, or end when there is none.  at: just after the opening
 * quote. */
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
  while (at < end && *at && strchr (BLANKS, *at))
    at++;
  return at == end;
}

/* Checks that text looks like one JSON object and is not too deep or too large.  Outside strings
 * it accepts only characters that JSON uses: json-glib also knows comments and other kinds of
 * quotes, in which brackets could hide from this scan. */
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

      if (at == end)
        break;
      if (depth > MAX_DEPTH)
        return p2p_damaged (error, _("The header is nested too deeply"));
      if (n_values > MAX_VALUES)
        return p2p_damaged (error, _("The header has more entries than any model"));
      if (depth == 0 && strchr ("}]", *at) && is_blank (at + 1, end))
        return TRUE;
      if (depth <= 0 && ! strchr (BLANKS, *at))
        break;
    }

  return p2p_damaged (error, _("The header is not JSON"));
}

/* Called for each member of an object.  When a name occurs a second time, its value replaces the
 * first one, so the object has fewer members than were parsed. */
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

/* Parses the header.  The root node of the returned parser is an object. */
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

/* Reads an array of up to max integers, none of them negative, into values.  Returns their number,
 * or −1 when the member is anything else. */
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
      /* Newer versions of json-glib replace a number that does not fit 64 bits by the largest
       * number. */
      if (values[i] < 0 || values[i] == G_MAXINT64)
        return -1;
    }

  return n;
}

/* Sets the tensor's type, and returns the size of its numbers in bits, or 0 for an unknown type. */
static int
get_type (const char *name,
          P2pTensor  *tensor)
{
  for (int i = P2P_F32; i < P2P_OTHER; i++)
    if (strcmp (name, p2p_dtype_name (i)) == 0)
      {
        tensor->dtype = i;
        tensor->type = (char *) p2p_dtype_name (i);
        return 8 * p2p_dtype_size (i);
      }

  tensor->dtype = P2P_OTHER;
  tensor->type = (char *) name;
  for (guint i = 0; i < G_N_ELEMENTS (other_types); i++)
    if (strcmp (name, other_types[i].name) == 0)
      return other_types[i].bits;
  return 0;
}

/* Gives the tensor its n dimensions.  Returns FALSE when the number of elements overflows, or when
 * they do not take as many bytes as the entry has.  bits: per element; 0 when unknown, and then the
 * bytes are not checked. */
static gboolean
set_shape (Entry        *entry,
           int           n,
           const gint64 *sides,
           int           bits)
{
  P2pTensor *tensor = &entry->tensor;
  gsize      size;

  if (n <= P2P_MAX_DIMS)
    {
      tensor->n_dims = n;
      memcpy (tensor->dims, sides, n * sizeof *sides);
    }
  else
    tensor->dtype = P2P_OTHER;    /* no network has weights with so many dimensions */
  tensor->n_elements = 1;
  for (int i = 0; i < n; i++)
    if (! g_size_checked_mul (&tensor->n_elements, tensor->n_elements, sides[i]))
      return FALSE;
  return bits == 0 || (g_size_checked_mul (&size, tensor->n_elements, bits)
                       && size % 8 == 0 && size / 8 == entry->end - entry->begin);
}

/* Reads the header's entry for a tensor.  name: plain text; node keeps it and the entry's type
 * alive.  data_size: the number of bytes after the header. */
static gboolean
read_entry (const char *name,
            JsonNode   *node,
            gsize       data_size,
            Entry      *entry,
            GError    **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *dtype = object ? get_string (object, "dtype") : NULL;
  gint64      sides[MAX_SIDES], offsets[2];
  int         n = object ? get_integers (object, "shape", MAX_SIDES, sides) : -1;

  entry->tensor.name = (char *) name;
  if (! dtype || ! p2p_text_is_plain (dtype, -1, 32) || n < 0
      || get_integers (object, "data_offsets", 2, offsets) != 2)
    return p2p_damaged (error, _("The header's entry for tensor “%s” makes no sense"), name);

  if (offsets[0] > offsets[1] || (guint64) offsets[1] > data_size)
    return p2p_damaged (error, _("Tensor “%s” lies outside the file, which may be cut off"), name);
  entry->begin = offsets[0];
  entry->end = offsets[1];
  if (! set_shape (entry, n, sides, get_type (dtype, &entry->tensor)))
    return p2p_damaged (error, _("The size of tensor “%s” does not match its shape"), name);

  return TRUE;
}

static gboolean
read_metadata (JsonNode   *node,
               GHashTable *metadata,
               GError    **error)
{
  JsonObject       *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  g_autoptr (GList) names = object ? json_object_get_members (object) : NULL;

  if (JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (! object)
    return p2p_damaged (error, _("The metadata is not a list of texts"));

  for (GList *list = names; list; list = list->next)
    {
      const char *text = get_string (object, list->data);

      if (! text)
        return p2p_damaged (error, _("The metadata is not a list of texts"));
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

/* Checks that the entries, sorted by their place, fill the data without gaps and overlaps. */
static gboolean
check_places (const GArray *entries,
              gsize         data_size,
              GError      **error)
{
  gsize at = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      if (entry->begin < at)
        return p2p_damaged (error, _("Tensors “%s” and “%s” overlap"), entry[-1].tensor.name,
                            entry->tensor.name);
      if (entry->begin > at)
        return p2p_damaged (error, _("There are bytes before tensor “%s” that belong to no tensor"),
                            entry->tensor.name);
      at = entry->end;
    }
  return at == data_size
         || p2p_damaged (error, _("There are bytes after the last tensor that belong to no "
                                  "tensor"));
}

/* Reads the header's entries (Entry, sorted by their place in the file), and its metadata into
 * metadata. */
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
          p2p_damaged (error, _("The name of a tensor is too long, or is not plain text"));
          return NULL;
        }
      if (! read_entry (list->data, node, data_size, &entry, error))
        return NULL;
      g_array_append_val (entries, entry);
    }

  g_array_sort (entries, by_place);
  return check_places (entries, data_size, error) ? g_steal_pointer (&entries) : NULL;
}

gboolean
p2p_is_safetensors (GBytes *file)
{
  gsize       size;
  const char *data = g_bytes_get_data (file, &size);
  gsize       at = 8;

  if (size <= 8 || data[7])    /* data[7] is the highest byte of the header's length */
    return FALSE;
  while (at < size && data[at] && strchr (BLANKS, data[at]))
    at++;
  return at < size && data[at] == '{';
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
  if (header_size > size - 8)
    {
      p2p_damaged (error, _("The header is longer than the file, which may be cut off"));
      return NULL;
    }
  if (header_size > MAX_HEADER)
    {
      p2p_damaged (error, _("The header is larger than 100 MB, which no reader accepts"));
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
      P2pTensor   *tensor;

      tensor = p2p_tensors_add_copy (tensors, entry->tensor.name, &entry->tensor);
      if (tensor->dtype != P2P_OTHER)
        tensor->data = data + entry->begin;
    }
  g_ptr_array_add (tensors->owners, g_bytes_ref (file));

  return g_steal_pointer (&tensors);
}
