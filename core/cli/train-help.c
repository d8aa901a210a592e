/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Formats the presets and options of a training for --help, under headings.  GOption would print
 * them as one long list, with all texts to the right of the longest option. */

#include "cli.h"

#include "base/intl.h"
#include "train/option-table.h"
#include "train/presets.h"

#include <string.h>

#define COLUMNS 79   /* a usual terminal's, without the last one */
#define INDENT  24   /* column where the texts begin */

/* The bytes of word that should stand on a line of so many columns.  Only a word that is too long
 * for a whole line is broken, as in Japanese, which has no spaces; but not before punctuation. */
static gsize
part_of (const char *word,
         int         columns)
{
  gsize length = p2p_cli_fit (word, columns);

  if (! word[length] || p2p_cli_width (word) <= COLUMNS - INDENT)
    return word[length] ? 0 : length;
  while (length > 0 && g_unichar_ispunct (g_utf8_get_char (word + length)))
    length = g_utf8_find_prev_char (word, word + length) - word;
  return length;
}

/* Appends a text, broken into lines that begin at the column INDENT.  help must end at that
 * column. */
static void
append_text (GString    *help,
             const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  int            left = COLUMNS - INDENT;    /* columns of the line */

  for (char **word = words; *word; word++)
    for (const char *rest = *word; *rest;)
      {
        const gboolean first = left == COLUMNS - INDENT, begun = rest > *word;
        const int      space = first || begun ? 0 : 1;
        const gsize    whole = strlen (rest), part = part_of (rest, left - space);
        const gsize    taken = part == 0 && first ? whole : part;

        if (taken > 0)
          {
            g_string_append_printf (help, "%*s%.*s", space, "", (int) taken, rest);
            left -= space + p2p_cli_width (rest) - p2p_cli_width (rest + taken);
            rest += taken;
          }
        if (*rest)
          {
            g_string_append_printf (help, "\n%*s", INDENT, "");
            left = COLUMNS - INDENT;
          }
      }
  g_string_append_c (help, '\n');
}

/* Appends "  name" and moves to the column INDENT: on the next line if the name is long. */
static void
append_name (GString    *help,
             const char *name)
{
  const int width = 2 + p2p_cli_width (name);

  g_string_append_printf (help, "  %s", name);
  if (width + 2 > INDENT)
    g_string_append_printf (help, "\n%*s", INDENT, "");
  else
    g_string_append_printf (help, "%*s", INDENT - width, "");
}

static void
append_presets (GString *help)
{
  g_string_append_printf (help, "%s:\n",
                          _("Presets (an option on the command line wins over the preset's)"));
  for (guint i = 0; p2p_train_preset (i); i++)
    {
      append_name (help, p2p_train_preset (i)->name);
      append_text (help, _(p2p_train_preset (i)->purpose));
      g_string_append_printf (help, "%*s", INDENT, "");
      append_text (help, p2p_train_preset (i)->options);
    }
}

char *
p2p_cli_train_help (void)
{
  GString *help = g_string_new (NULL);

  append_presets (help);
  for (guint i = 0; p2p_train_option (i); i++)
    {
      const P2pTrainOption *option  = p2p_train_option (i);
      const char           *heading = p2p_train_option_heading (option);
      const char           *wants, *text = p2p_train_option_help (option, &wants);
      g_autofree char      *name    = g_strconcat ("--", p2p_train_option_name (option),
                                                   wants ? " " : "", wants ? _(wants) : "", NULL);

      if (heading)
        g_string_append_printf (help, "\n%s:\n", _(heading));
      append_name (help, name);
      append_text (help, _(text));
    }
  g_string_append_c (help, '\n');
  return g_string_free (help, FALSE);
}
