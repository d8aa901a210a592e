/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The values that a pickle leaves. */

#pragma once

#include <glib.h>

typedef enum
{
  P2P_PICKLE_NONE,
  P2P_PICKLE_INTEGER,      /* integer; also False and True */
  P2P_PICKLE_TEXT,         /* text */
  P2P_PICKLE_TUPLE,        /* items */
  P2P_PICKLE_LIST,         /* items */
  P2P_PICKLE_DICT,         /* items: key, value, key, value …; OrderedDict too */
  P2P_PICKLE_GLOBAL,       /* text: "module.name" */
  P2P_PICKLE_CALL,         /* text: the global's; items: the arguments */
  P2P_PICKLE_PERSISTENT,   /* items: one, the id of an object that is kept outside */
  P2P_PICKLE_OTHER,        /* of no use to a reader of weights, and not kept: a real, a number over
                            * 64 bits, bytes, a set, an object.  text: the name of a global that
                            * the caller does not know, or NULL */
} P2pPickleKind;

typedef struct
{
  P2pPickleKind  kind;
  gint64         integer;
  const char    *text;
  GPtrArray     *items;    /* P2pPickleValue; values may be shared, and may contain themselves */
} P2pPickleValue;

typedef struct
{
  const P2pPickleValue *root;
  GPtrArray            *values;   /* all of them */
  GStringChunk         *texts;
  const char           *unknown;  /* the first global that the caller does not know, or NULL */
  gboolean              has_module;  /* one of those globals is a network's class */
} P2pPickle;
