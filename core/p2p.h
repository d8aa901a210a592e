/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The public face of the core, for ui/, plugin/ and the program.
 *
 *   P2pModel *model = p2p_model_open ("facade", NULL, &error);
 *   P2pImage *image = p2p_image_load ("labels.png", &error);
 *   P2pApplyOptions options = P2P_APPLY_DEFAULTS;
 *   P2pImage *result = p2p_apply (model, image, &options, NULL, NULL, NULL, &error);
 *   p2p_image_save (result, "photo.png", &error);
 *
 * Every function that takes a GError returns FALSE or NULL when it fails, and the message, already
 * translated, says what to do.  A model may be used by one thread at a time.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define P2P_ERROR (p2p_error_quark ())
GQuark p2p_error_quark (void);

typedef enum
{
  P2P_ERROR_FILE,         /* a file is damaged or hostile */
  P2P_ERROR_UNSUPPORTED,  /* a sound file of a kind we do not run */
  P2P_ERROR_NOT_FOUND,    /* no such model, picture or folder */
  P2P_ERROR_OPTION,       /* an option's value makes no sense */
  P2P_ERROR_MEMORY,       /* does not fit the memory budget, or there is no memory */
} P2pError;

/* A duration as people say it, newly allocated: "40 s", "12 min", "1 h 20 min", "31 h". */
char * p2p_duration_text (double seconds);

/* ---- Pictures --------------------------------------------------------------------------- */

/* n bytes of which a person's picture tells how many, to be freed with g_free ().
 * Errors: P2P_ERROR_MEMORY. */
gpointer p2p_try_bytes (gsize n, GError **error);

/* A picture: interleaved floats, sRGB-encoded (perceptual), nominally 0 to 1, straight alpha.
 * Colours that sRGB does not have lie outside of 0 to 1. */
typedef struct
{
  int     width, height;
  int     channels;   /* 1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha */
  float  *pixels;     /* [height, width, channels] */

  /* What the file that it was read from had, and the file that it is written to gets. */
  int     depth;      /* bits a sample: 8, 16, or 32 of floating point */
  GBytes *profile;    /* ICC profile; NULL: sRGB */
  double  x_dpi, y_dpi;   /* pixels in an inch; 0: not told */

  /* Set by p2p_image_load () where the file has a profile that is not for such samples, such as one
   * for CMYK: the samples are taken for sRGB, and profile is NULL. */
  gboolean profile_passed_over;
} P2pImage;

typedef struct
{
  int x, y, width, height;
} P2pRect;

/* An artist's hints: dots and strokes of color, with alpha, that lie somewhere over a picture. */
typedef struct
{
  const P2pImage *image;
  double          x, y, width, height;   /* where it lies, in pixels of the picture */
} P2pHints;

P2pImage * p2p_image_new  (int width, int height, int channels);
void       p2p_image_free (P2pImage *image);

/* Like p2p_image_new () for sizes that come from a person's picture, which may be too large.
 * Errors: P2P_ERROR_FILE no or too many pixels; P2P_ERROR_MEMORY. */
P2pImage * p2p_image_try_new (int width, int height, int channels, GError **error);

/* Replaces samples that are NaN or infinite, as pictures of floating point numbers may have them,
 * by the mean of their neighbors in the same channel.  Larger holes are filled from their edges
 * inwards.  A channel without any number becomes 0, alpha 1.  *n_mended tells how many there were.
 * Errors: P2P_ERROR_MEMORY. */
gboolean   p2p_image_mend (P2pImage *image, gsize *n_mended, GError **error);

/* Reads a picture file, upright: PNG and TIFF with all their bits, other formats, through
 * gdk-pixbuf, with 8. */
P2pImage * p2p_image_load (const char *path, GError **error);

/* Writes a picture, under a temporary name first; the ending of path chooses the format: .tif with
 * the picture's depth, .png with 8 or 16 bits a sample, or .jpg with 8.  A profile that is for
 * pictures of the other kind, gray or coloured, or that only tells how to read is left out: the
 * file is sRGB. */
gboolean   p2p_image_save (const P2pImage *image, const char *path, GError **error);

/* ---- Models ----------------------------------------------------------------------------- */

typedef struct _P2pModel P2pModel;

/* How a model's result can lie on layers with the picture. */
typedef enum
{
  P2P_LAYERING_NONE,     /* it stands for itself */
  P2P_LAYERING_UNDER,    /* colors for line art: they lie below the drawing, whose lines stay as
                          * they are drawn; p2p_apply_layers () gives both apart */
  P2P_LAYERING_CHROMA,   /* hue and chroma alone (Lab): the lightness stays the picture's */
} P2pLayering;

