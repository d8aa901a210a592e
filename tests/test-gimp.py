#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: the plug-in inside a real GIMP 3, in a GIMP profile of its own.

    test-gimp.py PLUG-IN PROGRAM CATALOGUE FOLDER PART

PLUG-IN and PROGRAM are what was built, and CATALOGUE is the German .mo.  FOLDER gets the picture of
the dialog.  PART is a key of PARTS.  The checks of pixels run inside GIMP (tests/gimp), in one
launch.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path (__file__).resolve ().parent
sys.path.insert (0, str (HERE / 'gimp'))
sys.dont_write_bytecode = True

try:
    import launcher
    import numpy as np
    from PIL import Image
    import readme
    import samples
    import texts
except ImportError as error:
    print (f'1..0 # SKIP {error.name} for Python is not installed')
    sys.exit ()

PLUG_IN, PROGRAM, CATALOGUE, BUILD = (pathlib.Path (path).resolve () for path in sys.argv[1:5])
FACADE = HERE.parent / 'weights/facade.safetensors'
# Messages from our own process, including the sanitizers'. A broken pipe after the run comes from
# GIMP's fast --quit.
OURS = re.compile (r'\(pix2pix:\d+\)|\[plug-in-pix2pix\]|runtime error:|Sanitizer')
HARMLESS = 'gimp_flush(): error: Broken pipe'

passed = count = 0


def report (good, claim, why='', skip=None):
    global passed, count
    count += 1
    passed += bool (good)
    print (f'{"ok" if good else "not ok"} {count} - {claim}{f" # SKIP {skip}" if skip else ""}')
    if not good:
        print (''.join (f'# {line}\n' for line in why.splitlines ()), end='')
    sys.stdout.flush ()


def install (folder):
    """Installs the plug-in as a user would, and models in both places."""
    plug_in = launcher.make (folder, PLUG_IN)
    user = folder / 'data/pix2pix/models'
    for path in plug_in / 'locale/de/LC_MESSAGES', user:
        path.mkdir (parents=True)
    shutil.copy (CATALOGUE, plug_in / 'locale/de/LC_MESSAGES/pix2pix.mo')
    shutil.copytree (HERE.parent / 'plugin/help', plug_in / 'help')
    shutil.copy (HERE.parent / 'plugin/pix2pix.svg', plug_in)
    write_models (plug_in / 'models')
    shutil.copytree (FACADE.parent, folder / 'profile/palettes',
                     ignore=lambda _, names: [name for name in names if not name.endswith ('.gpl')])
    samples.write_model (user / 'user.safetensors', 'User’s', seed=3)


def write_models (folder):
    def write (name, title, *arguments, **more):
        samples.write_model (folder / f'{name}.safetensors', f'Tiny{title}', *arguments, **more)

    write ('tiny', '')
    write ('tiny-gray', ', gray', samples.unet, 1, 1, 2)
    write ('tiny-labels', ', labels', inputs='labels', palette=samples.PALETTE)
    write ('tiny-colors', ', colors', samples.unet, 1, 2, 4, inputs='lab-l', output='lab-ab')

    # These do not magnify small differences, as statistics of small pictures do.
    write ('steady', ', steady', gain=0.25, norm_statistics='running')
    write ('steady-gray', ', steady, gray', samples.unet, 1, 1, 5, 0.25, norm_statistics='running')
    write ('local', ', local', samples.resnet, gain=0.3, use_dropout='false',
           norm_statistics='running')


def noise (log):
    return [line for line in log.splitlines () if OURS.search (line) and HARMLESS not in line]


# ---- Parts -------------------------------------------------------------------------------------

