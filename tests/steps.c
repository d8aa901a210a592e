/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Ten steps of training, for test-steps.py:
 *
 *   steps OPTIONS FOLDER
 *
 * Prints a line of losses for each step, and writes the networks, such as G and D, to FOLDER: G and
 * D hold all values as doubles, in the order of the names in G.names and D.names. */

#include <stdio.h>

#include "steps.h"

static void
write_params (P2pParams  *params,
              const char *path)
{
  g_autofree char     *names_path = g_strconcat (path, ".names", NULL);
  g_autoptr (GString)  names = g_string_new (NULL);
  FILE                *file = fopen (path, "wb");

  g_assert_nonnull (file);
  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      const P2pParam *param = p2p_params_nth (params, i);

      g_string_append_printf (names, "%s\n", param->name);
      for (gsize j = 0; j < param->n; j++)
        {
          double value = param->value[j];

          g_assert_cmpuint (fwrite (&value, sizeof value, 1, file), ==, 1);
        }
    }
  g_assert_cmpint (fclose (file), ==, 0);
  g_assert_true (g_file_set_contents (names_path, names->str, -1, NULL));
}

int
main (int    argc,
      char **argv)
{
  Steps           *steps;
  const P2pRecipe *recipe;

  if (argc != 3)
    return 2;
  steps = steps_new (argv[1], 2);
  recipe = steps->recipe;
  steps_run (steps);
  for (int i = 0; i < N_STEPS; i++)
    for (int j = 0; recipe->losses[j]; j++)
      printf ("%.17g%s", steps->losses[i][j], recipe->losses[j + 1] ? " " : "\n");
  for (int i = 0; recipe->networks[i]; i++)
    {
      const char      *network = recipe->networks[i];
      P2pParams       *params = recipe->params (steps->training, network);
      g_autofree char *path = g_build_filename (argv[2], network, NULL);

      if (params)
        write_params (params, path);
    }
  steps_free (steps);
  return 0;
}
