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

# The archive that this machine gets Debian from.
debian_archive() {
  apt-get indextargets --format '$(ORIGIN) $(RELEASE) $(REPO_URI)' |
    awk '$1 == "Debian" && $2 !~ /-/ { print $3; exit }'
}

# extract_packages SUITE DIRECTORY PACKAGE...: fetches packages of a Debian suite with all that they need and extracts them
# into DIRECTORY/all, without installing anything: apt works in a root of its own.
extract_packages() {
  local suite=$1 directory=$2 apt="$2/apt" archive package
  shift 2
  command -v apt-get >/dev/null || fail "$* would be fetched with apt-get, which is not there"
  archive=$(debian_archive)
  [[ -n "$archive" ]] || fail 'apt knows no Debian archive (run apt-get update)'
  mkdir -p "$apt"/{state/lists/partial,cache/archives/partial,etc/parts}
  : >"$apt/state/empty"
  echo "deb $archive $suite main" >"$apt/etc/sources.list"
  cat >"$apt/apt.conf" <<CONF
Dir::State "$apt/state"; Dir::State::status "$apt/state/empty"; Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "$apt/etc/sources.list"; Dir::Etc::sourceparts "$apt/etc/parts";
Dir::Etc::preferencesparts "$apt/etc/parts";
APT::Architecture "$(architecture)"; APT::Architectures { "$(architecture)"; };
APT::Install-Recommends "false"; APT::Sandbox::User "root"; Debug::NoLocking "true";
Acquire::Languages "none"; Acquire::Check-Valid-Until "false";
CONF
  apt-get -c "$apt/apt.conf" -qq update >&2
  apt-get -c "$apt/apt.conf" -qq -y -d install "$@" >&2
  for package in "$apt"/cache/archives/*.deb; do
    case "$(basename "$package")" in
      perl* | libperl* | libgdbm* | libdb5*) ;;
      *) dpkg-deb -x "$package" "$directory/all" ;;
    esac
  done
}
