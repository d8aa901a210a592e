/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/intl.h"
#include "log.h"

/* The columns of the metrics, which follow those of the losses.  New ones come last: a log that was
 * begun without them stays without them, so that all of its rows agree with its header. */
static const struct
{
  const char *name;
  gsize       offset;
}
columns[] =
{
  { "val_L1",        G_STRUCT_OFFSET (P2pMetrics, l1) },
  { "val_PSNR",      G_STRUCT_OFFSET (P2pMetrics, psnr) },
  { "val_SSIM",      G_STRUCT_OFFSET (P2pMetrics, ssim) },
  { "val_ab_error",  G_STRUCT_OFFSET (P2pMetrics, ab_error) },
  { "val_chroma",    G_STRUCT_OFFSET (P2pMetrics, chroma) },
  { "val_grid",      G_STRUCT_OFFSET (P2pMetrics, grid) },
  { "val_sharpness", G_STRUCT_OFFSET (P2pMetrics, sharpness) },
  { "val_cycle",     G_STRUCT_OFFSET (P2pMetrics, cycle) },
  { "val_style",     G_STRUCT_OFFSET (P2pMetrics, style) },
};

static gboolean
fail (const P2pLog *log,
      GError      **error)
{
  int code = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code), _("Cannot write %s: %s"),
               log->path, g_strerror (code));
  return FALSE;
}

/* ---- Reading ---------------------------------------------------------------------------- */

/* A field as a whole number from 0 up; 0 when it is none. */
static guint64
count_at (GStrv   fields,
          guint   i,
          guint64 most)
{
  return i < g_strv_length (fields) ? MIN (g_ascii_strtoull (fields[i], NULL, 10), most) : 0;
}

/* A field as a number; NaN when it is empty or missing. */
static double
number_at (GStrv fields,
           guint i)
{
  return i < g_strv_length (fields) && *fields[i] ? g_ascii_strtod (fields[i], NULL) : NAN;
}

static void
read_row (P2pLog     *log,
          const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, ",", -1);
  P2pLogRow      row = { 0 };
  guint          n_losses = g_strv_length ((char **) log->names);

  row.step = count_at (fields, 0, G_MAXUINT64);
  row.epoch = count_at (fields, 1, G_MAXINT);
  row.rate = number_at (fields, 2);
  for (guint i = 0; i < n_losses; i++)
    row.losses[i] = number_at (fields, 3 + i);
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    G_STRUCT_MEMBER (double, &row.val, columns[i].offset) = number_at (fields, 3 + n_losses + i);
  row.val.n = ! isnan (row.val.l1) || ! isnan (row.val.cycle);
  if (row.step > 0)
    g_array_append_val (log->rows, row);
}

/* Finds out how many of the metrics' columns the log has. */
static void
read_header (P2pLog     *log,
             const char *line)
{
  g_auto (GStrv) fields = g_strsplit (line, ",", -1);
  const int      n = (int) g_strv_length (fields) - 3 - (int) g_strv_length ((char **) log->names);

  log->n_columns = CLAMP (n, 0, (int) G_N_ELEMENTS (columns));
}

static void
read_rows (P2pLog     *log,
           const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  if (lines[0])
    read_header (log, lines[0]);
  for (guint i = 1; lines[0] && lines[i]; i++)
    if (*lines[i])
      read_row (log, lines[i]);
}

/* ---- Writing ---------------------------------------------------------------------------- */

static gboolean
put (P2pLog      *log,
     const char  *text,
     GError     **error)
{
  gsize length = strlen (text);

  while (length > 0)
    {
      gssize written = write (log->fd, text, length);

      if (written < 0 && errno != EINTR)
        return fail (log, error);
      if (written > 0)
        {
          text += written;
          length -= written;
        }
    }
  return TRUE;
}

static gboolean
put_header (P2pLog  *log,
            GError **error)
{
  g_autoptr (GString) line = g_string_new ("step,epoch,rate");

  for (int i = 0; log->names[i]; i++)
    g_string_append_printf (line, ",%s", log->names[i]);
  for (guint i = 0; i < log->n_columns; i++)
    g_string_append_printf (line, ",%s", columns[i].name);
  g_string_append_c (line, '\n');
  return put (log, line->str, error);
}

static void
append_number (GString *line,
               double   value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_c (line, ',');
  if (! isnan (value))
    g_string_append (line, g_ascii_formatd (text, sizeof text, "%.9g", value));
}

gboolean
p2p_log_add (P2pLog           *log,
             const P2pLogRow  *row,
             GError          **error)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_printf (line, "%" G_GUINT64_FORMAT ",%d", row->step, row->epoch);
  append_number (line, row->rate);
  for (int i = 0; log->names[i]; i++)
    append_number (line, row->losses[i]);
  for (guint i = 0; i < log->n_columns; i++)
    append_number (line, row->val.n > 0 ? G_STRUCT_MEMBER (double, &row->val, columns[i].offset)
                                        : NAN);
  g_string_append_c (line, '\n');
  g_array_append_val (log->rows, *row);
  return put (log, line->str, error);
}

gint64
p2p_log_sync (P2pLog  *log,
              GError **error)
{
  if (fsync (log->fd) != 0)
    {
      fail (log, error);
      return -1;
    }
  return lseek (log->fd, 0, SEEK_END);
}

/* ---- Opening ---------------------------------------------------------------------------- */

/* The length of the text's first length bytes without a row that has no end.  There is such a row
 * if somebody has changed the log: a checkpoint knows only whole rows. */
static gint64
whole_rows (const char *text,
            gint64      length)
{
  const char *nul = length > 0 ? memchr (text, 0, length) : NULL;

  length = nul ? nul - text : length;
  while (length > 0 && text[length - 1] != '\n')
    length--;
  return length;
}

P2pLog *
p2p_log_new (const char         *path,
             const char *const  *names,
             gint64              length,
             GError            **error)
{
  g_autoptr (P2pLog) log = g_new0 (P2pLog, 1);
  g_autofree char   *text = NULL;
  gsize              there = 0;

  log->path = g_strdup (path);
  log->names = names;
  log->n_columns = G_N_ELEMENTS (columns);
  log->rows = g_array_new (FALSE, FALSE, sizeof (P2pLogRow));
  log->fd = g_open (path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (log->fd < 0 || (length > 0 && ! g_file_get_contents (path, &text, &there, error)))
    {
      if (log->fd < 0)
        fail (log, error);
      return NULL;
    }

  length = whole_rows (text, MIN (length, (gint64) there));
  if (ftruncate (log->fd, length) != 0)
    {
      fail (log, error);
      return NULL;
    }
  if (length > 0)
    {
      text[length] = 0;
      read_rows (log, text);
    }
  else if (! put_header (log, error))
    return NULL;
  return g_steal_pointer (&log);
}

void
p2p_log_free (P2pLog *log)
{
  if (! log)
    return;
  if (log->fd >= 0)
    close (log->fd);
  g_array_unref (log->rows);
  g_free (log->path);
  g_free (log);
}
