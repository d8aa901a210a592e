# SPDX-License-Identifier: GPL-3.0-or-later
"""Line drawings with hints of color, drawn for draw-samples.py: a wizard, a fox, a still life.

ink.py draws the curves and explains how their points are written.
"""

import functools
import math

from PIL import Image, ImageDraw

from ink import (DETAIL, FINE, HAIRLINE, OUTLINE, SIZE, Sheet, curve, ellipse, points_of, tube)


HEAD = 250, 200, -4             # the wizard's head is tilted around the neck, by degrees


def wizard ():
    """A young wizard with wild hair, a star over one hand, in the other a staff."""
    sheet = Sheet (3)
    ground (sheet)
    hair (sheet)
    # Shoes, then the robe over them
    sheet.shape ('230,440! 237,476! 208,484 172,482 140,470 124,448 132,432! 146,448 180,440')
    sheet.shape ('268,440! 265,472! 294,480 328,477 358,464 374,440 366,424! 352,442 320,436')
    sheet.lines ('232,470 206,477 176,475 150,466', '270,467 298,473 326,470 348,459',
                 width=HAIRLINE)
    sheet.shape ('212,206 200,240 206,296 186,360 148,432! 168,450 190,456 216,446 238,456 256,460'
                 ' 280,450 300,444 326,454 352,440! 324,370 298,296 304,240 292,206 250,196', gap=3)
    sheet.lines ('226,322 214,372 200,420', '240,336 240,390 232,452', '276,326 286,370 292,400',
                 '296,334 310,374 324,432')
    sheet.lines ('228,250 226,266 231,282', '272,252 275,268 270,280', width=HAIRLINE)
    belt (sheet)
    arms (sheet)
    # A short cape over the shoulders, and its collar
    sheet.shape ('250,186 222,190 192,206 172,238! 190,250 210,244 230,256 250,248 272,258 292,245'
                 ' 310,250 328,234! 310,206 280,190')
    sheet.line ('251,216 252,231 249,246', HAIRLINE)
    sheet.shape ('206,178 222,192 250,197 278,192 296,178! 300,194 288,208 250,217 214,209'
                 ' 202,196!')
    head (sheet)
    return sheet


def ground (sheet):
    sheet.lines ('60,478 90,486 132,490', '372,488 420,486 466,476', '186,492 252,497 316,490',
                 width=HAIRLINE)
    for x, y, size in ((140, 496, 0.9), (436, 497, 1.2), (472, 474, 0.9)):
        sheet.tuft (x, y, size)
    for x, y, size in ((108, 488, 0.75), (82, 484, 1.1)):           # mushrooms
        for text in ('-5,-20! -6,-8 -8,0! 0,2 8,0! 6,-8 5,-20!',
                     '-20,-18! -17,-32 0,-41 17,-32 20,-18! 10,-15 0,-14 -10,-15'):
            sheet.shape (' '.join (f'{x + a * size:.1f},{y + b * size:.1f}' + '!' * sharp
                                   for a, b, sharp in points_of (text)), DETAIL)


def hair (sheet):
    """The hair behind the head, and two tufts on top."""
    sheet.tilt = HEAD
    sheet.shape ('258,14! 266,28 264,40 282,32 306,28! 301,40 304,52 330,66 346,90 349,112 368,116!'
                 ' 359,130 346,140 348,160 370,176! 352,186 338,186 342,204 354,214! 320,226'
                 ' 250,216 180,226 146,214! 160,202 163,186 148,186 128,174! 149,160 153,142'
                 ' 136,136 128,114! 147,114 154,90 170,66 200,48 238,40 260,32')
    sheet.tilt = 0, 0, 0


def belt (sheet):
    sheet.shape ('203,286! 226,294 250,297 274,294 299,286! 302,306! 276,314 250,317 224,314'
                 ' 200,306!')
    sheet.shape ('262,312! 280,314! 288,336 290,360! 280,368 268,366! 268,340')
    sheet.shape ('238,290! 264,290! 265,322! 237,322!', DETAIL)
    sheet.shape ('244,297! 258,297! 258,315! 244,315!', HAIRLINE)


