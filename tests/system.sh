# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
#
# Makes the system ready for building and testing.  tests/run, plugin/try and so on set $top to the
# checkout, source this file and call
#
#   system_ready LIST              makes sure that the packages of LIST (build | test | package |
#                                  coverage) are installed
#   in_system COMMAND…             runs COMMAND in the checkout, on a system with GIMP 3
#   newest_ready                   makes sure that there is a Debian testing, for its newer GIMP
#   in_newest COMMAND…             runs COMMAND in the checkout, on that Debian testing
#   arm_ready                      makes sure that there is a Debian for 64-bit ARM programs
#   in_arm COMMAND…                runs COMMAND in the checkout, on that Debian
#   build WHERE NAME OPTION…       configures and compiles build/NAME; WHERE is in_system,
#                                  in_newest, in_arm, or env for this system itself
#   staged NAME FOLDER OPTION…     builds the plug-in in build/NAME and installs it below FOLDER
#
# Where the system has no GIMP 3 (Debian 12), in_system enters a private Debian 13 root.  It is made
# once and kept in the user's cache folder.  There is one for building and testing, one with the
# tools that make and check packages, and one that measures what the tests cover.  in_newest enters
# a root of Debian testing, which is made anew every month.  in_arm enters a root of Debian 13 with a
# compiler, an emulator and libraries for 64-bit ARM.

build_packages='meson ninja-build gcc libc6-dev pkgconf gettext'
core_libraries='libglib2.0-dev libopenblas-dev libjson-glib-dev libarchive-dev libgdk-pixbuf-2.0-dev
  libpng-dev libtiff-dev libgexiv2-dev liblcms2-dev'
core_packages="$build_packages $core_libraries"
core_test_packages='python3 python3-numpy libopenmpi-dev openmpi-bin'
plugin_packages='gimp libgimp-3.0-dev libgtk-3-dev'
plugin_test_packages='python3-pil python3-torch python3-gi python3-pyatspi gir1.2-gimp-3.0 xvfb xauth
  dbus dbus-x11 at-spi2-core xdotool imagemagick fonts-dejavu-core fonts-nanum
  fonts-ipafont-gothic locales procps'
more_test_packages='g++ clang libclang-rt-dev python3-onnxruntime time valgrind libopenblas0-serial
  libopenblas0-openmp webp-pixbuf-loader argyll libmpich-dev mpich iproute2'
coverage_packages='gcovr python3-pil python3-torch'
package_packages='build-essential debhelper lintian appstream libarchive-tools man-db mandoc zsh fish'

# The packages belong to the system's own Python and compiler.  A pyenv or conda that is earlier in
# the path would hide these.
PATH=/usr/bin:/bin:/usr/sbin:/sbin:$PATH
export PATH

# Tests run in folders of their own, so the data's path must be absolute.
if P2P_DATA=$(cd "${P2P_DATA:-$top/../shared/data}" 2>/dev/null && pwd -P); then
  export P2P_DATA
else
  unset P2P_DATA
fi

system_root=      # the private root; empty if this system itself has GIMP 3
newest_root=      # the root of Debian testing; empty if there is none
arm_root=         # the root with libraries for 64-bit ARM; empty if there is none

fail ()
{
  printf '%s\n' "$@" >&2
  exit 1
}

# Whether the package manager knows PACKAGE.
offered ()
{
  apt-cache show "$1" >/dev/null 2>&1
}

has_gimp3 ()
{
  if pkg-config --exists gimp-3.0 2>/dev/null; then return 0; fi

  command -v apt-get >/dev/null ||
    fail 'GIMP 3 was not found (pkg-config gimp-3.0), and packages are installed here only' \
         'with apt-get: install GIMP 3 with its development files, then run this again.'

  # A fresh container has no package lists yet.
  if ! offered meson; then
    [ "$(id -u)" = 0 ] || fail 'There are no package lists yet. Please run this, then try again:' '' \
                               '    sudo apt-get update' ''
    apt-get update
  fi
  offered libgimp-3.0-dev
}

