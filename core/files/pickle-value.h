/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The values in a pickle, as p2p_pickle_read () returns them. */

#pragma once

#include <glib.h>

/* The kinds of values, and which fields of P2pPickleValue they use. */
typedef enum
{
  P2P_PICKLE_NONE,
  P2P_PICKLE_INTEGER,      /* integer.  False and True are integers too */
  P2P_PICKLE_TEXT,         /* text */
  P2P_PICKLE_TUPLE,        /* items */
  P2P_PICKLE_LIST,         /* items */
  P2P_PICKLE_DICT,         /* items: key, value, key, value …  An OrderedDict is a dict too */
  P2P_PICKLE_GLOBAL,       /* text: "module.name" */
  P2P_PICKLE_CALL,         /* text: the name of the global that is called; items: the arguments */
  P2P_PICKLE_PERSISTENT,   /* items: a single value, the id of an object outside the pickle */
  P2P_PICKLE_OTHER,        /* a value whose content is not kept, because readers of weights do not
                            * need it: a float, an integer of more than 64 bits, bytes, a set, an
                            * object.  text: the name of a global that the caller does not know, or
                            * NULL */
} P2pPickleKind;

typedef struct
{
  P2pPickleKind  kind;
  gint64         integer;
  const char    *text;     /* in P2pPickle.texts */
  GPtrArray     *items;    /* P2pPickleValue, not owned.  A value may lie in several containers, and
                            * a container may contain itself */
} P2pPickleValue;

/* A pickle that was read. */
typedef struct
{
  const P2pPickleValue *root;
  GPtrArray            *values;   /* all values; owns them */
  GStringChunk         *texts;
  const char           *unknown;  /* the first global that the caller does not know, or NULL */
  gboolean              has_module;  /* one of the unknown globals is the class of a network */
} P2pPickle;
