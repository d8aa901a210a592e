/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the command lines of all subcommands share.  Options with numbers are parsed here and not by
 * GOption, so that the locale does not matter and no character after a number is passed over. */

#include "cli.h"

#include "base/intl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

gboolean
p2p_cli_parse (int                  *argc,
               char               ***argv,
               const GOptionEntry   *entries,
               const char           *arguments,
               const char           *summary,
               const char           *example)
{
  return p2p_cli_parse_more (argc, argv, entries, arguments, summary, "", example);
}

gboolean
p2p_cli_parse_more (int                  *argc,
                    char               ***argv,
                    const GOptionEntry   *entries,
                    const char           *arguments,
                    const char           *summary,
                    const char           *more,
                    const char           *example)
{
  g_autoptr (GOptionContext) context     = g_option_context_new (arguments);
  g_autofree char           *shown       = g_strdup_printf (_("Example:\n  pix2pix %s"), example);
  g_autofree char           *description = g_strconcat (more, shown, NULL);
  g_autoptr (GError)         error       = NULL;

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, summary);
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  if (! g_option_context_parse (context, argc, argv, &error))
    {
      p2p_cli_usage (error);
      return FALSE;
    }
  return TRUE;
}

int
p2p_cli_usage (const GError *error)
{
  p2p_cli_report (error);
  g_printerr (_("Try “%s --help”.\n"), g_get_prgname ());
  return P2P_CLI_USAGE;
}

void
p2p_cli_report (const GError *error)
{
  g_printerr ("pix2pix: %s\n", error->message);
}

gboolean
p2p_cli_no_more (int    argc,
                 char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc < 2)
    return TRUE;

  error = g_error_new (P2P_ERROR, P2P_ERROR_OPTION, _("“%s” is one argument too many"), argv[1]);
  p2p_cli_usage (error);
  return FALSE;
}

gboolean
p2p_cli_integer (const char  *option,
                 const char  *text,
                 int          min,
                 int          max,
                 int         *value,
                 GError     **error)
{
  gint64 number;

  if (! text)
    return TRUE;

  if (! g_ascii_string_to_signed (text, 10, min, max, &number, NULL))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("%s wants a whole number from %d to %d, not “%s”"), option, min, max, text);
      return FALSE;
    }
  *value = number;
  return TRUE;
}

gboolean
p2p_cli_seed (const char  *option,
              const char  *text,
              guint64     *value,
              GError     **error)
{
  if (! text)
    return TRUE;

  if (! g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, value, NULL))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("%s wants a whole number, 0 or more, not “%s”"), option, text);
      return FALSE;
    }
  return TRUE;
}

gboolean
p2p_cli_percent (const char  *option,
                 const char  *text,
                 double       max,
                 double      *value,
                 GError     **error)
{
  char  *end;
  double number;

  if (! text)
    return TRUE;

  number = g_ascii_strtod (text, &end);
  if (end != text && strcmp (end, "%") == 0)
    {
      number /= 100.0;
      end++;
    }
  if (end == text || *end || ! (number >= 0.0 && number <= max))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   _("%s wants a percentage from 0%% to %g%%, such as 50%%, not “%s”"), option,
                   max * 100.0, text);
      return FALSE;
    }
  *value = number;
  return TRUE;
}

gboolean
p2p_cli_size (const char  *option,
              const char  *text,
              gboolean     square,
              int         *width,
              int         *height,
              GError     **error)
{
  g_auto (GStrv) sides = NULL;
  int            w = 0, h = 0;

  if (! text)
    return TRUE;

  sides = g_strsplit (text, "x", 3);
  if (! sides[0] || (sides[1] ? sides[2] != NULL : ! square) ||
      ! p2p_cli_integer (option, sides[0], 1, P2P_CLI_MAX_SIDE, &w, NULL) ||
      ! p2p_cli_integer (option, sides[1] ? sides[1] : sides[0], 1, P2P_CLI_MAX_SIDE, &h, NULL))
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
                   square ? _("%s wants a size in pixels such as 256 or 512x256, not “%s”")
                          : _("%s wants a size in pixels such as 512x256, not “%s”"),
                   option, text);
      return FALSE;
    }
  *width  = w;
  *height = h;
  return TRUE;
}

gboolean
p2p_cli_statistics (const char     *option,
                    const char     *text,
                    P2pStatistics  *statistics,
                    GError        **error)
{
  if (! text)
    return TRUE;

  if (! strcmp (text, "image"))
    *statistics = P2P_STATISTICS_IMAGE;
  else if (! strcmp (text, "running"))
    *statistics = P2P_STATISTICS_RUNNING;
  else
    {
      g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION, _("%s wants image or running, not “%s”"),
                   option, text);
      return FALSE;
    }
  return TRUE;
}
