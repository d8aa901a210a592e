/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "finding.h"

#include "base/intl.h"

static void
print (const char *kind,
       const char *cure,
       const char *format,
       va_list     arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);

  g_print ("  %-6s %s\n", kind, text);
  if (cure)
    g_print ("         → %s\n", cure);
}

void
p2p_doctor_fine (const char *format,
                 ...)
{
  va_list arguments;

  va_start (arguments, format);
  print (_("ok"), NULL, format, arguments);
  va_end (arguments);
}

void
p2p_doctor_note (const char *cure,
                 const char *format,
                 ...)
{
  va_list arguments;

  va_start (arguments, format);
  print (_("note"), cure, format, arguments);
  va_end (arguments);
}

void
p2p_doctor_trouble (P2pDoctor  *doctor,
                    const char *cure,
                    const char *format,
                    ...)
{
  va_list arguments;

  va_start (arguments, format);
  print (_("WRONG"), cure, format, arguments);
  va_end (arguments);
  doctor->n_troubles++;
}

const char *
p2p_doctor_reinstall (void)
{
  return _("run plugin/install in the checkout of gimp-pix2pix");
}

char *
p2p_doctor_install (const char *package)
{
  g_autofree char *apt = g_find_program_in_path ("apt-get");

  return apt ? g_strdup_printf ("sudo apt-get install %s", package)
             : g_strdup_printf (_("install the package that Debian calls %s"), package);
}

char *
p2p_doctor_version (const char  *program,
                    char       **reason)
{
  const char *const      command[] = { program, "--version", NULL };
  g_autofree char       *output    = NULL;
  g_autofree char       *errors    = NULL;
  g_autoptr (GError)     error     = NULL;
  g_autoptr (GRegex)     number    = g_regex_new ("\\b\\d+\\.\\d+\\.\\d+\\S*", 0, 0, NULL);
  g_autoptr (GMatchInfo) match     = NULL;

  *reason = NULL;
  if (! g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, &errors,
                      NULL, &error))
    *reason = g_strdup (error->message);
  else if (! g_regex_match (number, output, 0, &match))
    *reason = g_strstrip (g_strdelimit (g_steal_pointer (&errors), "\n", ' '));

  return *reason ? NULL : g_match_info_fetch (match, 0);
}