/* One model that was found: nothing but its path and card has been read. */
typedef struct
{
  char *id;           /* the file name without its ending */
  char *path;
  char *title;        /* translated; the id when the card has none */
  char *description;  /* translated; may be empty */
  char *task;         /* such as "labels-to-photo"; may be empty */
  gboolean color;     /* gives colours, also to a gray picture */
  gboolean convert;   /* trained weights (.pth): opening makes a model file of them, once */

  /* What of P2pApplyOptions has an effect on it. */
  gboolean noise;     /* it has dropout, and seeds change what it gives */
  gboolean running;   /* it has statistics averaged in training, and those of a picture differ */
  gboolean chroma;    /* it gives colours alone */
  int      fit;       /* default scale: longer side in pixels; 0: native */
  gboolean sees_color;  /* it takes colors */
  gboolean sees_lines;  /* it sees the picture as line art first of all */
  gboolean hints;       /* it takes hints of color */
  char    *network;     /* and its numbers, in one line */

  gpointer card;      /* for p2p_model_info_get () */
} P2pModelInfo;

/* Adds a folder that is searched after the user's and before the installed one: the plug-in adds
 * the folder beside its binary.  The search order is
 * $XDG_DATA_HOME/pix2pix/models, added folders, the installed data folder; the first id wins. */
void        p2p_models_add_folder (const char *folder);

/* The user's own folder (newly allocated); it need not exist. */
char *      p2p_models_user_folder (void);

/* All models found, P2pModelInfo, by title.  In the user's folder a .pth is one too.
 * broken: gets the files there that cannot be opened, sorted texts (newly allocated) of a file's
 * name and the reason; may be NULL. */
GPtrArray * p2p_models_list  (GPtrArray **broken);

/* The names (NULL-terminated, for g_strfreev ()) of the networks in a file anywhere that can be
 * opened.  A name is where the network lies in a checkpoint, such as "netG_A", or "" for one that
 * is the whole file.  A file that is no model has none.
 * Errors: the readers', without the path. */
char **        p2p_model_networks  (const char *path, GError **error);

/* What p2p_models_list () tells, of a file anywhere, by its path.
 * network: one of p2p_model_networks (); NULL: the only one, or the one whose name says that it is
 * the generator.
 * Errors: what the file is, when it is no model; P2P_ERROR_OPTION it holds several networks, and
 * nothing tells which is wanted. */
P2pModelInfo * p2p_model_info_new  (const char *path, const char *network, GError **error);
void           p2p_model_info_free (P2pModelInfo *info);

/* What p2p_model_get () gives for the model once it is open. */
const char * p2p_model_info_get (const P2pModelInfo *info, const char *key);

/* Puts a model file or trained weights from anywhere into the user's folder, as a model file whose
 * card has texts: key, value, … NULL.  What a text replaces goes in all languages.  Returns the id
 * (newly allocated), which is made of the card's title.  replaced is the id of a model of that
 * folder that it takes the place of; NULL: it replaces no file there but path itself.
 * network: as for p2p_model_info_new ().
 * Errors: the same, the card's and those of writing. */
char *      p2p_model_install (const char *path, const char *network, const char *const *texts,
                               const char *replaced, GError **error);

/* Whether a model lies in the user's folder, so that it can be corrected and removed. */
gboolean    p2p_model_is_own  (const P2pModelInfo *info);

/* Moves a model of the user's folder to the trash, with its picture and the weights that it was
 * made of.  Errors: GIO's, such as G_IO_ERROR_NOT_SUPPORTED where there is no trash; what is gone
 * by then stays gone. */
gboolean    p2p_model_remove  (const P2pModelInfo *info, GError **error);

/* Opens a model by id or by path (anything with a folder separator or a known ending).  A .pth in
 * the user's folder is made a model file first, beside it or in $XDG_CACHE_HOME/pix2pix/models.
 * network: as for p2p_model_info_new (), of a file elsewhere. */
P2pModel *  p2p_model_open  (const char *id_or_path, const char *network, GError **error);
void        p2p_model_close (P2pModel *model);

/* One of the card's texts by its key without prefix ("title", "licence", "palette" …), translated
 * where the card has translations; NULL when the card does not have it. */
const char * p2p_model_get (P2pModel *model, const char *key);

/* How its results can lie on layers with the picture. */
P2pLayering  p2p_model_layering (P2pModel *model);

/* Whether it takes hints of color. */
gboolean     p2p_model_takes_hints (P2pModel *model);

/* The number of threads that compute, for the next p2p_apply; 0, the default: one per processor. */
void        p2p_model_set_threads (P2pModel *model, int n_threads);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pImage, p2p_image_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pModel, p2p_model_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pModelInfo, p2p_model_info_free)

/* ---- Apply ------------------------------------------------------------------------------ */

/* The statistics (mean and variance of each channel) with which the network's batch norms
 * normalise. The public implementation's test script takes the picture's own, since it leaves batch
 * norm in training mode; with those averaged in training many of its models look worse. */
typedef enum
{
  P2P_STATISTICS_MODEL,     /* what the model's card says */
  P2P_STATISTICS_IMAGE,     /* the picture's own */
  P2P_STATISTICS_RUNNING,   /* those averaged in training */
} P2pStatistics;

