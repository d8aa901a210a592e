/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The `pix2pix` program: one file for each subcommand, and what they share.  To add a subcommand,
 * write its file and its row in main.c. */

#pragma once

#include "p2p.h"

#include <json-glib/json-glib.h>

enum
{
  P2P_CLI_DONE   = 0,
  P2P_CLI_FAILED = 1,   /* something that was asked for could not be done */
  P2P_CLI_USAGE  = 2,   /* the command line makes no sense; nothing was done */
};

/* The subcommands.  argv[0] is the subcommand's name; what they return is the exit status. */
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

/* Parses a subcommand's options; --help prints them with the summary and the example, a command
 * line without "pix2pix", and exits.  FALSE: the error has been reported, return P2P_CLI_USAGE. */
gboolean p2p_cli_parse   (int *argc, char ***argv, const GOptionEntry *entries,
                          const char *arguments, const char *summary, const char *example);

/* The same with more for --help to print between options and example. */
gboolean p2p_cli_parse_more (int *argc, char ***argv, const GOptionEntry *entries,
                             const char *arguments, const char *summary, const char *more,
                             const char *example);

/* Reports a command line that makes no sense and gives P2P_CLI_USAGE. */
int      p2p_cli_usage   (const GError *error);

/* Reports an error on standard error. */
void     p2p_cli_report  (const GError *error);

/* FALSE, reported, when arguments are left that nobody asked for. */
gboolean p2p_cli_no_more (int argc, char **argv);

/* Values of options.  option is the name for the message, text NULL leaves the value alone.
 * Percent, as the dialog has them, are "50%"; value and max are shares, which "0.5" gives as well.
 * Errors: P2P_ERROR_OPTION says what the option wants. */
gboolean p2p_cli_integer (const char *option, const char *text, int min, int max, int *value,
                          GError **error);
gboolean p2p_cli_seed    (const char *option, const char *text, guint64 *value, GError **error);
gboolean p2p_cli_percent (const char *option, const char *text, double max, double *value,
                          GError **error);

/* "N" (when square) or "WxH". */
gboolean p2p_cli_size    (const char *option, const char *text, gboolean square,
                          int *width, int *height, GError **error);
gboolean p2p_cli_statistics (const char *option, const char *text, P2pStatistics *statistics,
                             GError **error);

/* The most threads that --threads takes, and the longest side that sizes take. */
#define P2P_CLI_MAX_THREADS 1024
#define P2P_CLI_MAX_SIDE    65536

/* ---- Names of training's options (train-names.c) -------------------------------------------- */

/* Replaces names from the public implementation in a command line by ours, and underscores by
 * dashes.  translated keeps the new arguments, which argv then points to.
 * Errors: P2P_ERROR_OPTION says what takes an option's place. */
gboolean p2p_cli_train_names (int argc, char **argv, GPtrArray *translated, GError **error);

/* The command line as one that a shell takes (newly allocated). */
char *   p2p_cli_train_line  (int argc, char **argv);

/* An argument as a shell takes it, quoted where it has to be (newly allocated). */
char *   p2p_cli_quote       (const char *argument);

/* The presets and options of a training for --help (newly allocated; train-help.c). */
char *   p2p_cli_train_help  (void);

/* Where GIMP's menus have the plug-in. */
#define P2P_CLI_MENU _("Filters ▸ Artistic ▸ Image Translation (pix2pix)…")

/* ---- A model in words (info-words.c) ------------------------------------------------------ */

/* Prints what a model is for, where it comes from and where it lies. */
void     p2p_cli_info_words (const P2pModel *model);

/* Whether that tells the card's text of that key. */
gboolean p2p_cli_info_tells (const char *key);

/* ---- Ctrl-C (signals.c) ------------------------------------------------------------------- */

/* From now on SIGINT and SIGTERM cancel what this gives, so that nothing is left half written. */
GCancellable * p2p_cli_cancel_on_signals (void);

/* ---- Pictures (pictures.c) ---------------------------------------------------------------- */

typedef struct
{
  gboolean   recursive;   /* the caller says whether subfolders' pictures are taken too, */
  gboolean   force;       /* and whether results may take the places of other files */

  GPtrArray *in, *out;    /* paths or "-": what is read, and where its result goes */
  gboolean   in_folder;   /* the results go into a folder, which may still have to be made */
} P2pCliPictures;

/* Fills in the list from what the command line names.  out is a file for a single picture, or a
 * folder, in which the results have their pictures' names; pictures of subfolders have subfolders
 * there.
 * Errors: G_FILE_ERROR; P2P_ERROR_OPTION something is not there, no pictures, no place for the
 * results, or one that is taken by a picture that is read, by another result or by another file. */
gboolean p2p_cli_find_pictures  (P2pCliPictures *pictures, char **inputs, const char *out,
                                 GError **error);

/* Makes the folders of the results if need be. */
gboolean p2p_cli_make_folders   (const P2pCliPictures *pictures, GError **error);

void     p2p_cli_pictures_clear (P2pCliPictures *pictures);

/* ---- Pipes (pipe.c) ----------------------------------------------------------------------- */

/* Whether a command line's word stands for standard input or output: "-". */
gboolean   p2p_cli_is_pipe (const char *path);

/* Like p2p_image_load () and p2p_image_save (), but "-" reads standard input to its end, and writes
 * a PNG to standard output. */
P2pImage * p2p_cli_load    (const char *path, GError **error);
gboolean   p2p_cli_save    (const P2pImage *image, const char *path, GError **error);

/* ---- JSON output (json.c) ----------------------------------------------------------------- */

/* A member of the object that is being built; the string NULL becomes null. */
void     p2p_json_string (JsonBuilder *builder, const char *name, const char *value);
void     p2p_json_path   (JsonBuilder *builder, const char *name, const char *path);
void     p2p_json_int    (JsonBuilder *builder, const char *name, gint64 value);
void     p2p_json_bool   (JsonBuilder *builder, const char *name, gboolean value);
void     p2p_json_double (JsonBuilder *builder, const char *name, double value);

/* Prints what was built, on standard output and in UTF-8. */
void     p2p_json_print  (JsonBuilder *builder);

/* ---- The progress bar (progress.c) -------------------------------------------------------- */

/* One line on standard error; does nothing where that is no terminal. */
typedef struct _P2pBar P2pBar;

P2pBar * p2p_bar_new    (gboolean quiet);
void     p2p_bar_free   (P2pBar *bar);

/* Starts with another thing to do. */
void     p2p_bar_label  (P2pBar *bar, const char *label);

/* A P2pProgress; data is the bar. */
void     p2p_bar_update (double fraction, gpointer data);

/* Takes the line away, so that messages can be printed. */
void     p2p_bar_clear  (P2pBar *bar);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P2pBar, p2p_bar_free)
