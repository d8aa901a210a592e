/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The public interface of the core, for ui/, plugin/ and the command-line program.
 *
 *   P2pModel *model = p2p_model_open ("facade", NULL, &error);
 *   P2pImage *image = p2p_image_load ("labels.png", &error);
 *   P2pApplyOptions options = P2P_APPLY_DEFAULTS;
 *   P2pImage *result = p2p_apply (model, image, &options, NULL, NULL, NULL, &error);
 *   p2p_image_save (result, "photo.png", &error);
 *
 * Every function that takes a GError returns FALSE or NULL when it fails.  The error message is
 * already translated and says what to do.  Only one thread at a time may use a model. */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define P2P_ERROR (p2p_error_quark ())
GQuark p2p_error_quark (void);

typedef enum
{
  P2P_ERROR_FILE,         /* a file is damaged, hostile or not what it should be */
  P2P_ERROR_UNSUPPORTED,  /* a file is sound, but of a kind that is not supported */
  P2P_ERROR_NOT_FOUND,    /* no such model, picture or folder */
  P2P_ERROR_OPTION,       /* an option's value makes no sense, at least for this model */
  P2P_ERROR_MEMORY,       /* exceeds the memory budget, or an allocation failed */
} P2pError;

/* Returns a duration in the words that people use (newly allocated, translated): "40 s", "12 min",
 * "1 h 20 min", "31 h". */
char * p2p_duration_text (double seconds);

/* ---- Pictures --------------------------------------------------------------------------- */

/* Allocates n bytes, not zeroed, that the caller frees with g_free ().  Use it where n depends on
 * the size of a user's picture, so that a failed allocation is an error and does not abort.
 * Errors: P2P_ERROR_MEMORY. */
gpointer p2p_try_bytes (gsize n, GError **error);

/* A picture: interleaved float samples, sRGB-encoded (perceptual, not linear), nominally 0 to 1,
 * with straight (not premultiplied) alpha.  Colors outside the sRGB gamut have samples below 0 or
 * above 1. */
typedef struct
{
  int     width, height;
  int     channels;   /* 1 gray, 2 gray and alpha, 3 RGB, 4 RGB and alpha */
  float  *pixels;     /* [height, width, channels]; owned */

  /* Properties of the picture's file.  p2p_image_load () fills them in, p2p_apply () copies them to
   * its result, and p2p_image_save () writes them. */
  int     depth;      /* bits per sample: 8 or 16, or 32 for floating point */
  GBytes *profile;    /* ICC profile, owned; NULL means sRGB */
  double  x_dpi, y_dpi;   /* pixels per inch; 0 means unknown */

  /* p2p_image_load () sets this when the file has a profile for another kind of samples, such as
   * CMYK.  It then ignores that profile: the samples are taken as sRGB, and profile is NULL. */
  gboolean profile_passed_over;
} P2pImage;

typedef struct
{
  int x, y, width, height;
} P2pRect;

/* An artist's color hints: dots and strokes of color on a transparent image.  The image is
 * stretched over a rectangle of the picture.  The caller fills in this struct. */
typedef struct
{
  const P2pImage *image;                 /* must have alpha */
  double          x, y, width, height;   /* the rectangle, in pixels of the picture */
} P2pHints;

/* Returns a picture with uninitialized pixels, a depth of 8 bits and no profile.  Aborts when there
 * is no memory, so it is only for sizes that are known to be small. */
P2pImage * p2p_image_new  (int width, int height, int channels);
void       p2p_image_free (P2pImage *image);

/* Like p2p_image_new (), for a size that comes from a user's picture and may be too large.
 * Errors: P2P_ERROR_FILE when there are no pixels or too many; P2P_ERROR_MEMORY. */
P2pImage * p2p_image_try_new (int width, int height, int channels, GError **error);

/* Replaces samples that are NaN or infinite, which floating-point pictures may contain.  Each
 * becomes the mean of its neighbors in the same channel; larger holes are filled from their edges
 * inward.  A channel without any finite sample becomes 0, or 1 when it is alpha.  *n_mended gets
 * the number of replaced samples.
 * Errors: P2P_ERROR_MEMORY. */
gboolean   p2p_image_mend (P2pImage *image, gsize *n_mended, GError **error);

/* Reads a picture file, converts it to sRGB and turns it upright.  PNG and TIFF are read with all
 * their bits, other formats through gdk-pixbuf with 8 bits per sample.
 * Errors: P2P_ERROR_NOT_FOUND; P2P_ERROR_FILE; P2P_ERROR_UNSUPPORTED when gdk-pixbuf's loader for
 * the format is not installed; P2P_ERROR_MEMORY. */
P2pImage * p2p_image_load (const char *path, GError **error);

