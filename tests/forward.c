/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Runs one forward pass between files of raw floats, to compare it with other implementations:
 *
 *   forward MODEL image|running SEED WIDTH HEIGHT INPUT OUTPUT
 *
 * SEED is the seed of dropout, or "-" for no dropout.  INPUT and OUTPUT hold [height, width,
 * channels] in [−1, 1]. */

#include <stdlib.h>
#include <string.h>

#include "models/model.h"

static int
fail (const GError *error)
{
  g_printerr ("%s\n", error->message);
  return 1;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr (P2pModel) model = NULL;
  g_autoptr (GError)   error = NULL;
  g_autofree char     *input = NULL;
  P2pModelMode         mode;
  gsize                size;

  if (argc != 8)
    return 2;
  mode = (P2pModelMode) { strcmp (argv[2], "running") == 0, strcmp (argv[3], "-") != 0 };
  model = p2p_model_open (argv[1], NULL, &error);
  if (! model
      || ! p2p_model_graph (model, atoi (argv[4]), atoi (argv[5]), mode, &error)
      || ! g_file_get_contents (argv[6], &input, &size, &error))
    return fail (error);
  if (size != p2p_node_size (model->input) * sizeof (float))
    return 2;

  p2p_graph_allocate (model->graph, NULL);
  memcpy (model->input->x, input, size);
  if (! p2p_graph_forward (model->graph, atoi (argv[3]), NULL, NULL, NULL, &error)
      || ! g_file_set_contents (argv[7], (const char *) model->output->x,
                                p2p_node_size (model->output) * sizeof (float), &error))
    return fail (error);
  return 0;
}