# Installs those packages that are missing, or says how to install them.
install_packages ()
{
  # On systems without dpkg, missing packages are found when building.
  command -v dpkg-query >/dev/null || return 0

  missing=
  for package; do
    case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
      installed*) ;;
      *) missing="$missing $package" ;;
    esac
  done
  [ -n "$missing" ] || return 0

  [ "$(id -u)" = 0 ] ||
    fail 'Some packages are missing. Please install them, then run this again:' '' \
         "    sudo apt-get install$missing" ''

  echo "Installing$missing"
  # shellcheck disable=SC2086 # a list of words
  set -- env DEBIAN_FRONTEND=noninteractive \
         apt-get install -qq -o Dpkg::Use-Pty=0 --no-install-recommends $missing
  # Missing package lists are found at once, outdated lists only while fetching.
  { "$@" --simulate >/dev/null 2>&1 && "$@"; } || { apt-get update && "$@"; } ||
    fail "These packages could not be installed:$missing"
}

# private_root NAME SUITE PACKAGE…: sets $root to a Debian of that suite with the packages, and
# makes it if needed.  The root is named after NAME and the list of packages, so another list makes
# another root.  A new root replaces the roots whose names begin with the same word.
private_root ()
{
  name=$1 suite=$2
  shift 2
  packages=$(printf '%s\n' ca-certificates "$@" | sort -u)
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/pix2pix
  root=$cache/$name-$(printf '%s' "$packages" | sha256sum | cut -c 1-8)
  [ -d "$root" ] || ( make_root )
}

make_root ()
{
  install_packages mmdebstrap gpg debian-archive-keyring
  # Debian 12 got the keys of Debian 13 in an update.
  [ -e /usr/share/keyrings/debian-archive-trixie-stable.gpg ] ||
    { apt-get update && apt-get install -qq debian-archive-keyring; }

  mkdir -p "$cache"
  exec 9>"$cache/lock"
  flock 9
  # Another run may have made it while this one waited for the lock.
  if [ -d "$root" ]; then return 0; fi

  # Deletes roots that are incomplete or were made for other lists, unless a command runs inside:
  # in_root holds a lock.  The mounts of that command are not visible here, so nothing behind them
  # is deleted.
  for old in "$cache/${name%%-*}"-*; do
    if [ -d "$old" ]; then flock --nonblock "$old" rm -rf --one-file-system "$old" || :; fi
  done

  echo "Making a private Debian in $root"
  # The new system's apt gets the same settings for the mirror as this system's.
  proxy='' until=''
  eval "$(apt-config shell proxy Acquire::http::Proxy until Acquire::Check-Valid-Until)"
  # Packages whose names end in :arm64 are for another architecture.
  foreign=$(echo "$packages" | sed -n 's/.*://p' | sort -u)
  mmdebstrap --variant=apt --include="$(echo "$packages" | paste -s -d ,)" \
             ${proxy:+"--aptopt=Acquire::http::Proxy \"$proxy\""} \
             ${foreign:+"--architectures=$(dpkg --print-architecture),$foreign"} \
             ${until:+"--aptopt=Acquire::Check-Valid-Until \"$until\""} \
             "$suite" "$root.part" ||
    fail "The private Debian $root could not be made."
  mv "$root.part" "$root"
}

system_ready ()
{
  if ! has_gimp3; then
    [ "$(id -u)" = 0 ] ||
      fail 'This system has no GIMP 3. Run by root, this installs mmdebstrap and makes a private' \
           'Debian 13 with GIMP 3 for building and testing. Please run' '' "    sudo $0" ''

    # shellcheck disable=SC2086 # lists of words
    case $1 in
      package) private_root packages13 trixie $core_packages $plugin_packages $package_packages ;;
      coverage)
        private_root coverage13 trixie $core_packages $core_test_packages $coverage_packages ;;
      *)       private_root debian13 trixie $core_packages $core_test_packages $plugin_packages \
                            $plugin_test_packages $more_test_packages ;;
    esac || exit
    system_root=$root
    return
  fi

  # shellcheck disable=SC2086 # lists of words
  case $1 in
    build)   install_packages $core_packages $plugin_packages ;;
    package) install_packages $core_packages $plugin_packages $package_packages ;;
    coverage)
             install_packages $core_packages $core_test_packages $coverage_packages ;;
    test)    install_packages $core_packages $plugin_packages $core_test_packages \
                              $plugin_test_packages $more_test_packages ;;
  esac
}

