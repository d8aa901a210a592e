#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP: the plug-in inside a real GIMP 3, in a profile of its own.

    test-gimp.py PLUG-IN PROGRAM CATALOGUE FOLDER

PLUG-IN, PROGRAM: what was built; CATALOGUE: the German .mo; FOLDER: where the dialog's picture
goes. The checks of pixels run inside GIMP (tests/gimp), in one launch.
"""

import json
import os
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
    import numpy as np
    from PIL import Image
    import readme
    import samples
except ImportError as error:
    print (f'1..0 # SKIP {error.name} for Python is not installed')
    sys.exit ()

PLUG_IN, PROGRAM, CATALOGUE, BUILD = (pathlib.Path (path).resolve () for path in sys.argv[1:5])
FACADE = HERE.parent / 'weights/facade.safetensors'
CONSOLE = ['gimp-console-3', '-id', '--quit', '--batch-interpreter']
GIMP = ['gimp-3', '-ds', '--quit', '--batch-interpreter', 'python-fu-eval', '-b']
# From our own process, sanitizers included; a broken pipe after the run is a fast --quit of GIMP.
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
    """A GIMP profile with the plug-in as it is installed, and models in both places."""
    plug_in = folder / 'profile/plug-ins/pix2pix'
    user = folder / 'data/pix2pix/models'
    for path in (plug_in / 'models', plug_in / 'locale/de/LC_MESSAGES', user, folder / 'config'):
        path.mkdir (parents=True)
    shutil.copy (PLUG_IN, plug_in / 'pix2pix')
    shutil.copy (CATALOGUE, plug_in / 'locale/de/LC_MESSAGES/pix2pix.mo')
    shutil.copytree (HERE.parent / 'plugin/help', plug_in / 'help')
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

    # These magnify no small differences, as statistics of small pictures do.
    write ('steady', ', steady', gain=0.25, norm_statistics='running')
    write ('steady-gray', ', steady, gray', samples.unet, 1, 1, 5, 0.25, norm_statistics='running')
    write ('local', ', local', samples.resnet, gain=0.3, use_dropout='false',
           norm_statistics='running')


def environment (folder, **more):
    # GIMP's own leaks are not ours to report.
    return {**os.environ, 'P2P_TEST': str (folder), 'GIMP3_DIRECTORY': str (folder / 'profile'),
            'XDG_DATA_HOME': str (folder / 'data'), 'XDG_CONFIG_HOME': str (folder / 'config'),
            'PYTHONDONTWRITEBYTECODE': '1', 'LANGUAGE': 'C', 'LC_ALL': 'C.UTF-8',
            'ASAN_OPTIONS': 'detect_leaks=0', 'DISPLAY': '', 'WAYLAND_DISPLAY': '', **more}


def launch (folder, interpreter, script, **more):
    return subprocess.run ([*CONSOLE, interpreter, '-b', script], env=environment (folder, **more),
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, errors='replace', timeout=600)


def on_display (*command, height=900):
    return ['xvfb-run', '-a', '-s', f'-screen 0 1280x{height}x24', 'dbus-run-session', '--',
            *command]


def noise (log):
    return [line for line in log.splitlines () if OURS.search (line) and HARMLESS not in line and
            'pix2pix-DEBUG' not in line]


def python_batch (script):
    return f'import sys; sys.path.insert (0, {str (HERE / "gimp")!r}); import {script}'


# ---- Parts -------------------------------------------------------------------------------------

def by_program (folder, pixels, *options, model='tiny'):
    """What the program makes of them, with a model by its name or its path."""
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
    """A model that takes hints, which no list shows; for the program they cover the picture."""
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
    """Of each palette, where `meson install` puts it."""
    plan = json.loads ((BUILD.parent / 'meson-info/intro-installed.json').read_text ())
    (folder / 'palettes.json').write_text (json.dumps (
        {str (path): plan.get (str (path)) for path in sorted (FACADE.parent.glob ('*.gpl'))}))


def test_inside (folder):
    Image.fromarray (samples.picture (3)).save (folder / 'picture.png')
    make_references (folder)
    make_narrow (folder)
    find_palettes (folder)
    done = launch (folder, 'python-fu-eval', python_batch ('inside'))
    results = folder / 'checks.json'
    if not results.exists ():
        report (False, 'the checks inside GIMP ran', done.stdout)
        return
    for claim, good, why in json.loads (results.read_text ()):
        report (good, claim, why or '', good and why)
    lines = noise (done.stdout)
    report (not lines, 'no warning from the plug-in', '\n'.join (lines))
    # Two calls in pixels.py, of two layers each.
    report (done.stdout.count ('Some pixels were no numbers') == 2,
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
    """Script-Fu makes an execution error of every failure: exit status 70."""
    done = launch (folder, 'plug-in-script-fu-eval', scheme (folder, 'tiny'))
    report (done.returncode == 0, 'a Script-Fu call with named arguments: exit status 0',
            f'{done.returncode}\n{done.stdout}')
    report ('NULL GIMP object' not in done.stdout, 'Script-Fu does not warn of what it returns',
            done.stdout)
    if done.returncode == 0:
        result = np.asarray (Image.open (folder / 'scheme.png'))[..., :3].astype (int)
        worst = np.abs (result - np.load (folder / 'program.npy')).max ()
        report (worst <= 1, 'it gives what the program gives', f'off by {worst}')

    for claim, script, *words in (
            ('an unknown model', scheme (folder, 'nope'), '“nope”', 'invalid input arguments'),
            ('a locked layer', scheme (folder, 'tiny', '(gimp-item-set-lock-content '
                                       '(vector-ref layers 0) TRUE)'), 'locked')):
        done = launch (folder, 'plug-in-script-fu-eval', script)
        report (done.returncode == 70 and all (word in done.stdout for word in words),
                f'{claim} in a Script-Fu call: exit status 70 and a message that says so',
                f'{done.returncode}\n{done.stdout}')


def in_language (folder, language):
    """The environment for it, of a locale that is not C; None where none can be made."""
    made = (folder / 'de_DE.UTF-8').exists () or shutil.which ('localedef') and subprocess.run (
        ['localedef', '-i', 'de_DE', '-f', 'UTF-8', folder / 'de_DE.UTF-8'], check=False,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    if not made:
        return None
    return {'LOCPATH': str (folder), 'LC_ALL': 'de_DE.UTF-8', 'LANGUAGE': language}


def test_german (folder):
    """The core's texts as well come from the catalogue in the plug-in's folder."""
    claim = 'a German GIMP shows German messages'
    german = in_language (folder, 'de')
    if not german:
        report (True, claim, skip='the sources of locales are not installed')
        return
    done = launch (folder, 'plug-in-script-fu-eval', scheme (folder, 'nope'), **german)
    report ('Es gibt kein Modell „nope“' in done.stdout, claim, done.stdout)


def test_search (folder):
    """GIMP asks for the texts when it first sees the plug-in, in the language of that start."""
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
        done = launch (folder, 'python-fu-eval', python_batch ('search'), P2P_SEARCHES=searches,
                       **environment_of)
        missing = [search for search in searches.split (',')
                   if f'found: {search}\n' not in done.stdout]
        report (not missing, claim, f'{missing}\n{done.stdout}')
    (folder / 'profile/pluginrc').unlink (missing_ok=True)


def query_times (folder, *programs):
    """Milliseconds of each program's run when GIMP, finding it five times, asks what it does."""
    for program in programs:
        for number in range (5):
            wrapper = folder / f'plug-ins/{program.name}-{number}/{program.name}-{number}'
            wrapper.parent.mkdir (parents=True)
            wrapper.write_text ('#!/bin/sh\nstart=$(date +%s%N)\n'
                                f'"{program}" "$@"\n'
                                f'echo $((($(date +%s%N) - start) / 1000)) $5 '
                                f'>>"{folder}/{program.name}.times"\n')
            wrapper.chmod (0o700)
    launch (folder, 'plug-in-script-fu-eval', '#t', GIMP3_DIRECTORY=str (folder))
    for program in programs:
        times = folder / f'{program.name}.times'
        found = re.findall (r'(\d+) -query', times.read_text ()) if times.exists () else []
        yield [int (microseconds) / 1000 for microseconds in found]


