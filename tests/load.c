/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Loads a file with p2p_image_load (), for test-profiles.py and test-tiff.py, and writes it as
 * floats to standard output, or saves it again.
 *
 *   load IN           prints a line of text: width, height, channels, bits, and 1 if the profile
 *                     was ignored, else 0; then writes the pixels
 *   load IN OUT       saves to a file */

#include "p2p.h"

#include <stdio.h>

int
main (int    argc,
      char **argv)
{
  g_autoptr (GError)   error = NULL;
  g_autoptr (P2pImage) image = argc > 1 ? p2p_image_load (argv[1], &error) : NULL;

  if (! image || (argc > 2 && ! p2p_image_save (image, argv[2], &error)))
    {
      g_printerr ("%s\n", error ? error->message : "usage: load IN [OUT]");
      return 1;
    }
  if (argc > 2)
    return 0;

  printf ("%d %d %d %d %d\n", image->width, image->height, image->channels, image->depth,
          image->profile_passed_over);
  fwrite (image->pixels, sizeof (float), (gsize) image->width * image->height * image->channels,
          stdout);
  return ferror (stdout) ? 1 : 0;
}
