/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Finds the file of a training's teacher, and checks that it stays the same. */

#include <string.h>

#include "base/intl.h"
#include "base/stem.h"
#include "models/model.h"
#include "trainer-state.h"

/* The path of the file that the teacher's name stands for (newly allocated). */
static char *
find_file (const char  *name,
           GError     **error)
{
  g_autoptr (GError)   problem = NULL;
  g_autoptr (P2pModel) model = p2p_model_open (name, NULL, &problem);

  if (model)
    return g_canonicalize_filename (model->path, NULL);
  g_set_error (error, problem->domain, problem->code,
               _("The teacher cannot be opened: %s\nName it with --teacher. If its file has moved "
                 "since the training was begun, give the new name"), problem->message);
  return NULL;
}

static char *
checksum (const char  *path,
          GError     **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);

  return file ? g_compute_checksum_for_data (G_CHECKSUM_SHA256,
                                             (const guchar *) g_mapped_file_get_contents (file),
                                             g_mapped_file_get_length (file)) : NULL;
}

gboolean
p2p_trainer_find_teacher (P2pTrainer  *trainer,
                          GError     **error)
{
  char            **teacher = &trainer->options.teacher, **known = &trainer->state.teacher;
  g_autofree char  *path = find_file (*teacher, error);
  g_autofree char  *now = path ? checksum (path, error) : NULL;

  if (! now)
    return FALSE;
  g_free (*teacher);
  *teacher = g_steal_pointer (&path);
  if (! *known)
    *known = g_strdup (now);
  if (strcmp (now, *known) == 0)
    return TRUE;
  g_set_error (error, P2P_ERROR, P2P_ERROR_OPTION,
               **known ? _("“%s” is not the teacher that the training was begun with, or has "
                           "changed since: name the original file with --teacher")
                       : _("The training was begun without a teacher, so it cannot learn from “%s” "
                           "now: begin another training with --start-from and --teacher"),
               *teacher);
  return FALSE;
}

char *
p2p_trainer_teacher_id (const P2pTrainer *trainer)
{
  return p2p_path_stem (trainer->options.teacher);
}
