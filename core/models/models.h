/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Where models are found.  These functions are for the core alone; p2p.h declares the public ones
 * of models.c and install.c. */

#pragma once

#include "card.h"

/* Returns the path (newly allocated) of a model that is named by path or by id.  A name counts as a
 * path if it has a folder separator or the ending of a model file, or if it has a point and such a
 * file exists.  The id of a .pth in the user's folder gives the path of its conversion, or of the
 * .pth itself if the conversion is missing or outdated.
 * Errors: P2P_ERROR_NOT_FOUND says which ids there are and where to put models. */
char * p2p_models_find (const char *id_or_path, GError **error);

/* Returns the paths of all models (newly allocated strings), sorted by id.  Some may be files that
 * cannot be opened. */
GPtrArray * p2p_models_paths (void);

/* Returns the path (newly allocated) of the model file with this id in the user's folder, whether
 * it exists or not. */
char * p2p_models_own_path (const char *id);

/* Returns an id (newly allocated) for a model, so that its file is named after its title: the
 * title's letters and digits in lower case, with a single dash for whatever lies between them.
 * Without a title, the id is the name of path without its ending. */
char * p2p_model_make_id (const P2pCard *card, const char *path);
