/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pixels.h"

#include <string.h>

/* The longest side of small, which is drawn when the whole picture is visible. */
#define SMALL_SIDE 1024

/* Several threads make and change pixels, so the counter is atomic. */
static guint
next_serial (void)
{
  static int serials = 0;

  return g_atomic_int_add (&serials, 1) + 1;
}

P2pPixels *
p2p_pixels_new (int      width,
                int      height,
                GError **error)
{
  guint8    *rgba = p2p_try_bytes ((gsize) width * height * 4, error);
  P2pPixels *pixels;

  if (! rgba)
    return NULL;

  pixels = g_new0 (P2pPixels, 1);
  g_atomic_ref_count_init (&pixels->n_refs);
  pixels->serial = next_serial ();
  pixels->width  = width;
  pixels->height = height;
  pixels->rgba   = rgba;
  pixels->factor = MAX ((MAX (width, height) + SMALL_SIDE - 1) / SMALL_SIDE, 1);
  pixels->small  = cairo_image_surface_create (CAIRO_FORMAT_ARGB32,
                                               (width + pixels->factor - 1) / pixels->factor,
                                               (height + pixels->factor - 1) / pixels->factor);

  return pixels;
}

P2pPixels *
p2p_pixels_ref (P2pPixels *pixels)
{
  g_atomic_ref_count_inc (&pixels->n_refs);

  return pixels;
}

void
p2p_pixels_unref (P2pPixels *pixels)
{
  if (! pixels || ! g_atomic_ref_count_dec (&pixels->n_refs))
    return;

  cairo_surface_destroy (pixels->small);
  g_free (pixels->mask);
  g_free (pixels->rgba);
  g_free (pixels);
}

static guint32
premultiply (guint red,
             guint green,
             guint blue,
             guint alpha)
{
  return alpha << 24 | (red * alpha + 127) / 255 << 16 | (green * alpha + 127) / 255 << 8 |
         (blue * alpha + 127) / 255;
}

/* Averages a block of factor × factor pixels, or fewer at the right and the bottom, into rgba:
 * colors weighted by alpha, and the mean of alpha.  Returns the largest alpha of the block. */
static guint
average (const P2pPixels *pixels,
         int              factor,
         int              left,
         int              top,
         guint8          *rgba)
{
  int   right   = MIN (left + factor, pixels->width);
  int   bottom  = MIN (top + factor, pixels->height);
  guint sum[4]  = { 0 };
  guint n       = (right - left) * (bottom - top);
  guint largest = 0;

  for (int y = top; y < bottom; y++)
    {
      const guint8 *from = pixels->rgba + ((gsize) y * pixels->width + left) * 4;

      for (int x = left; x < right; x++, from += 4)
        {
          if (! from[3])
            continue;
          for (int k = 0; k < 3; k++)
            sum[k] += from[k] * from[3];
          sum[3] += from[3];
          largest = MAX (largest, from[3]);
        }
    }

  for (int k = 0; k < 3; k++)
    rgba[k] = sum[3] ? sum[k] / sum[3] : 0;
  rgba[3] = sum[3] / n;

  return largest;
}

/* Computes the rows of small from first to end − 1. */
static void
fill_small (P2pPixels *pixels,
            int        first,
            int        end)
{
  int     width  = cairo_image_surface_get_width (pixels->small);
  int     stride = cairo_image_surface_get_stride (pixels->small);
  guint8 *small  = cairo_image_surface_get_data (pixels->small);

  cairo_surface_flush (pixels->small);
  for (int y = first; y < end; y++)
    for (int x = 0; x < width; x++)
      {
        guint8 rgba[4];

        average (pixels, pixels->factor, x * pixels->factor, y * pixels->factor, rgba);
        ((guint32 *) (small + (gsize) y * stride))[x] = premultiply (rgba[0], rgba[1], rgba[2],
                                                                     rgba[3]);
      }
  cairo_surface_mark_dirty (pixels->small);
}

