/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Counter-based random numbers: a pure function of (seed, stream, element), so that neither order
 * nor threads matter.  The mixer is SplitMix64's (Steele, Lea, Flood: Fast splittable pseudorandom
 * number generators, OOPSLA 2014). */

#pragma once

#include <glib.h>
#include <math.h>

static inline guint64
p2p_mix (guint64 z)
{
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* 64 random bits of an element of a stream. */
static inline guint64
p2p_random (guint64 seed, guint64 stream, guint64 element)
{
  return p2p_mix (p2p_mix (p2p_mix (seed + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) + stream)
                  + element * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));
}

/* Uniform in [0, 1). */
static inline double
p2p_random_uniform (guint64 seed, guint64 stream, guint64 element)
{
  return (p2p_random (seed, stream, element) >> 11) * 0x1p-53;
}

/* Of the normal distribution N(0, 1), from two uniform in [0, 1) (Box and Muller, 1958). */
static inline double
p2p_box_muller (double u, double v)
{
  return sqrt (-2.0 * log (1.0 - u)) * cos (2.0 * G_PI * v);
}

/* Of the normal distribution N(0, 1). */
static inline double
p2p_random_normal (guint64 seed, guint64 stream, guint64 element)
{
  return p2p_box_muller (p2p_random_uniform (seed, stream, 2 * element),
                         p2p_random_uniform (seed, stream, 2 * element + 1));
}

/* The stream of a name (64-bit FNV-1a). */
static inline guint64
p2p_random_stream (const char *name)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (; *name; name++)
    hash = (hash ^ (guchar) *name) * G_GUINT64_CONSTANT (0x100000001b3);
  return hash;
}
