/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The card: what its values mean, what is found from the tensors if there is no card, and the exact
 * error for each value that makes no sense. */

#include <glib.h>
#include <string.h>

#include "models/card.h"
#include "p2p.h"

/* A file without tensors.  Its card has the keys of a minimal card and these settings
 * ("key=value|key=value"). */
static P2pTensors *
tensors_with (const char *settings)
{
  P2pTensors    *tensors = p2p_tensors_new ();
  g_auto (GStrv) lines = g_strsplit (settings, "|", 0);

  g_hash_table_insert (tensors->metadata, g_strdup ("p2p.format"), g_strdup ("1"));
  g_hash_table_insert (tensors->metadata, g_strdup ("p2p.net"), g_strdup ("unet"));
  for (int i = 0; lines[i]; i++)
    {
      g_auto (GStrv) parts = g_strsplit (lines[i], "=", 2);

      g_hash_table_insert (tensors->metadata, g_strconcat ("p2p.", parts[0], NULL),
                           g_strdup (parts[1]));
    }

  return tensors;
}

static P2pCard *
card_with (const char *settings)
{
  g_autoptr (P2pTensors) tensors = tensors_with (settings);
  GError                *error = NULL;
  P2pCard               *card = p2p_card_new (tensors, &error);

  g_assert_no_error (error);
  return card;
}

/* ---- Good cards ------------------------------------------------------------------------- */

static void
test_values (void)
{
  g_autoptr (P2pCard) card = NULL;

  card = card_with ("num_downs=7|ngf=32|norm=instance|use_dropout=false|skip=false|upsample=resize|"
                    "inputs=labels|output=gray|output_nc=1|train_size=128|scale=fit:512|"
                    "frame=32|norm_statistics=running|dropout_at_apply=on|vary=off|title=T");
  g_assert_cmpstr (card->net->name, ==, "unet");
  g_assert_cmpint (card->options.num_downs, ==, 7);
  g_assert_cmpint (card->options.ngf, ==, 32);
  g_assert_cmpint (card->options.norm, ==, P2P_NORM_INSTANCE);
  g_assert_false (card->options.use_dropout);
  g_assert_false (card->options.skip);
  g_assert_cmpint (card->options.upsample, ==, P2P_UPSAMPLE_RESIZE);
  g_assert_cmpint (card->inputs.kinds[0], ==, P2P_PLANE_LABELS);
  g_assert_cmpint (card->options.output_nc, ==, 1);
  g_assert_cmpint (card->train_size, ==, 128);
  g_assert_cmpint (card->frame, ==, 32);
  g_assert_cmpint (card->fit, ==, 512);
  g_assert_true (card->running_statistics);
  g_assert_true (card->dropout_at_apply);
  g_assert_true (card->no_vary);
  g_assert_cmpstr (p2p_card_text (card, "title"), ==, "T");
  g_assert_null (p2p_card_text (card, "data"));
}

static void
test_defaults (void)
{
  g_autoptr (P2pCard) card = card_with ("title=");

  g_assert_cmpint (card->inputs.kinds[0], ==, P2P_PLANE_RGB);
  g_assert_cmpint (card->fit, ==, 0);
  g_assert_false (card->running_statistics);
  g_assert_false (card->dropout_at_apply);
  g_assert_false (card->no_vary);
}

static void
test_one_channel_is_gray (void)
{
  g_autoptr (P2pCard) card = card_with ("input_nc=1");

  g_assert_cmpint (card->inputs.kinds[0], ==, P2P_PLANE_GRAY);
}

