/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "preview.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "draw.h"
#include "view.h"

#define MIN_SIDE    240
#define GRIP_REACH  12.0   /* a press at most this far from the line grabs the line, in pixels */
#define ZOOM_STEP   1.25
#define SPLIT_STEP  0.05
#define CLICK_REACH 4.0    /* how far the pointer may move during a click, in pixels */

struct _P2pPreview
{
  GtkDrawingArea  parent;

  P2pPixels      *before, *after;
  P2pRect         rect;         /* the part of before that after covers */
  gboolean        is_detail;    /* after gets a frame */
  double          strength;
  char           *description;

  double          split;        /* where the line is, 0 to 1, from the side where reading begins */
  P2pView         view;

  enum { DRAG_NONE, DRAG_LINE, DRAG_PICTURE } drag;
  gboolean        is_click;         /* the pointer has hardly moved since the press */
  double          drag_x, drag_y;   /* the pointer's last place; during a click, its first */
};

G_DEFINE_FINAL_TYPE (P2pPreview, p2p_preview, GTK_TYPE_DRAWING_AREA)

enum
{
  VIEW_CHANGED,
  BEFORE_READ,
  COLOR_PICKED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* ---- The view ----------------------------------------------------------------------- */

static void
view_changed (P2pPreview *preview)
{
  gtk_widget_queue_draw (GTK_WIDGET (preview));
  g_signal_emit (preview, signals[VIEW_CHANGED], 0);
}

static void
zoom_at (P2pPreview *preview,
         double      zoom,
         double      x,
         double      y)
{
  p2p_view_zoom_at (&preview->view, zoom, x, y);
  view_changed (preview);
}

static void
pan (P2pPreview *preview,
     double      x,
     double      y)
{
  p2p_view_pan (&preview->view, x, y);
  view_changed (preview);
}

P2pRect
p2p_preview_get_visible (P2pPreview *preview)
{
  return p2p_view_visible (&preview->view);
}

double
p2p_preview_get_zoom (P2pPreview *preview)
{
  return p2p_view_zoom (&preview->view);
}

void
p2p_preview_set_zoom (P2pPreview *preview,
                      double      zoom)
{
  zoom_at (preview, zoom, preview->view.width / 2.0, preview->view.height / 2.0);
}

/* ---- The line ----------------------------------------------------------------------- */

static gboolean
is_mirrored (P2pPreview *preview)
{
  return gtk_widget_get_direction (GTK_WIDGET (preview)) == GTK_TEXT_DIR_RTL;
}

/* The line's place in the widget.  split counts within the visible part of the picture. */
static double
split_position (P2pPreview *preview)
{
  double left, right;

  p2p_view_range (&preview->view, &left, &right);

  return round (left + (is_mirrored (preview) ? 1.0 - preview->split : preview->split) *
                (right - left));
}

static void
tell_state (P2pPreview *preview)
{
  g_autofree char *split = g_strdup_printf (_("Line at %d %%"),
                                            (int) round (preview->split * 100.0));
  g_autofree char *text  = preview->description
                           ? g_strconcat (preview->description, "; ", split, NULL)
                           : g_steal_pointer (&split);

  atk_object_set_description (gtk_widget_get_accessible (GTK_WIDGET (preview)), text);
}

static void
set_split (P2pPreview *preview,
           double      split)
{
  preview->split = CLAMP (split, 0.0, 1.0);
  tell_state (preview);
  gtk_widget_queue_draw (GTK_WIDGET (preview));
}

static void
move_split_to (P2pPreview *preview,
               double      x)
{
  double left, right;

  p2p_view_range (&preview->view, &left, &right);
  x = (x - left) / MAX (right - left, 1.0);
  set_split (preview, is_mirrored (preview) ? 1.0 - x : x);
}

/* ---- Drawing ------------------------------------------------------------------------ */

static void
draw_after (P2pPreview *preview,
            cairo_t    *cr,
            double      left,
            double      top)
{
  GtkWidget *widget   = GTK_WIDGET (preview);
  gboolean   mirrored = is_mirrored (preview);
  double     zoom     = p2p_preview_get_zoom (preview);
  double     x        = split_position (preview);

  cairo_save (cr);
  cairo_rectangle (cr, mirrored ? 0.0 : x, 0.0, mirrored ? x : preview->view.width - x,
                   preview->view.height);
  cairo_clip (cr);
  cairo_translate (cr, left, top);
  cairo_scale (cr, zoom, zoom);
  p2p_draw_pixels (cr, &preview->view, preview->after, preview->rect, preview->strength);
  cairo_restore (cr);

  if (preview->is_detail)
    p2p_draw_frame (cr, left, top, zoom, preview->rect);
  p2p_draw_word (cr, widget, _("Before"), mirrored);
  p2p_draw_word (cr, widget, _("After"), ! mirrored);
  p2p_draw_line (cr, x, preview->view.height);
}

static gboolean
draw (GtkWidget *widget,
      cairo_t   *cr)
{
  P2pPreview      *preview = P2P_PREVIEW (widget);
  const P2pView   *view    = &preview->view;
  GtkStyleContext *style   = gtk_widget_get_style_context (widget);
  double           zoom    = p2p_view_zoom (view);
  double           left, top;

  gtk_render_background (style, cr, 0, 0, view->width, view->height);
  if (! preview->before)
    return FALSE;

  p2p_view_origin (view, &left, &top);
  cairo_save (cr);
  cairo_rectangle (cr, left, top, view->picture_w * zoom, preview->before->rows * zoom);
  cairo_clip (cr);
  p2p_draw_checks (cr);
  cairo_translate (cr, left, top);
  cairo_scale (cr, zoom, zoom);
  p2p_draw_pixels (cr, view, preview->before,
                   (P2pRect) { 0, 0, preview->before->width, preview->before->height }, 1.0);
  cairo_restore (cr);

  if (preview->after)
    draw_after (preview, cr, left, top);
  if (gtk_widget_has_visible_focus (widget))
    gtk_render_focus (style, cr, 1, 1, view->width - 2, view->height - 2);

  return FALSE;
}

/* ---- Hands -------------------------------------------------------------------------- */

static gboolean
is_on_line (P2pPreview *preview,
            double      x)
{
  return preview->after && fabs (x - split_position (preview)) <= GRIP_REACH;
}

static void
set_cursor (P2pPreview *preview,
            double      x)
{
  GdkWindow   *window = gtk_widget_get_window (GTK_WIDGET (preview));
  const char  *name   = is_on_line (preview, x) ? "col-resize"
                                                : preview->view.zoom > 0.0 ? "grab" : "crosshair";
  GdkCursor   *cursor = gdk_cursor_new_from_name (gdk_window_get_display (window), name);

  gdk_window_set_cursor (window, cursor);
  g_clear_object (&cursor);
}

/* Picks the color at x, y of the widget, which is the mean of what one screen pixel shows. */
static void
pick_color (P2pPreview *preview,
            double      x,
            double      y)
{
  double     zoom     = p2p_preview_get_zoom (preview);
  int        side     = MAX (round (1.0 / zoom), 1.0);
  gboolean   is_after = (x > split_position (preview)) != is_mirrored (preview);
  double     left, top;
  GdkRGBA    color;

  p2p_view_origin (&preview->view, &left, &top);
  if (p2p_draw_mean (preview->before, is_after ? preview->after : NULL, preview->rect,
                     preview->strength,
                     (P2pRect) { floor ((x - left) / zoom), floor ((y - top) / zoom), side, side },
                     &color))
    g_signal_emit (preview, signals[COLOR_PICKED], 0, &color);
}

static gboolean
button_press (GtkWidget      *widget,
              GdkEventButton *event)
{
  P2pPreview *preview = P2P_PREVIEW (widget);

  gtk_widget_grab_focus (widget);
  if (! preview->before || event->button != GDK_BUTTON_PRIMARY)
    return GDK_EVENT_PROPAGATE;

  preview->is_click = event->type == GDK_BUTTON_PRESS && ! is_on_line (preview, event->x);
  if (event->type == GDK_2BUTTON_PRESS)
    zoom_at (preview, preview->view.zoom > 0.0 ? 0.0 : 1.0, event->x, event->y);

  /* When the whole picture is visible, nothing can be panned: a press anywhere takes the line. */
  preview->drag = is_on_line (preview, event->x) || preview->view.zoom <= 0.0 ? DRAG_LINE
                                                                               : DRAG_PICTURE;
  preview->drag_x = event->x;
  preview->drag_y = event->y;

  return GDK_EVENT_STOP;
}

static gboolean
button_release (GtkWidget      *widget,
                GdkEventButton *event)
{
  P2pPreview *preview = P2P_PREVIEW (widget);

  if (preview->drag != DRAG_NONE && preview->is_click)
    pick_color (preview, event->x, event->y);
  preview->drag     = DRAG_NONE;
  preview->is_click = FALSE;

  return GDK_EVENT_STOP;
}

static gboolean
motion (GtkWidget      *widget,
        GdkEventMotion *event)
{
  P2pPreview *preview = P2P_PREVIEW (widget);

  if (! preview->before)
    return GDK_EVENT_PROPAGATE;

  if (preview->is_click &&
      hypot (event->x - preview->drag_x, event->y - preview->drag_y) < CLICK_REACH)
    return GDK_EVENT_STOP;

  preview->is_click = FALSE;
  if (preview->drag == DRAG_LINE)
    move_split_to (preview, event->x);
  else if (preview->drag == DRAG_PICTURE)
    pan (preview, event->x - preview->drag_x, event->y - preview->drag_y);
  else
    set_cursor (preview, event->x);
  preview->drag_x = event->x;
  preview->drag_y = event->y;

  return GDK_EVENT_STOP;
}

static gboolean
scroll (GtkWidget      *widget,
        GdkEventScroll *event)
{
  P2pPreview *preview = P2P_PREVIEW (widget);
  double      steps   = event->direction == GDK_SCROLL_UP ? 1.0 :
                        event->direction == GDK_SCROLL_DOWN ? -1.0 :
                        event->direction == GDK_SCROLL_SMOOTH ? -event->delta_y : 0.0;

  if (steps != 0.0)
    zoom_at (preview, p2p_preview_get_zoom (preview) * pow (ZOOM_STEP, steps), event->x, event->y);

  return GDK_EVENT_STOP;
}

static gboolean
arrow (P2pPreview *preview,
       int         x,
       int         y,
       gboolean    moves)
{
  if (moves)
    pan (preview, -32.0 * x, -32.0 * y);
  else if (x)
    set_split (preview, preview->split + (is_mirrored (preview) ? -x : x) * SPLIT_STEP);
  else
    return GDK_EVENT_PROPAGATE;

  return GDK_EVENT_STOP;
}

static gboolean
key_press (GtkWidget   *widget,
           GdkEventKey *event)
{
  P2pPreview *preview = P2P_PREVIEW (widget);
  gboolean    shift   = (event->state & GDK_SHIFT_MASK) != 0;
  double      zoom    = p2p_preview_get_zoom (preview);

  if (! preview->before || (event->state & (GDK_CONTROL_MASK | GDK_MOD1_MASK)))
    return GTK_WIDGET_CLASS (p2p_preview_parent_class)->key_press_event (widget, event);

  switch (event->keyval)
    {
    case GDK_KEY_Left:  return arrow (preview, -1, 0, shift);
    case GDK_KEY_Right: return arrow (preview, 1, 0, shift);
    case GDK_KEY_Up:    return arrow (preview, 0, -1, shift);
    case GDK_KEY_Down:  return arrow (preview, 0, 1, shift);
    case GDK_KEY_plus:
    case GDK_KEY_equal:
    case GDK_KEY_KP_Add:
      p2p_preview_set_zoom (preview, zoom * ZOOM_STEP);
      return GDK_EVENT_STOP;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      p2p_preview_set_zoom (preview, zoom / ZOOM_STEP);
      return GDK_EVENT_STOP;
    case GDK_KEY_0:
      p2p_preview_set_zoom (preview, 0.0);
      return GDK_EVENT_STOP;
    case GDK_KEY_1:
      p2p_preview_set_zoom (preview, 1.0);
      return GDK_EVENT_STOP;
    default:
      return GTK_WIDGET_CLASS (p2p_preview_parent_class)->key_press_event (widget, event);
    }
}

/* ---- The widget --------------------------------------------------------------------- */

static void
size_allocate (GtkWidget     *widget,
               GtkAllocation *allocation)
{
  P2pPreview *preview = P2P_PREVIEW (widget);

  GTK_WIDGET_CLASS (p2p_preview_parent_class)->size_allocate (widget, allocation);
  preview->view.width  = allocation->width;
  preview->view.height = allocation->height;
  pan (preview, 0.0, 0.0);
}

static void
p2p_preview_finalize (GObject *object)
{
  P2pPreview *preview = P2P_PREVIEW (object);

  p2p_pixels_unref (preview->before);
  p2p_pixels_unref (preview->after);
  g_free (preview->description);
  G_OBJECT_CLASS (p2p_preview_parent_class)->finalize (object);
}

static void
p2p_preview_class_init (P2pPreviewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize   = p2p_preview_finalize;
  widget_class->draw                 = draw;
  widget_class->size_allocate        = size_allocate;
  widget_class->button_press_event   = button_press;
  widget_class->button_release_event = button_release;
  widget_class->motion_notify_event  = motion;
  widget_class->scroll_event         = scroll;
  widget_class->key_press_event      = key_press;
  gtk_widget_class_set_accessible_role (widget_class, ATK_ROLE_IMAGE);

  signals[VIEW_CHANGED] = g_signal_new ("view-changed", P2P_TYPE_PREVIEW, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[BEFORE_READ] = g_signal_new ("before-read", P2P_TYPE_PREVIEW, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[COLOR_PICKED] = g_signal_new ("color-picked", P2P_TYPE_PREVIEW, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1,
                                        GDK_TYPE_RGBA | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
p2p_preview_init (P2pPreview *preview)
{
  GtkWidget *widget = GTK_WIDGET (preview);

  preview->split    = 0.5;
  preview->strength = 1.0;
  gtk_widget_set_size_request (widget, MIN_SIDE, MIN_SIDE);
  gtk_widget_set_can_focus (widget, TRUE);
  gtk_widget_add_events (widget, GDK_POINTER_MOTION_MASK | GDK_SCROLL_MASK |
                         GDK_SMOOTH_SCROLL_MASK | GDK_BUTTON_PRESS_MASK | GDK_BUTTON_RELEASE_MASK);
  gtk_style_context_add_class (gtk_widget_get_style_context (widget), GTK_STYLE_CLASS_VIEW);
  atk_object_set_name (gtk_widget_get_accessible (widget), _("Preview"));
}

GtkWidget *
p2p_preview_new (void)
{
  return g_object_new (P2P_TYPE_PREVIEW, NULL);
}

void
p2p_preview_set_before (P2pPreview *preview,
                        P2pPixels  *pixels)
{
  gboolean other = preview->before != pixels;

  p2p_pixels_ref (pixels);
  g_clear_pointer (&preview->before, p2p_pixels_unref);
  preview->before = pixels;
  preview->view.picture_w = pixels->width;
  preview->view.picture_h = pixels->height;
  if (other)
    view_changed (preview);
  gtk_widget_queue_draw (GTK_WIDGET (preview));
  if (pixels->rows == pixels->height)
    g_signal_emit (preview, signals[BEFORE_READ], 0, pixels);
}

void
p2p_preview_set_after (P2pPreview *preview,
                       P2pPixels  *after,
                       P2pRect     rect,
                       gboolean    is_detail)
{
  g_autoptr (P2pPixels) older = preview->after;

  preview->after     = after ? p2p_pixels_ref (after) : NULL;
  preview->rect      = rect;
  preview->is_detail = is_detail;
  gtk_widget_queue_draw (GTK_WIDGET (preview));
}

void
p2p_preview_set_strength (P2pPreview *preview,
                          double      strength)
{
  preview->strength = strength;
  gtk_widget_queue_draw (GTK_WIDGET (preview));
}

void
p2p_preview_set_description (P2pPreview *preview,
                             const char *description)
{
  g_free (preview->description);
  preview->description = g_strdup (description);
  tell_state (preview);
}
