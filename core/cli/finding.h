/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the parts of `pix2pix doctor` share: how a finding is printed, and how a program is asked
 * for its version. */

#pragma once

#include <glib.h>

typedef struct
{
  int n_troubles;
} P2pDoctor;

/* Each prints one finding: something that is as it should be, something to know, or something that
 * is wrong, which is counted.  cure is a command or a sentence that tells what to do; NULL for a
 * note that asks for nothing. */
void p2p_doctor_fine    (const char *format, ...) G_GNUC_PRINTF (1, 2);
void p2p_doctor_note    (const char *cure, const char *format, ...) G_GNUC_PRINTF (2, 3);
void p2p_doctor_trouble (P2pDoctor *doctor, const char *cure, const char *format, ...)
  G_GNUC_PRINTF (3, 4);

/* What brings back all that plugin/install puts there. */
const char * p2p_doctor_reinstall (void);

/* The command that installs one of Debian's packages (newly allocated). */
char * p2p_doctor_install (const char *package);

/* Runs PROGRAM --version.  Gives the version (newly allocated).  NULL: it gave none, and reason
 * (newly allocated) is what the program or the system said instead. */
char * p2p_doctor_version (const char *program, char **reason);
