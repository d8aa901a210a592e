# SPDX-License-Identifier: GPL-3.0-or-later
"""A pen that draws as if by hand, for the drawings of sketches.py.

A curve is written as a string of points, "x,y x,y!  x,y".  It passes smoothly through each point
and turns sharply at a point with "!".  Shapes are painted from back to front, and each one hides
what it covers.
"""

import math
import random

from PIL import Image, ImageDraw

SIZE = 512      # pixels a side
FINE = 4        # the sheet's pixels for one pixel of the picture, in each direction
STEP = 0.5      # distance between samples along a curve, in pixels of the picture
OUTLINE, DETAIL, HAIRLINE = 3.6, 2.5, 1.9       # pen widths, in pixels of the picture


def points_of (text):
    """The points of a curve's text: (x, y, whether the curve turns sharply there)."""
    for word in text.split ():
        x, y = word.rstrip ('!').split (',')
        yield float (x), float (y), word.endswith ('!')


def between (one, other, begin, end, at):
    """The position at the time at of a point that moves from one to other between the times begin
    and end."""
    share = (at - begin) / (end - begin)
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share


def smooth (points):
    """Samples a centripetal Catmull-Rom spline from the second point to the last but one."""
    for a, b, c, d in zip (points, points[1:], points[2:], points[3:]):
        t = [0.0]
        for one, other in ((a, b), (b, c), (c, d)):
            t.append (t[-1] + max (math.dist (one, other), 1e-6) ** 0.5)
        n = max (2, int (math.dist (b, c) / STEP))
        for i in range (n):
            at = t[1] + (t[2] - t[1]) * i / n
            ab, bc, cd = (between (*pair, *times, at) for pair, times in
                          (((a, b), t[0:2]), ((b, c), t[1:3]), ((c, d), t[2:4])))
            abc, bcd = between (ab, bc, t[0], t[2], at), between (bc, cd, t[1], t[3], at)
            yield between (abc, bcd, t[1], t[2], at)


def curve (text, closed=False):
    """Samples of the curve that a text describes."""
    points = list (points_of (text))
    if closed:
        # Start at a sharp point, if there is one, so that it stays sharp.
        first = next ((i for i, point in enumerate (points) if point[2]), None)
        if first is None:
            ring = [point[:2] for point in points]
            return list (smooth (ring[-1:] + ring + ring[:2]))
        points = points[first:] + points[:first + 1]
    samples, piece = [], []
    for i, (x, y, sharp) in enumerate (points):
        piece.append ((x, y))
        if (sharp and i > 0 or i == len (points) - 1) and len (piece) > 1:
            samples += smooth (piece[:1] + piece + piece[-1:])
            piece = [(x, y)]
    return samples + piece[-1:]


def length (samples):
    return sum (map (math.dist, samples, samples[1:]))


def tube (text, *widths):
    """Outline of a bent rod: the text gives its middle line, widths its width from end to end."""
    middle = curve (text)
    left, right = [], []
    for i, (x, y) in enumerate (middle):
        before, after = middle[max (0, i - 2)], middle[min (len (middle) - 1, i + 2)]
        far = math.dist (before, after) or 1
        at = i / len (middle) * (len (widths) - 1)
        low, high = widths[int (at)], widths[min (int (at) + 1, len (widths) - 1)]
        half = (low + (high - low) * (0.5 - 0.5 * math.cos (math.pi * (at % 1)))) / 2
        dx, dy = (before[1] - after[1]) / far * half, (after[0] - before[0]) / far * half
        left.append ((x + dx, y + dy))
        right.append ((x - dx, y - dy))
    return left + cap (left[-1], right[-1]) + right[::-1] + cap (right[0], left[0])