void
p2p_pixels_filled (P2pPixels *pixels,
                   int        rows)
{
  int first = pixels->rows / pixels->factor;

  pixels->rows += rows;
  fill_small (pixels, first,
              pixels->rows == pixels->height ? cairo_image_surface_get_height (pixels->small)
                                             : pixels->rows / pixels->factor);
}

void
p2p_pixels_changed (P2pPixels *pixels,
                    P2pRect    rect)
{
  pixels->serial = next_serial ();
  fill_small (pixels, rect.y / pixels->factor,
              (rect.y + rect.height + pixels->factor - 1) / pixels->factor);
}

gboolean
p2p_pixels_add_mask (P2pPixels  *pixels,
                     GError    **error)
{
  pixels->mask = p2p_try_bytes ((gsize) pixels->width * pixels->height, error);

  return pixels->mask != NULL;
}

P2pPixels *
p2p_pixels_own (P2pPixels *pixels)
{
  gsize                 n    = (gsize) pixels->width * pixels->height;
  g_autoptr (P2pPixels) copy = NULL;

  if (g_atomic_ref_count_compare (&pixels->n_refs, 1))
    return pixels;

  copy = p2p_pixels_new (pixels->width, pixels->height, NULL);
  if (! copy || (pixels->mask && ! p2p_pixels_add_mask (copy, NULL)))
    return NULL;

  memcpy (copy->rgba, pixels->rgba, 4 * n);
  if (pixels->mask)
    memcpy (copy->mask, pixels->mask, n);
  p2p_pixels_filled (copy, pixels->rows);
  p2p_pixels_unref (pixels);

  return g_steal_pointer (&copy);
}

/* The mean of a block of the mask. */
static guint8
average_mask (const P2pPixels *pixels,
              int              factor,
              int              left,
              int              top)
{
  int   right  = MIN (left + factor, pixels->width);
  int   bottom = MIN (top + factor, pixels->height);
  guint sum    = 0;

  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      sum += pixels->mask[(gsize) y * pixels->width + x];

  return sum / ((right - left) * (bottom - top));
}

P2pPixels *
p2p_pixels_reduce (const P2pPixels *pixels,
                   int              factor,
                   gboolean         strongest)
{
  g_autoptr (P2pPixels) reduced = p2p_pixels_new ((pixels->width + factor - 1) / factor,
                                                  (pixels->height + factor - 1) / factor, NULL);
  gsize                 i       = 0;

  if (! reduced || (pixels->mask && ! p2p_pixels_add_mask (reduced, NULL)))
    return NULL;
  for (int y = 0; y < reduced->height; y++)
    for (int x = 0; x < reduced->width; x++, i++)
      {
        guint8 *to      = reduced->rgba + 4 * i;
        guint   largest = average (pixels, factor, x * factor, y * factor, to);

        if (strongest)
          to[3] = largest;
        if (pixels->mask)
          reduced->mask[i] = average_mask (pixels, factor, x * factor, y * factor);
      }
  p2p_pixels_filled (reduced, reduced->height);

  return g_steal_pointer (&reduced);
}

P2pRect
p2p_pixels_bounds (const P2pPixels *pixels)
{
  int left = pixels->width, right = 0, top = pixels->height, bottom = 0;

  for (int y = 0; y < pixels->rows; y++)
    for (int x = 0; x < pixels->width; x++)
      if (pixels->rgba[((gsize) y * pixels->width + x) * 4 + 3])
        {
          left   = MIN (left, x);
          right  = MAX (right, x + 1);
          top    = MIN (top, y);
          bottom = y + 1;
        }

  return (P2pRect) { MIN (left, right), MIN (top, bottom), MAX (right - left, 0),
                     MAX (bottom - top, 0) };
}

/* How much of a pixel of layer is selected, 0 to 1. */
static float
selected (const P2pPixels *layer,
          int              x,
          int              y)
{
  return layer->mask ? layer->mask[(gsize) y * layer->width + x] / 255.0f : 1.0f;
}

