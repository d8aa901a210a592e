/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A table lists the card's keys, how each value is checked and which field of P2pCard it sets.  A
 * new key needs a row here and one in core/README.md. */

#include <string.h>

#include "base/intl.h"
#include "card.h"
#include "p2p.h"
#include "palette.h"
#include "recognise.h"

#define PREFIX       "p2p."
#define FORMAT       1
#define MAX_KEYS     256
#define MAX_KEY      64        /* bytes */
#define MAX_TEXT     16384     /* bytes of a value */
#define MAX_CHANNELS 4096
#define MAX_FRAME    1024      /* pixels */

typedef struct _Key Key;

struct _Key
{
  const char *name;

  /* Checks a value and stores it in the card.  NULL: any text will do, and no field holds it. */
  gboolean (* read) (P2pCard *card, const Key *key, const char *value, GError **error);
  gsize       offset;       /* of the int or gboolean in P2pCard that holds the value */
  int         min, max;
  const char *words[2];     /* the values that mean FALSE and TRUE */
  gboolean    translated;   /* a language may follow the key, as in "title.de" */
};

/* ---- Values ----------------------------------------------------------------------------- */

static gboolean
bad_value (const Key  *key,
           GError    **error,
           const char *wanted)
{
  g_set_error (error, P2P_ERROR, P2P_ERROR_FILE, _("The card's “%s” must be %s"), key->name,
               wanted);
  return FALSE;
}

/* Reports a value that a newer version may know.  Such a card is not damaged. */
static gboolean
unknown_value (const Key  *key,
               GError    **error,
               const char *value)
{
  g_autofree char *shown = g_utf8_substring (value, 0, MIN (g_utf8_strlen (value, -1), 40));

  g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
               _("The model's “%s” is “%s”, which this version does not know; a newer version of "
                 "the program may know it"), key->name, shown);
  return FALSE;
}

static gboolean
read_integer (P2pCard     *card,
              const Key   *key,
              const char  *value,
              GError     **error)
{
  g_autofree char *wanted = NULL;
  gint64           number;

  if (g_ascii_string_to_signed (value, 10, key->min, key->max, &number, NULL))
    {
      G_STRUCT_MEMBER (int, card, key->offset) = number;
      return TRUE;
    }

  wanted = g_strdup_printf (_("a whole number from %d to %d"), key->min, key->max);
  return bad_value (key, error, wanted);
}

static gboolean
read_choice (P2pCard     *card,
             const Key   *key,
             const char  *value,
             GError     **error)
{
  g_autofree char *wanted = NULL;

  for (int i = 0; i < 2; i++)
    if (strcmp (value, key->words[i]) == 0)
      {
        G_STRUCT_MEMBER (gboolean, card, key->offset) = i;
        return TRUE;
      }

  wanted = g_strdup_printf (_("%s or %s"), key->words[0], key->words[1]);
  return bad_value (key, error, wanted);
}

static gboolean
read_net (P2pCard     *card,
          const Key   *key,
          const char  *value,
          GError     **error)
{
  const P2pNet *net = p2p_net_by_name (value);

  if (! net)
    return unknown_value (key, error, value);

  card->net = net;
  return TRUE;
}

static gboolean
read_norm (P2pCard     *card,
           const Key   *key,
           const char  *value,
           GError     **error)
{
  return p2p_norm_by_name (value, &card->options.norm) || unknown_value (key, error, value);
}

static gboolean
read_upsample (P2pCard     *card,
               const Key   *key,
               const char  *value,
               GError     **error)
{
  return p2p_upsample_by_name (value, &card->options.upsample)
         || unknown_value (key, error, value);
}

static gboolean
read_inputs (P2pCard     *card,
             const Key   *key,
             const char  *value,
             GError     **error)
{
  g_autofree char *unknown = NULL;

  if (p2p_inputs_parse (value, &card->inputs, &unknown))
    return TRUE;
  if (unknown)
    return unknown_value (key, error, unknown);
  return bad_value (key, error, _("a list of planes, each once, such as "
                                  "“lines,hint-rgb,hint-mask”, with the picture's planes before "
                                  "the planes of hints"));
}

static gboolean
read_output (P2pCard     *card,
             const Key   *key,
             const char  *value,
             GError     **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (p2p_outputs); i++)
    if (strcmp (value, p2p_outputs[i].name) == 0)
      {
        card->output = i;
        return TRUE;
      }
  return unknown_value (key, error, value);
}

static gboolean
read_scale (P2pCard     *card,
            const Key   *key,
            const char  *value,
            GError     **error)
{
  return p2p_scale_parse (value, &card->fit)
         || bad_value (key, error, _("“native” or “fit:” and a number of pixels"));
}

static gboolean
read_palette (P2pCard     *card,
              const Key   *key,
              const char  *value,
              GError     **error)
{
  return p2p_palette_is_sound (value)
         || bad_value (key, error, _("a list like “wall=#0030ff, window=#0080ff”"));
}

/* ---- Keys ------------------------------------------------------------------------------- */

#define NUMBER(member, from, to) \
  read_integer, G_STRUCT_OFFSET (P2pCard, member), from, to
