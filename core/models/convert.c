/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Conversions.  p2p_safetensors_write () writes a temporary file and renames it, so several
 * processes may make the same conversion at once.  The last one stays, and no reader ever sees a
 * partial file. */

#include "base/stem.h"
#include "convert.h"
#include "files/open.h"

#include <glib/gstdio.h>
#include <string.h>

#include "files/safetensors.h"
#include "model.h"
#include "networks.h"
#include "p2p.h"

#define ENDING ".safetensors"
#define SOURCE "p2p.source"

/* Returns the tensors that are parameters of the network.  This leaves out num_batches_tracked, and
 * running statistics of norms that do not use any. */
static P2pTensors *
keep_known (const P2pTensors *tensors,
            P2pParams        *params)
{
  P2pTensors *known = p2p_tensors_new ();

  for (guint i = 0; i < tensors->list->len; i++)
    {
      const P2pTensor *tensor = tensors->list->pdata[i];

      if (p2p_params_lookup (params, tensor->name))
        p2p_tensors_add (known, tensor->name, tensor->dtype, tensor->n_dims, tensor->dims,
                         tensor->data, NULL);
    }

  return known;
}

/* p2p_convert () with the value of the key "source".  NULL keeps the card's. */
static gboolean
convert (P2pTensors    *opened,
         const P2pCard *card,
         const char    *source,
         const char    *path,
         gboolean       f16,
         gsize         *n_parameters,
         GError       **error)
{
  g_autoptr (P2pTensors)  tensors = opened;
  g_autoptr (P2pTensors)  known = NULL;
  g_autoptr (P2pParams)   params = p2p_params_new ();
  g_autoptr (P2pParallel) parallel = p2p_parallel_new (1);
  g_autoptr (GHashTable)  metadata = p2p_card_to_metadata (card);

  if (! p2p_model_fill (card, params, parallel, tensors, error))
    return FALSE;

  known = keep_known (g_steal_pointer (&tensors), params);   /* params own them now */
  if (source)
    g_hash_table_insert (metadata, g_strdup (SOURCE), g_strdup (source));
  if (n_parameters)
    *n_parameters = p2p_params_count (params, P2P_TRAINABLE);
  return p2p_safetensors_write (path, known, metadata, f16, error);
}

gboolean
p2p_convert (P2pTensors    *tensors,
             const P2pCard *card,
             const char    *path,
             gboolean       f16,
             gsize         *n_parameters,
             GError       **error)
{
  return convert (tensors, card, NULL, path, f16, n_parameters, error);
}

/* ---- Which file a conversion was made from ------------------------------------------------ */

/* The first word of "source": the file's name, escaped so that it holds no space. */
static char *
source_name (const char *torch_path)
{
  g_autofree char *name = g_path_get_basename (torch_path);

  return g_uri_escape_string (name, NULL, TRUE);
}

/* Returns what "source" says for the file as it is now: its name, its size in bytes and its time of
 * change, which differ after a change.  NULL if there is no such file. */
static char *
get_source (const char *torch_path)
{
  g_autofree char *name = source_name (torch_path);
  GStatBuf         status;

  if (g_stat (torch_path, &status) != 0)
    return NULL;
  return g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld", name,
                          (gint64) status.st_size, (gint64) status.st_mtim.tv_sec,
                          (long) status.st_mtim.tv_nsec);
}

/* Returns the "source" of a model file.  NULL if its card has none, or if it cannot be read. */
static char *
read_source (const char *path)
{
  g_autoptr (P2pTensors) tensors = p2p_tensors_peek (path, NULL);

  return tensors ? g_strdup (g_hash_table_lookup (tensors->metadata, SOURCE)) : NULL;
}

gboolean
p2p_conversion_is (const char *path,
                   const char *torch_path)
{
  g_autofree char *source = read_source (path);
  g_autofree char *name = source_name (torch_path);
  gsize            length = strlen (name);

  return source && strncmp (source, name, length) == 0 && source[length] == ' ';
}

/* ---- Places ------------------------------------------------------------------------------- */

static char *
place_beside (const char *torch_path)
{
  g_autofree char *folder = g_path_get_dirname (torch_path);
  g_autofree char *id = p2p_path_stem (torch_path);
  g_autofree char *name = g_strconcat (id, ENDING, NULL);

  return g_build_filename (folder, name, NULL);
}

/* A part of the path's SHA-256 keeps the conversions of files apart that have the same name in
 * different folders. */
static char *
place_in_cache (const char *torch_path)
{
  g_autofree char *path = g_canonicalize_filename (torch_path, NULL);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  g_autofree char *id = p2p_path_stem (torch_path);
  g_autofree char *name = g_strdup_printf ("%s-%.16s" ENDING, id, sum);

  return g_build_filename (g_get_user_cache_dir (), "pix2pix", "models", name, NULL);
}

