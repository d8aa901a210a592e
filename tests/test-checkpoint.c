/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Under which names the tensors of a checkpoint are listed, and which tensors are left out. */

#include <glib.h>
#include <string.h>

#include "files/torch-checkpoint.h"
#include "pickles.h"

#define MAX_LEAVES 6

typedef struct
{
  const char *name;
  const char *leaves[MAX_LEAVES];   /* keys that lead to a weight, separated by slashes; a "=" at
                                     * the end means a number, a "-" a tensor with one dimension */
  const char *tensors;              /* names, separated by blanks */
} Case;

static const Case cases[] =
{
  { "state-dict", { "model.1.weight", "model.1.bias-" }, "model.1.weight model.1.bias" },
  { "beside-numbers", { "epoch=", "w" }, "w" },
  { "in-a-dict", { "netG/w", "epoch=" }, "netG.w" },
  { "beside-dicts", { "loss-", "netG/w", "netD/v" }, "loss netG.w netD.v" },
  { "six-keys", { "a/b/c/d/e/f/w" }, "a.b.c.d.e.f.w" },
  { "names-as-they-are", { "module.netG/module.w" }, "module.netG.module.w" },

  { "leaves-out/numbers", { "epoch=" }, "" },
  { "leaves-out/seven-keys", { "a/b/c/d/e/f/g/w" }, "" },
  { "leaves-out/control-key", { "\x1b[2J/w", "a/\x1b[2J", "a/w" }, "a.w" },
};

/* Adds what is under the first key of leaves to the dict below it on the stack.  Returns how many
 * leaves it has added. */
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

/* Checks the names of the tensors that the opcodes lead to.  expected separates them by blanks. */
static void
check_list (const guint8 *opcodes,
            gsize         n,
            const char   *expected)
{
  static const char *const known[] = { P2P_REBUILD_TENSOR, "torch.FloatStorage", NULL };
  g_autoptr (GString)      names = g_string_new (NULL);
  g_autoptr (GError)       error = NULL;
  g_autoptr (P2pPickle)    pickle = NULL;
  g_autoptr (GArray)       tensors = NULL;
  gsize                    used;

  pickle = p2p_pickle_read (opcodes, n, known, &used, &error);
  g_assert_no_error (error);
  tensors = p2p_checkpoint_list (pickle->root);
  for (guint i = 0; i < tensors->len; i++)
    g_string_append_printf (names, i ? " %s" : "%s",
                            g_array_index (tensors, P2pCheckpointTensor, i).name);
  g_assert_cmpstr (names->str, ==, expected);
}

static void
test_case (gconstpointer data)
{
  const Case            *test = data;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  ADD (bytes, "\x80\x02}");
  for (int i = 0; test->leaves[i]; )
    i += add_leaves (bytes, test->leaves + i, 0);
  ADD (bytes, ".");
  check_list (bytes->data, bytes->len, test->tensors);
}

/* The keys of lists and tuples are positions. */
static void
test_lists (void)
{
  const Tensor           tensor = { "w", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  ADD (bytes, "\x80\x02K\7]}");
  add_tensor (bytes, &tensor);
  ADD (bytes, "a\x86.");
  check_list (bytes->data, bytes->len, "1.0.w");
}

/* A container that contains itself does not lead to an endless loop. */
static void
test_cycle (void)
{
  const Tensor           tensor = { "w", "Float", "0", 4, 0, { 2, 2 }, { 2, 1 } };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  ADD (bytes, "\x80\x02}q\1X\1\0\0\0ah\1s");
  add_tensor (bytes, &tensor);
  ADD (bytes, ".");
  check_list (bytes->data, bytes->len, "w");
}

/* A dict that many others share is searched only once.  Here thousands of millions of keys lead to
 * each weight. */
static void
test_shared (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

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
  check_list (bytes->data, bytes->len, "");
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
  g_test_add_func ("/checkpoint/lists", test_lists);
  g_test_add_func ("/checkpoint/cycle", test_cycle);
  g_test_add_func ("/checkpoint/shared-dicts", test_shared);

  return g_test_run ();
}
