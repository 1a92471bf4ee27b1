# Where the scripts of this folder keep what they made; to be sourced.
cache="${XDG_CACHE_HOME:-$HOME/.cache}/shaketable/images"
mkdir -p "$cache"

say() { echo "images: $*" >&2; }

fail() {
  say "$*"
  exit 1
}

has_image() { docker image inspect "$1" >/dev/null 2>&1; }

# The machine's own architecture, as Debian calls it.
architecture() { dpkg --print-architecture; }

# The folder of shared libraries of that architecture: x86_64-linux-gnu.
multiarch() { echo "$(uname -m)-linux-gnu"; }