def test_query (folder):
    """The best of five; an empty plug-in tells what GIMP and the machine take."""
    ours, empty = query_times (folder / 'query', PLUG_IN, BUILD / 'empty-dialog')
    report (ours and empty and min (ours) <= min (empty) + 25,
            "GIMP's question at its start is answered within 25 ms more than by an empty plug-in",
            f'{ours} {empty}')
    print (f'# queries in ms: ours {ours}, empty {empty}')


def first_draws (log, name):
    """Milliseconds from each call to the first draw."""
    begun = [int (at) for at in re.findall (rf'^{name}: begun at (\d+)', log, re.M)]
    drawn = [int (at) for at in re.findall (rf'{name}\S* .*?first drawn at (\d+)|'
                                            rf'^{name}: first drawn at (\d+)', log, re.M)
             for at in at if at]
    return [(end - start) / 1000 for start, end in zip (begun, drawn)]


def check_first_draw (log):
    """In turn in the same run, the best of four of each; a busy machine gets twice the time."""
    ours, empty = first_draws (log, 'pix2pix'), first_draws (log, 'empty-dialog')
    most = 240 if os.getloadavg ()[0] > os.cpu_count () else 120
    report (ours and empty and min (ours) - min (empty) <= most,
            'the dialog is drawn at most 120 ms later than an empty one', f'{ours} {empty}')
    print (f'# first draws in ms: ours {ours}, empty {empty}')