def by_program (folder, pixels, *options, model='tiny'):
    """What the program makes of the pixels, with a model in the plug-in's folder."""
    pixels = pixels[..., 0] if pixels.shape[2] == 1 else pixels
    Image.fromarray (pixels).save (folder / 'program-in.png')
    subprocess.run ([PROGRAM, 'apply', '-q', '--force', *options, '--model',
                     folder / 'profile/plug-ins/pix2pix/models' / f'{model}.safetensors',
                     folder / 'program-in.png', '-o', folder / 'program.png'], check=True)
    made = np.asarray (Image.open (folder / 'program.png'))
    return made.reshape (*made.shape[:2], -1)


def make_references (folder):
    wide = samples.wide_picture ()
    np.save (folder / 'program.npy', by_program (folder, samples.picture (3)))
    np.save (folder / 'hints.npy', with_hints (folder))
    np.save (folder / 'cutout.npy', by_program (folder, samples.picture (3),
                                                model=folder / 'cutout'))
    np.save (folder / 'tiles.npy', [by_program (folder, wide, '--tile', '64'),
                                    by_program (folder, wide, '--tile', '64', '--overlap', '32')])


def with_hints (folder):
    """Writes a model that takes hints and is in no list.  The program's hints have the size of the
    picture."""
    samples.write_model (folder / 'sketch.safetensors', 'Sketch', samples.unet, 9, 3, 6, 0.25,
                         inputs=samples.HINTS, norm_statistics='running')
    samples.write_model (folder / 'cutout.safetensors', 'Cutout', samples.unet, 4, 4, 7, 0.25,
                         inputs='rgba', output='rgba', norm_statistics='running')
    x, y = samples.HINT_PLACE
    hints = samples.hint_picture ()
    all_hints = np.zeros ((samples.HEIGHT, samples.WIDTH, 4), np.uint8)
    all_hints[y:y + hints.shape[0], x:x + hints.shape[1]] = hints
    Image.fromarray (all_hints).save (folder / 'all-hints.png')
    return by_program (folder, samples.picture (3), '--hints', folder / 'all-hints.png',
                       model=folder / 'sketch')


def make_narrow (folder):
    for width, height in samples.NARROW:
        np.save (folder / f'narrow-{width}x{height}.npy',
                 by_program (folder, samples.narrow_picture (width, height)))


def find_palettes (folder):
    """Writes where `meson install` puts each palette."""
    plan = json.loads ((BUILD.parent / 'meson-info/intro-installed.json').read_text ())
    (folder / 'palettes.json').write_text (json.dumps (
        {str (path): plan.get (str (path)) for path in sorted (FACADE.parent.glob ('*.gpl'))}))


def save_picture (folder):
    Image.fromarray (samples.picture (3)).save (folder / 'picture.png')


def test_inside (folder):
    save_picture (folder)
    make_references (folder)
    make_narrow (folder)
    find_palettes (folder)
    done = launcher.launch (folder, 'python-fu-eval', launcher.python_batch ('inside'))
    results = folder / 'checks.json'
    if not results.exists ():
        report (False, 'the checks inside GIMP ran', done.stdout)
        return
    for claim, good, why in json.loads (results.read_text ()):
        report (good, claim, why or '', good and why)
    lines = noise (done.stdout)
    report (not lines, 'no warning from the plug-in', '\n'.join (lines))
    # pixels.py makes two calls, with two layers each.
    report (done.stdout.count ('Some pixels had values that are not numbers') == 2,
            'pixels that are no numbers are told once in a call', done.stdout)


def scheme (folder, model, before=''):
    return f'''
      (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE "{folder}/picture.png")))
             (layers (car (gimp-image-get-selected-layers image))))
        {before}
        (plug-in-pix2pix #:run-mode RUN-NONINTERACTIVE #:image image #:drawables layers
                         #:model "{model}" #:scale "native" #:output "in-place")
        (gimp-file-save RUN-NONINTERACTIVE image "{folder}/scheme.png" -1)
        (gimp-image-delete image))'''


