/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "agree.h"
#include "base/intl.h"
#include "p2p.h"

GStrv
p2p_agree_texts (const P2pRanks *ranks,
                 const char     *text)
{
  g_autofree gsize   *sizes = g_new (gsize, ranks->n);
  g_autofree guint64 *lengths = g_new0 (guint64, ranks->n);
  g_autofree char    *all = NULL;
  GStrv               texts = g_new0 (char *, ranks->n + 1);
  gsize               total = 0, before = 0;

  lengths[ranks->rank] = strlen (text);
  for (int r = 0; r < ranks->n; r++)
    sizes[r] = sizeof *lengths;
  p2p_ranks_gather (ranks, lengths, sizes);
  for (int r = 0; r < ranks->n; r++)
    {
      before += r < ranks->rank ? lengths[r] : 0;
      total += sizes[r] = lengths[r];
    }
  all = g_malloc (MAX (total, 1));
  memcpy (all + before, text, lengths[ranks->rank]);
  p2p_ranks_gather (ranks, all, sizes);
  for (int r = 0, at = 0; r < ranks->n; at += lengths[r], r++)
    texts[r] = g_strndup (all + at, lengths[r]);
  return texts;
}

/* The flags of all ranks (newly allocated). */
static guint8 *
gather_flags (const P2pRanks *ranks,
              guint8          flag)
{
  g_autofree gsize *sizes = g_new (gsize, ranks->n);
  guint8           *flags = g_new0 (guint8, ranks->n);

  for (int r = 0; r < ranks->n; r++)
    sizes[r] = 1;
  flags[ranks->rank] = flag;
  p2p_ranks_gather (ranks, flags, sizes);
  return flags;
}

gboolean
p2p_agree_any (const P2pRanks *ranks,
               gboolean        yes)
{
  g_autofree guint8 *flags = ranks ? gather_flags (ranks, yes) : NULL;

  for (int r = 0; ranks && r < ranks->n; r++)
    yes = yes || flags[r];
  return yes;
}

/* ---- Errors ----------------------------------------------------------------------------- */

enum { WELL, CANCELLED, FAILED };

/* Replaces a failed rank's own error, if any, by the one that all ranks report. */
static void
set_common_error (const P2pRanks  *ranks,
                  const guint8    *flags,
                  GError         **error)
{
  g_autoptr (GError) own = error ? g_steal_pointer (error) : NULL;
  g_autofree char   *mine = g_strdup_printf ("%s\n%s", ranks->host, own ? own->message : "");
  g_auto (GStrv)     texts = p2p_agree_texts (ranks, mine);
  int                failed = 0;

  while (flags[failed] != FAILED)
    failed++;
  if (failed == 0)
    g_set_error_literal (error, own ? own->domain : P2P_ERROR, own ? own->code : P2P_ERROR_FILE,
                         strchr (texts[0], '\n') + 1);
  else
    {
      char *message = strchr (texts[failed], '\n');

      *message++ = 0;
      g_set_error (error, P2P_ERROR, P2P_ERROR_FILE, _("rank %d, on %s: %s"), failed,
                   texts[failed], message);
    }
}

gboolean
p2p_agree (const P2pRanks  *ranks,
           gboolean         done,
           GError         **error)
{
  g_autofree guint8 *flags = NULL;
  guint8             worst = WELL;

  if (! ranks)
    return done;
  flags = gather_flags (ranks, done ? WELL
                        : error && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                        ? CANCELLED : FAILED);
  for (int r = 0; r < ranks->n; r++)
    worst = MAX (worst, flags[r]);
  if (worst == FAILED)
    set_common_error (ranks, flags, error);
  else if (worst == CANCELLED && done)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled on another rank");
  return worst == WELL;
}

/* ---- Likeness --------------------------------------------------------------------------- */

gboolean
p2p_agree_lines (const P2pRanks  *ranks,
                 const char      *lines,
                 GError         **error)
{
  g_auto (GStrv) texts = NULL, first = NULL;

  if (! ranks)
    return TRUE;
  texts = p2p_agree_texts (ranks, lines);
  first = g_strsplit (texts[0], "\n", -1);
  for (int r = 1; r < ranks->n; r++)
    {
      g_auto (GStrv) other = g_strsplit (texts[r], "\n", -1);

      for (int i = 0; first[i] && other[i]; i++)
        if (strcmp (first[i], other[i]) != 0)
          {
            g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                         _("All ranks must have the same program, options and pictures, but rank 0 "
                           "has “%s”, and rank %d has “%s”"), first[i], r, other[i]);
            return FALSE;
          }
    }
  return TRUE;
}
