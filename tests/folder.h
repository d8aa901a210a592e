/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A fixture for g_test_add () that gives each test a folder of its own. */

#pragma once

#include <glib/gstdio.h>

typedef struct
{
  char *folder;
} Fixture;

static inline void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("pix2pix-image-XXXXXX", NULL);
  g_assert_nonnull (fixture->folder);
}

static inline guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint            n   = 0;

  while (g_dir_read_name (dir))
    n++;
  return n;
}

static inline void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char      *name;

  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
}

static inline char *
write_file (Fixture    *fixture,
            const char *name,
            const void *data,
            gsize       size)
{
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, data, size, NULL));
  return path;
}
