/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "advice.h"

#include "base/intl.h"

/* Says which picture a model expects, and which kinds of pictures meet that expectation.  The row
 * for a model is the first one with whose task the model's task begins. */
static const struct
{
  const char *task;
  const char *name;        /* of the expected picture; to be translated */
  guint       kinds;       /* the sum of 1 << P2pPictureKind */
} takes[] = {
  { "lineart", N_("a line drawing"),    1 << P2P_PICTURE_LINES },
  { "edges",   N_("a line drawing"),    1 << P2P_PICTURE_LINES },
  { "labels",  N_("flat label colors"), 1 << P2P_PICTURE_LABELS },
  { "gray",    N_("a gray picture"),    1 << P2P_PICTURE_GRAY | 1 << P2P_PICTURE_COLOR |
                                        1 << P2P_PICTURE_LABELS },
  { "photo",   N_("a photo"),           1 << P2P_PICTURE_GRAY | 1 << P2P_PICTURE_COLOR },
  { "aerial",  N_("a photo from above"), 1 << P2P_PICTURE_GRAY | 1 << P2P_PICTURE_COLOR },
};

/* Returns the model's row in takes, or −1 when it is not known what the model expects. */
static int
find_takes (const P2pModelInfo *info)
{
  const char *palette = p2p_model_info_get (info, "palette");
  const char *task    = info->sees_lines ? "lineart" : info->chroma ? "gray" :
                        palette && *palette ? "labels" : info->task;

  for (guint i = 0; i < G_N_ELEMENTS (takes); i++)
    if (g_str_has_prefix (task, takes[i].task))
      return i;

  return -1;
}

gboolean
p2p_advice_suits (P2pPictureKind      kind,
                  const P2pModelInfo *info)
{
  static const char *const tasks[] = {
    [P2P_PICTURE_LINES] = "lineart", [P2P_PICTURE_GRAY] = "gray", [P2P_PICTURE_LABELS] = "labels",
  };
  int i = find_takes (info);

  return i >= 0 && kind < G_N_ELEMENTS (tasks) && tasks[kind] &&
         (strcmp (takes[i].task, tasks[kind]) == 0 ||
          (kind == P2P_PICTURE_LINES && takes[i].kinds == 1 << P2P_PICTURE_LINES));
}

/* A name for the kind that users understand, translated; NULL when the kind is unknown. */
static const char *
kind_name (P2pPictureKind kind)
{
  switch (kind)
    {
    case P2P_PICTURE_LINES:  return _("a line drawing");
    case P2P_PICTURE_GRAY:   return _("a photo without color");
    case P2P_PICTURE_LABELS: return _("flat label colors");
    case P2P_PICTURE_COLOR:  return _("a colored picture");
    default:                 return NULL;
    }
}

char *
p2p_advice_text (P2pPictureKind      kind,
                 const P2pModelInfo *info,
                 const P2pModelInfo *better)
{
  const char      *name = kind_name (kind);
  int              i    = find_takes (info);
  g_autofree char *text = NULL;

  if (! name || i < 0)
    return NULL;
  if (info->chroma && ! info->sees_color && ! info->sees_lines &&
      (kind == P2P_PICTURE_COLOR || kind == P2P_PICTURE_LABELS))
    return g_strdup (_("This model sees only light and dark: the layer's own colors will be "
                       "lost."));
  if (takes[i].kinds & 1 << kind)
    return NULL;

  /* Translators: both are kinds of pictures, such as "a line drawing" and "a photo". */
  text = g_strdup_printf (_("This looks like %s, and the model expects %s."), name,
                          _(takes[i].name));
  if (! better)
    return g_steal_pointer (&text);

  return g_strdup_printf (_("%s “%s” suits it better."), text, better->title);
}
