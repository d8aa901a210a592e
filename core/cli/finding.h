/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the parts of `pix2pix doctor` share: printing what they find, and asking a program for its
 * version. */

#pragma once

#include <glib.h>

typedef struct
{
  int n_troubles;
} P2pDoctor;

/* Each prints one finding.  _fine () is for something that is as it should be, _note () for
 * something to know, and _trouble () for something that is wrong, which it counts in doctor.
 * cure is a command or a sentence that says what to do.  A note that asks for nothing has NULL. */
void p2p_doctor_fine    (const char *format, ...) G_GNUC_PRINTF (1, 2);
void p2p_doctor_note    (const char *cure, const char *format, ...) G_GNUC_PRINTF (2, 3);
void p2p_doctor_trouble (P2pDoctor *doctor, const char *cure, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/* Returns the cure for missing or outdated files of this project, translated and static. */
const char * p2p_doctor_reinstall (void);

/* Returns the cure for a missing package (newly allocated): a command on Debian and its relatives,
 * elsewhere a sentence.  package is Debian's name of it. */
char * p2p_doctor_install (const char *package);

/* Runs "program --version" and returns the version (newly allocated), such as "3.0.4".  If there is
 * none, returns NULL, and *reason (newly allocated) is what the program or the system said. */
char * p2p_doctor_version (const char *program, char **reason);