/* The paths where a conversion may lie, the preferred one first, ended by NULL. */
static char **
get_places (const char *torch_path)
{
  char **places = g_new0 (char *, 3);

  places[0] = place_beside (torch_path);
  places[1] = place_in_cache (torch_path);
  return places;
}

static char *
find_conversion (const char *torch_path,
                 const char *source)
{
  g_auto (GStrv) places = get_places (torch_path);

  for (int i = 0; source && places[i]; i++)
    {
      g_autofree char *other = read_source (places[i]);

      if (g_strcmp0 (source, other) == 0)
        return g_strdup (places[i]);
    }
  return NULL;
}

char *
p2p_conversion_find (const char *torch_path)
{
  g_autofree char *source = get_source (torch_path);

  return find_conversion (torch_path, source);
}

/* ---- Making a conversion ------------------------------------------------------------------ */

/* Copies the texts of an earlier conversion's card to the new card.  The keys of the network stay
 * behind, because the new tensors decide on them, and so do values that do not fit the new
 * network. */
static void
keep_texts (P2pCard       *card,
            const P2pCard *old)
{
  static const char *const network_keys[] = { "net", "num_downs", "n_blocks", "ngf", "input_nc",
                                      "output_nc", "norm", "use_dropout", "skip", "upsample",
                                      NULL };
  GHashTableIter iter;
  gpointer       key, value;

  g_hash_table_iter_init (&iter, old->texts);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_autoptr (GError) error = NULL;

      if (! g_strv_contains (network_keys, key) && ! p2p_card_set (card, key, value, &error)
          && g_error_matches (error, P2P_ERROR, P2P_ERROR_OPTION))   /* a newer version's key */
        g_hash_table_insert (card->texts, g_strdup (key), g_strdup (value));
    }
}

gboolean
p2p_conversion_direction (P2pCard     *card,
                          const char  *torch_path,
                          GError     **error)
{
  g_autofree char *stem = p2p_path_stem (torch_path);
  const gboolean   there = g_str_has_suffix (stem, "_net_G_A");

  if (! there && ! g_str_has_suffix (stem, "_net_G_B"))
    return TRUE;
  return p2p_card_set (card, "task", there ? "A-to-B" : "B-to-A", error);
}

P2pCard *
p2p_conversion_card (const P2pTensors *tensors,
                     const char       *torch_path,
                     GError          **error)
{
  g_autoptr (P2pCard) card = p2p_card_new (tensors, error);
  g_auto (GStrv)      places = get_places (torch_path);

  if (card && ! p2p_conversion_direction (card, torch_path, error))
    return NULL;
  for (int i = 0; card && places[i]; i++)
    {
      g_autoptr (P2pTensors) older = p2p_conversion_is (places[i], torch_path)
                                     ? p2p_tensors_peek (places[i], NULL) : NULL;
      g_autoptr (P2pCard)    old = older ? p2p_card_new (older, NULL) : NULL;

      if (old)
        {
          keep_texts (card, old);
          break;
        }
    }
  return g_steal_pointer (&card);
}

/* Whether a conversion may be written to place.  Beside the .pth there may be a model of the user's
 * own, which must stay; in the cache there is nothing but conversions. */
static gboolean
is_free (const char *place,
         const char *torch_path)
{
  g_autofree char *beside = place_beside (torch_path);

  return strcmp (place, beside) != 0 || ! g_file_test (place, G_FILE_TEST_EXISTS)
         || p2p_conversion_is (place, torch_path);
}

static gboolean
convert_to (const char  *place,
            const char  *torch_path,
            const char  *source,
            GError     **error)
{
  g_autoptr (P2pTensors) tensors = p2p_network_open (torch_path, NULL, error);
  g_autoptr (P2pCard)    card = tensors ? p2p_conversion_card (tensors, torch_path, error) : NULL;
  g_autofree char       *folder = g_path_get_dirname (place);

  if (! card)
    return FALSE;
  g_mkdir_with_parents (folder, 0700);   /* if it fails, so does the writing */
  return convert (g_steal_pointer (&tensors), card, source, place, FALSE, NULL, error);
}

char *
p2p_conversion_make (const char  *torch_path,
                     GError     **error)
{
  /* Taken before the file is read: if the file changes meanwhile, the conversion is outdated. */
  g_autofree char *source = get_source (torch_path);
  g_autofree char *name = g_path_get_basename (torch_path);
  g_auto (GStrv)   places = get_places (torch_path);
  char            *found = find_conversion (torch_path, source);

  for (int i = 0; source && ! found && places[i]; i++)
    {
      g_autoptr (GError) reason = NULL;

      if (! is_free (places[i], torch_path))
        continue;
      if (convert_to (places[i], torch_path, source, &reason))
        found = g_strdup (places[i]);
      else if (reason->domain == P2P_ERROR)    /* the .pth is at fault, not the place */
        {
          g_propagate_prefixed_error (error, g_steal_pointer (&reason), "%s: ", name);
          return NULL;
        }
    }

  return found ? found : g_strdup (torch_path);
}
