# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# words ID COMMAND…: runs the command with --card options that say what the model
# ID is good at, what it is bad at, and which pictures it wants, in English and
# German: what was seen in its validation pictures and in drawn ones.

words ()
{
  of=$1
  shift
  case $of in
    aerial2map)
      set -- "$@" \
        --card good_at='the grid of streets in a town, and parks between them' \
        --card good_at.de='dem Straßennetz einer Stadt und den Parks darin' \
        --card bad_at='straight lines and clean areas: streets waver, blocks are blotchy, and motorways and railways are not told apart' \
        --card bad_at.de='geraden Linien und sauberen Flächen: Straßen schwanken, Blöcke sind fleckig, Autobahnen und Gleise werden nicht erkannt' \
        --card suits='photos straight from above, with streets 4 to 10 pixels wide' \
        --card suits.de='Fotos senkrecht von oben, mit Straßen von 4 bis 10 Pixeln Breite' ;;
    bw2color)
      set -- "$@" --card vary=off \
        --card good_at='dry grass, earth, wood and clouds' \
        --card good_at.de='trockenem Gras, Erde, Holz und Wolken' \
        --card bad_at='green and blue: leaves, clear skies, water and snow turn out brownish or gray; strong colors stay pale' \
        --card bad_at.de='Grün und Blau: Laub, klarer Himmel, Wasser und Schnee werden bräunlich oder grau; kräftige Farben bleiben blass' \
        --card suits='black-and-white photos of landscapes; for other colors than its own guess, paint over the result' \
        --card suits.de='Schwarzweißfotos von Landschaften; wer andere Farben als die geratenen will, malt über das Ergebnis' ;;
    facade)
      set -- "$@" \
        --card good_at='whole fronts of houses with rows of windows' \
        --card good_at.de='ganzen Hausfronten mit Fensterreihen' \
        --card bad_at='fine detail: fronts are soft, flat walls have a faint pattern, and skies may turn dark' \
        --card bad_at.de='feinen Einzelheiten: Fronten sind weich, flache Wände haben ein schwaches Muster, und Himmel kann dunkel werden' \
        --card suits='flat colors of the palette Facade labels, one for each part of the house' \
        --card suits.de='flache Farben der Palette Facade labels, eine für jeden Teil des Hauses' ;;
    sketch2color)
      set -- "$@" \
        --card good_at='keeping each color within its lines, as dots and strokes say' \
        --card good_at.de='jede Farbe in ihren Linien zu halten, wie Tupfer und Striche es sagen' \
        --card bad_at='guessing colors without hints, which come out pale, and shading' \
        --card bad_at.de='Farben ohne Hinweise zu raten, die dann blass sind, und Schattierungen' \
        --card suits='line art with closed, dark lines on light paper, and a dot of color in each area' \
        --card suits.de='Strichzeichnungen mit geschlossenen, dunklen Linien auf hellem Papier, und ein Farbtupfer in jeder Fläche' ;;
  esac
  "$@"
}