/* A card that is written and read again is the same, including keys of future versions. */
static void
test_round_trip (void)
{
  g_autoptr (P2pCard)    card = card_with ("num_downs=6|ngf=8|scale=fit:256|inputs=labels|future=x|"
                                           "title=A|title.de=B|palette=wall=#0030ff, door=#01cfff");
  g_autoptr (GHashTable) written = p2p_card_to_metadata (card);
  g_autoptr (P2pTensors) tensors = p2p_tensors_new ();
  g_autoptr (P2pCard)    again = NULL;
  GError                *error = NULL;

  g_hash_table_unref (tensors->metadata);
  tensors->metadata = g_hash_table_ref (written);
  again = p2p_card_new (tensors, &error);
  g_assert_no_error (error);

  g_assert_cmpmem (&again->options, sizeof again->options, &card->options, sizeof card->options);
  g_assert_true (p2p_inputs_equal (&again->inputs, &card->inputs));
  g_assert_cmpint (again->fit, ==, card->fit);
  g_assert_cmpstr (g_hash_table_lookup (written, "p2p.future"), ==, "x");
  g_assert_cmpstr (g_hash_table_lookup (written, "p2p.format"), ==, "1");
  g_assert_cmpstr (g_hash_table_lookup (written, "p2p.title.de"), ==, "B");
  g_assert_cmpstr (g_hash_table_lookup (written, "p2p.palette"), ==,
                   "wall=#0030ff, door=#01cfff");
}

static void
test_language (void)
{
  g_autoptr (P2pCard) card = card_with ("title=House|title.de=Haus|title.pt_BR=Casa");

  g_setenv ("LANGUAGE", "de_AT", TRUE);
  g_assert_cmpstr (p2p_card_text (card, "title"), ==, "Haus");
  g_setenv ("LANGUAGE", "fr:pt_BR", TRUE);
  g_assert_cmpstr (p2p_card_text (card, "title"), ==, "Casa");
  g_setenv ("LANGUAGE", "en_GB:de", TRUE);
  g_assert_cmpstr (p2p_card_text (card, "title"), ==, "House");
  g_setenv ("LANGUAGE", "ko", TRUE);
  g_assert_cmpstr (p2p_card_text (card, "title"), ==, "House");
}

/* ---- Without a card --------------------------------------------------------------------- */

static void
add_weight (P2pTensors *tensors,
            const char *name,
            gint64      first,
            gint64      second)
{
  const gint64 dims[4] = { first, second, 4, 4 };

  p2p_tensors_add (tensors, name, P2P_F32, 4, dims, NULL, NULL);
}

/* The convolutions of a U-Net with five down-samplings, instance norm and ngf 4, from gray to
 * RGB. */
static P2pTensors *
small_unet (void)
{
  P2pTensors         *tensors = p2p_tensors_new ();
  g_autoptr (GString) path = g_string_new ("model.model");
  static const int    channels[] = { 4, 8, 16, 32, 32 };

  for (int i = 0; i < 5; i++)
    {
      g_autofree char *down = g_strdup_printf ("%s.%d.weight", path->str, i == 0 ? 0 : 1);
      g_autofree char *bias = g_strdup_printf ("%s.%d.bias", path->str, i == 0 ? 0 : 1);
      g_autofree char *up = g_strdup_printf ("%s.%d.weight", path->str, i == 0 || i == 4 ? 3 : 5);
      const gint64     length = channels[i];

      add_weight (tensors, down, channels[i], i == 0 ? 1 : channels[i - 1]);
      p2p_tensors_add (tensors, bias, P2P_F32, 1, &length, NULL, NULL);
      add_weight (tensors, up, i == 4 ? 32 : 2 * channels[i], i == 0 ? 3 : channels[i - 1]);
      g_string_append (path, i == 0 ? ".1.model" : ".3.model");
    }

  return tensors;
}

