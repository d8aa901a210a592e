/* gimp-pix2pix: image-to-image translation for GIMP 3
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Counter-based random numbers.  Each number is a pure function of seed, stream and element, so it
 * does not depend on the order in which numbers are asked for or on threads.  A stream separates
 * independent uses of a seed; an element is an index in the stream.  The mixing function is that of
 * SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014). */

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

/* Returns 64 random bits. */
static inline guint64
p2p_random (guint64 seed, guint64 stream, guint64 element)
{
  return p2p_mix (p2p_mix (p2p_mix (seed + G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) + stream)
                  + element * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));
}

/* Returns a number that is uniformly distributed in [0, 1). */
static inline double
p2p_random_uniform (guint64 seed, guint64 stream, guint64 element)
{
  return (p2p_random (seed, stream, element) >> 11) * 0x1p-53;
}

/* Makes a number with the normal distribution N(0, 1) from two numbers that are uniformly
 * distributed in [0, 1) (Box and Muller, 1958). */
static inline double
p2p_box_muller (double u, double v)
{
  return sqrt (-2.0 * log (1.0 - u)) * cos (2.0 * G_PI * v);
}

/* Returns a number with the normal distribution N(0, 1). */
static inline double
p2p_random_normal (guint64 seed, guint64 stream, guint64 element)
{
  return p2p_box_muller (p2p_random_uniform (seed, stream, 2 * element),
                         p2p_random_uniform (seed, stream, 2 * element + 1));
}

/* Returns the number of the stream with this name, a 64-bit FNV-1a hash. */
static inline guint64
p2p_random_stream (const char *name)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (; *name; name++)
    hash = (hash ^ (guchar) *name) * G_GUINT64_CONSTANT (0x100000001b3);
  return hash;
}
