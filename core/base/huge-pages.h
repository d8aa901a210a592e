/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Memory for large buffers that are filled at once: in huge pages where the system has them, since
 * the first touch of each page costs as much as a thousand multiplications. */

#pragma once

#include <glib.h>

/* n_bytes, aligned to at least 64; free with g_aligned_free (). */
gpointer p2p_huge_pages_alloc (gsize n_bytes);
