/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Opens TIFF files for libtiff, from memory or for writing, and collects libtiff's errors. */

#pragma once

#include <glib.h>
#include <stdio.h>
#include <tiffio.h>

/* The caller sets data and size, or file. */
typedef struct
{
  const guint8 *data;              /* to read: the file's bytes [size] */
  guint64       size, position;
  FILE         *file;              /* to write */
  GError       *error;             /* the first error that libtiff reported */
} P2pTiffFile;

/* Opens file, which must live until p2p_tiff_finish ().  mode is that of TIFFOpen ().  Returns NULL
 * on an error, which file->error then holds. */
TIFF *   p2p_tiff_open   (P2pTiffFile *file, const char *mode);

/* Closes tiff, which may be NULL, and frees file->error.  good tells whether all went well, and is
 * returned.  If it is FALSE and error is not set yet, error gets libtiff's first message
 * (P2P_ERROR_FILE). */
gboolean p2p_tiff_finish (P2pTiffFile *file, TIFF *tiff, gboolean good, GError **error);
