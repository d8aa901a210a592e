/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Folders of small training pictures, for the tests of data sets. */

#pragma once

#include <string.h>

#include "folder.h"
#include "p2p.h"
#include "testing.h"
#include "train/loader.h"

#define SIDE 16

static const P2pDataKind aligned = { P2P_DATA_ALIGNED, FALSE, { 1, { P2P_PLANE_RGB } },
                                     P2P_OUTPUT_RGB };

/* A path in the fixture's folder.  Makes the folders that name contains. */
static inline char *
path_in (Fixture    *fixture,
         const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_mkdir_with_parents (parent, 0700);
  return g_steal_pointer (&path);
}

static inline void
remove_all (Fixture       *fixture,
            gconstpointer  data)
{
  for (int i = 0; i < 2; i++)
    {
      g_autofree char *folder = g_build_filename (fixture->folder, i ? "B" : "A", NULL);
      Fixture          inner = { g_strdup (folder) };

      if (g_file_test (folder, G_FILE_TEST_IS_DIR))
        tear_down (&inner, NULL);
      else
        g_free (inner.folder);
    }
  tear_down (fixture, data);
}

/* Writes a picture.  value (x, y, k) is in 0 … 255. */
static inline void
write_picture (Fixture    *fixture,
               const char *name,
               int         width,
               int         height,
               int      (* value) (int x, int y, int k))
{
  g_autoptr (P2pImage) image = p2p_image_new (width, height, 3);
  g_autofree char     *path = path_in (fixture, name);
  GError              *error = NULL;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      for (int k = 0; k < 3; k++)
        image->pixels[(y * width + x) * 3 + k] = value (x, y, k) / 255.0f;
  p2p_image_save (image, path, &error);
  g_assert_no_error (error);
}

static inline int
noise (int x,
       int y,
       int k)
{
  return p2p_random (x, y, k) % 256;
}

static inline P2pDataset *
open_set (Fixture           *fixture,
          const P2pDataKind *kind)
{
  GError     *error = NULL;
  P2pDataset *dataset = p2p_dataset_new (fixture->folder, kind, P2P_DATA_TRAIN, (P2pSize) { 1, 1 },
                                         &error);

  g_assert_no_error (error);
  return dataset;
}

static inline void
read_entry (P2pDataset    *dataset,
            guint          index,
            const P2pView *view,
            p2p_real      *a,
            p2p_real      *b)
{
  GError *error = NULL;

  p2p_dataset_read (dataset, index, view, a, b, &error);
  g_assert_no_error (error);
}