static void
test_detect (void)
{
  g_autoptr (P2pTensors) tensors = small_unet ();
  GError                *error = NULL;
  g_autoptr (P2pCard)    card = p2p_card_new (tensors, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (card->net->name, ==, "unet");
  g_assert_cmpint (card->options.num_downs, ==, 5);
  g_assert_cmpint (card->options.ngf, ==, 4);
  g_assert_cmpint (card->options.norm, ==, P2P_NORM_INSTANCE);
  g_assert_true (card->options.skip);
  g_assert_cmpint (card->inputs.kinds[0], ==, P2P_PLANE_GRAY);
  g_assert_cmpint (card->options.output_nc, ==, 3);
  g_assert_cmpuint (g_hash_table_size (card->texts), ==, 0);
}

/* ---- Refusals --------------------------------------------------------------------------- */

typedef struct
{
  const char *setting;
  P2pError    code;
  const char *message;
} Case;

#define BAD   P2P_ERROR_FILE
#define NEWER P2P_ERROR_UNSUPPORTED
#define UNKNOWN(key, value) "The model's “" key "” is “" value "”, which this version does not " \
                            "know; a newer version of the program may know it"

static const Case cases[] =
{
  { "format=2", NEWER, "The model was made for a newer version of this program" },
  { "format=one", BAD, "The card's “format” is not a number" },
  { "net=spade", NEWER, UNKNOWN ("net", "spade") },
  { "num_downs=0", BAD, "The card's “num_downs” must be a whole number from 1 to 32" },
  { "num_downs=8.0", BAD, "The card's “num_downs” must be a whole number from 1 to 32" },
  { "ngf=99999999999999999999", BAD, "The card's “ngf” must be a whole number from 1 to 4096" },
  { "ngf=", BAD, "The card's “ngf” must be a whole number from 1 to 4096" },
  { "train_size=-1", BAD, "The card's “train_size” must be a whole number from 0 to 65536" },
  { "norm=group", NEWER, UNKNOWN ("norm", "group") },
  { "use_dropout=yes", BAD, "The card's “use_dropout” must be false or true" },
  { "skip=1", BAD, "The card's “skip” must be false or true" },
  { "upsample=cubic", NEWER, UNKNOWN ("upsample", "cubic") },
  { "inputs=lab-l", NEWER, "The network takes 3 channels, but its input is “lab-l”, which has 1" },
  { "inputs=lineart+hints", NEWER, UNKNOWN ("inputs", "lineart+hints") },
  { "output=lab-xy", NEWER, UNKNOWN ("output", "lab-xy") },
  { "output=lab-ab", NEWER, "The network gives 3 channels, but its output is “lab-ab”" },
  { "inputs=gray", NEWER, "The network takes 3 channels, but its input is “gray”, which has 1" },
  { "input_nc=4", NEWER, "The network takes 4 channels, but its input is “rgb”, which has 3" },
  { "output=gray", NEWER, "The network gives 3 channels, but its output is “gray”" },
  { "output_nc=4", NEWER, "The network gives 4 channels, but its output is “rgb”" },
  { "scale=half", BAD, "The card's “scale” must be “native” or “fit:” and a number of pixels" },
  { "scale=fit:0", BAD, "The card's “scale” must be “native” or “fit:” and a number of pixels" },
  { "frame=-1", BAD, "The card's “frame” must be a whole number from 0 to 1024" },
  { "norm_statistics=own", BAD, "The card's “norm_statistics” must be image or running" },
  { "dropout_at_apply=true", BAD, "The card's “dropout_at_apply” must be off or on" },
  { "inputs=lines,lines", BAD, "The card's “inputs” must be a list of planes, each once, such as "
    "“lines,hint-rgb,hint-mask”, with the picture's planes before the planes of hints" },
  { "inputs=hint-mask,rgb", BAD, "The card's “inputs” must be a list of planes, each once, such as "
    "“lines,hint-rgb,hint-mask”, with the picture's planes before the planes of hints" },
  { "inputs=rgb,hint-mask", NEWER,
    "The network takes 3 channels, but its input is “rgb,hint-mask”, which has 4" },
  { "palette=", BAD, "The card's “palette” must be a list like “wall=#0030ff, window=#0080ff”" },
  { "palette=wall", BAD,
    "The card's “palette” must be a list like “wall=#0030ff, window=#0080ff”" },
  { "palette=wall=#0030f", BAD,
    "The card's “palette” must be a list like “wall=#0030ff, window=#0080ff”" },
  { "palette==#0030ff", BAD,
    "The card's “palette” must be a list like “wall=#0030ff, window=#0080ff”" },
  { "title=\x1b[2J", BAD, "The card's “title” is too long or not plain text" },
  { "future=\xff", BAD, "The card's “future” is too long or not plain text" },
  { "\x1b[2J=x", BAD, "The card has a key that is not plain text" },
};

static void
test_refused (gconstpointer data)
{
  const Case            *test = data;
  g_autoptr (P2pTensors) tensors = tensors_with (test->setting);
  g_autoptr (GError)     error = NULL;

  g_assert_null (p2p_card_new (tensors, &error));
  g_assert_error (error, P2P_ERROR, (int) test->code);
  g_assert_cmpstr (error->message, ==, test->message);
}

static void
test_too_long (void)
{
  g_autofree char       *text = g_strnfill (16385, 'x');
  g_autofree char       *setting = g_strconcat ("description=", text, NULL);
  g_autoptr (P2pTensors) tensors = tensors_with (setting);
  g_autoptr (GError)     error = NULL;

  g_assert_null (p2p_card_new (tensors, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
  g_assert_cmpstr (error->message, ==, "The card's “description” is too long or not plain text");
}

static void
test_too_many_keys (void)
{
  g_autoptr (GString)    settings = g_string_new ("title=T");
  g_autoptr (P2pTensors) tensors = NULL;
  g_autoptr (GError)     error = NULL;

  for (int i = 0; i < 256; i++)
    g_string_append_printf (settings, "|x%d=", i);
  tensors = tensors_with (settings->str);
  g_assert_null (p2p_card_new (tensors, &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
  g_assert_cmpstr (error->message, ==, "The card has more than 256 keys");
}

/* ---- Setting ---------------------------------------------------------------------------- */

static void
test_set (void)
{
  g_autoptr (P2pCard) card = card_with ("title=T");
  GError             *error = NULL;

  g_assert_true (p2p_card_set (card, "scale", "fit:300", &error));
  g_assert_true (p2p_card_set (card, "title.de", "Haus", &error));
  g_assert_no_error (error);
  g_assert_cmpint (card->fit, ==, 300);
  g_assert_cmpstr (g_hash_table_lookup (card->texts, "title.de"), ==, "Haus");
}

static void
test_set_failing (void)
{
  g_autoptr (P2pCard) card = card_with ("scale=fit:300");
  g_autoptr (GError)  error = NULL;

  g_assert_false (p2p_card_set (card, "scale", "fit", &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_FILE);
  g_assert_cmpint (card->fit, ==, 300);
  g_assert_cmpstr (g_hash_table_lookup (card->texts, "scale"), ==, "fit:300");
  g_assert_false (p2p_card_set (card, "inputs", "gray", NULL));
  g_assert_cmpint (card->inputs.kinds[0], ==, P2P_PLANE_RGB);
  g_assert_false (g_hash_table_contains (card->texts, "inputs"));
}

static void
check_no_key (const char *key)
{
  g_autoptr (P2pCard) card = card_with ("title=T");
  g_autoptr (GError)  error = NULL;
  g_autofree char    *message = g_strdup_printf (
    "Cards have no key “%s”, only these: net, num_downs, n_blocks, ngf, input_nc, output_nc, "
    "norm, use_dropout, skip, upsample, inputs, output, train_size, scale, frame, "
    "norm_statistics, dropout_at_apply, vary, palette, title, description, good_at, bad_at, "
    "suits, task, licence, data, authors, metrics, options, created, readers", key);

  g_assert_false (p2p_card_set (card, key, "x", &error));
  g_assert_error (error, P2P_ERROR, P2P_ERROR_OPTION);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_set_unknown (void)
{
  check_no_key ("license");
  check_no_key ("format");
  check_no_key ("task.de");
  check_no_key ("title.");
  check_no_key ("");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/card/values", test_values);
  g_test_add_func ("/card/defaults", test_defaults);
  g_test_add_func ("/card/one-channel-is-gray", test_one_channel_is_gray);
  g_test_add_func ("/card/round-trip", test_round_trip);
  g_test_add_func ("/card/language", test_language);
  g_test_add_func ("/card/detects-unet", test_detect);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/card/refuses/%u", i);

      g_test_add_data_func (path, &cases[i], test_refused);
    }
  g_test_add_func ("/card/refuses/too-long", test_too_long);
  g_test_add_func ("/card/refuses/too-many-keys", test_too_many_keys);
  g_test_add_func ("/card/set", test_set);
  g_test_add_func ("/card/set-failing-changes-nothing", test_set_failing);
  g_test_add_func ("/card/set-unknown-key", test_set_unknown);

  return g_test_run ();
}