/* Writes a picture file.  The file appears under its name only once it is complete.  The ending of
 * path chooses the format: .tif has the picture's depth, .png has 8 or 16 bits per sample, .jpg has
 * 8.  Colors are converted to the picture's profile.  A profile that cannot be used for writing
 * (because it is for gray and the picture is in color, or the other way round, or because it only
 * describes decoding) is left out, and the file is sRGB.
 * Errors: P2P_ERROR_OPTION when the ending is none of these; P2P_ERROR_MEMORY; G_FILE_ERROR. */
gboolean   p2p_image_save (const P2pImage *image, const char *path, GError **error);

/* ---- Models ----------------------------------------------------------------------------- */

typedef struct _P2pModel P2pModel;

/* How a model's result can be combined with the picture in layers. */
typedef enum
{
  P2P_LAYERING_NONE,     /* the result stands on its own */
  P2P_LAYERING_UNDER,    /* the result is colors for line art: they go below the drawing, whose
                          * lines stay as they are; p2p_apply_layers () makes a layer of each */
  P2P_LAYERING_CHROMA,   /* the result is hue and chroma only (CIE Lab); the lightness stays that of
                          * the picture */
} P2pLayering;

/* A model that was found.  p2p_models_list () and p2p_model_info_new () fill it in from the header
 * of the model's file, without reading the weights. */
typedef struct
{
  char *id;           /* the file name without its ending */
  char *path;
  char *title;        /* translated; the id when the card has no title */
  char *description;  /* translated; may be empty */
  char *task;         /* such as "labels-to-photo"; may be empty */
  gboolean color;     /* its results are in color, also for a gray picture */
  gboolean convert;   /* the file holds trained weights (.pth, .pt) and is no model file yet */

  /* Which of P2pApplyOptions have an effect on this model. */
  gboolean noise;     /* noise and seed: it has dropout that changes the result visibly */
  gboolean running;   /* statistics: it has running statistics beside those of the picture */
  gboolean chroma;    /* chroma: its result is hue and chroma only */
  int      fit;       /* scale "default": the longer side in pixels; 0 means native */
  gboolean sees_color;  /* it sees the picture in color */
  gboolean sees_lines;  /* it sees the picture as line art: keep_paper and line_strength */
  gboolean hints;       /* hints: it takes color hints */
  char    *network;     /* the network and its numbers, in one line */

  gpointer card;      /* private; p2p_model_info_get () reads it */
} P2pModelInfo;

/* Adds a folder to the search for models, for the whole process; any thread may call this.  The
 * plug-in adds the folder beside its binary.  The search order is
 * $XDG_DATA_HOME/pix2pix/models (the user's folder), the added folders, the installed data folder.
 * When several folders have a model of the same id, the first one wins. */
void        p2p_models_add_folder (const char *folder);

/* Returns the path (newly allocated) of the user's own folder, which need not exist. */
char *      p2p_models_user_folder (void);

/* Returns all models found (P2pModelInfo, owned by the array), sorted by title.  In the user's
 * folder, trained weights (.pth, .pt) count as models too.
 * broken: gets one text for each model file that cannot be opened, made of its name and the reason,
 * sorted; the caller frees the array.  May be NULL. */
GPtrArray * p2p_models_list  (GPtrArray **broken);

/* Returns the names of the networks in a file, which may lie in any folder.  Only networks that can
 * be opened are listed.  The name of a network is its place in the checkpoint, such as "netG_A", or
 * "" when the network is the whole file.  The list is empty when the file holds no such network.
 * The caller frees it with g_strfreev ().
 * Errors: P2P_ERROR_NOT_FOUND, P2P_ERROR_FILE or P2P_ERROR_UNSUPPORTED when the file cannot be
 * read; the message does not contain the path. */
char **        p2p_model_networks  (const char *path, GError **error);

/* Returns what p2p_models_list () would tell about a file, which may lie in any folder.
 * network: a name from p2p_model_networks ().  NULL chooses the only network, or the one whose name
 * says that it is the generator.
 * Errors: when the file is no model, the message says what it seems to be; P2P_ERROR_OPTION when
 * the file has no such network, or network is NULL and there are several to choose from. */
P2pModelInfo * p2p_model_info_new  (const char *path, const char *network, GError **error);
void           p2p_model_info_free (P2pModelInfo *info);

/* Returns what p2p_model_get () would return for the opened model. */
const char * p2p_model_info_get (const P2pModelInfo *info, const char *key);

