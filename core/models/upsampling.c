/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The modules that double the sides are found by their place, because all modules around them are
 * those of the public implementation.  One doubling of a ResNet generator in its three forms:
 *
 *   our names            in the network's Sequential      in a Sequential of their own
 *   model.19  3×3        model.19  Upsample               model.19.0  Upsample
 *                        model.20  ReflectionPad2d        model.19.1  Conv2d 3×3
 *                        model.21  Conv2d 3×3
 *   model.20  norm       model.22  norm                   model.20    norm
 *
 * Without the padding module, the convolution itself pads.  A 2×2 convolution has an nn.AvgPool2d
 * in place of the padding: nn.Upsample repeats the nearest neighbor, and averages of two such
 * values on each axis are linear interpolation. */

#include "upsampling.h"

#include <string.h>

#include "base/intl.h"

#define MOST_DOUBLINGS 2    /* in one Sequential */
#define MOST_BEFORE    2    /* modules without weights in front of the convolution */

/* One upsampling in a Sequential.  find_doublings () fills it. */
typedef struct
{
  int place;     /* index of the convolution in our names */
  int before;    /* modules in front of the convolution in the same Sequential */
  int inner;     /* modules in front of it in a Sequential of its own; then before is 0 */
} Doubling;

/* The side of the square kernel of the weight with this name, or 0 if there is no such weight. */
static int G_GNUC_PRINTF (2, 3)
kernel_of (const P2pTensors *tensors,
           const char       *format,
           ...)
{
  g_autofree char *name = NULL;
  const P2pTensor *tensor;
  va_list          args;

  va_start (args, format);
  name = g_strdup_vprintf (format, args);
  va_end (args);
  tensor = p2p_tensors_get (tensors, name);
  return tensor && tensor->n_dims == 4 && tensor->dims[2] == tensor->dims[3] ? tensor->dims[2] : 0;
}

static gboolean
follows_doubling (int kernel)
{
  return kernel == 2 || kernel == 3;
}

/* Sets the places of the doublings in a Sequential and returns their number.  path is the beginning
 * of the names of its modules, such as "model.", or "". */
static int
find_places (const P2pTensors *tensors,
             const char       *path,
             Doubling         *doublings)
{
  int last = 10;

  if (kernel_of (tensors, "%s1.weight", path) == 4)    /* a block of a U-Net, maybe the innermost */
    doublings[0].place = kernel_of (tensors, "%s3.model.1.weight", path) == 4 ? 5 : 3;
  else if (kernel_of (tensors, "%s0.weight", path) == 4
           && kernel_of (tensors, "%s1.model.1.weight", path) == 4)    /* the outermost */
    doublings[0].place = 3;
  else
    {
      while (kernel_of (tensors, "%s%d.conv_block.1.weight", path, last) == 3)
        last++;
      doublings[0].place = last;
      doublings[1].place = last + 3;
      return last > 10 ? 2 : 0;
    }
  return 1;
}

static int
find_doublings (const P2pTensors *tensors,
                const char       *path,
                Doubling         *doublings)
{
  int n = find_places (tensors, path, doublings), moved = 0;

  for (int i = 0; i < n; i++)
    {
      Doubling *doubling = &doublings[i];
      int       at = doubling->place + moved;

      doubling->before = doubling->inner = 0;
      if (kernel_of (tensors, "%s%d.weight", path, at) > 0)
        continue;
      for (int before = MOST_BEFORE; before > 0; before--)
        if (follows_doubling (kernel_of (tensors, "%s%d.%d.weight", path, at, before)))
          doubling->inner = before;
        else if (follows_doubling (kernel_of (tensors, "%s%d.weight", path, at + before)))
          doubling->before = before;
      moved += doubling->before;
    }
  return n;
}

/* Returns our name (newly allocated) for the tensor that the file calls path + index + "." + rest,
 * or NULL if that name need not change. */
static char *
rename_module (const P2pTensors *tensors,
               const char       *path,
               int               index,
               const char       *rest)
{
  Doubling doublings[MOST_DOUBLINGS];
  int      n = find_doublings (tensors, path, doublings), moved = 0;

  for (int i = 0; i < n && index >= doublings[i].place + moved; i++)
    {
      if (doublings[i].inner && index == doublings[i].place + moved
          && rest[0] == '0' + doublings[i].inner && rest[1] == '.')
        return g_strdup_printf ("%s%d.%s", path, index - moved, rest + 2);
      moved += doublings[i].before;
    }
  return moved ? g_strdup_printf ("%s%d.%s", path, index - moved, rest) : NULL;
}

/* Returns our name for a tensor (newly allocated).  Each number in the name may be the index of a
 * module in a Sequential with doublings. */
static char *
find_name (const P2pTensors *tensors,
           const char       *name)
{
  for (const char *part = name; part; part = strchr (part, '.') ? strchr (part, '.') + 1 : NULL)
    {
      g_autofree char *path = g_strndup (name, part - name);
      char            *end, *found = NULL;
      guint64          index = g_ascii_strtoull (part, &end, 10);

      if (end > part && *end == '.' && index < 1000)
        found = rename_module (tensors, path, index, end + 1);
      if (found)
        return found;
    }
  return g_strdup (name);
}

P2pTensors *
p2p_upsampling_rename (P2pTensors *tensors)
{
  g_autoptr (P2pTensors) found = tensors;
  g_autoptr (GPtrArray)  names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) different = g_hash_table_new (g_str_hash, g_str_equal);
  P2pTensors            *renamed;
  gboolean               same = TRUE;

  for (guint i = 0; i < found->list->len; i++)
    {
      const P2pTensor *tensor = g_ptr_array_index (found->list, i);
      char            *name = find_name (found, tensor->name);

      same = same && strcmp (name, tensor->name) == 0;
      g_ptr_array_add (names, name);
      g_hash_table_add (different, name);
    }
  if (same || g_hash_table_size (different) < names->len)
    return g_steal_pointer (&found);

  renamed = p2p_tensors_derive (found);
  for (guint i = 0; i < names->len; i++)
    p2p_tensors_add_copy (renamed, names->pdata[i], found->list->pdata[i]);
  return renamed;
}

const char *
p2p_upsampling_assumed (const P2pCard *card)
{
  if (card->options.upsample != P2P_UPSAMPLE_RESIZE
      || g_hash_table_contains (card->texts, "upsample"))
    return NULL;
  return _("The file does not say how the network enlarges its values before a 3×3 convolution, "
           "nor how that convolution pads them. Nearest neighbor and zero padding are assumed. If "
           "the network uses nn.Upsample with mode “bilinear”, import it with --card "
           "upsample=bilinear; if it uses nn.ReflectionPad2d, the edges will be wrong.");
}