def arms (sheet):
    # The left one of the picture: an open hand with a star above
    sheet.shape ('144,240 132,240 124,232 121,218 113,214 107,220 108,236 94,232 80,230 72,236'
                 ' 76,246 88,256 104,266 124,270 144,266')
    sheet.lines ('78,240 92,244 100,248', '86,251 98,254', width=HAIRLINE)
    sheet.patch ('206,210! 180,222 156,230 138,232! 132,262 136,302 150,336! 174,322 196,296'
                 ' 204,276', '214,240')
    sheet.line ('138,234 150,262 154,300 150,334', HAIRLINE)
    sheet.lines ('190,266 182,286 168,306', '200,256 190,266 176,274', width=HAIRLINE)
    sheet.star (94, 168, 27)
    sheet.lines ('94,130 95,120', '132,148 140,143', '56,148 48,143', '126,196 133,202',
                 '62,196 55,202', width=HAIRLINE)
    # The right one, which holds a staff
    sheet.patch ('296,210! 322,222 350,230 370,232! 378,262 374,304 360,338! 334,322 312,296'
                 ' 300,276', '288,240')
    sheet.line ('370,234 358,262 355,300 360,336', HAIRLINE)
    sheet.lines ('314,266 322,286 336,306', '304,256 314,266 328,274', width=HAIRLINE)
    sheet.shape ('364,240 380,238 396,244 396,264 380,268 366,264')
    sheet.shape (tube ('394,488 395,420 392,340 397,260 393,180 399,140 390,108 380,80 388,50'
                       ' 414,36 442,46 452,74 440,97 416,98', 9, 15, 14, 15, 14, 15, 17, 16, 13, 8))
    sheet.lines ('393,450 394,420 392,394', '395,330 396,306', '395,214 394,186 397,160',
                 width=HAIRLINE)
    sheet.oval (417, 68, 28, 28, DETAIL)
    sheet.line ('409,66 411,60 417,57', HAIRLINE)
    for y, far in ((238, 407), (247, 409), (256, 408), (264, 405)):
        sheet.shape (f'382,{y - 4} {far - 4},{y - 5} {far},{y} {far - 4},{y + 5} 382,{y + 4}'
                     f' 379,{y}', DETAIL)


def head (sheet):
    """Ears and face, then the fringe over the forehead."""
    sheet.tilt = HEAD
    sheet.shape ('198,130 184,127 177,140 185,157 201,161', DETAIL)
    sheet.shape ('302,130 316,127 323,140 315,157 299,161', DETAIL)
    sheet.lines ('192,136 185,138 188,148', '308,136 315,138 312,148', width=HAIRLINE)
    sheet.shape ('250,80 212,92 194,120 195,150 208,178 232,196 250,199 268,196 292,178 305,150'
                 ' 306,120 288,92')
    sheet.patch ('181,144! 192,128 201,106! 205,118 203,132! 219,120 232,101! 236,112 235,125!'
                 ' 251,116 266,96! 270,110 284,121! 286,112 287,104! 299,114 309,128 317,145!',
                 '330,90 250,50 176,90')
    sheet.lines ('262,58 238,62 218,82', '270,66 286,72 302,92', '180,100 173,122 176,146',
                 '322,104 328,124 324,148', '236,74 226,84 220,96', '178,172 170,188 176,204',
                 '326,166 332,184 324,202', width=HAIRLINE)
    for x in (225, 275):
        sheet.eye (x, 149, 18, 25)
    sheet.lines ('211,141! 208,136', '289,141! 292,136', '218,131 226,128 234,131',
                 '266,131 274,128 282,131', width=HAIRLINE)
    sheet.line ('250,158 254,164 248,166', DETAIL)
    sheet.shape ('234,173! 242,176 258,176 266,173! 265,182 258,188 250,190 242,188 235,182',
                 DETAIL)
    sheet.line ('241,186 250,181 259,186', HAIRLINE)
    sheet.lines ('206,172 210,166', '212,174 216,168', '284,168 288,174', '290,166 294,172',
                 width=HAIRLINE)
    sheet.tilt = 0, 0, 0