# Whether this user may have private roots on this system.
roots_allowed ()
{
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && unshare --mount true 2>/dev/null
}

newest_ready ()
{
  # shellcheck disable=SC2086 # lists of words
  private_root "testing-$(date +%Y-%m)" testing $core_packages $core_test_packages \
               $plugin_packages $plugin_test_packages || return
  newest_root=$root
}

arm_ready ()
{
  # shellcheck disable=SC2046,SC2086 # lists of words
  private_root arm13 trixie $build_packages gcc-aarch64-linux-gnu qemu-user \
               $(printf '%s:arm64\n' libc6-dev $core_libraries webp-pixbuf-loader) || return
  arm_root=$root
}

# in_root ROOT COMMAND…: runs COMMAND in the root, which sees the checkout, the data beside it and
# /tmp under the same names.  The mounts are in a mount namespace of their own and vanish with the
# command.
in_root ()
{
  root=$1
  shift

  # shellcheck disable=SC2016 # the inner shell expands
  flock --shared "$root" unshare --mount sh -euc '
    root=$1; shift
    mount --bind "$root" "$root"    # "ip netns exec" wants a root that is a mount
    for folder in /proc /sys /dev /tmp; do mount --rbind "$folder" "$root$folder"; done
    while [ "$1" != -- ]; do
      mkdir -p "$root$1"
      mount --rbind "$1" "$root$1"
      shift
    done
    shift
    exec chroot "$root" env -i "$@"' \
    sh "$root" "$top" ${P2P_DATA:+"$P2P_DATA"} -- \
    -C "$top" HOME=/root PATH=/usr/bin:/bin:/usr/sbin:/sbin LANG=C.UTF-8 \
    ${P2P_DATA:+"P2P_DATA=$P2P_DATA"} ${CI:+"CI=$CI"} ${TERM:+"TERM=$TERM"} "$@"
}

in_system ()
{
  if [ -n "$system_root" ]; then in_root "$system_root" "$@"; else "$@"; fi
}

in_newest ()
{
  in_root "$newest_root" "$@"
}

in_arm ()
{
  in_root "$arm_root" "$@"
}

build ()
{
  where=$1 folder=$top/build/$2
  shift 2

  case $where in
    in_system) root=$system_root ;;
    in_newest) root=$newest_root ;;
    in_arm) root=$arm_root ;;
    *) root= ;;
  esac

  # A build folder is useless if the checkout was moved, or if another system made it.
  # shellcheck source=/dev/null
  made_for="$top $where $root $(. /etc/os-release; echo "$PRETTY_NAME")"
  if [ "$(cat "$folder/made-for" 2>/dev/null)" != "$made_for" ]; then rm -rf "$folder"; fi

  # Meson before 1.1, as in Debian 12, expects the file of options under another name.
  case $("$where" meson --version) in
    0.* | 1.0.*) ln -sf meson.options "$top/meson_options.txt" ;;
  esac

  if [ ! -d "$folder" ] ||
     ! "$where" meson setup --reconfigure "$folder" "$top" "$@" >/dev/null 2>&1; then
    rm -rf "$folder"
    "$where" meson setup "$folder" "$top" "$@" || return
    echo "$made_for" >"$folder/made-for"
  fi
  "$where" meson compile -C "$folder"
}

# Below FOLDER, every file has the path that it will have after installation (DESTDIR).
staged ()
{
  name=$1 stage=$2
  shift 2
  build in_system "$name" -Dplugin=enabled "$@" >&2 &&
    in_system meson install -C "$top/build/$name" --no-rebuild --quiet --destdir "$stage"
}