#define CHOICE(member, no, yes) \
  read_choice, G_STRUCT_OFFSET (P2pCard, member), 0, 1, { no, yes }

static const Key keys[] =
{
  { "net",              read_net },
  { "num_downs",        NUMBER (options.num_downs, 1, 32) },
  { "n_blocks",         NUMBER (options.n_blocks, 1, 256) },
  { "ngf",              NUMBER (options.ngf, 1, MAX_CHANNELS) },
  { "input_nc",         NUMBER (options.input_nc, 1, MAX_CHANNELS) },
  { "output_nc",        NUMBER (options.output_nc, 1, MAX_CHANNELS) },
  { "norm",             read_norm },
  { "use_dropout",      CHOICE (options.use_dropout, "false", "true") },
  { "skip",             CHOICE (options.skip, "false", "true") },
  { "upsample",         read_upsample },
  { "inputs",           read_inputs },
  { "output",           read_output },
  { "train_size",       NUMBER (train_size, 0, P2P_MAX_SIDE) },
  { "scale",            read_scale },
  { "frame",            NUMBER (frame, 0, MAX_FRAME) },
  { "norm_statistics",  CHOICE (running_statistics, "image", "running") },
  { "dropout_at_apply", CHOICE (dropout_at_apply, "off", "on") },
  { "vary",             CHOICE (no_vary, "on", "off") },
  { "palette",          read_palette },
  { "title",            NULL, .translated = TRUE },
  { "description",      NULL, .translated = TRUE },
  { "good_at",          NULL, .translated = TRUE },
  { "bad_at",           NULL, .translated = TRUE },
  { "suits",            NULL, .translated = TRUE },
  { "task" }, { "licence" }, { "data" }, { "authors" },
  { "metrics" }, { "options" }, { "created" }, { "readers" },
};

static const Key *
find_key (const char *name)
{
  const char *dot = strchr (name, '.');

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (name, keys[i].name) == 0
        || (dot && dot[1] && keys[i].translated && strncmp (name, keys[i].name, dot - name) == 0
            && ! keys[i].name[dot - name]))
      return &keys[i];
  return NULL;
}

static gboolean
check_text (const char *name,
            const char *value,
            GError    **error)
{
  if (! p2p_text_is_plain (name, -1, MAX_KEY) || strchr (name, '\n'))
    g_set_error (error, P2P_ERROR, P2P_ERROR_FILE, _("The card has a key that is not plain text"));
  else if (! p2p_text_is_plain (value, -1, MAX_TEXT))
    g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
                 _("The card's “%s” is too long or not plain text"), name);
  else
    return TRUE;
  return FALSE;
}

/* Checks that the network's input_nc and output_nc agree with the card's input and output.  If the
 * card names none, they are guessed from those numbers. */
static gboolean
check_channels (P2pCard *card,
                GError **error)
{
  int              n_in = card->options.input_nc, n_out = card->options.output_nc;
  g_autofree char *inputs = NULL;

  if (! g_hash_table_contains (card->texts, "output"))
    card->output = n_out == 1 ? P2P_OUTPUT_GRAY : n_out == 2 ? P2P_OUTPUT_LAB_AB : P2P_OUTPUT_RGB;
  if (! g_hash_table_contains (card->texts, "inputs"))
    card->inputs = p2p_inputs_one (n_in != 1 ? P2P_PLANE_RGB
                                   : card->output == P2P_OUTPUT_LAB_AB ? P2P_PLANE_LAB_L
                                   : P2P_PLANE_GRAY);

  inputs = p2p_inputs_to_text (&card->inputs);
  if (n_in != p2p_inputs_channels (&card->inputs))
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("The network takes %d channels, but its input is “%s”, which has %d"), n_in,
                 inputs, p2p_inputs_channels (&card->inputs));
  else if (n_out != p2p_outputs[card->output].channels)
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("The network gives %d channels, but its output is “%s”"), n_out,
                 p2p_outputs[card->output].name);
  else
    return TRUE;
  return FALSE;
}

/* Parses all texts into the fields.  A field whose key is missing keeps its value. */
static gboolean
read_texts (P2pCard *card,
            GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const char *value = g_hash_table_lookup (card->texts, keys[i].name);

      if (value && keys[i].read && ! keys[i].read (card, &keys[i], value, error))
        return FALSE;
    }

  return card->net->check (&card->options, error) && check_channels (card, error);
}

/* ---- Cards ------------------------------------------------------------------------------ */

static gboolean
check_format (const char *format,
              GError    **error)
{
  gint64 number;

  if (! g_ascii_string_to_signed (format, 10, 1, G_MAXINT, &number, NULL))
    g_set_error (error, P2P_ERROR, P2P_ERROR_FILE, _("The card's “format” is not a number"));
  else if (number > FORMAT)
    g_set_error (error, P2P_ERROR, P2P_ERROR_UNSUPPORTED,
                 _("The model was made for a newer version of this program"));
  else
    return TRUE;
  return FALSE;
}