def test_scheme (folder):
    """Script-Fu turns every failure into an execution error: exit status 70."""
    save_picture (folder)
    done = launcher.launch (folder, 'plug-in-script-fu-eval', scheme (folder, 'tiny'))
    report (done.returncode == 0, 'a Script-Fu call with named arguments: exit status 0',
            f'{done.returncode}\n{done.stdout}')
    report ('NULL GIMP object' not in done.stdout, 'Script-Fu does not warn of what it returns',
            done.stdout)
    if done.returncode == 0:
        result = np.asarray (Image.open (folder / 'scheme.png'))[..., :3].astype (int)
        worst = np.abs (result - by_program (folder, samples.picture (3))).max ()
        report (worst <= 1, 'it gives what the program gives', f'off by {worst}')

    for claim, script, *words in (
            ('an unknown model', scheme (folder, 'nope'), '“nope”', 'invalid input arguments'),
            ('a locked layer', scheme (folder, 'tiny', '(gimp-item-set-lock-content '
                                       '(vector-ref layers 0) TRUE)'), 'locked')):
        done = launcher.launch (folder, 'plug-in-script-fu-eval', script)
        report (done.returncode == 70 and all (word in done.stdout for word in words),
                f'{claim} in a Script-Fu call: exit status 70 and a message that says so',
                f'{done.returncode}\n{done.stdout}')