/* Installs a model file or trained weights: writes them into the user's folder as a model file.
 * Returns the new model's id (newly allocated), which is made from the title on its card.
 * network: as for p2p_model_info_new ().
 * texts: key, value, key, value, … NULL, to be set on the card; may be NULL.  A value that differs
 * from the card's also removes the card's translations of that text.
 * replaced: the id of a model in the user's folder to overwrite.  With NULL no other model is
 * overwritten, but a file that already lies in the user's folder keeps its id.
 * Errors: those of p2p_model_info_new (); a text that the card does not allow; G_FILE_ERROR when
 * the file cannot be written. */
char *      p2p_model_install (const char *path, const char *network, const char *const *texts,
                               const char *replaced, GError **error);

/* Whether a model lies in the user's folder, where it can be corrected and removed. */
gboolean    p2p_model_is_own  (const P2pModelInfo *info);

/* Moves a model of the user's folder to the trash, together with its picture and the weights that
 * it was converted from.
 * Errors: those of GIO, such as G_IO_ERROR_NOT_SUPPORTED where there is no trash.  Files that were
 * moved before the error stay in the trash. */
gboolean    p2p_model_remove  (const P2pModelInfo *info, GError **error);

/* Opens a model, which the caller closes.
 * id_or_path: an id from p2p_models_list (), or the path of a file.  It is taken as a path when it
 * has a folder separator or ends in .safetensors, .pth or .pt, or when it contains a dot and such a
 * file exists.  Trained weights (.pth, .pt) in the user's folder are first converted to a model
 * file, which is kept beside them or in $XDG_CACHE_HOME/pix2pix/models.
 * network: as for p2p_model_info_new (), for files outside the user's folder.
 * Errors: P2P_ERROR_NOT_FOUND says which models there are; P2P_ERROR_FILE; P2P_ERROR_UNSUPPORTED;
 * P2P_ERROR_OPTION as for p2p_model_info_new (); P2P_ERROR_MEMORY. */
P2pModel *  p2p_model_open  (const char *id_or_path, const char *network, GError **error);
void        p2p_model_close (P2pModel *model);

/* Returns one of the card's texts, translated where the card has a translation, or NULL when the
 * card does not have it.  The model owns the text.
 * key: without the prefix "p2p.", such as "title", "licence" or "palette". */
const char * p2p_model_get (P2pModel *model, const char *key);

/* How the model's results can be combined with the picture in layers. */
P2pLayering  p2p_model_layering (P2pModel *model);

/* Whether the model takes color hints (P2pApplyOptions.hints). */
gboolean     p2p_model_takes_hints (P2pModel *model);

/* Sets the number of threads that p2p_apply () uses from now on.  0, the default, means one thread
 * per processor. */
void        p2p_model_set_threads (P2pModel *model, int n_threads);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pImage, p2p_image_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pModel, p2p_model_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pModelInfo, p2p_model_info_free)

/* ---- Apply ------------------------------------------------------------------------------ */

/* The statistics (mean and variance of each channel) that the network's batch norms use.  The test
 * script of the public pix2pix implementation leaves batch norm in training mode, so it uses the
 * statistics of the picture.  Many of its models look worse with the running statistics. */
typedef enum
{
  P2P_STATISTICS_MODEL,     /* what the model's card says */
  P2P_STATISTICS_IMAGE,     /* those of the picture */
  P2P_STATISTICS_RUNNING,   /* the running statistics, averaged in training */
} P2pStatistics;

/* The caller fills it in, beginning with P2P_APPLY_DEFAULTS. */
typedef struct
{
  const char    *scale;       /* the size at which the network works: "default" (the card's),
                               * "native" (the picture's), "fit:N" (the longer side has N pixels) */
  P2pStatistics  statistics;
  gboolean       noise;       /* turn dropout on; the seed chooses what it drops */
  guint64        seed;
  double         strength;    /* 0 gives the picture, 1 the full result */
  double         chroma;      /* factor on the chroma, 0 to 100, of models whose result is hue and
                               * chroma only (CIE Lab) */
  gboolean       snap_labels; /* for models with a palette: first replace each pixel by the nearest
                               * color of the palette */
  guint64        memory;      /* budget in bytes; 0 means half of the available memory */
  int            tile;        /* longest side of a tile, in pixels of the size at which the network
                               * works; 0 means as large as the memory budget allows */
  int            overlap;     /* overlap of neighboring tiles, in pixels of the same size; −1 means
                               * as much as the network needs */
  gboolean       once;        /* the model will not be applied again: prepared weights are not kept,
                               * which takes less memory */
  const P2pHints *hints;      /* for models that take color hints; NULL means none */
  gboolean       keep_paper;  /* for models that see line art: do not turn the paper white.  With
                               * P2P_LAYERING_UNDER the network sees white paper all the same, and
                               * the result keeps the tone of the paper */
  double         line_strength; /* for models that see line art: factor, 0 to 4, on the darkness of
                                 * the lines that the network sees; 1 means as drawn */
} P2pApplyOptions;

