/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* See metadata.h. */

#include "metadata.h"

#include <gexiv2/gexiv2.h>
#include <string.h>

#include "base/intl.h"
#include "files/replace.h"
#include "p2p.h"

/* Tags that are not copied: those with which a TIFF's directory describes how pixels are stored
 * (TIFF 6.0), the orientation, and the profile, which is written with the pixels. */
static const char *const stored[] = {
  "Exif.Image.NewSubfileType", "Exif.Image.SubfileType", "Exif.Image.ImageWidth",
  "Exif.Image.ImageLength", "Exif.Image.BitsPerSample", "Exif.Image.Compression",
  "Exif.Image.PhotometricInterpretation", "Exif.Image.FillOrder", "Exif.Image.StripOffsets",
  "Exif.Image.SamplesPerPixel", "Exif.Image.RowsPerStrip", "Exif.Image.StripByteCounts",
  "Exif.Image.PlanarConfiguration", "Exif.Image.Predictor", "Exif.Image.ColorMap",
  "Exif.Image.TileWidth", "Exif.Image.TileLength", "Exif.Image.TileOffsets",
  "Exif.Image.TileByteCounts", "Exif.Image.ExtraSamples", "Exif.Image.SampleFormat",
  "Exif.Image.InterColorProfile", "Exif.Image.XResolution", "Exif.Image.YResolution",
  "Exif.Image.ResolutionUnit", "Exif.Image.SubIFDs", "Exif.Image.Orientation",
  "Exif.Photo.PixelXDimension", "Exif.Photo.PixelYDimension",
};

static GExiv2Metadata *
open_metadata (const char *path)
{
  g_autoptr (GExiv2Metadata) metadata = gexiv2_metadata_new ();

  return gexiv2_metadata_open_path (metadata, path, NULL) ? g_steal_pointer (&metadata) : NULL;
}

/* Whether a tag describes the original file rather than the scene: its pixels, or its thumbnail.
 * Tags without a name, whose keys contain .0x, are mostly of a MakerNote, whose offsets would be
 * wrong in another file. */
static gboolean
is_of_file (const char *tag)
{
  return g_strv_contains (stored, tag) || g_str_has_prefix (tag, "Exif.SubImage") ||
         g_str_has_prefix (tag, "Exif.Thumbnail") || g_str_has_prefix (tag, "Xmp.tiff.") ||
         (g_str_has_prefix (tag, "Exif.") && strstr (tag, ".0x"));
}

/* gexiv2 0.16 drops "try_" from these names and deprecates the old names, which 0.14 needs. */
G_GNUC_BEGIN_IGNORE_DEPRECATIONS

/* Copies tags, and frees tags.  Tags that cannot be set in the target are left out.  Returns how
 * many were set. */
static int
copy_tags (GExiv2Metadata  *from,
           GExiv2Metadata  *to,
           char           **tags)
{
  int n = 0;

  for (char **tag = tags; tag && *tag; tag++)
    {
      const gboolean   exif   = g_str_has_prefix (*tag, "Exif.");
      g_autofree char *value  = exif ? gexiv2_metadata_try_get_tag_string (from, *tag, NULL) : NULL;
      g_auto (GStrv)   values = exif ? NULL
                                     : gexiv2_metadata_try_get_tag_multiple (from, *tag, NULL);

      if (is_of_file (*tag))
        continue;
      if (value)
        n += gexiv2_metadata_try_set_tag_string (to, *tag, value, NULL);
      else if (values)
        n += gexiv2_metadata_try_set_tag_multiple (to, *tag, (const char **) values, NULL);
    }
  g_strfreev (tags);
  return n;
}

G_GNUC_END_IGNORE_DEPRECATIONS

/* Writes the metadata to the picture name, and reads it again: Exiv2 does not notice it when the
 * disk becomes full while it closes the file. */
static gboolean
write_metadata (const char *name,
                gpointer    metadata,
                GError    **error)
{
  g_autoptr (P2pImage) image = NULL;

  if (! gexiv2_metadata_save_file (metadata, name, error))
    return FALSE;
  image = p2p_image_load (name, NULL);
  if (! image)
    g_set_error_literal (error, P2P_ERROR, P2P_ERROR_FILE,
                         _("only a part of the file was written; the disk may be full"));
  return image != NULL;
}

gboolean
p2p_metadata_carry (const char  *from,
                    const char  *to,
                    GError     **error)
{
  g_autoptr (GExiv2Metadata) source  = open_metadata (from);
  g_autoptr (GExiv2Metadata) target  = source ? open_metadata (to) : NULL;
  g_autoptr (GError)         problem = NULL;
  g_autofree char           *name    = g_filename_display_name (to);
  int                        n       = 0;

  if (! target)
    return TRUE;

  if (gexiv2_metadata_get_supports_exif (target))
    n += copy_tags (source, target, gexiv2_metadata_get_exif_tags (source));
  if (gexiv2_metadata_get_supports_iptc (target))
    n += copy_tags (source, target, gexiv2_metadata_get_iptc_tags (source));
  if (gexiv2_metadata_get_supports_xmp (target))
    n += copy_tags (source, target, gexiv2_metadata_get_xmp_tags (source));
  if (! n || p2p_change_file (to, write_metadata, target, &problem))
    return TRUE;

  g_set_error (error, P2P_ERROR, P2P_ERROR_FILE,
               _("“%s” is done, but without the original's EXIF, which could not be written: %s"),
               name, problem->message);
  return FALSE;
}
