#!/bin/sh
# Collect the words of each face into its translation file. Words that nobody says any more go.
# With --templates FOLDER it only collects: FOLDER/kiosk.pot, FOLDER/admin.pot.
set -eu
cd "$(dirname "$0")/.."
mode=${1:-}
folder=${2:-.cache}

collect() { # face, then what to read
    face=$1
    shift
    .venv/bin/pybabel --quiet extract --mapping-file=pyproject.toml --output-file="$folder/$face.pot" \
        --keyword=lazy_gettext --keyword=say --keyword=WrongRow:2 --keyword=Refusal:2 --keyword=NotFound:2 --keyword=SignInFirst:2 --add-location=file --sort-by-file \
        --project=loumenkou --copyright-holder=Loumenkou "$@"
    [ "$mode" = --templates ] && return
    .venv/bin/pybabel --quiet update --input-file="$folder/$face.pot" \
        --output-dir="$face/translations" --locale=zh --init-missing --no-fuzzy-matching \
        --ignore-obsolete --ignore-pot-creation-date
}

mkdir -p "$folder"
collect kiosk --ignore-dirs=admin kiosk templates
collect admin admin templates/admin