def fox ():
    """A fox that sits among hills under the moon."""
    sheet = Sheet (5)
    hills (sheet)
    # The tail, then the body before it, then the head
    sheet.shape ('316,400! 346,404 374,388 386,358 382,326 394,296 424,262! 452,300 464,346 456,398'
                 ' 426,438 378,452 322,444!', gap=3)
    sheet.line ('384,322! 397,334! 405,322! 418,338! 428,324! 442,340! 458,326')
    sheet.lines ('352,426 384,418 408,400', '428,392 436,372', width=HAIRLINE)
    sheet.shape ('206,262 196,300 198,360 202,434! 250,442 328,440! 350,408 348,348 322,294'
                 ' 282,250')
    sheet.line ('284,432! 272,398 284,362 312,350 334,362', DETAIL)
    sheet.shape ('290,446! 268,446 258,434 268,422 290,420 318,428 338,440')
    sheet.patch ('254,318! 257,350 254,400 259,428 258,440! 254,449 238,451 222,447! 224,430'
                 ' 222,400', '226,330')
    sheet.patch ('196,306! 199,370 200,420 189,434! 188,446 202,453 222,451 230,442! 225,400'
                 ' 228,366 238,338!', '214,310')
    sheet.lines ('203,450 204,442', '214,450 214,442', '233,449 233,442', '243,449 243,442',
                 '272,444 272,436', '284,445 283,437', width=HAIRLINE)
    sheet.patch ('203,250! 195,284 203,312! 212,304! 224,336! 232,320! 242,338! 248,312! 258,322!'
                 ' 272,296 284,248!', '236,240')
    sheet.lines ('218,290 221,302', '240,298 239,312', '254,288 252,300', width=HAIRLINE)
    fox_head (sheet)
    for x, y, size in ((64, 470, 1.3), (150, 456, 1.0), (330, 480, 1.3), (470, 486, 1.1),
                       (236, 488, 0.9)):
        sheet.tuft (x, y, size)
    for x, y in ((112, 462), (404, 476)):
        flower (sheet, x, y)
    return sheet


def hills (sheet):
    sheet.oval (424, 84, 78, 80, DETAIL, gap=3)
    sheet.oval (410, 72, 16, 13, HAIRLINE, -20)
    sheet.oval (438, 94, 20, 17, HAIRLINE, 15)
    sheet.oval (414, 104, 8, 7, HAIRLINE)
    for x, y, r in ((52, 52, 9), (150, 88, 8), (300, 44, 9), (342, 132, 7)):
        sheet.star (x, y, r, HAIRLINE, 4, 0.34)
    sheet.patch ('-20,262 40,238 104,232 170,256 236,262 300,232 362,214 424,232 480,256 532,250',
                 '532,532 -20,532', DETAIL)
    # Trees on the middle hills
    sheet.patch ('-20,330 40,306 100,300 170,318 240,344', '240,532 -20,532', DETAIL)
    sheet.patch ('532,296 480,290 420,306 350,344', '350,532 532,532', DETAIL)
    sheet.shape ('76,330! 80,296 78,262! 98,262! 97,296 104,330! 90,334', DETAIL)
    sheet.shape ('88,270 62,278 44,262 46,244 30,228 38,202 54,194 58,170 84,160 108,170 116,190'
                 ' 136,202 138,226 124,242 120,262 104,276')
    sheet.lines ('62,214 68,206 78,206', '96,190 106,190 112,198', '84,244 92,250 102,246',
                 '104,222 110,220', width=HAIRLINE)
    sheet.shape ('466,312! 467,276! 481,276! 483,312! 474,315', DETAIL)
    sheet.shape ('474,156! 484,182 496,200! 488,203 498,222 508,236! 500,239 508,256 512,272!'
                 ' 494,282 474,284 454,282 434,270! 442,254 448,238! 441,235 452,218 460,202!'
                 ' 453,199 466,180', 2.9)
    sheet.lines ('466,214 474,218 482,214', '462,250 474,255 486,250', width=HAIRLINE)
    sheet.patch ('-20,420 60,390 150,378 260,384 360,386 450,374 532,350', '532,532 -20,532')


def fox_head (sheet):
    sheet.tilt = 236, 270, 5
    sheet.shape ('190,184! 178,136 184,96! 210,118 230,158 214,180')
    sheet.shape ('282,184! 294,136 288,96! 262,118 242,158 258,180')
    sheet.lines ('200,164! 196,142 197,126! 208,140 216,156',
                 '272,164! 277,142 275,126! 264,140 256,156')
    sheet.shape ('236,150 270,158 294,188 320,222! 302,228 306,244! 280,250 260,266 236,277 212,266'
                 ' 192,250 166,244! 170,228 152,222! 178,188 202,158')
    sheet.line ('171,228 190,214 212,223 227,245', DETAIL)
    sheet.line ('301,228 282,214 260,223 245,245', DETAIL)
    sheet.fill (sheet.turned (ellipse (236, 250, 24, 16)), 0)
    sheet.fill (sheet.turned (ellipse (233, 246, 8, 4)))
    sheet.lines ('236,256 236,264', '216,257 225,267 236,264 247,267 256,257')
    for x in (208, 264):
        sheet.eye (x, 204, 17, 22)
    sheet.lines ('199,188 206,183 214,184', '273,188 266,183 258,184', '230,168 233,159',
                 '242,168 239,159', '236,170 236,164', width=HAIRLINE)
    sheet.tilt = 0, 0, 0


