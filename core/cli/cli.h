/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The `pix2pix` program: its subcommands, each in a file of its own, and the functions that they
 * share.  A new subcommand needs a file and a row in main.c. */

#pragma once

#include "p2p.h"

#include <json-glib/json-glib.h>

enum
{
  P2P_CLI_DONE   = 0,
  P2P_CLI_FAILED = 1,   /* something that the user asked for could not be done */
  P2P_CLI_USAGE  = 2,   /* the command line makes no sense; nothing was done */
};

/* The subcommands.  argv[0] is the name of the subcommand.  Each returns the exit status. */
int p2p_cli_apply  (int argc, char **argv);
int p2p_cli_import (int argc, char **argv);
int p2p_cli_export (int argc, char **argv);
int p2p_cli_info   (int argc, char **argv);
int p2p_cli_models (int argc, char **argv);
int p2p_cli_bench  (int argc, char **argv);
int p2p_cli_train  (int argc, char **argv);
int p2p_cli_eval   (int argc, char **argv);
int p2p_cli_doctor (int argc, char **argv);

/* ---- Command lines (options.c) ------------------------------------------------------------ */

/* Parses a subcommand's options and removes them from argv.  Returns FALSE after reporting an
 * error; the subcommand then returns P2P_CLI_USAGE.  --help prints the help and exits.
 * arguments: what --help shows after the subcommand's name.  summary (may be NULL): what it shows
 * above the options.  example: a command line without "pix2pix", which it shows last. */
gboolean p2p_cli_parse   (int *argc, char ***argv, const GOptionEntry *entries,
                          const char *arguments, const char *summary, const char *example);

/* The same, with a text (more) that --help prints between the options and the example. */
gboolean p2p_cli_parse_more (int *argc, char ***argv, const GOptionEntry *entries,
                             const char *arguments, const char *summary, const char *more,
                             const char *example);

/* Reports an error in the command line, points to --help, and returns P2P_CLI_USAGE. */
int      p2p_cli_usage   (const GError *error);

/* Prints an error on standard error. */
void     p2p_cli_report  (const GError *error);

/* Whether argv has nothing but its first word.  If it has more, that is reported as an error of the
 * command line. */
gboolean p2p_cli_no_more (int argc, char **argv);

/* Functions that read the value of an option.  option is its name, for the message.  text is its
 * value; NULL leaves *value alone.
 * p2p_cli_percent () reads "50%", as the dialog shows it, or the fraction "0.5".  *value and max
 * are fractions.
 * Errors: P2P_ERROR_OPTION says what the option wants. */
gboolean p2p_cli_integer (const char *option, const char *text, int min, int max, int *value,
                          GError **error);
gboolean p2p_cli_seed    (const char *option, const char *text, guint64 *value, GError **error);
gboolean p2p_cli_percent (const char *option, const char *text, double max, double *value,
                          GError **error);

/* Reads a size in pixels: "WxH", or also "N" for a square if square is TRUE. */
gboolean p2p_cli_size    (const char *option, const char *text, gboolean square,
                          int *width, int *height, GError **error);
gboolean p2p_cli_statistics (const char *option, const char *text, P2pStatistics *statistics,
                             GError **error);

/* The largest number of threads for --threads, and the largest side of a size in pixels. */
#define P2P_CLI_MAX_THREADS 1024
#define P2P_CLI_MAX_SIDE    65536

/* ---- Names of training's options (train-names.c) -------------------------------------------- */

/* Replaces option names of the public implementation in argv by ours, and underscores by dashes.
 * The new arguments are added to translated, which must own them for as long as argv is used.
 * Errors: P2P_ERROR_OPTION for an option that we do not have; the message says what to use
 * instead. */
gboolean p2p_cli_train_names (int argc, char **argv, GPtrArray *translated, GError **error);

/* Returns "pix2pix train" with the arguments after argv[0], quoted for a shell (newly
 * allocated). */
char *   p2p_cli_train_line  (int argc, char **argv);

/* Returns the argument (newly allocated), quoted if a shell needs that. */
char *   p2p_cli_quote       (const char *argument);

/* Returns the part of --help about the presets and options of a training (newly allocated;
 * train-help.c). */
char *   p2p_cli_train_help  (void);

/* ---- Widths (width.c) ----------------------------------------------------------------------- */

