#!/usr/bin/env bash
# Puts judges that are too heavy for .venv into .judges/: mlcroissant, the validator of Croissant
# (about 370 MB), and huggingface_hub, which reads data cards. Tests that need one skip without it.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
PYTHON=${PYTHON:-python3}
WANTED="mlcroissant==1.1.1 huggingface_hub>=1"

if [[ -x .judges/bin/mlcroissant && $(cat .judges/.installed 2>/dev/null) == "$WANTED" ]]; then
    exit 0
fi
rm -rf .judges
# shellcheck disable=SC2086 # one word a package
if "$PYTHON" -m venv .judges && .judges/bin/python -m pip install --quiet $WANTED >.judges/log 2>&1; then
    echo "$WANTED" >.judges/.installed
else
    echo "could not install $WANTED; their tests will skip" >&2
    rm -rf .judges
fi
