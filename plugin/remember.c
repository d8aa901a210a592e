/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "remember.h"

/* Its data is the hint layer's tattoo, a number that a layer keeps in files, in digits. */
#define PARASITE "pix2pix-hints"

static GimpParasite *
find_parasite (GimpDrawable *drawing)
{
  /* GIMP would warn of one that is not there. */
  g_auto (GStrv) names = gimp_item_get_parasite_list (GIMP_ITEM (drawing));

  return names && g_strv_contains ((const char *const *) names, PARASITE)
         ? gimp_item_get_parasite (GIMP_ITEM (drawing), PARASITE) : NULL;
}

void
p2p_remember_hints (GimpDrawable *drawing,
                    GimpDrawable *hints)
{
  GimpParasite    *parasite = find_parasite (drawing);
  g_autofree char *tattoo   = NULL;

  if (parasite && ! hints)
    gimp_item_detach_parasite (GIMP_ITEM (drawing), PARASITE);
  g_clear_pointer (&parasite, gimp_parasite_free);
  if (! hints)
    return;

  tattoo   = g_strdup_printf ("%u", gimp_item_get_tattoo (GIMP_ITEM (hints)));
  parasite = gimp_parasite_new (PARASITE, GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE,
                                strlen (tattoo) + 1, tattoo);
  gimp_item_attach_parasite (GIMP_ITEM (drawing), parasite);
  gimp_parasite_free (parasite);
}

GimpDrawable *
p2p_remembered_hints (GimpDrawable *drawing)
{
  GimpParasite    *parasite = find_parasite (drawing);
  g_autofree char *tattoo   = NULL;
  gconstpointer    data;
  guint32          size;
  GimpLayer       *layer;

  if (! parasite)
    return NULL;

  data   = gimp_parasite_get_data (parasite, &size);
  tattoo = g_strndup (data, size);
  layer  = gimp_image_get_layer_by_tattoo (gimp_item_get_image (GIMP_ITEM (drawing)),
                                           strtoul (tattoo, NULL, 10));
  gimp_parasite_free (parasite);

  return layer ? GIMP_DRAWABLE (layer) : NULL;
}
