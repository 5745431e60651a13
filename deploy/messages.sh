#!/bin/sh
# Collect the words of each face into its translation file. Words that nobody says any more go.
set -eu
cd "$(dirname "$0")/.."

collect() { # face, folders to read, and options
    face=$1
    shift
    template=.cache/$face.pot
    .venv/bin/pybabel --quiet extract --mapping-file=pyproject.toml --output-file="$template" \
        --keyword=lazy_gettext --keyword=Refusal:2 --add-location=file --sort-by-file \
        --omit-header "$@"
    .venv/bin/pybabel --quiet update --input-file="$template" --output-dir="$face/translations" \
        --locale=zh --init-missing --no-fuzzy-matching --ignore-obsolete \
        --ignore-pot-creation-date --omit-header
}

mkdir -p .cache
collect kiosk --ignore-dirs=admin kiosk templates
collect admin admin templates/admin
