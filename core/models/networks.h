/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Finds the generator in a file of weights.  A file may hold several networks, optimizers and other
 * things, and the names of wrappers may stand in front of a network's own names.  Networks are
 * recognized by the names and shapes of their tensors (nets.h). */

#pragma once

#include "files/tensors.h"

/* Opens a file and returns the tensors of one network with their numbers, under the names that the
 * network declares; found_under says where in the file they were.  All tensors of a model file with
 * a card are returned as they are.  If the file holds no known network, the tensors are returned
 * all the same, so that p2p_card_new () can say what they seem to be.  Free the tensors with
 * p2p_tensors_free ().
 * network: a name from p2p_model_networks ().  NULL takes the only network, or the one whose name
 * says that it is the generator.
 * Errors: those of the readers and of p2p_fold (); P2P_ERROR_OPTION if there is no such network, or
 * if there are several and no name tells which is the generator. */
P2pTensors * p2p_network_open (const char *path, const char *network, GError **error);

/* The same without the numbers, which makes it fast for files of any size. */
P2pTensors * p2p_network_peek (const char *path, const char *network, GError **error);