def cap (begin, end):
    """Half a circle from one point to another, as the round end of a rod."""
    x, y = (begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2
    u, v = begin[0] - x, begin[1] - y
    n = max (2, int (math.pi * math.hypot (u, v) / STEP))
    turns = [math.pi * i / n for i in range (n + 1)]
    return [(x + u * math.cos (a) + v * math.sin (a), y - u * math.sin (a) + v * math.cos (a))
            for a in turns]


def ellipse (x, y, width, height, turn=0):
    """Samples of an ellipse around a point, its axes turned by turn degrees."""
    c, s = math.cos (math.radians (turn)), math.sin (math.radians (turn))
    ring = [(width / 2 * math.cos (math.radians (t)), height / 2 * math.sin (math.radians (t)))
            for t in range (-40, 320, 2)]
    return [(x + u * c - v * s, y + u * s + v * c) for u, v in ring]


class Sheet:
    """White paper, and a pen whose hand trembles a little, always in the same way."""

    def __init__ (self, seed):
        self.random = random.Random (seed)
        self.image = Image.new ('L', (SIZE * FINE, SIZE * FINE), 255)
        self.draw = ImageDraw.Draw (self.image)
        self.tilt = 0, 0, 0             # x, y, and the degrees by which all turns around it

    def turned (self, samples):
        """The samples, turned as the tilt says."""
        x, y, degrees = self.tilt
        c, s = math.cos (math.radians (degrees)), math.sin (math.radians (degrees))
        return [(x + (u - x) * c - (v - y) * s, y + (u - x) * s + (v - y) * c) for u, v in samples]

    # Coordinates are whole numbers, because versions of Pillow round fractions differently.

    def disc (self, x, y, r, fill=0):
        self.draw.ellipse ([round (v * FINE) for v in (x - r, y - r, x + r, y + r)], fill=fill)

    def trembled (self, samples):
        """Moves the samples of a curve by up to about a pixel, but not those at its ends."""
        waves = [[(self.random.uniform (14, 60), self.random.uniform (0, 6.3),
                   self.random.uniform (0.1, 0.3)) for _ in range (3)] for _ in range (2)]
        samples = self.turned (samples)
        result, along, total = [], 0.0, length (samples)
        for i, point in enumerate (samples):
            along += math.dist (samples[max (0, i - 1)], point)
            strength = min (1, along / 12, (total - along) / 12)
            result.append (tuple (v + strength * sum (height * math.sin (along / far + phase)
                                                      for far, phase, height in wave)
                                  for v, wave in zip (point, waves)))
        return result

    def ink (self, samples, width, gap=0):
        """Draws along the samples, thinner at both ends, and stops gap pixels before the end."""
        total = length (samples) - gap
        fade = min (40, total * 0.45)
        swell, far = self.random.uniform (0, 6.3), self.random.uniform (18, 34)
        along = 0.0
        for i, (x, y) in enumerate (samples):
            before = samples[max (0, i - 1)]
            along += math.dist (before, (x, y))
            if along > total:
                break
            ends = max (0, min (1, along / fade, (total - along) / fade)) if fade else 1
            # A broad pen, held at a slant, draws some directions heavier than others.
            slant = math.sin (2 * math.atan2 (y - before[1], x - before[0]) + 0.6)
            pressure = 1 + 0.2 * slant + 0.17 * math.sin (along / far + swell)
            self.disc (x, y, width / 2 * pressure * (0.3 + 0.7 * ends ** 0.7))

    def line (self, text, width=DETAIL):
        self.ink (self.trembled (curve (text)), width)

    def lines (self, *texts, width=DETAIL):
        for text in texts:
            self.line (text, width)

    def fill (self, samples, value=255):
        self.draw.polygon ([(round (x * FINE), round (y * FINE)) for x, y in samples], fill=value)

    def shape (self, text, width=OUTLINE, gap=0):
        """A closed outline, white inside.  text is the text of a curve, or samples."""
        samples = curve (text, closed=True) if isinstance (text, str) else text + text[:1]
        samples = self.trembled (samples)
        self.fill (samples)
        self.ink (samples, width, gap)

    def patch (self, text, around='', width=OUTLINE):
        """An open line.  The area between it and the points around, which close it without ink, is
        white."""
        samples = self.trembled (curve (text))
        self.fill (samples + self.turned ([point[:2] for point in points_of (around)]))
        self.ink (samples, width)

    def oval (self, x, y, width, height, pen=OUTLINE, turn=0, gap=0):
        """An ellipse, its axes turned by turn degrees."""
        self.shape (ellipse (x, y, width, height, turn), pen, gap)

    def eye (self, x, y, width, height):
        """A black oval with a spark of light, and a smaller one below."""
        for dx, dy, w, h, value in ((0, 0, width, height, 0),
                                    (width * 0.12, -height * 0.2, width * 0.46, width * 0.46, 255),
                                    (-width * 0.14, height * 0.24, width * 0.22, width * 0.22,
                                     255)):
            self.fill (self.turned (ellipse (x + dx, y + dy, w, h)), value)

    def tuft (self, x, y, size=1):
        """Three blades of grass."""
        for lean, height in ((-7 * size, 9 * size), (size, 14 * size), (9 * size, 8 * size)):
            self.line (f'{x + lean * 0.2},{y} {x + lean * 0.5},{y - height * 0.6}'
                       f' {x + lean},{y - height}', HAIRLINE)

    def star (self, x, y, r, pen=DETAIL, tips=5, waist=0.48):
        """A star with soft waists."""
        at = [(i * math.pi / tips - math.pi / 2, r * (1, waist)[i % 2]) for i in range (2 * tips)]
        self.shape (' '.join (f'{x + far * math.cos (a):.1f},{y + far * math.sin (a):.1f}' +
                              ('!' if i % 2 == 0 else '') for i, (a, far) in enumerate (at)), pen)

    def finished (self):
        return self.image.resize ((SIZE, SIZE), Image.BOX)
