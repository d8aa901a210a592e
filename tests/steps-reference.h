/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Compares ten training steps with those of PyTorch in double precision, which make-steps.py has
 * written to data/. */

#pragma once

#include "fetched.h"
#include "files/open.h"
#include "steps.h"

/* The file of this name in data/.  Caller frees it. */
static inline P2pTensors *
steps_open (const char *file)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", file, NULL);
  GError          *error = NULL;
  P2pTensors      *reference = fetched (p2p_tensors_peek (path, &error), &error);

  g_assert_no_error (error);
  return reference;
}

/* Element i of case.what, which is stored as a float and a remainder. */
static inline double
steps_expected (const P2pTensors *reference,
                const char       *name,
                const char       *what,
                gsize             i)
{
  g_autofree char *high = g_strdup_printf ("%s.%s", name, what);
  g_autofree char *rest = g_strdup_printf ("%s.%s.rest", name, what);
  float            parts[2];

  memcpy (&parts[0], (const float *) p2p_tensors_get (reference, high)->data + i, sizeof (float));
  memcpy (&parts[1], (const float *) p2p_tensors_get (reference, rest)->data + i, sizeof (float));
  return (double) parts[0] + parts[1];
}

/* The sum of all values times uniform numbers in [−1, 1).  Stores the length of the vector of
 * values in *length.  biases FALSE: leaves out all that has one dimension. */
static inline double
steps_projection (P2pParams *params,
                  guint64    seed,
                  gboolean   biases,
                  double    *length)
{
  double sum = 0.0, square = 0.0;

  for (guint i = 0; i < p2p_params_length (params); i++)
    {
      const P2pParam *param = p2p_params_nth (params, i);
      guint64         stream = p2p_random_stream (param->name);

      for (gsize j = 0; j < param->n && (biases || param->n_dims > 1); j++)
        {
          sum += param->value[j] * (2.0 * p2p_random_uniform (seed, stream, j) - 1.0);
          square += (double) param->value[j] * param->value[j];
        }
    }
  *length = sqrt (square);
  return sum;
}

/* CycleGAN's biases before an instance norm are left out, as in cyclegan.py: the norm takes them
 * away again, so their gradient is only rounding, which Adam makes larger. */
static inline void
steps_compare_networks (Steps            *steps,
                        const P2pTensors *reference,
                        const char       *name)
{
  const gboolean biases = steps->options.recipe != P2P_RECIPE_CYCLEGAN
                          || steps->options.g.norm != P2P_NORM_INSTANCE;

  for (int i = 0; steps->recipe->networks[i]; i++)
    for (int seed = 0; seed < 4; seed++)
      {
        const char *network = steps->recipe->networks[i];
        P2pParams  *params = steps->recipe->params (steps->training, network);
        double      length, sum;

        if (! params)
          continue;
        sum = steps_projection (params, seed, biases, &length);
        g_assert_cmpfloat (fabs (sum - steps_expected (reference, name, network, seed)), <=,
                           1e-8 * length);
      }
}

/* Runs the case's steps, and compares all losses and, in double precision, all networks.  in_float:
 * the most that losses may differ in single precision, as a part of themselves. */
static inline void
steps_compare (const char *file,
               const char *name,
               double      in_float)
{
  g_autoptr (P2pTensors) reference = steps_open (file);
  Steps                 *steps = steps_new (g_hash_table_lookup (reference->metadata, name), 2);
  const double           most = sizeof (p2p_real) == sizeof (double) ? 1e-9 : in_float;
  int                    n_losses = g_strv_length ((char **) steps->recipe->losses);

  steps_run (steps);
  for (int i = 0; i < N_STEPS; i++)
    for (int j = 0; j < n_losses; j++)
      {
        double loss = steps_expected (reference, name, "losses", i * n_losses + j);

        g_assert_cmpfloat (fabs (steps->losses[i][j] - loss), <=, most * fabs (loss));
      }
  if (sizeof (p2p_real) == sizeof (double))
    steps_compare_networks (steps, reference, name);
  steps_free (steps);
}

/* Adds a test for each case of the file, under prefix. */
static inline void
steps_add_cases (const char   *prefix,
                 const char   *file,
                 GTestDataFunc test)
{
  g_autoptr (P2pTensors) reference = steps_open (file);
  g_autoptr (GList)      cases = g_hash_table_get_keys (reference->metadata);

  cases = g_list_sort (cases, (GCompareFunc) strcmp);
  for (GList *l = cases; l; l = l->next)
    {
      g_autofree char *path = g_strdup_printf ("%s%s", prefix, (const char *) l->data);

      g_test_add_data_func_full (path, g_strdup (l->data), test, g_free);
    }
}