typedef struct
{
  const char    *scale;       /* "default" (the card's), "native", "fit:N": longer side N pixels */
  P2pStatistics  statistics;
  gboolean       noise;       /* dropout on, with seed */
  guint64        seed;
  double         strength;    /* 0 the input, 1 the result */
  double         chroma;      /* of models that give colours alone (Lab): factor on their chroma */
  gboolean       snap_labels; /* of models with a palette: each pixel to its nearest colour first */
  guint64        memory;      /* budget in bytes; 0: half of what is available */
  int            tile;        /* longest side of tiles at the working scale; 0: as memory allows */
  int            overlap;     /* of neighbouring tiles, in pixels; −1: as the network needs */
  gboolean       once;        /* the model is not applied again: takes less memory for it */
  const P2pHints *hints;      /* of models that take hints; NULL: none */
  gboolean       keep_paper;  /* of models that see line art: its paper is not made white.  Where
                               * colors come to lie below the drawing the model sees white all the
                               * same, and the result has the paper's tone */
  double         line_strength; /* of models that see line art: factor on the darkness of the lines
                                 * as the network sees them, 0 to 4; 1: as they are drawn */
} P2pApplyOptions;

#define P2P_APPLY_DEFAULTS { "default", P2P_STATISTICS_MODEL, .strength = 1.0, .chroma = 1.0, \
                             .overlap = -1, .line_strength = 1.0 }

/* Called from the calling thread while it computes; fraction grows from 0 to 1. */
typedef void (*P2pProgress) (double fraction, gpointer data);

/* Gives a new picture of the same size: the network's colours where strength is 1.  Alpha stays as
 * it was, unless the model gives one; gray stays gray only when the model gives gray.
 *
 * The result of models with P2P_LAYERING_UNDER is the drawing over the network's colors, from which
 * the lines are removed: colors × ink, or 1 − (1 − colors) · ink where the drawing is light on
 * dark, sRGB-encoded.  Ink is the picture itself, or the cleaned lines where cleaning removed its
 * paper.  Transparent places are paper, so alpha grows to 1 with the strength.
 *
 * Errors: P2P_ERROR_MEMORY names the size that would fit; P2P_ERROR_OPTION; G_IO_ERROR_CANCELLED
 * within 200 ms after cancellable was cancelled from another thread. */
P2pImage * p2p_apply (P2pModel *model, const P2pImage *image, const P2pApplyOptions *options,
                      P2pProgress progress, gpointer data, GCancellable *cancellable,
                      GError **error);

/* The same in two steps, for previews: what the network gives for a picture, and its blend with the
 * picture, for which the network does not run again.  Of options, compute does not look at strength
 * and chroma.  Model and image belong to the caller and live longer. */
typedef struct _P2pComputed P2pComputed;

P2pComputed * p2p_apply_compute (P2pModel *model, const P2pImage *image,
                                 const P2pApplyOptions *options, P2pProgress progress,
                                 gpointer data, GCancellable *cancellable, GError **error);
P2pImage *    p2p_apply_blend   (P2pComputed *computed, double strength, double chroma,
                                 GCancellable *cancellable, GError **error);
void          p2p_computed_free (P2pComputed *computed);

/* The same result taken apart into layers.  The lines laid over the colors, multiplied or screened,
 * are what p2p_apply_blend () gives at strength 1. */
typedef struct
{
  P2pImage *colors;   /* RGB, opaque; below strength 1 mixed with paper: white, or black if light */
  P2pImage *lines;    /* gray: the cleaned drawing, dark on white, or light on black if light; NULL:
                       * the picture itself serves */
  gboolean  light;    /* the drawing is light on dark: it is laid over by Screen, else Multiply */
} P2pLayers;

/* Fills layers, which p2p_layers_clear () empties; model has P2P_LAYERING_UNDER.  Where the picture
 * itself serves as the lines, other strengths give what p2p_apply_blend () does, too.
 * Errors: G_IO_ERROR_CANCELLED. */
gboolean      p2p_apply_layers  (P2pComputed *computed, double strength,
                                 GCancellable *cancellable, P2pLayers *layers, GError **error);
void          p2p_layers_clear  (P2pLayers *layers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pComputed, p2p_computed_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (P2pLayers, p2p_layers_clear)

/* What an apply will take, to be told before it is begun. */
typedef struct
{
  int     width, height;    /* at which the network works */
  int     tiles;            /* 1: the picture as a whole, at once or in strips */
  guint64 memory;           /* bytes, with everything: picture, result, weights */
  double  gflop;
} P2pApplyPlan;

/* Plans p2p_apply for a picture of width × height with as many channels.  Errors as there. */
gboolean   p2p_apply_plan (P2pModel *model, int width, int height, int channels,
                           const P2pApplyOptions *options, P2pApplyPlan *plan, GError **error);

/* The part of a picture of width × height that p2p_apply needs to see so that area comes out with
 * its real surroundings; the caller crops the result back to area. */
P2pRect    p2p_apply_context (P2pModel *model, const P2pApplyOptions *options,
                              int width, int height, P2pRect area);

G_END_DECLS