/* The columns that a text takes on a terminal. */
int      p2p_cli_width       (const char *text);

/* The bytes of the longest beginning of text that takes at most so many columns. */
gsize    p2p_cli_fit         (const char *text, int columns);

/* The plug-in's place in GIMP's menus. */
#define P2P_CLI_MENU _("Filters ▸ Artistic ▸ Image Translation (pix2pix)…")

/* ---- A model in words (info-words.c) ------------------------------------------------------ */

/* Prints what a model is for, where it comes from and in which file it is. */
void     p2p_cli_info_words (const P2pModel *model);

/* Whether p2p_cli_info_words () prints the card's text of this key. */
gboolean p2p_cli_info_tells (const char *key);

/* ---- Ctrl-C (signals.c) ------------------------------------------------------------------- */

/* Returns a cancellable that SIGINT and SIGTERM cancel from now on instead of ending the process,
 * so that no file is left partly written.  The cancellable, and a thread that waits for the
 * signals, last until the process ends. */
GCancellable * p2p_cli_cancel_on_signals (void);

/* ---- Pictures (pictures.c) ---------------------------------------------------------------- */

typedef struct
{
  /* Set by the caller. */
  gboolean   recursive;   /* take the pictures in subfolders, too */
  gboolean   force;       /* results may overwrite existing files */

  /* Filled by p2p_cli_find_pictures (). */
  GPtrArray *in, *out;    /* path, or "-", of each input and of its result */
  gboolean   in_folder;   /* the results go into folders, which may have to be made */
} P2pCliPictures;

/* Fills pictures from the command line.  inputs are files, folders or "-", ended by NULL.  out is a
 * file or "-" for a single picture, or else a folder.  In a folder each result has the name of its
 * input, and results of pictures from subfolders go into subfolders of the same names.
 * Errors: G_FILE_ERROR if a folder cannot be read; P2P_ERROR_OPTION if an input is missing, if
 * there are no pictures, if the results cannot go to out, or if a result would overwrite an input,
 * another result or (without force) any other file. */
gboolean p2p_cli_find_pictures  (P2pCliPictures *pictures, char **inputs, const char *out,
                                 GError **error);

/* Makes the folders of the results, where they are missing. */
gboolean p2p_cli_make_folders   (const P2pCliPictures *pictures, GError **error);

void     p2p_cli_pictures_clear (P2pCliPictures *pictures);

/* ---- Pipes (pipe.c) ----------------------------------------------------------------------- */

/* Whether path is "-", which stands for standard input or output. */
gboolean   p2p_cli_is_pipe (const char *path);

/* Like p2p_image_load () and p2p_image_save (), except that "-" reads standard input to its end and
 * writes a PNG to standard output. */
P2pImage * p2p_cli_load    (const char *path, GError **error);
gboolean   p2p_cli_save    (const P2pImage *image, const char *path, GError **error);

/* ---- JSON output (json.c) ----------------------------------------------------------------- */

/* Each adds a member to the object that is being built.  A string that is NULL becomes null.  A
 * path may be in any encoding; it is converted to UTF-8. */
void     p2p_json_string (JsonBuilder *builder, const char *name, const char *value);
void     p2p_json_path   (JsonBuilder *builder, const char *name, const char *path);
void     p2p_json_int    (JsonBuilder *builder, const char *name, gint64 value);
void     p2p_json_bool   (JsonBuilder *builder, const char *name, gboolean value);
void     p2p_json_double (JsonBuilder *builder, const char *name, double value);

/* Prints the finished JSON on standard output in UTF-8. */
void     p2p_json_print  (JsonBuilder *builder);

/* ---- The progress bar (progress.c) -------------------------------------------------------- */

/* A line on standard error.  It is not shown if standard error is no terminal, or if quiet. */
typedef struct _P2pBar P2pBar;

P2pBar * p2p_bar_new    (gboolean quiet);
void     p2p_bar_free   (P2pBar *bar);

/* Begins again at 0 % with another label. */
void     p2p_bar_label  (P2pBar *bar, const char *label);

/* A P2pProgress function whose data is the bar. */
void     p2p_bar_update (double fraction, gpointer data);

/* Erases the line, so that a message can be printed. */
void     p2p_bar_clear  (P2pBar *bar);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pBar, p2p_bar_free)