def show_names (folder):
    """The desktop's way to show a folder or a page writes its name into FOLDER/shown."""
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


def used_by (folder, person, inside, claim, height=900, **more):
    """What a person's script does with the dialog in GIMP on a virtual display, and what the script
    inside GIMP sees, is reported.  Gives what both have written; None: there is no display."""
    tools = ('xvfb-run', 'dbus-run-session', 'xdotool', 'import')
    missing = ', '.join (tool for tool in tools if not shutil.which (tool))
    if missing:
        report (True, claim, skip=f'{missing} not installed')
        return None

    screenshot, steps = BUILD / f'dialog-{person}.png', folder / 'steps'
    shutil.rmtree (steps, ignore_errors=True)
    steps.mkdir ()
    done = subprocess.run (
        on_display (sys.executable, HERE / f'gimp/{person}.py', folder, screenshot, *GIMP,
                    python_batch (inside), height=height),
        env=environment (folder, GTK_A11Y='atspi', GDK_BACKEND='x11', **more),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors='replace', timeout=600)
    results = [folder / f'{name}.json' for name in (person, inside)]
    report (done.returncode == 0 and all (path.exists () for path in results), claim,
            f'{done.returncode}\n{done.stdout}')
    for path in results:
        for part, good, why in json.loads (path.read_text ()) if path.exists () else []:
            report (good, part, why)
    lines = noise (done.stdout)
    report (not lines, f'{claim}: no warning from the plug-in', '\n'.join (lines))
    print (f'# The dialog: {screenshot}')
    return done.stdout


def test_dialog (folder):
    """Answered through the accessibility interface."""
    samples.write_trained (folder / 'mine.pth')
    samples.write_trained (folder / 'two.pth', names=('netG_A', 'netG_B'))
    samples.write_model (folder / 'theirs.safetensors', 'Theirs', seed=9)
    empty = folder / 'profile/plug-ins/empty-dialog'
    empty.mkdir ()
    shutil.copy (BUILD / 'empty-dialog', empty)
    show_names (folder)
    (folder / 'broken.safetensors').write_bytes (b'nonsense' * 100)
    if FACADE.exists ():
        shutil.copy (FACADE, folder / 'profile/plug-ins/pix2pix/models')
        shutil.copy (FACADE.with_suffix ('.png'), folder / 'profile/plug-ins/pix2pix/models')
    # The trash for what is on the home folder's device is a folder of the user's data.
    log = used_by (folder, 'person', 'dialog', 'the dialog can be used in GIMP', HOME=str (folder),
                   P2P_SAMPLE=str (HERE / 'data/facade-labels.png'), G_MESSAGES_DEBUG='pix2pix')
    if log:
        check_first_draw (log)


def test_hints (folder):
    """An artist paints on the canvas of a small screen with the dialog open."""
    model = FACADE.with_name ('sketch2color.safetensors')
    claim = 'hints are painted with the dialog open'
    if not model.exists ():
        report (True, claim, skip=f'{model.name} is not there')
        return

    # The models that come along, and no others.
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
    done = readme.run (drawings, environment (folder))
    report (len (done) == 2 and not any (one.returncode or noise (one.stdout) for one in done),
            claim, '\n'.join (f'{one.returncode}\n{one.stdout}' for one in done))
    for part, good, why in readme.checks (drawings):
        report (good, part, why)
    for name in readme.MODELS:
        (models / f'{name}.safetensors').unlink ()


