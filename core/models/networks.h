/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The generator in a file of weights.  A file may hold several networks, optimizers and anything
 * else; the names of a network's tensors may have those of wrappers in front of them.  The networks
 * are told by the names and shapes of their tensors (nets.h). */

#pragma once

#include "files/tensors.h"

/* Opens a file and gives the tensors of one network, under the names that the network has for them
 * and with its weights' numbers; found_under tells where they lay.  A model file of ours (with a
 * card) is given as it is.
 * network: one of p2p_model_networks (); NULL: the only one, or the one whose name says that it is
 * the generator.  Where no network is known, the tensors are given so that p2p_card_new () can say
 * what they seem to be.
 * Errors: the readers'; P2P_ERROR_OPTION there is no such network, or several and nothing tells
 * which is wanted. */
P2pTensors * p2p_network_open (const char *path, const char *network, GError **error);

/* The same without the numbers, which is quick however large the file is. */
P2pTensors * p2p_network_peek (const char *path, const char *network, GError **error);
