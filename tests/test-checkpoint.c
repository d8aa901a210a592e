/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which of the dicts in a checkpoint is taken for the generator's, under which names its tensors
 * are found, and the exact error where nothing tells. */

#include <glib.h>
#include <string.h>

#include "files/torch-checkpoint.h"
#include "pickles.h"
#include "refused.h"

#define MAX_LEAVES 6

typedef struct
{
  const char *name;
  const char *leaves[MAX_LEAVES];   /* keys that lead to a weight, separated by slashes; those that
                                     * end with "=" lead to a number, with "-" to a tensor of one
                                     * dimension */
  const char *found_under;
  const char *tensors;              /* names, separated by blanks; NULL: refused */
  const char *message;
} Case;

#define NOTHING "The file holds no weights by name: save the network's state_dict ()"
#define SEVERAL(n, names) "The checkpoint holds " n " networks (" names "), and none is named as " \
                          "the generator: save the state_dict () of the one you want by itself"

static const Case cases[] =
{
  /* Dicts */
  { "state-dict", { "model.1.weight", "model.1.bias-" }, NULL, "model.1.weight model.1.bias" },
  { "beside-numbers", { "epoch=", "w" }, NULL, "w" },
  { "one-dict", { "anything/w", "epoch=" }, "anything", "w" },
  { "beside-other-tensors", { "rng_state-", "loss-", "mine/w" }, "mine", "w" },
  { "two-keys", { "a/b/w", "a/epoch=" }, "a.b", "w" },
  { "ema-first", { "params/w", "params_ema/v" }, "params_ema", "v" },
  { "generator-first", { "netD/w", "state_dict/u", "netG/v" }, "netG", "v" },
  { "one-of-two-directions", { "netG_B/w", "netG_A/v", "netD_A/u" }, "netG_A", "v" },
  { "any-case", { "netd/w", "NETG/v" }, "NETG", "v" },
  { "generator-in-a-dict", { "state_dict/netD/w", "state_dict/netG/v" }, "state_dict.netG", "v" },
  { "dicts-in-a-generator", { "netD/state_dict/w", "netG/state_dict/v" }, "netG.state_dict", "v" },
  { "optimizer-is-deeper", { "net/w", "optimizer/state/0/exp_avg" }, "net", "w" },

  /* Names */
  { "data-parallel", { "module.model.1.weight" }, NULL, "model.1.weight" },
  { "data-parallel-of-a-part", { "netG.module.model.1.weight" }, "netG", "model.1.weight" },
  { "group", { "mine.model.model.0.weight", "mine.model.model.0.bias-" }, "mine",
    "model.model.0.weight model.model.0.bias" },
  { "group-of-two", { "netD.model.0.weight", "netG.model.1.weight" }, "netG", "model.1.weight" },
  { "group-beside-others", { "vgg.features.0.weight", "generator.model.1.weight", "loss.w-" },
    "generator", "model.1.weight" },
  { "group-in-a-dict", { "state_dict/netG.model.1.weight", "state_dict/netD.model.0.weight" },
    "state_dict.netG", "model.1.weight" },
  { "group-named-model", { "model.model.model.0.weight" }, "model", "model.model.0.weight" },
  { "unet-is-no-group", { "model.model.0.weight", "model.model.1.model.1.weight" }, NULL,
    "model.model.0.weight model.model.1.model.1.weight" },
  { "other-networks-stay", { "features.0.weight", "classifier.weight" }, NULL,
    "features.0.weight classifier.weight" },

  /* Refused */
  { "refuses/nothing", { "epoch=" }, NULL, NULL, NOTHING },
  { "refuses/one-dimension", { "loss-", "a/rng_state-" }, NULL, NULL, NOTHING },
  { "refuses/too-deep", { "a/b/c/w" }, NULL, NULL, NOTHING },
  { "refuses/two", { "one/w", "two/w" }, NULL, NULL, SEVERAL ("2", "“one”, “two”") },
  { "refuses/many", { "a/w", "b/w", "c/w", "d/w" }, NULL, NULL,
    SEVERAL ("4", "“a”, “b”, “c” …") },
  { "refuses/two-in-a-dict", { "state_dict/one/w", "state_dict/two/w" }, NULL, NULL,
    SEVERAL ("2", "“state_dict.one”, “state_dict.two”") },
  { "refuses/two-groups", { "one.model.0.weight", "two.model.0.weight" }, NULL, NULL,
    SEVERAL ("2", "“one”, “two”") },
  { "refuses/same-key-twice", { "netG/v", "epoch=", "netG/w" }, NULL, NULL,
    SEVERAL ("2", "“netG”, “netG”") },
  { "refuses/control-key", { "\x1b[2J/w" }, NULL, NULL, NOTHING },
};

