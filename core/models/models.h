/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Where models are found, inside the core; the rest of models.c is in p2p.h. */

#pragma once

#include "card.h"

/* The path (newly allocated) of a model given by path (anything with a folder separator or a
 * known ending) or by id.  Of a .pth in the user's folder an id gives the conversion, if there is
 * one of the file as it is now.
 * Errors: P2P_ERROR_NOT_FOUND says which ids there are and where to put models. */
char * p2p_models_find (const char *id_or_path, GError **error);

/* The paths of the files that stand for models, in the order of their ids, whether they can be
 * opened or not. */
GPtrArray * p2p_models_paths (void);

/* The path (newly allocated) that a model of that id has in the user's folder. */
char * p2p_models_own_path (const char *id);

/* The id (newly allocated) for a model with that card that comes from path, so that title and file
 * name go together: the title's letters and digits in lower case, with one dash for all that lies
 * between them; without a title, path's name without its ending. */
char * p2p_model_make_id (const P2pCard *card, const char *path);