P2pPixels *
p2p_pixels_from_image (const P2pImage   *image,
                       P2pRect           rect,
                       const P2pPixels  *layer,
                       P2pRect           area,
                       GError          **error)
{
  P2pPixels *pixels = p2p_pixels_new (rect.width, rect.height, error);
  gboolean   color  = image->channels >= 3;
  gboolean   alpha  = image->channels % 2 == 0;
  guint8    *to;

  if (! pixels)
    return NULL;

  to = pixels->rgba;
  for (int y = 0; y < rect.height; y++)
    {
      const float *from = image->pixels +
                          ((gsize) (rect.y + y) * image->width + rect.x) * image->channels;

      for (int x = 0; x < rect.width; x++, from += image->channels, to += 4)
        {
          for (int k = 0; k < 3; k++)
            to[k] = CLAMP (from[color ? k : 0], 0.0f, 1.0f) * 255.0f + 0.5f;
          to[3] = selected (layer, area.x + x, area.y + y) * 255.0f *
                  (alpha ? CLAMP (from[image->channels - 1], 0.0f, 1.0f) : 1.0f) + 0.5f;
        }
    }
  p2p_pixels_filled (pixels, rect.height);

  return pixels;
}

P2pImage *
p2p_pixels_to_image (const P2pPixels  *pixels,
                     P2pRect           rect,
                     int               channels,
                     GError          **error)
{
  P2pImage *image = p2p_image_try_new (rect.width, rect.height, channels, error);
  int       color = channels >= 3 ? 3 : 1;
  float    *to;

  if (! image)
    return NULL;

  to = image->pixels;
  for (int y = 0; y < rect.height; y++)
    {
      const guint8 *from = pixels->rgba + ((gsize) (rect.y + y) * pixels->width + rect.x) * 4;

      for (int x = 0; x < rect.width; x++, from += 4, to += channels)
        {
          for (int k = 0; k < color; k++)
            to[k] = from[k] / 255.0f;
          if (channels > color)
            to[color] = from[3] / 255.0f;
        }
    }

  return image;
}

cairo_surface_t *
p2p_pixels_surface (const P2pPixels *pixels,
                    P2pRect          rect)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, rect.width,
                                                         rect.height);
  guint8          *data    = cairo_image_surface_get_data (surface);
  int              stride  = cairo_image_surface_get_stride (surface);

  cairo_surface_flush (surface);
  for (int y = 0; y < rect.height; y++)
    {
      const guint8 *from = pixels->rgba + ((gsize) (rect.y + y) * pixels->width + rect.x) * 4;
      guint32      *to   = (guint32 *) (data + (gsize) y * stride);

      for (int x = 0; x < rect.width; x++, from += 4)
        to[x] = premultiply (from[0], from[1], from[2], from[3]);
    }
  cairo_surface_mark_dirty (surface);

  return surface;
}

P2pRect
p2p_rect_intersect (P2pRect rect,
                    P2pRect bounds)
{
  int left   = MAX (rect.x, bounds.x);
  int top    = MAX (rect.y, bounds.y);
  int right  = MIN (rect.x + rect.width, bounds.x + bounds.width);
  int bottom = MIN (rect.y + rect.height, bounds.y + bounds.height);

  return (P2pRect) { left, top, MAX (right - left, 0), MAX (bottom - top, 0) };
}

P2pRect
p2p_rect_unite (P2pRect a,
                P2pRect b)
{
  int left = MIN (a.x, b.x), right = MAX (a.x + a.width, b.x + b.width);
  int top  = MIN (a.y, b.y), bottom = MAX (a.y + a.height, b.y + b.height);

  if (! a.width || ! a.height)
    return b;
  if (! b.width || ! b.height)
    return a;

  return (P2pRect) { left, top, right - left, bottom - top };
}