def flower (sheet, x, y):
    sheet.line (f'{x},{y + 34} {x + 3},{y + 18} {x},{y}', DETAIL)
    sheet.shape (f'{x + 2},{y + 27}! {x + 9},{y + 16} {x + 20},{y + 15}! {x + 13},{y + 25}',
                 HAIRLINE)
    for i in range (5):
        a = math.radians (72 * i - 90)
        sheet.oval (x + 8.5 * math.cos (a), y + 8.5 * math.sin (a), 13, 11, HAIRLINE, 72 * i - 90)
    sheet.oval (x, y, 9, 9, HAIRLINE)


def still_life ():
    """A jug, and a bowl with fruit, on a table with a cloth."""
    sheet = Sheet (7)
    sheet.line ('-20,300 120,302 300,299 532,301')
    sheet.lines ('-20,452 140,454 340,452 532,454', '-20,474 160,475 360,473 532,475')
    sheet.lines ('14,340 60,342', '20,400 50,401', '484,330 506,331', '10,463 40,464',
                 width=HAIRLINE)
    sheet.shape ('80,352! 180,344 330,342 442,352! 464,400 474,452! 480,474 478,496! 456,488'
                 ' 430,500 404,490 378,502 352,491 326,503 300,492 274,503 248,492 222,503 196,492'
                 ' 170,502 144,491 118,500 92,490 62,498! 58,476 62,452! 68,400')
    sheet.line ('64,452 200,455 340,453 474,452', HAIRLINE)
    sheet.lines ('120,460 116,474 118,486', '222,460 220,476 222,488', '326,460 330,474 326,488',
                 '430,458 432,474 430,486', width=HAIRLINE)
    picture (sheet)
    sheet.lines ('232,428 262,435 300,440', '350,441 380,439 398,434', '76,406 92,414 112,418',
                 width=HAIRLINE)
    jug (sheet)
    fruit (sheet)
    return sheet


def jug (sheet):
    sheet.shape (tube ('120,170 84,164 58,186 52,222 64,258 96,280', 12, 13, 15, 15, 13, 12))
    sheet.shape ('112,140 122,176 106,220 84,266 76,312 86,356 112,386! 110,398! 128,405 148,407'
                 ' 168,405 186,398! 184,386! 208,356 218,312 210,266 186,220 172,178 184,150'
                 ' 206,126! 186,119 150,117 122,124', gap=3)
    sheet.shape ('112,140 124,126 152,118 186,119 206,126! 190,142 164,150 136,150', DETAIL)
    sheet.lines ('113,387 130,392 148,394 166,392 183,387',
                 '82,278 112,288 148,291 184,288 213,278', '78,304 108,314 148,318 188,314 217,304')
    sheet.lines ('86,292 94,287 104,301 114,294 124,306 134,296 146,309 158,296 168,307 178,294'
                 ' 190,303 200,290 210,294', '188,232 196,248 200,258', '197,336 190,352 182,366',
                 width=HAIRLINE)


def picture (sheet):
    """A small picture of a boat on the wall, hung a little askew."""
    sheet.tilt = 286, 30, 4
    sheet.line ('256,52! 286,22! 316,52', HAIRLINE)
    sheet.disc (286, 22, 2.4)
    sheet.shape ('240,50! 332,51! 333,122! 239,123!', 3)
    sheet.shape ('250,60! 322,60! 322,112! 250,113!', HAIRLINE)
    sheet.line ('251,98 264,95 276,99 290,95 304,99 321,96', HAIRLINE)
    sheet.shape ('268,91! 304,91! 297,103 276,103', HAIRLINE)
    sheet.line ('286,90 286,66', HAIRLINE)
    sheet.shape ('289,68! 303,86! 289,87!', HAIRLINE)
    sheet.shape ('283,72! 272,86! 283,86!', HAIRLINE)
    sheet.tilt = 0, 0, 0


