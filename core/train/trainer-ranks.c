/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Compares the ranks of a training before its first step.  After that they stay alike, because all
 * of them make the same changes. */

#include <string.h>

#include "agree.h"
#include "option-table.h"
#include "trainer-state.h"

gboolean
p2p_trainer_writes (const P2pTrainer *trainer)
{
  return ! trainer->ranks || trainer->ranks->rank == 0;
}

/* A checksum of the program itself, or NULL where it cannot be read. */
static char *
program_checksum (void)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new ("/proc/self/exe", FALSE, NULL);

  return file ? g_compute_checksum_for_data (G_CHECKSUM_SHA256,
                                             (const guchar *) g_mapped_file_get_contents (file),
                                             g_mapped_file_get_length (file)) : NULL;
}

/* Appends the number of pictures in a data set, and a checksum of their names. */
static void
append_pictures (GString    *lines,
                 const char *name,
                 P2pDataset *dataset)
{
  for (P2pDataset *one = dataset; one; one = p2p_dataset_partner (one))
    {
      const guint           n = p2p_dataset_length (one);
      g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

      for (guint i = 0; i < n; i++)
        {
          const char *file = p2p_dataset_name (one, i);

          g_checksum_update (checksum, (const guchar *) file, strlen (file) + 1);
        }
      g_string_append_printf (lines, "%s=%u, %.8s\n", name, n, g_checksum_get_string (checksum));
    }
}

/* Brings a hash up to date with n values (NULL: there are none). */
static guint64
hash_values (guint64         hash,
             const p2p_real *values,
             gsize           n)
{
  const guint8 *bytes = (const guint8 *) values;

  for (gsize i = 0; values && i < n * sizeof *values; i += 4)
    {
      guint32 word;

      memcpy (&word, bytes + i, sizeof word);
      hash = (hash ^ word) * G_GUINT64_CONSTANT (0x100000001b3);
      hash ^= hash >> 29;
    }
  return hash;
}

/* A hash of all that steps change: weights, running statistics and Adam's moments. */
static guint64
hash_training (const P2pTrainer *trainer)
{
  guint64 hash = 0;

  for (int i = 0; trainer->recipe->networks[i]; i++)
    {
      P2pParams *params = trainer->recipe->params (trainer->training,
                                                   trainer->recipe->networks[i]);

      for (guint k = 0; params && k < p2p_params_length (params); k++)
        {
          const P2pParam *param = p2p_params_nth (params, k);

          hash = hash_values (hash, param->value, param->n);
          for (int m = 0; m < 2; m++)
            hash = hash_values (hash, param->moments[m], param->n);
        }
    }
  return hash;
}

gboolean
p2p_trainer_compare_ranks (const P2pTrainer  *trainer,
                           GError           **error)
{
  g_autoptr (GString) lines = NULL;
  g_autofree char    *program = NULL;

  if (! trainer->ranks)
    return TRUE;
  lines = g_string_new (NULL);
  program = program_checksum ();
  g_string_append_printf (lines, "pix2pix=%s, %.8s\n", P2P_VERSION, program ? program : "");
  for (guint i = 0; p2p_train_option (i); i++)
    {
      g_autofree char *text = p2p_train_options_get (&trainer->options, p2p_train_option (i));

      g_string_append_printf (lines, "--%s=%s\n", p2p_train_option_name (p2p_train_option (i)),
                              text ? text : "");
    }
  append_pictures (lines, "pictures", trainer->data);
  append_pictures (lines, "validation", trainer->val);
  g_string_append_printf (lines, "step=%" G_GUINT64_FORMAT "\n", trainer->state.step);
  g_string_append_printf (lines, "weights=%016" G_GINT64_MODIFIER "x\n", hash_training (trainer));
  return p2p_agree_lines (trainer->ranks, lines->str, error);
}
