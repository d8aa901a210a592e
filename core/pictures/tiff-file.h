/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A file as libtiff sees it, and what libtiff says of it. */

#pragma once

#include <glib.h>
#include <stdio.h>
#include <tiffio.h>

typedef struct
{
  const guint8 *data;              /* read from memory */
  guint64       size, position;
  FILE         *file;              /* written to */
  GError       *error;             /* the first */
} P2pTiffFile;

/* mode as in TIFFOpen ().  NULL: the file's error tells. */
TIFF *   p2p_tiff_open   (P2pTiffFile *file, const char *mode);

/* Closes tiff, which may be NULL.  Returns good; where that is FALSE, error is set, to libtiff's
 * message (P2P_ERROR_FILE) unless it is set already. */
gboolean p2p_tiff_finish (P2pTiffFile *file, TIFF *tiff, gboolean good, GError **error);
