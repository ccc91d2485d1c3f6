#!/usr/bin/env bash
# Build the wheel, install it into a fresh environment outside the checkout,
# and run the smoke tests there. Uses: BIN (tools of the checkout), PYTHON.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$here/../.." && pwd)
tools="$checkout/${BIN:-.venv/bin}"
work=$(mktemp -d "${TMPDIR:-/tmp}/prescrub-wheel.XXXXXX")
trap 'rm -rf "$work"' EXIT

"$tools/python" -m build --wheel --outdir "$work/dist" "$checkout" >"$work/build.log" 2>&1 ||
    { tail -n 40 "$work/build.log" >&2; exit 1; }
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet "$work"/dist/prescrub-*.whl 'pytest>=8.3'
cp -R "$here" "$work/smoke"
cp -R "$checkout/sample_media/portfolio" "$work/portfolio"

cd "$work/smoke"
PRESCRUB_SAMPLES="$work/portfolio" "$work/venv/bin/python" -I -m pytest \
    -q -p no:cacheprovider -c /dev/null --rootdir "$work/smoke" "$work/smoke/smoke_wheel.py"