def test_paint (folder):
    """What the dialog has for someone who paints; with a model for line art in the list."""
    models = folder / 'profile/plug-ins/pix2pix/models'
    samples.write_model (models / 'lines.safetensors', 'Tiny, lines', samples.unet, 9, 3, 6, 0.25,
                         inputs=samples.HINTS, norm_statistics='running')
    used_by (folder, 'paint', 'painted', 'colors and models suit who paints',
             P2P_SAMPLE=str (HERE / 'data/facade-labels.png'))
    (models / 'lines.safetensors').unlink ()


def test_looks (folder):
    """With GIMP's themes, and with its own texts in other languages, one from right to left."""
    tools = ('xvfb-run', 'dbus-run-session', 'xdotool', 'import', 'msgfmt')
    missing = [tool for tool in tools if not shutil.which (tool)]
    if not in_language (folder, 'C'):
        missing.append ('the sources of locales')
    if missing:
        report (True, 'the dialog fits on a small screen',
                skip=f'{", ".join (missing)} not installed')
        return

    for name, language, theme in (('english', 'C', 'gray'), ('wordy', 'fr', 'dark'),
                                  ('right-to-left', 'he', 'light')):
        if language != 'C':
            samples.write_wordy (CATALOGUE, folder / 'profile/plug-ins/pix2pix/locale'
                                 / language / 'LC_MESSAGES/pix2pix.mo')
        (folder / 'profile/gimprc').write_text (f'(theme-color-scheme {theme})\n')
        screenshot, results = BUILD / f'dialog-{name}.png', folder / 'looks.json'
        results.unlink (missing_ok=True)
        done = subprocess.run (
            on_display (sys.executable, HERE / 'gimp/looks.py', folder, screenshot, *GIMP,
                        python_batch ('shown'), height=720),
            env=environment (folder, P2P_SAMPLE=str (HERE / 'data/facade-labels.png'),
                             GTK_A11Y='atspi', GDK_BACKEND='x11', **in_language (folder, language)),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors='replace', timeout=600)
        report (done.returncode == 0 and results.exists () and not noise (done.stdout),
                f'{name}: the dialog is seen, without a warning',
                f'{done.returncode}\n{done.stdout}')
        for claim, good, why in json.loads (results.read_text ()) if results.exists () else []:
            report (good, f'{name}: {claim}', why)
        print (f'# The dialog: {screenshot}')
    (folder / 'profile/gimprc').unlink ()


def report_display (folder, script):
    """What a script reports from inside GIMP on a virtual display."""
    claim = f'tests/gimp/{script}.py runs in GIMP'
    missing = ', '.join (tool for tool in ('xvfb-run', 'dbus-run-session', 'xdotool')
                         if not shutil.which (tool))
    if missing:
        report (True, claim, skip=f'{missing} not installed')
        return

    done = subprocess.run (on_display (*GIMP, python_batch (script)),
                           env=environment (folder, GTK_A11Y='atspi', GDK_BACKEND='x11'),
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, errors='replace', timeout=1000)
    results = folder / f'{script}.json'
    report (done.returncode == 0 and results.exists (), claim, f'{done.returncode}\n{done.stdout}')
    if results.exists ():
        for claim, good, why in json.loads (results.read_text ()):
            report (good, claim, why)
    lines = noise (done.stdout)
    report (not lines, f'no warning from the plug-in in tests/gimp/{script}.py', '\n'.join (lines))


def test_matrix (folder):
    x, y, width, height = samples.CROP
    for colors, model in samples.KINDS:
        for channels in (colors, colors + 1):
            pixels = samples.exact_picture (channels)
            crop = np.ascontiguousarray (pixels[y:y + height, x:x + width])
            for name, part in ('', pixels), ('-crop', crop):
                np.save (folder / f'{model}-{channels}{name}.npy',
                         by_program (folder, part, model=model))
    report_display (folder, 'matrix')


def test_cancel (folder):
    report_display (folder, 'cancel')


def main ():
    if not shutil.which (CONSOLE[0]):
        print (f'1..0 # SKIP {CONSOLE[0]} is not installed')
        return

    with tempfile.TemporaryDirectory () as name:
        folder = pathlib.Path (name)
        install (folder)
        test_inside (folder)
        test_scheme (folder)
        test_german (folder)
        test_search (folder)
        test_readme (folder)
        test_query (folder)
        test_dialog (folder)
        test_looks (folder)
        test_paint (folder)
        test_hints (folder)
        test_matrix (folder)
        test_cancel (folder)
    print (f'1..{count}')
    sys.exit (passed != count)


main ()