def fruit (sheet):
    # The bowl's far rim, bananas, pear, apple, then the bowl before them, then the grapes
    sheet.patch ('206,318! 240,302 290,294 338,292 400,296 440,304 462,316!', '462,340 206,340',
                 DETAIL)
    sheet.shape (tube ('372,330 416,298 444,262 456,212 450,182', 24, 32, 36, 31, 9, 9))
    sheet.shape (tube ('396,344 440,316 474,270 480,214 470,182', 24, 34, 38, 32, 10, 9))
    sheet.lines ('424,322 448,298 467,264 473,226', '452,180 454,186', '472,180 474,186',
                 width=HAIRLINE)
    sheet.shape ('344,164 358,174 366,200 382,228 394,260 386,294 360,314 326,312 302,290 300,258'
                 ' 316,230 326,202 330,175')
    sheet.shape (tube ('344,168 346,152 356,138', 6, 5, 9), DETAIL)
    sheet.shape ('350,152! 364,136 384,132 400,138! 386,152 368,158', DETAIL)
    sheet.line ('354,152 370,146 390,140', HAIRLINE)
    sheet.lines ('314,258 312,272 316,286', width=HAIRLINE)
    sheet.shape ('270,246 290,234 312,242 324,268 322,300 306,326 270,336 236,322 222,292 226,258'
                 ' 246,238')
    sheet.line ('256,250 270,256 286,249', DETAIL)
    sheet.shape (tube ('271,254 270,236 277,222', 5, 5, 8), DETAIL)
    sheet.shape ('270,238! 258,222 238,218 226,224! 236,236 254,240', DETAIL)
    sheet.lines ('264,236 250,229 236,225', '238,264 234,278 237,294', width=HAIRLINE)
    sheet.patch ('206,318! 230,328 280,336 338,338 396,334 440,326 462,316! 458,352 430,388'
                 ' 386,412! 388,428! 340,434 292,430! 294,414! 244,392 214,356 206,318')
    sheet.lines ('210,334 240,344 290,351 338,353 390,349 434,341 460,332',
                 '296,415 340,420 386,413')
    sheet.lines ('230,362 244,378 262,390', width=HAIRLINE)
    grapes (sheet)


def grapes (sheet):
    for x, y in ((390, 330), (418, 326), (444, 334), (376, 352), (404, 350), (432, 354), (456, 360),
                 (390, 374), (418, 376), (444, 380), (404, 398), (431, 401), (418, 421)):
        sheet.oval (x, y, 30, 30, DETAIL)
        sheet.line (f'{x - 8},{y - 1} {x - 6},{y - 6} {x - 1},{y - 9}', HAIRLINE)


# Strokes of a round brush that hint at colors: the color, the brush's width in pixels, the curves.

RED, GREEN, SKIN, BROWN = (204, 38, 42), (52, 160, 74), (246, 205, 172), (134, 84, 44)
VIOLET, ORANGE, WHITE, MEADOW = (128, 92, 196), (236, 126, 38), (255, 255, 255), (124, 182, 72)
YELLOW, BLUE, PURPLE, MOON = (246, 208, 54), (48, 104, 200), (116, 52, 140), (250, 232, 150)

