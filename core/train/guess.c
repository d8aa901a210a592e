/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "base/intl.h"
#include "guess.h"
#include "listing.h"
#include "pictures/image.h"
#include "pictures/picture-file.h"

#define N_SIZES    64     /* pictures whose sizes are looked at, for the mode */
#define N_COLORS   8      /* pairs whose colors are looked at, for the direction */
#define MAX_LABELS 64     /* most colors in one picture of labels */

/* ---- The mode --------------------------------------------------------------------------- */

/* Looks at the sizes of the first pictures in a folder.  *n_seen gets the number of pictures, and
 * *n_wide the number of those that are twice as wide as high, as pairs of squares are. */
static void
count_wide (const char *folder,
            guint      *n_wide,
            guint      *n_seen)
{
  const P2pDataKind      single = { P2P_DATA_COLORIZE };
  const P2pSize          none = { 0, 0 };
  g_autoptr (P2pListing) listing = p2p_listing_new (folder, &single, P2P_DATA_TRAIN, none, NULL);
  int                    width, height;

  *n_wide = *n_seen = 0;
  for (guint i = 0; listing && i < listing->entries->len && *n_seen < N_SIZES; i++)
    {
      const P2pEntry *entry = listing->entries->pdata[i];

      if (! p2p_image_peek (entry->paths[0], &width, &height, NULL))
        continue;
      *n_seen += 1;
      *n_wide += width == 2 * height;
    }
}

gboolean
p2p_guess_mode (P2pTrainOptions  *options,
                char            **said,
                GError          **error)
{
  const gboolean square = options->crop_size.width == options->crop_size.height;
  guint          n_wide, n_seen;

  *said = NULL;
  if (options->recipe == P2P_RECIPE_CYCLEGAN)
    return TRUE;
  if (options->lines)
    {
      options->mode = P2P_DATA_SKETCH;
      *said = g_strdup (_("--lines is given, so this is --mode sketch"));
      return TRUE;
    }
  if (options->teacher && p2p_inputs_have (&options->inputs, P2P_PLANE_LAB_L))
    {
      options->mode = P2P_DATA_COLORIZE;
      options->hints = p2p_inputs_take_hints (&options->inputs);
      *said = g_strdup (_("The teacher colors pictures, so this is --mode colorize"));
      return TRUE;
    }
  if (options->teacher && p2p_inputs_have (&options->inputs, P2P_PLANE_LINES))
    {
      options->mode = P2P_DATA_SKETCH;
      options->hints = p2p_inputs_take_hints (&options->inputs);
      *said = g_strdup (_("The teacher colors line art, so this is --mode sketch"));
      return TRUE;
    }
  if (p2p_folders_have_pairs (options->data, P2P_DATA_TRAIN))
    {
      options->mode = P2P_DATA_FOLDERS;
      *said = g_strdup_printf (_("“%s” holds folders for A and B, so this is --mode folders"),
                               options->data);
      return TRUE;
    }

  count_wide (options->data, &n_wide, &n_seen);
  /* If crops are not square, single pictures may be twice as wide as high too. */
  if (square && 2 * n_wide > n_seen)
    {
      options->mode = P2P_DATA_ALIGNED;
      *said = g_strdup_printf (_("The pictures in “%s” are twice as wide as high, so this is "
                                 "--mode aligned: A left, B right"), options->data);
      return TRUE;
    }
  if (n_seen == 0)
    return TRUE;
  if (options->teacher)
    {
      options->mode = P2P_DATA_PICTURES;
      *said = g_strdup_printf (_("The pictures in “%s” are not pairs, so this is --mode pictures: "
                                 "the teacher makes their targets"), options->data);
      return TRUE;
    }
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               _("The pictures in “%s” do not show what they are for. Say it with --mode: colorize "
                 "to learn to color them, sketch to learn to color line art, aligned when each "
                 "picture holds A left and B right. For pairs of files, make two folders in it, A "
                 "and B"), options->data);
  return FALSE;
}

/* ---- The direction ---------------------------------------------------------------------- */

/* Whether the columns from begin to end hold labels: more than two colors, but few.  Drawings in
 * black and white or in grays are not labels. */
static gboolean
has_labels (const P2pImage *image,
            int             begin,
            int             end)
{
  g_autoptr (GHashTable) colors = g_hash_table_new (NULL, NULL);
  const int              c = image->channels;
  const guint            most = MIN (MAX_LABELS, (guint) (end - begin) * image->height / 16);
  gboolean               gray = TRUE;

  for (int y = 0; y < image->height && c >= 3; y++)
    for (int x = begin; x < end; x++)
      {
        const float *p = image->pixels + ((gsize) y * image->width + x) * c;
        const guint  r = p2p_image_byte (p[0]), g = p2p_image_byte (p[1]);
        const guint  b = p2p_image_byte (p[2]);

        gray = gray && r == g && g == b;
        g_hash_table_add (colors, GUINT_TO_POINTER (r << 16 | g << 8 | b));
        if (g_hash_table_size (colors) > most)
          return FALSE;
      }
  return ! gray && g_hash_table_size (colors) > 2;
}

/* Tells which sides of a pair, A and B, are labels.  FALSE when a file cannot be read. */
static gboolean
look_at_sides (const P2pEntry *entry,
               P2pDataMode     mode,
               gboolean       *labels)
{
  for (int i = 0; i < 2; i++)
    {
      g_autoptr (P2pImage) image = p2p_image_load (entry->paths[i], NULL);
      const gboolean       half = mode == P2P_DATA_ALIGNED;
      const int            middle = image ? image->width / 2 : 0;

      if (! image)
        return FALSE;
      labels[i] = has_labels (image, half && i == 1 ? middle : 0,
                              half && i == 0 ? middle : image->width);
    }
  return TRUE;
}

char *
p2p_guess_direction (P2pTrainOptions *options)
{
  const P2pDataKind      kind = { options->mode };
  const P2pSize          none = { 0, 0 };
  const gboolean         pairs = options->mode == P2P_DATA_ALIGNED
                                 || options->mode == P2P_DATA_FOLDERS;
  g_autoptr (P2pListing) listing = NULL;
  guint                  n = 0, n_labels[2] = { 0 };

  if (pairs)
    listing = p2p_listing_new (options->data, &kind, P2P_DATA_TRAIN, none, NULL);
  for (guint i = 0; listing && i < listing->entries->len && n < N_COLORS; i++)
    {
      gboolean labels[2];

      if (! look_at_sides (listing->entries->pdata[i], options->mode, labels))
        continue;
      n++;
      n_labels[0] += labels[0];
      n_labels[1] += labels[1];
    }

  if (n == 0 || MAX (n_labels[0], n_labels[1]) < n || MIN (n_labels[0], n_labels[1]) > 0)
    return NULL;
  options->b_to_a = n_labels[1] == n;
  return g_strdup_printf (_("Only %s has flat colors, as labels have, so this is --direction %s"),
                          options->b_to_a ? "B" : "A", options->b_to_a ? "BtoA" : "AtoB");
}
