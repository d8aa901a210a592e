/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What PyTorch before 1.6 wrote with torch.save (), and newer ones on request: pickles one after
 * the other (a magic number, the number of the format, facts about the machine, what was saved, the
 * list of its storages' keys), then for each key the count of numbers, eight bytes, and the
 * numbers. */

#pragma once

#include "tensors.h"

/* Whether the file begins with the magic number. */
gboolean     p2p_torch_is_legacy   (GBytes *file);

/* As p2p_torch_file_peek (). */
P2pTensors * p2p_torch_legacy_peek (GBytes *file, gboolean is_mapped, GError **error);
