/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How much memory the system has. */

#pragma once

#include <glib.h>

/* Bytes that a line of /proc/meminfo tells, by its key, such as "MemAvailable".  G_MAXUINT64: the
 * system does not tell. */
guint64 p2p_memory_read (const char *key);