#define P2P_APPLY_DEFAULTS { "default", P2P_STATISTICS_MODEL, .strength = 1.0, .chroma = 1.0, \
                             .overlap = -1, .line_strength = 1.0 }

/* Reports progress, on the thread that called p2p_apply (); fraction grows from 0 to 1. */
typedef void (*P2pProgress) (double fraction, gpointer data);

/* Applies a model and returns a new picture of the same size, which the caller frees.  At strength
 * 1 its colors are the network's.  Alpha stays as it was, unless the model makes alpha.  A gray
 * picture stays gray only when the model makes gray.
 *
 * With P2P_LAYERING_UNDER the result is the drawing laid over the network's colors, from which the
 * network's own lines have been removed: colors · ink, or 1 − (1 − colors) · ink when the drawing
 * is light on dark, sRGB-encoded.  The ink is the picture itself, or the cleaned lines when
 * cleaning has removed the paper from the picture.  Transparent places count as paper, so alpha
 * grows toward 1 with the strength.
 *
 * progress and cancellable may be NULL; another thread may cancel.
 * Errors: P2P_ERROR_MEMORY says how much memory would be enough; P2P_ERROR_OPTION; P2P_ERROR_FILE
 * when the picture is too large; G_IO_ERROR_CANCELLED within 200 ms of the cancellation. */
P2pImage * p2p_apply (P2pModel *model, const P2pImage *image, const P2pApplyOptions *options,
                      P2pProgress progress, gpointer data, GCancellable *cancellable,
                      GError **error);

/* p2p_apply () in two steps, for previews: compute runs the network, and blend mixes the network's
 * result with the picture.  Blend can be called again with another strength or chroma without
 * running the network again, so compute ignores these two options.  Model and image still belong to
 * the caller and must outlive the P2pComputed; options need not.  The caller frees what both
 * functions return.
 * Errors: those of p2p_apply (). */
typedef struct _P2pComputed P2pComputed;

P2pComputed * p2p_apply_compute (P2pModel *model, const P2pImage *image,
                                 const P2pApplyOptions *options, P2pProgress progress,
                                 gpointer data, GCancellable *cancellable, GError **error);
P2pImage *    p2p_apply_blend   (P2pComputed *computed, double strength, double chroma,
                                 GCancellable *cancellable, GError **error);
void          p2p_computed_free (P2pComputed *computed);

/* The same result as two layers, for models with P2P_LAYERING_UNDER.  The lines laid over the
 * colors give what p2p_apply_blend () returns at strength 1.  p2p_apply_layers () fills this in. */
typedef struct
{
  P2pImage *colors;   /* RGB, opaque; below strength 1 they are mixed with the color of the paper:
                       * white, or black if light */
  P2pImage *lines;    /* gray: the cleaned drawing, dark on white, or light on black if light; NULL
                       * means that the picture itself is the layer of lines */
  gboolean  light;    /* the drawing is light on dark; its layer mode is Screen, otherwise
                       * Multiply */
} P2pLayers;

/* Fills in layers, which the caller clears with p2p_layers_clear ().  The model must have
 * P2P_LAYERING_UNDER.  When the picture itself is the layer of lines, the layers also give what
 * p2p_apply_blend () returns at strengths below 1.
 * Errors: P2P_ERROR_MEMORY; G_IO_ERROR_CANCELLED. */
gboolean      p2p_apply_layers  (P2pComputed *computed, double strength,
                                 GCancellable *cancellable, P2pLayers *layers, GError **error);
void          p2p_layers_clear  (P2pLayers *layers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pComputed, p2p_computed_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (P2pLayers, p2p_layers_clear)

/* What p2p_apply () will need, to be shown before it starts. */
typedef struct
{
  int     width, height;    /* the size at which the network works, in pixels */
  int     tiles;            /* 1 means the picture as a whole, at once or in strips */
  guint64 memory;           /* bytes in all: picture, result, weights and the network's values */
  double  gflop;            /* 10⁹ floating-point operations of the network */
} P2pApplyPlan;

/* Fills in the plan of p2p_apply () for a picture of this size, without computing anything.
 * Errors: P2P_ERROR_MEMORY and P2P_ERROR_OPTION as for p2p_apply (). */
gboolean   p2p_apply_plan (P2pModel *model, int width, int height, int channels,
                           const P2pApplyOptions *options, P2pApplyPlan *plan, GError **error);

/* Returns the part of a picture of width × height pixels that p2p_apply () must get so that the
 * network sees the real surroundings of area.  The caller crops the result back to area. */
P2pRect    p2p_apply_context (P2pModel *model, const P2pApplyOptions *options,
                              int width, int height, P2pRect area);

G_END_DECLS
