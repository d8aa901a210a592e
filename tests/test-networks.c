/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Which network of a file of weights is used, under which names its tensors are found, and the
 * exact error if no network can be chosen.  The files here are safetensors.  Keys of a .pth become
 * prefixes of the names in the same way (test-checkpoint.c). */

#include <string.h>

#include "folder.h"
#include "models/networks.h"
#include "p2p.h"

#define MAX_NETWORKS 12

/* The tensors that identify a generator, and some that a discriminator has. */
static const char *const resnet[] = { "model.1.weight", "model.17.weight", NULL };
static const char *const unet[] = { "model.model.0.weight", "model.model.3.weight",
                                    "model.model.1.model.1.weight",
                                    "model.model.1.model.3.weight", NULL };
static const char *const patch[] = { "model.0.weight", "model.2.weight", NULL };

typedef struct
{
  const char        *beginning;
  const char *const *names;
  gsize              skip;       /* bytes at the start of each name that are missing */
} Part;

typedef struct
{
  const char *name;
  Part        parts[MAX_NETWORKS];
  const char *network;           /* network that is asked for, or NULL */
  const char *found_under;
  const char *first;             /* name of a tensor that is found then; NULL: refused */
  const char *message;
} Case;

#define R resnet
#define U unet
#define D patch
#define SEVERAL(n, names) "The file holds " n " networks that can be opened (" names "), and " \
                          "it is not clear which is wanted. “pix2pix import --network NAME” " \
                          "makes a model of one of them"
#define NO_SUCH(name, names) "The file holds no network “" name "” that can be opened, only " \
                             "these: " names
#define R1 "model.1.weight"
#define U1 "model.model.0.weight"

static const Case cases[] =
{
  /* Prefixes of the names */
  { "nothing", { { "", R } }, NULL, NULL, R1 },
  { "unet", { { "", U } }, NULL, NULL, U1 },
  { "data-parallel", { { "module.", R } }, NULL, NULL, R1 },
  { "compiled", { { "_orig_mod.", U } }, NULL, NULL, U1 },
  { "compiled-data-parallel", { { "_orig_mod.module.", U } }, NULL, NULL, U1 },
  { "data-parallel-compiled", { { "module._orig_mod.", U } }, NULL, NULL, U1 },
  { "wrapper-behind-a-key", { { "netG.module.", R } }, NULL, "netG", R1 },
  { "wrapper-before-a-key", { { "module.netG.", R } }, NULL, "netG", R1 },
  { "keys-and-wrappers", { { "state_dict.generator._orig_mod.net.module.", U } }, NULL,
    "state_dict.generator.net", U1 },
  { "module-of-its-own", { { "generator.net.", R } }, NULL, "generator.net", R1 },
  { "key-named-model", { { "model.", U } }, NULL, "model", U1 },
  { "bare-sequential", { { "", R, 6 } }, NULL, NULL, R1 },
  { "bare-sequential-behind-a-key", { { "netG.", R, 6 } }, NULL, "netG", R1 },
  { "bare-sequential-of-a-unet", { { "", U, 12 } }, NULL, NULL, U1 },
  { "unet-without-its-class", { { "", U, 6 } }, NULL, NULL, U1 },
  { "bare-and-wrapped", { { "module.", U, 12 } }, NULL, NULL, U1 },

  /* Which network */
  { "beside-a-discriminator", { { "D_state_dict.", D }, { "G_state_dict.", R } }, NULL,
    "G_state_dict", R1 },
  { "any-name", { { "x.", D }, { "y.", U } }, NULL, "y", U1 },
  { "g-state", { { "g_state.", R }, { "f_state.", R } }, NULL, "g_state", R1 },
  { "model-g", { { "model_F.", R }, { "model_G.", R } }, NULL, "model_G", R1 },
  { "one-of-two-directions", { { "netG_B.", R }, { "netG_A.", R } }, NULL, "netG_A", R1 },
  { "any-case", { { "NETF.", R }, { "NETG.", R } }, NULL, "NETG", R1 },
  { "ema-first", { { "netG.", R }, { "netG_ema.", R } }, NULL, "netG_ema", R1 },
  { "ema-with-an-ending", { { "G_state_dict.", R }, { "G_ema_state_dict.", R } }, NULL,
    "G_ema_state_dict", R1 },
  { "asked-for", { { "genX.", R }, { "genY.", U } }, "genY", "genY", U1 },
  { "asked-for-by-one-key", { { "a.genX.net.", R }, { "a.genY.net.", U } }, "genX", "a.genX.net",
    R1 },
  { "asked-for-against-the-names", { { "netG_A.", R }, { "netG_B.", U } }, "netG_B", "netG_B", U1 },

  /* Refused */
  { "refuses/two", { { "genX.", R }, { "genY.", R } }, NULL, NULL, NULL,
    SEVERAL ("2", "“genX”, “genY”") },
  { "refuses/many", { { "a.", R }, { "b.", R }, { "c.", R }, { "d.", R }, { "e.", R }, { "f.", R },
                      { "h.", R }, { "i.", R }, { "j.", R }, { "k.", R }, { "l.", R } },
    NULL, NULL, NULL, SEVERAL ("11", "“a”, “b”, “c”, “d”, “e”, “f”, “h”, “i”, “j”, “k” …") },
  { "refuses/two-in-one-key", { { "netG.a.", R }, { "netG.b.", R } }, NULL, NULL, NULL,
    SEVERAL ("2", "“netG.a”, “netG.b”") },
  { "refuses/no-such", { { "genX.", R }, { "genY.", R } }, "genZ", NULL, NULL,
    NO_SUCH ("genZ", "“genX”, “genY”") },
  { "refuses/a-discriminator", { { "netG.", R }, { "netD.", D } }, "netD", NULL, NULL,
    NO_SUCH ("netD", "“netG”") },
  { "refuses/part-of-two-names", { { "a.genX.", R }, { "a.genY.", R } }, "a", NULL, NULL,
    NO_SUCH ("a", "“a.genX”, “a.genY”") },
  { "refuses/same-name", { { "module.", R }, { "", R } }, NULL, NULL, NULL,
    "The file has two tensors named “model.1.weight”" },
};

