/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Where the files of a data set lie. */

#pragma once

#include "sample.h"

/* What pictures are for.  A folder may hold several parts in folders of their own. */
typedef enum
{
  P2P_DATA_TRAIN,       /* in "train" */
  P2P_DATA_VALIDATE,    /* in "val" or "test" */
} P2pDataPart;

typedef struct
{
  char    *path;
  char    *stem;     /* its name without ending */
  gboolean paired;   /* for who looks for partners */
} P2pFile;

/* The folders of A and of B (newly allocated).  b is NULL where the mode has both in one file:
 * these files lie in the folder itself or, when it holds none, in the part's own.  Pairs of files
 * lie in A and B, in trainA and trainB, or in A/train and B/train.
 * Errors: P2P_ERROR_NOT_FOUND no such folders for pairs of files. */
gboolean    p2p_folders_find       (const char *folder, const P2pDataKind *kind, P2pDataPart part,
                                    char **a, char **b, GError **error);

/* Whether a folder has such folders for pairs of files, with pictures in both. */
gboolean    p2p_folders_have_pairs (const char *folder, P2pDataPart part);

/* The pictures of a folder, as P2pFile *, sorted by stem, then by ending.  Their endings alone tell
 * that they are pictures.
 * Errors: G_FILE_ERROR; P2P_ERROR_NOT_FOUND there are none. */
GPtrArray * p2p_folder_files       (const char *folder, GError **error);