/* Adds what is under the first of the leaves' keys to the dict under it; how many leaves that
 * are. */
static int
add_leaves (GByteArray        *pickle,
            const char *const *leaves,
            gsize              begin)
{
  const char *key = leaves[0] + begin;
  const char *slash = strchr (key, '/');
  int         n = 1;

  if (! slash)
    {
      g_autofree char *name = g_strndup (key, strcspn (key, "=-"));
      Tensor           tensor = { name, "Float", "0", 4, 0, { 2, 2 }, { 2, 1 },
                                  .is_row = g_str_has_suffix (key, "-") };

      if (! g_str_has_suffix (key, "="))
        {
          add_tensor (pickle, &tensor);
          return n;
        }
      add_text (pickle, name);
      ADD (pickle, "K\3s");
      return n;
    }

  while (leaves[n] && strncmp (leaves[n], leaves[0], slash + 1 - leaves[0]) == 0)
    n++;
  g_byte_array_append (pickle, (const guint8 *) "X", 1);
  add_bytes (pickle, (const char[]) { slash - key, 0, 0, 0 }, 4);
  add_bytes (pickle, key, slash - key);
  ADD (pickle, "}");
  for (int i = 0; i < n; )
    i += add_leaves (pickle, leaves + i, slash + 1 - leaves[0]);
  ADD (pickle, "s");
  return n;
}

static void
test_case (gconstpointer data)
{
  static const char *const allowed[] = { P2P_REBUILD_TENSOR, "torch.FloatStorage", NULL };
  const Case              *test = data;
  g_autoptr (GByteArray)   bytes = g_byte_array_new ();
  g_autoptr (P2pPickle)    pickle = NULL;
  g_autoptr (GArray)       tensors = NULL;
  g_autoptr (GString)      names = g_string_new (NULL);
  g_autofree char         *found_under = NULL;
  g_autoptr (GError)       error = NULL;
  gsize                    used;

  ADD (bytes, "\x80\x02}");
  for (int i = 0; test->leaves[i]; )
    i += add_leaves (bytes, test->leaves + i, 0);
  ADD (bytes, ".");
  pickle = p2p_pickle_read (bytes->data, bytes->len, allowed, &used, &error);
  g_assert_no_error (error);

  tensors = p2p_checkpoint_find (pickle->root, &found_under, &error);
  if (! test->tensors)
    {
      g_assert_null (tensors);
      assert_refused (error, P2P_ERROR_FILE, test->message);
      return;
    }
  g_assert_no_error (error);
  for (guint i = 0; i < tensors->len; i++)
    g_string_append_printf (names, i ? " %s" : "%s",
                            g_array_index (tensors, P2pCheckpointTensor, i).name);
  g_assert_cmpstr (names->str, ==, test->tensors);
  g_assert_cmpstr (found_under, ==, test->found_under);
}

/* A dict that many others share is looked at once: here thousands of millions of keys lead to each
 * weight. */
static void
test_shared (void)
{
  static const char *const none[] = { NULL };
  g_autoptr (GByteArray)   bytes = g_byte_array_new ();
  g_autoptr (P2pPickle)    pickle = NULL;
  g_autofree char         *found_under = NULL;
  g_autoptr (GError)       error = NULL;
  gsize                    used;

  ADD (bytes, "\x80\x02}q\1(");
  for (int i = 0; i < 30 * 1000; i++)
    ADD (bytes, "U\1aN");
  ADD (bytes, "u0}q\2(");
  for (int i = 0; i < 30 * 1000; i++)
    ADD (bytes, "U\1ah\1");
  ADD (bytes, "u0}(");
  for (int i = 0; i < 30 * 1000; i++)
    ADD (bytes, "U\1ah\2");
  ADD (bytes, "u.");
  pickle = p2p_pickle_read (bytes->data, bytes->len, none, &used, &error);
  g_assert_no_error (error);

  g_assert_null (p2p_checkpoint_find (pickle->root, &found_under, &error));
  assert_refused (error, P2P_ERROR_FILE, NOTHING);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/checkpoint/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/checkpoint/refuses/shared-dicts", test_shared);

  return g_test_run ();
}
