/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Finds the files of a data set. */

#pragma once

#include "sample.h"

/* The parts of a data set.  A folder may hold each part in a subfolder. */
typedef enum
{
  P2P_DATA_TRAIN,       /* in "train" */
  P2P_DATA_VALIDATE,    /* in "val" or "test" */
} P2pDataPart;

typedef struct
{
  char    *path;
  char    *stem;     /* the file's name without its ending */
  gboolean paired;   /* listing.c has found its partner */
} P2pFile;

/* Finds the folders in which the files of A and of B lie, and sets *a and *b (newly allocated).
 *
 *   P2P_DATA_FOLDERS   the subfolders A and B, trainA and trainB, or A/train and B/train, and for
 *                      validation the same with val and test; P2P_DATA_UNPAIRED likewise
 *   drawn lines        (kind->lines) *a is that folder, *b is folder
 *   otherwise          one file has both A and B: *a is folder, *b is NULL
 *
 * In the last two cases, a folder without pictures stands for its subfolder of the part.
 * Errors: P2P_ERROR_NOT_FOUND there are no such subfolders for these two. */
gboolean    p2p_folders_find       (const char *folder, const P2pDataKind *kind, P2pDataPart part,
                                    char **a, char **b, GError **error);

/* Whether a folder has two such subfolders for pairs of files, with pictures in both. */
gboolean    p2p_folders_have_pairs (const char *folder, P2pDataPart part);

/* The pictures of a folder: an array of P2pFile *, which it owns, sorted by stem, then by ending.
 * Pictures are recognized by their endings; no file is opened.
 * Errors: G_FILE_ERROR the folder cannot be read; P2P_ERROR_NOT_FOUND it holds no picture. */
GPtrArray * p2p_folder_files       (const char *folder, GError **error);