def in_language (folder, language):
    """The environment for the language, with a locale that is not C.  None if no locale can be
    made."""
    made = (folder / 'de_DE.UTF-8').exists () or shutil.which ('localedef') and subprocess.run (
        ['localedef', '-i', 'de_DE', '-f', 'UTF-8', folder / 'de_DE.UTF-8'], check=False,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    if not made:
        return None
    return {'LOCPATH': str (folder), 'LC_ALL': 'de_DE.UTF-8', 'LANGUAGE': language}


def test_german (folder):
    """The core's texts also come from the catalog in the plug-in's folder."""
    claim = 'a German GIMP shows German messages'
    german = in_language (folder, 'de')
    if not german:
        report (True, claim, skip='the sources of locales are not installed')
        return
    done = launcher.launch (folder, 'plug-in-script-fu-eval', scheme (folder, 'nope'), **german)
    report ('Es gibt kein Modell „nope“' in done.stdout, claim, done.stdout)


def test_search (folder):
    """GIMP reads the texts when it first sees the plug-in, in the language in which it was started
    then."""
    english = 'color,colorize,sketch,line art,map,facade,aerial photo,image translation,pix2pix'
    german = ('Farbe,kolorieren,einfärben,Skizze,Strichzeichnung,Line Art,Karte,Fassade,Luftbild,'
              'Schwarzweiß,pix2pix')
    for name, language, searches in ('English', 'C', english), ('German', 'de', german):
        claim = f'GIMP’s search finds the filter by what people type in {name}'
        environment_of = in_language (folder, language) if language != 'C' else {}
        if environment_of is None:
            report (True, claim, skip='the sources of locales are not installed')
            continue
        (folder / 'profile/pluginrc').unlink (missing_ok=True)
        done = launcher.launch (folder, 'python-fu-eval', launcher.python_batch ('search'),
                                P2P_SEARCHES=searches, **environment_of)
        missing = [search for search in searches.split (',')
                   if f'found: {search}\n' not in done.stdout]
        report (not missing, claim, f'{missing}\n{done.stdout}')
    (folder / 'profile/pluginrc').unlink (missing_ok=True)


def show_names (folder):
    """Makes the desktop write the name of a folder or page to FOLDER/shown instead of showing
    it."""
    applications = folder / 'data/applications'
    applications.mkdir ()
    (folder / 'show').write_text (f'#!/bin/sh\necho "$1" >{folder}/shown.part\n'
                                  f'mv {folder}/shown.part {folder}/shown\n')
    (folder / 'show').chmod (0o700)
    (applications / 'show.desktop').write_text (
        f'[Desktop Entry]\nType=Application\nName=Show\nExec={folder}/show %u\n'
        'MimeType=inode/directory;text/html;x-scheme-handler/file;\n')
    (folder / 'config/mimeapps.list').write_text (
        '[Default Applications]\ninode/directory=show.desktop\ntext/html=show.desktop\n'
        'x-scheme-handler/file=show.desktop\n')


def missing_tools (*more):
    """Those of the tools for a display that are not installed."""
    return ', '.join (tool for tool in ('xvfb-run', 'dbus-run-session', 'xdotool', *more)
                      if not shutil.which (tool))


def used_by (folder, person, inside, claim, height=900, **more):
    """Runs a person's script, which uses the dialog in GIMP on a virtual display, and a script
    inside GIMP, and reports what both report."""
    if missing := missing_tools ('import'):
        report (True, claim, skip=f'{missing} not installed')
        return

    screenshot, steps = BUILD / f'dialog-{person}.png', folder / 'steps'
    shutil.rmtree (steps, ignore_errors=True)
    steps.mkdir ()
    done = launcher.on_display (folder, sys.executable, HERE / f'gimp/{person}.py', folder,
                                screenshot, *launcher.GIMP, launcher.python_batch (inside),
                                height=height, **more)
    results = [folder / f'{name}.json' for name in (person, inside)]
    report (done.returncode == 0 and all (path.exists () for path in results), claim,
            f'{done.returncode}\n{done.stdout}')
    for path in results:
        for part, good, why in json.loads (path.read_text ()) if path.exists () else []:
            report (good, part, why)
    lines = noise (done.stdout)
    report (not lines, f'{claim}: no warning from the plug-in', '\n'.join (lines))
    print (f'# The dialog: {screenshot}')


def add_facade (folder):
    for path in FACADE, FACADE.with_suffix ('.png'):
        if path.exists ():
            shutil.copy (path, folder / 'profile/plug-ins/pix2pix/models')


def test_dialog (folder):
    """The dialog is answered through the accessibility interface."""
    samples.write_trained (folder / 'mine.pth')
    samples.write_trained (folder / 'two.pth', names=('netG_A', 'netG_B'))
    samples.write_model (folder / 'theirs.safetensors', 'Theirs', seed=9)
    show_names (folder)
    (folder / 'broken.safetensors').write_bytes (b'nonsense' * 100)
    add_facade (folder)
    # Files on the device of the home folder have their trash in the user's data folder.
    used_by (folder, 'person', 'dialog', 'the dialog can be used in GIMP', HOME=str (folder),
             P2P_SAMPLE=str (HERE / 'data/facade-labels.png'))


def test_hints (folder):
    """An artist paints on the canvas of a small screen with the dialog open."""
    model = FACADE.with_name ('sketch2color.safetensors')
    claim = 'hints are painted with the dialog open'
    if not model.exists ():
        report (True, claim, skip=f'{model.name} is not there')
        return

    # Only the included models.
    models, users = folder / 'profile/plug-ins/pix2pix/models', folder / 'data/pix2pix/models'
    for path in models, users:
        path.rename (path.with_name ('aside'))
    shutil.copytree (FACADE.parent, models,
                     ignore=lambda _, names: [name for name in names if not name.endswith (
                         ('.safetensors', '.png'))])
    (folder / 'profile/gimprc').write_text ('(show-welcome-dialog no)\n')
    used_by (folder, 'artist', 'hints', claim, 800,
             P2P_DRAWING=str (HERE / 'data/sketch-fox.png'),
             P2P_HINTS=str (HERE / 'data/sketch-fox-hints.png'))
    (folder / 'profile/gimprc').unlink ()
    for path in models, users:
        shutil.rmtree (path, ignore_errors=True)
        path.with_name ('aside').rename (path)


def test_readme (folder):
    claim, weights = 'the commands of README.md run', FACADE.parent
    if not all ((weights / f'{name}.safetensors').exists () for name in readme.MODELS):
        report (True, claim, skip='a model is not there')
        return

    models, drawings = folder / 'profile/plug-ins/pix2pix/models', folder / 'drawings'
    for name in readme.MODELS:
        shutil.copy (weights / f'{name}.safetensors', models)
    done = readme.run (drawings, launcher.environment (folder))
    report (len (done) == 2 and not any (one.returncode or noise (one.stdout) for one in done),
            claim, '\n'.join (f'{one.returncode}\n{one.stdout}' for one in done))
    for part, good, why in readme.checks (drawings):
        report (good, part, why)
    for name in readme.MODELS:
        (models / f'{name}.safetensors').unlink ()


def test_paint (folder):
    """Uses what the dialog offers someone who paints, with a model for line art in the list."""
    add_facade (folder)
    models = folder / 'profile/plug-ins/pix2pix/models'
    samples.write_model (models / 'lines.safetensors', 'Tiny, lines', samples.unet, 9, 3, 6, 0.25,
                         inputs=samples.HINTS, norm_statistics='running')
    used_by (folder, 'paint', 'painted', 'colors and models suit who paints',
             P2P_SAMPLE=str (HERE / 'data/facade-labels.png'))
    (models / 'lines.safetensors').unlink ()


def test_looks (folder):
    """Opens the dialog with GIMP's themes, and with long texts in other languages, one from right
    to left."""
    missing = missing_tools ('import', 'msgfmt') or (
        '' if in_language (folder, 'C') else 'the sources of locales')
    if missing:
        report (True, 'the dialog fits on a small screen', skip=f'{missing} not installed')
        return

    add_facade (folder)
    others = [folder / f'profile/plug-ins/pix2pix/models/{i}.safetensors' for i in range (4)]
    for path in others:
        samples.write_model (path, f'Another {path.stem}', inputs='labels', palette=samples.PALETTE,
                             task='labels-to-photo')
        shutil.copy (FACADE.with_suffix ('.png'), path.with_suffix ('.png'))
    for name, language, theme, height in (
            ('english', 'C', 'gray', 720), ('tall', 'C', 'gray', 900), ('wordy', 'fr', 'dark', 720),
            ('right-to-left', 'he', 'light', 720)):
        if language != 'C':
            samples.write_wordy (CATALOGUE, folder / 'profile/plug-ins/pix2pix/locale'
                                 / language / 'LC_MESSAGES/pix2pix.mo')
        (folder / 'profile/gimprc').write_text (f'(theme-color-scheme {theme})\n')
        screenshot, results = BUILD / f'dialog-{name}.png', folder / 'looks.json'
        results.unlink (missing_ok=True)
        done = launcher.on_display (folder, sys.executable, HERE / 'gimp/looks.py', folder,
                                    screenshot, *launcher.GIMP, launcher.python_batch ('shown'),
                                    height=height,
                                    P2P_SAMPLE=str (HERE / 'data/facade-labels.png'),
                                    **in_language (folder, language))
        report (done.returncode == 0 and results.exists () and not noise (done.stdout),
                f'{name}: the dialog is seen, without a warning',
                f'{done.returncode}\n{done.stdout}')
        for claim, good, why in json.loads (results.read_text ()) if results.exists () else []:
            report (good, f'{name}: {claim}', why)
        print (f'# The dialog: {screenshot}')
    for path in others:
        path.unlink ()
        path.with_suffix ('.png').unlink ()
    (folder / 'profile/gimprc').unlink ()


def look_in (folder, language):
    """Shows the dialog with the included models in the language, and returns its texts."""
    screenshot, seen = BUILD / f'dialog-{language}.png', folder / f'seen-{language}'
    done = launcher.on_display (
        folder, sys.executable, HERE / 'gimp/languages.py', folder, screenshot, *launcher.GIMP,
        launcher.python_batch ('shown'), height=1500, P2P_SAMPLE=str (HERE / 'data/sketch-fox.png'),
        P2P_TEXTS=str (seen), GTK_MODULES=str (BUILD / 'labels.so'),
        **in_language (folder, language))
    all_texts, cut = texts.read (seen)
    report (done.returncode == 0 and len (all_texts) > 60 and not noise (done.stdout),
            f'{language}: the dialog is seen, without a warning',
            f'{done.returncode}\n{done.stdout}{all_texts}')
    report (not cut, f'{language}: no text is cut off', f'{cut}')
    print (f'# The dialog: {screenshot}')
    return all_texts


def test_languages (folder):
    """Opens the dialog in each language and compares its texts with the English ones."""
    missing = missing_tools ('import') or not in_language (folder, 'C') and 'sources of locales'
    if missing:
        report (True, 'the dialog speaks all languages', skip=f'{missing} not installed')
        return

    plug_in, catalogues = folder / 'profile/plug-ins/pix2pix', CATALOGUE.parents[2]
    for path in folder / 'data/pix2pix/models', plug_in / 'models':
        shutil.rmtree (path)
    shutil.copytree (FACADE.parent, plug_in / 'models')     # only the included models
    english = look_in (folder, 'C')
    for language in (HERE.parent / 'po/LINGUAS').read_text ().split ():
        catalogue = catalogues / language / 'LC_MESSAGES/pix2pix.mo'
        shutil.copytree (catalogue.parent, plug_in / 'locale' / language / 'LC_MESSAGES',
                         dirs_exist_ok=True)
        same = texts.untranslated (look_in (folder, language), english, catalogue)
        report (not same, f'{language}: no text is in English', f'{same}')


def test_window (folder):
    """Opens the dialog twice, each time in a new process of the plug-in."""
    used_by (folder, 'window', 'reopened', 'the dialog is made larger and opened again',
             P2P_SAMPLE=str (HERE / 'data/facade-labels.png'))


def report_display (folder, script, **more):
    """Runs a script inside GIMP on a virtual display, and reports what it reports."""
    claim = f'tests/gimp/{script}.py runs in GIMP'
    if missing := missing_tools ():
        report (True, claim, skip=f'{missing} not installed')
        return

    done = launcher.on_display (folder, *launcher.GIMP, launcher.python_batch (script), **more)
    results = folder / f'{script}.json'
    report (done.returncode == 0 and results.exists (), claim, f'{done.returncode}\n{done.stdout}')
    if results.exists ():
        for claim, good, why in json.loads (results.read_text ()):
            report (good, claim, why)
    lines = noise (done.stdout)
    report (not lines, f'no warning from the plug-in in tests/gimp/{script}.py', '\n'.join (lines))


def test_matrix (folder, **more):
    x, y, width, height = samples.CROP
    for colors, model in samples.KINDS:
        for channels in (colors, colors + 1):
            pixels = samples.exact_picture (channels)
            crop = np.ascontiguousarray (pixels[y:y + height, x:x + width])
            for name, part in ('', pixels), ('-crop', crop):
                np.save (folder / f'{model}-{channels}{name}.npy',
                         by_program (folder, part, model=model))
    report_display (folder, 'matrix', **more)


def test_whole_matrix (folder):
    test_matrix (folder, P2P_WHOLE='yes')


def test_cancel (folder):
    report_display (folder, 'cancel')


# Each part has a GIMP profile of its own.
PARTS = {
    'inside': [test_inside],
    'calls': [test_scheme, test_german, test_search, test_readme],
    'dialog': [test_dialog],
    'languages': [test_languages],
    'looks': [test_looks],
    'paint': [test_paint, test_hints],
    'cancel': [test_cancel],
    'matrix': [test_matrix],
    'window': [test_window],
    'whole-matrix': [test_whole_matrix],
}


def main ():
    if not shutil.which (launcher.CONSOLE[0]):
        print (f'1..0 # SKIP {launcher.CONSOLE[0]} is not installed')
        return

    with tempfile.TemporaryDirectory () as name:
        folder = pathlib.Path (name)
        install (folder)
        for test in PARTS[sys.argv[5]]:
            test (folder)
    print (f'1..{count}')
    sys.exit (passed != count)


main ()
