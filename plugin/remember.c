/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "remember.h"

/* Names of parasites of the drawing.  The data of a parasite is the tattoo of a layer, as a string
 * of digits.  A tattoo is the number by which GIMP recognizes a layer, even after the image was
 * saved and opened again. */
#define HINTS "pix2pix-hints"
#define LINES "pix2pix-lines"

static GimpParasite *
find_parasite (GimpDrawable *drawing,
               const char   *name)
{
  /* Looks at the list first, because GIMP would warn of a parasite that does not exist. */
  g_auto (GStrv) names = gimp_item_get_parasite_list (GIMP_ITEM (drawing));

  return names && g_strv_contains ((const char *const *) names, name)
         ? gimp_item_get_parasite (GIMP_ITEM (drawing), name) : NULL;
}

static void
remember (GimpDrawable *drawing,
          const char   *name,
          GimpDrawable *layer)
{
  GimpParasite    *parasite = find_parasite (drawing, name);
  g_autofree char *tattoo   = NULL;

  if (parasite && ! layer)
    gimp_item_detach_parasite (GIMP_ITEM (drawing), name);
  g_clear_pointer (&parasite, gimp_parasite_free);
  if (! layer)
    return;

  tattoo   = g_strdup_printf ("%u", gimp_item_get_tattoo (GIMP_ITEM (layer)));
  parasite = gimp_parasite_new (name, GIMP_PARASITE_PERSISTENT | GIMP_PARASITE_UNDOABLE,
                                strlen (tattoo) + 1, tattoo);
  gimp_item_attach_parasite (GIMP_ITEM (drawing), parasite);
  gimp_parasite_free (parasite);
}

static GimpDrawable *
recall (GimpDrawable *drawing,
        const char   *name)
{
  GimpParasite    *parasite = find_parasite (drawing, name);
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

void
p2p_remember_hints (GimpDrawable *drawing,
                    GimpDrawable *hints)
{
  remember (drawing, HINTS, hints);
}

GimpDrawable *
p2p_remembered_hints (GimpDrawable *drawing)
{
  return recall (drawing, HINTS);
}

void
p2p_remember_lines (GimpDrawable *drawing,
                    GimpDrawable *lines)
{
  remember (drawing, LINES, lines);
}

GimpDrawable *
p2p_remembered_lines (GimpDrawable *drawing)
{
  return recall (drawing, LINES);
}