HINTS = {
    'sketch-wizard': (
        (RED, 13, '194,366 188,388 180,410', '258,388 259,410 258,430', '302,392 308,412 312,428'),
        (RED, 10, '238,273 250,275 264,273', '201,229 209,223 218,220', '285,220 295,224 304,231',
         '166,246 167,262 164,280', '338,246 341,264 344,284'),
        (RED, 8, '233,206 250,208 266,206', '143,266 145,284 145,300', '364,274 364,288 363,302'),
        (GREEN, 14, '196,82 210,68 228,60', '286,58 302,69 314,86', '156,120 157,136 161,151',
         '334,113 333,127 333,142'),
        (SKIN, 9, '239,138 246,136 253,136', '213,178 219,183 227,187', '271,186 277,183 282,178',
         '108,254 118,258 128,258'),
        (SKIN, 8, '372,248 374,254 372,260'),
        (BROWN, 8, '393,350 393,364 392,378', '395,204 394,216 395,226', '380,84 379,72 382,60',
         '446,51 451,61 453,73', '276,332 279,342 280,352'),
        (BROWN, 10, '214,299 220,301 227,302', '276,302 284,301 290,299'),
    ),
    'sketch-fox': (
        (VIOLET, 14, '34,112 60,120 92,118', '184,44 214,52 250,54', '346,172 372,186 402,190',
         '484,92 490,112 487,134'),
        (ORANGE, 12, '236,185 242,186 249,187', '292,300 304,320 314,338',
         '304,376 314,390 318,408', '212,366 213,384 212,402', '240,370 241,386 240,402',
         '384,412 404,398 416,380'),
        (ORANGE, 8, '198,128 197,138 198,149', '298,134 297,145 294,155',
         '284,435 294,435 306,437'),
        (WHITE, 10, '420,296 426,306 428,314', '214,282 224,288 236,286', '190,238 198,234 206,236',
         '264,240 272,240 280,242'),
        (MEADOW, 13, '40,440 76,426 120,420', '256,469 284,474 312,470', '24,352 60,348 96,352',
         '150,280 166,286 182,290', '352,248 374,252 396,260', '10,290 22,286 36,285'),
        (MEADOW, 10, '366,352 370,360 370,368', '482,334 490,338 500,338'),
        (GREEN, 12, '66,230 82,224 98,232', '474,192 474,202 473,212'),
        (BROWN, 8, '88,290 88,302 90,314'),
        (MOON, 12, '426,64 436,66 444,74'),
    ),
    'sketch-still-life': (
        (YELLOW, 14, '338,246 346,264 350,284'),
        (YELLOW, 12, '462,291 473,276 481,257', '428,280 440,262 446,246'),
        (RED, 14, '256,278 258,294 268,308', '296,270 300,284 296,298'),
        (BLUE, 14, '140,196 138,216 140,240', '110,340 128,352 152,354'),
        (BLUE, 10, '140,134 154,136 170,134'),
        (BLUE, 8, '57,192 52,206 51,222'),
        (PURPLE, 10, '388,332 416,330 446,337', '378,354 404,353 432,356 455,362',
         '392,376 416,378 443,382', '405,399 418,401 432,402', '414,421 421,423'),
    ),
}

# Points in the middle of large regions, and the colors that the hints give these regions.
REGIONS = {
    'sketch-wizard': (
        ('red robe', (216, 426), RED),
        ('red sleeve', (288, 264), RED),
        ('green hair', (247, 78), GREEN),
        ('green hair at the side', (312, 174), GREEN)),
    'sketch-fox': (
        ('violet sky', (143, 140), VIOLET),
        ('violet sky at the top', (353, 36), VIOLET),
        ('orange back', (278, 331), ORANGE),
        ('orange head', (241, 216), ORANGE),
        ('green hill', (178, 484), MEADOW),
        ('green hill far away', (360, 287), MEADOW)),
    'sketch-still-life': (
        ('yellow pear', (348, 218), YELLOW),
        ('red apple', (277, 285), RED),
        ('blue jug', (170, 260), BLUE),
        ('blue jug below its band', (174, 339), BLUE)),
}


def lines (draw):
    """The drawing in black on white."""
    return draw ().finished ()


def hints (name):
    """The strokes of a drawing's hints on transparent ground, with straight alpha."""
    picture = Image.new ('RGBA', (SIZE, SIZE))
    for color, width, *texts in HINTS[name]:
        strokes = Image.new ('L', (SIZE * FINE, SIZE * FINE))
        draw = ImageDraw.Draw (strokes)
        for x, y in (point for text in texts for point in curve (text)):
            draw.ellipse ([round (v * FINE) for v in (x - width / 2, y - width / 2,
                                                      x + width / 2, y + width / 2)], fill=255)
        alpha = strokes.resize ((SIZE, SIZE), Image.BOX)
        colored = Image.new ('RGBA', (SIZE, SIZE), color)
        colored.putalpha (alpha)
        picture.paste (colored, mask=alpha.point (lambda value: 255 if value else 0))
    return picture


SKETCHES = {}
for name, draw in (('sketch-wizard', wizard), ('sketch-fox', fox),
                   ('sketch-still-life', still_life)):
    SKETCHES[f'{name}.png'] = functools.partial (lines, draw)
    SKETCHES[f'{name}-hints.png'] = functools.partial (hints, name)
