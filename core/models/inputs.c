/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The table of planes.  A new plane needs a row here and code in apply/compose.c or apply/hints.c
 * that makes it. */

#include <string.h>

#include "inputs.h"

const P2pPlane p2p_plane_kinds[P2P_N_PLANES] =
{
  [P2P_PLANE_RGB]          = { "rgb", 3 },
  [P2P_PLANE_RGBA]         = { "rgba", 4 },
  [P2P_PLANE_GRAY]         = { "gray", 1 },
  [P2P_PLANE_LABELS]       = { "labels", 3 },
  [P2P_PLANE_LAB_L]        = { "lab-l", 1 },
  [P2P_PLANE_LINES]        = { "lines", 1 },
  [P2P_PLANE_HINT_RGB]     = { "hint-rgb", 3, .hint = TRUE },
  [P2P_PLANE_HINT_AB]      = { "hint-ab", 2, .hint = TRUE },
  [P2P_PLANE_HINT_MASK]    = { "hint-mask", 1, .hint = TRUE },
  [P2P_PLANE_SPREAD_RGB]   = { "spread-rgb", 3, .hint = TRUE },
  [P2P_PLANE_SPREAD_AB]    = { "spread-ab", 2, .hint = TRUE },
  [P2P_PLANE_SPREAD_REACH] = { "spread-reach", 1, .hint = TRUE },
};

const P2pPlane p2p_outputs[P2P_N_OUTPUTS] =
{
  [P2P_OUTPUT_RGB]    = { "rgb", 3 },
  [P2P_OUTPUT_GRAY]   = { "gray", 1 },
  [P2P_OUTPUT_LAB_AB] = { "lab-ab", 2 },
  [P2P_OUTPUT_RGBA]   = { "rgba", 4 },
};

P2pInputs
p2p_inputs_one (P2pPlaneKind kind)
{
  return (P2pInputs) { 1, { kind } };
}

static gboolean
find_kind (const char   *name,
           P2pPlaneKind *kind)
{
  for (int i = 0; i < P2P_N_PLANES; i++)
    if (strcmp (p2p_plane_kinds[i].name, name) == 0)
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

P2pInputs
p2p_inputs_of_output (P2pOutput output)
{
  P2pPlaneKind kind = P2P_PLANE_RGB;

  find_kind (p2p_outputs[output].name, &kind);
  return p2p_inputs_one (kind);
}

/* Whether hints are given both as RGB and as a and b, which no list may do. */
static gboolean
mixes_colors (const P2pInputs *inputs)
{
  return (p2p_inputs_have (inputs, P2P_PLANE_HINT_RGB)
          || p2p_inputs_have (inputs, P2P_PLANE_SPREAD_RGB))
         && (p2p_inputs_have (inputs, P2P_PLANE_HINT_AB)
             || p2p_inputs_have (inputs, P2P_PLANE_SPREAD_AB));
}

gboolean
p2p_inputs_parse (const char  *text,
                  P2pInputs   *inputs,
                  char       **unknown)
{
  g_auto (GStrv) names = g_strsplit (text, ",", P2P_N_PLANES + 1);
  P2pInputs      found = { 0 };

  *unknown = NULL;
  for (char **name = names; *name; name++)
    {
      P2pPlaneKind kind;

      if (! find_kind (g_strstrip (*name), &kind))
        {
          *unknown = g_strdup (*name);
          return FALSE;
        }
      if (p2p_inputs_have (&found, kind)
          || (! p2p_plane_kinds[kind].hint
              && p2p_inputs_channels (&found) > p2p_inputs_of_image (&found)))
        return FALSE;
      found.kinds[found.n++] = kind;
    }
  if (p2p_inputs_of_image (&found) == 0 || mixes_colors (&found))
    return FALSE;
  *inputs = found;
  return TRUE;
}

char *
p2p_inputs_to_text (const P2pInputs *inputs)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < inputs->n; i++)
    g_string_append_printf (text, "%s%s", i ? "," : "", p2p_plane_kinds[inputs->kinds[i]].name);
  return g_string_free (text, FALSE);
}

gboolean
p2p_inputs_have (const P2pInputs *inputs,
                 P2pPlaneKind     kind)
{
  return p2p_inputs_offset (inputs, kind) >= 0;
}

gboolean
p2p_inputs_equal (const P2pInputs *a,
                  const P2pInputs *b)
{
  return a->n == b->n && memcmp (a->kinds, b->kinds, a->n * sizeof *a->kinds) == 0;
}

int
p2p_inputs_channels (const P2pInputs *inputs)
{
  int channels = 0;

  for (int i = 0; i < inputs->n; i++)
    channels += p2p_plane_kinds[inputs->kinds[i]].channels;
  return channels;
}

int
p2p_inputs_of_image (const P2pInputs *inputs)
{
  int channels = 0;

  for (int i = 0; i < inputs->n && ! p2p_plane_kinds[inputs->kinds[i]].hint; i++)
    channels += p2p_plane_kinds[inputs->kinds[i]].channels;
  return channels;
}

gboolean
p2p_inputs_take_hints (const P2pInputs *inputs)
{
  return p2p_inputs_of_image (inputs) < p2p_inputs_channels (inputs);
}

gboolean
p2p_inputs_guide (const P2pInputs *inputs,
                  P2pOutput        output)
{
  return p2p_inputs_of_image (inputs) == 1
         && p2p_inputs_layering (inputs, output) != P2P_LAYERING_UNDER
         && (output == P2P_OUTPUT_LAB_AB || p2p_inputs_have (inputs, P2P_PLANE_LINES));
}

P2pLayering
p2p_inputs_layering (const P2pInputs *inputs,
                     P2pOutput        output)
{
  if (output == P2P_OUTPUT_LAB_AB)
    return P2P_LAYERING_CHROMA;
  return output == P2P_OUTPUT_RGB && p2p_inputs_have (inputs, P2P_PLANE_LINES)
         ? P2P_LAYERING_UNDER : P2P_LAYERING_NONE;
}

int
p2p_inputs_offset (const P2pInputs *inputs,
                   P2pPlaneKind     kind)
{
  int offset = 0;

  for (int i = 0; i < inputs->n; i++)
    {
      if (inputs->kinds[i] == kind)
        return offset;
      offset += p2p_plane_kinds[inputs->kinds[i]].channels;
    }
  return -1;
}