/* A file with the tensors of the parts, each of one channel. */
static char *
write_parts (Fixture    *fixture,
             const Part *parts)
{
  g_autoptr (GString)    header = g_string_new ("{");
  g_autoptr (GByteArray) file = g_byte_array_new ();
  guint64                size;
  gsize                  at = 0;

  for (; parts->names; parts++)
    for (int i = 0; parts->names[i]; i++)
      {
        int side = parts->names == unet || parts->names == patch ? 4 : 7;

        g_string_append_printf (header, "%s\"%s%s\":{\"dtype\":\"F32\",\"shape\":[1,1,%d,%d],"
                                "\"data_offsets\":[%zu,%zu]}", at ? "," : "", parts->beginning,
                                parts->names[i] + parts->skip, side, side, at,
                                at + side * side * 4);
        at += side * side * 4;
      }
  g_string_append (header, "}");

  size = GUINT64_TO_LE (header->len);
  g_byte_array_append (file, (guint8 *) &size, sizeof size);
  g_byte_array_append (file, (guint8 *) header->str, header->len);
  g_byte_array_set_size (file, 8 + header->len + at);
  memset (file->data + 8 + header->len, 0, at);
  return write_file (fixture, "networks.safetensors", (char *) file->data, file->len);
}

static void
test_case (Fixture       *fixture,
           gconstpointer  data)
{
  const Case            *test = data;
  g_autofree char       *path = write_parts (fixture, test->parts);
  GError                *error = NULL;
  g_autoptr (P2pTensors) tensors = p2p_network_open (path, test->network, &error);
  g_autoptr (P2pTensors) peeked = NULL;

  if (! test->first)
    {
      g_assert_null (tensors);
      g_assert_nonnull (error);
      g_assert_cmpstr (error->message, ==, test->message);
      g_error_free (error);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpstr (tensors->found_under, ==, test->found_under);
  g_assert_nonnull (p2p_tensors_get (tensors, test->first));
  g_assert_nonnull (p2p_tensors_get (tensors, test->first)->data);

  peeked = p2p_network_peek (path, test->network, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (peeked->found_under, ==, test->found_under);
  g_assert_cmpuint (peeked->list->len, ==, tensors->list->len);
}

static void
check_names (const char        *path,
             const char *const *expected)
{
  GError        *error = NULL;
  g_auto (GStrv) names = p2p_model_networks (path, &error);

  g_assert_no_error (error);
  g_assert_cmpstrv (names, expected);
}

/* The networks that a dialog may offer. */
static void
test_names (Fixture       *fixture,
            gconstpointer  data)
{
  const Part       two[] = { { "genX.", R }, { "netD.", D }, { "genY.", U }, { NULL } };
  const Part       whole[] = { { "", U }, { NULL } };
  const Part       none[] = { { "netD.", D }, { NULL } };
  g_autofree char *path = write_parts (fixture, two);
  g_autofree char *weights = g_test_build_filename (G_TEST_DIST, "..", "weights",
                                                    "facade.safetensors", NULL);

  check_names (path, (const char *[]) { "genX", "genY", NULL });
  g_free (path);
  path = write_parts (fixture, whole);
  check_names (path, (const char *[]) { "", NULL });
  g_free (path);
  path = write_parts (fixture, none);
  check_names (path, (const char *[]) { NULL });
  check_names (weights, (const char *[]) { "", NULL });
}

/* A file with a discriminator alone is recognized as such, whatever its key. */
static void
test_stranger (Fixture       *fixture,
               gconstpointer  data)
{
  const Part               parts[] = { { "state_dict.module.", D }, { NULL } };
  g_autofree char         *path = write_parts (fixture, parts);
  g_autoptr (GError)       error = NULL;

  g_assert_null (p2p_model_info_new (path, NULL, &error));
  g_assert_nonnull (strstr (error->message, "This seems to be a PatchGAN discriminator"));
}

/* Tensors of other networks are left out. */
static void
test_only_own (Fixture       *fixture,
               gconstpointer  data)
{
  const Part             parts[] = { { "netG.", R }, { "vgg.", D }, { "netG2.", D }, { NULL } };
  g_autofree char       *path = write_parts (fixture, parts);
  g_autoptr (P2pTensors) tensors = p2p_network_open (path, NULL, NULL);

  g_assert_nonnull (tensors);
  g_assert_cmpuint (tensors->list->len, ==, 2);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/networks/", cases[i].name, NULL);

      g_test_add (path, Fixture, &cases[i], set_up, test_case, tear_down);
    }
  g_test_add ("/networks/names", Fixture, NULL, set_up, test_names, tear_down);
  g_test_add ("/networks/stranger", Fixture, NULL, set_up, test_stranger, tear_down);
  g_test_add ("/networks/only-its-own-tensors", Fixture, NULL, set_up, test_only_own, tear_down);

  return g_test_run ();
}
