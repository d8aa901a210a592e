/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The main function of `pix2pix`, which runs the subcommand. */

#include "cli.h"

#include "base/intl.h"
#include "install-folders.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

static const struct
{
  const char *name;
  const char *summary;
  int      (* run) (int argc, char **argv);
} commands[] = {
  { "apply",  N_("turn pictures into others"),              p2p_cli_apply },
  { "eval",   N_("compare a model's pictures with targets"), p2p_cli_eval },
  { "import", N_("make a model file from trained weights"), p2p_cli_import },
  { "export", N_("write a model's weights for PyTorch"),    p2p_cli_export },
  { "info",   N_("show what a model file holds"),           p2p_cli_info },
  { "models", N_("list the models that are found"),         p2p_cli_models },
  { "train",  N_("train a model with pairs of pictures"),   p2p_cli_train },
  { "bench",  N_("measure how fast a model runs here"),     p2p_cli_bench },
  { "doctor", N_("look for what is wrong with an installation"), p2p_cli_doctor },
};

static void
print_help (FILE *stream)
{
  g_autoptr (GString) help = g_string_new (NULL);

  g_string_append (help, _("Usage: pix2pix COMMAND [OPTION…]\n\n"
                           "Image-to-image translation with networks of the pix2pix family.\n\n"
                           "Commands:\n"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (help, "  %-8s  %s\n", commands[i].name, _(commands[i].summary));
  g_string_append (help, _("\nOptions:\n"
                           "  --help     show this help, or after a command that command's help\n"
                           "  --version  show the program's version\n\n"
                           "Example:\n"
                           "  pix2pix apply --model facade labels.png -o photo.png\n"));
  if (stream == stdout)
    g_print ("%s", help->str);
  else
    g_printerr ("%s", help->str);
}

static int
run_command (int    argc,
             char **argv)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *name = NULL;

      if (strcmp (argv[1], commands[i].name))
        continue;

      /* --help and p2p_cli_usage () show this name. */
      name = g_strdup_printf ("pix2pix %s", commands[i].name);
      g_set_prgname (name);
      return commands[i].run (argc - 1, argv + 1);
    }

  g_printerr (_("pix2pix: there is no command “%s”\n\n"), argv[1]);
  print_help (stderr);
  return P2P_CLI_USAGE;
}

int
main (int    argc,
      char **argv)
{
  int status = P2P_CLI_DONE;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, P2P_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (argc < 2)
    {
      print_help (stderr);
      return P2P_CLI_USAGE;
    }

  if (! strcmp (argv[1], "--help") || ! strcmp (argv[1], "-h"))
    print_help (stdout);
  else if (! strcmp (argv[1], "--version"))
    g_print ("pix2pix %s\n", P2P_VERSION);
  else
    status = run_command (argc, argv);

  /* If standard output is a file on a full disk, only this flush fails. */
  if ((ferror (stdout) || fflush (stdout)) && status == P2P_CLI_DONE)
    {
      g_printerr (_("pix2pix: standard output cannot be written\n"));
      status = P2P_CLI_FAILED;
    }
  return status;
}
