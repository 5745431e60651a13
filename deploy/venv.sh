#!/bin/sh
# Make the virtual environment named by $1 with the first Python that is new enough.
set -eu

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

for python in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 none; do
    new_enough "$python" && break
done
if [ "$python" = none ]; then
    echo "Loumenkou needs Python 3.11 or newer. PYTHON=/path/to/python3 make … names one." >&2
    exit 1
fi

# Debian and Ubuntu keep the standard library's ensurepip in a package of its own.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    else
        echo "This Python cannot make virtual environments: apt-get install python3-venv" >&2
        exit 1
    fi
fi

echo "Making $1 with $("$python" --version) …"
"$python" -m venv --clear "$1"