static gboolean
copy_texts (P2pCard    *card,
            GHashTable *metadata,
            GError    **error)
{
  GHashTableIter iter;
  gpointer       name, value;

  g_hash_table_iter_init (&iter, metadata);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      if (! g_str_has_prefix (name, PREFIX) || strcmp (name, PREFIX "format") == 0)
        continue;
      name = (char *) name + strlen (PREFIX);
      if (! check_text (name, value, error))
        return FALSE;
      g_hash_table_insert (card->texts, g_strdup (name), g_strdup (value));
    }
  if (g_hash_table_size (card->texts) <= MAX_KEYS)
    return TRUE;

  g_set_error (error, P2P_ERROR, P2P_ERROR_FILE, _("The card has more than %d keys"), MAX_KEYS);
  return FALSE;
}

P2pCard *
p2p_card_new (const P2pTensors *tensors,
              GError          **error)
{
  const char         *format = g_hash_table_lookup (tensors->metadata, PREFIX "format");
  g_autoptr (P2pCard) card = g_new0 (P2pCard, 1);
  const char         *name;

  card->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (! copy_texts (card, tensors->metadata, error))
    return NULL;
  if (format)
    {
      if (! check_format (format, error))
        return NULL;
      name = g_hash_table_lookup (card->texts, "net");
      if (! name)
        {
          g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
                       _("The card has no “net”, which must name the network"));
          return NULL;
        }
      if (! read_net (card, &keys[0], name, error))
        return NULL;
      card->options = card->net->defaults;
    }
  else
    {
      card->net = p2p_net_detect (tensors, &card->options);
      if (! card->net)
        {
          p2p_unknown_network (tensors, error);
          return NULL;
        }
    }

  return read_texts (card, error) ? g_steal_pointer (&card) : NULL;
}

void
p2p_card_free (P2pCard *card)
{
  if (! card)
    return;

  g_hash_table_unref (card->texts);
  g_free (card);
}

gboolean
p2p_card_set (P2pCard     *card,
              const char  *key,
              const char  *value,
              GError     **error)
{
  P2pCard          before = *card;
  g_autofree char *old = g_strdup (g_hash_table_lookup (card->texts, key));

  if (! find_key (key))
    {
      g_autoptr (GString) known = g_string_new (keys[0].name);

      for (guint i = 1; i < G_N_ELEMENTS (keys); i++)
        g_string_append_printf (known, ", %s", keys[i].name);
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("Cards have no key “%s”, only these: %s"), key, known->str);
      return FALSE;
    }
  if (! check_text (key, value, error))
    return FALSE;

  g_hash_table_insert (card->texts, g_strdup (key), g_strdup (value));
  if (read_texts (card, error))
    return TRUE;

  *card = before;
  if (old)
    g_hash_table_insert (card->texts, g_strdup (key), g_steal_pointer (&old));
  else
    g_hash_table_remove (card->texts, key);
  return FALSE;
}

/* The text without a language is English, so the search ends where the user's list of languages
 * comes to English. */
const char *
p2p_card_text (const P2pCard *card,
               const char    *key)
{
  const char *const *languages = g_get_language_names ();

  for (int i = 0; languages[i] && ! g_str_has_prefix (languages[i], "en"); i++)
    {
      g_autofree char *name = g_strconcat (key, ".", languages[i], NULL);
      const char      *text = g_hash_table_lookup (card->texts, name);

      if (text)
        return text;
    }

  return g_hash_table_lookup (card->texts, key);
}

/* ---- Metadata --------------------------------------------------------------------------- */

static void
put (GHashTable *metadata,
     const char *name,
     const char *value)
{
  g_hash_table_insert (metadata, g_strconcat (PREFIX, name, NULL), g_strdup (value));
}

GHashTable *
p2p_card_to_metadata (const P2pCard *card)
{
  GHashTable      *metadata;
  g_autofree char *fit = g_strdup_printf ("fit:%d", card->fit);
  g_autofree char *inputs = p2p_inputs_to_text (&card->inputs);
  GHashTableIter   iter;
  gpointer         name, value;

  metadata = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_hash_table_iter_init (&iter, card->texts);
  while (g_hash_table_iter_next (&iter, &name, &value))
    put (metadata, name, value);

  put (metadata, "format", G_STRINGIFY (FORMAT));
  put (metadata, "net", card->net->name);
  put (metadata, "norm", p2p_norm_name (card->options.norm));
  put (metadata, "upsample", p2p_upsample_name (card->options.upsample));
  put (metadata, "inputs", inputs);
  put (metadata, "output", p2p_outputs[card->output].name);
  put (metadata, "scale", card->fit ? fit : "native");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *number = NULL;

      if (keys[i].read == read_choice)
        put (metadata, keys[i].name,
             keys[i].words[G_STRUCT_MEMBER (gboolean, card, keys[i].offset)]);
      else if (keys[i].read == read_integer && G_STRUCT_MEMBER (int, card, keys[i].offset) != 0)
        {
          number = g_strdup_printf ("%d", G_STRUCT_MEMBER (int, card, keys[i].offset));
          put (metadata, keys[i].name, number);
        }
    }

  return metadata;
}
