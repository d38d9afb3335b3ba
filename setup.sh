# shellcheck shell=sh
# Sourced by ./pratique and ./test: make .venv with a Python of 3.11 or newer, and install into it.

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
    echo "pratique: needs Python 3.11 or newer (set PYTHON to its path)" >&2
    return 1
}

prepare() {
    home=$1
    shift
    if [ ! -x "$home/.venv/bin/python" ]; then
        python=$(find_python) || return 1
        echo "pratique: first use: making .venv with $("$python" --version)" >&2
        "$python" -m venv "$home/.venv" || {
            echo "pratique: this Python cannot make environments; on Debian: apt install python3-venv" >&2
            rm -rf "$home/.venv"
            return 1
        }
        "$home/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1' || return 1
    fi
    "$home/.venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}
