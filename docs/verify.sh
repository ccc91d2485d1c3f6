#!/bin/sh
# Is this folder a whole batch and nothing else? Stock tools only, nothing of ours:
# find, sort, sha256sum and what else GNU coreutils has, jq; ssh-keygen, openssl, xxd if asked.
#
#   verify.sh FOLDER
#
# Set in the environment, each optional:
#   SIGNERS, SIGNER   an allowed_signers file and the name in it: who signed the batch
#   TSA_CA            certificates (PEM) of a time stamp authority: when it was signed
#   TSA_UNTRUSTED     certificates between that one and the token's, where it lacks them
#   ROOT=1            compute items_root again (slow: minutes for 100,000 files)
#   BAGIT=1           ask bagit.py as well (slow)
#
# Exit 0: every step passed. 1: some did not, one sentence each. docs/verify.md says more.
set -u
unset CDPATH
LC_ALL=C
export LC_ALL

bad=0
fail() {
    printf 'FAILED: %s\n' "$*"
    bad=1
}
stop() {
    fail "$@"
    echo 'NOT A WHOLE BATCH. What follows was not looked at.'
    exit 1
}
absolute() { case $1 in /*) printf %s "$1" ;; *) printf '%s/%s' "$PWD" "$1" ;; esac; }
quiet() { "$@" >/dev/null 2>&1; }

if [ $# -ne 1 ]; then
    echo 'usage: verify.sh FOLDER' >&2
    exit 1
fi
for tool in cmp comm find iconv jq sha256sum sort; do
    quiet command -v "$tool" || stop "$tool is not installed."
done
[ -z "${SIGNERS-}" ] || SIGNERS=$(absolute "$SIGNERS")
[ -z "${TSA_CA-}" ] || TSA_CA=$(absolute "$TSA_CA")
[ -z "${TSA_UNTRUSTED-}" ] || TSA_UNTRUSTED=$(absolute "$TSA_UNTRUSTED")
cd "$(absolute "$1")" 2>/dev/null || stop 'there is no such folder.'
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# 1. Before anything is opened: only files and folders, and names that no tool reads as two.
found() { # files that fit the expression, counted without reading their names
    find . -mindepth 1 "$@" -printf x >"$tmp/found" 2>/dev/null || stop 'a folder cannot be read.'
    [ -s "$tmp/found" ]
}
! found ! -type d ! -type f || stop 'there are links, pipes or devices.'
! found -name '*[[:cntrl:]\\]*' || stop 'a name holds a line break, a control character or a backslash.'
! found -name '*[%:*?"<>|]*' || fail 'a name holds one of % : * ? " < > |'
! found '(' -name ' *' -o -name '* ' -o -name '*.' ')' || fail 'a name begins or ends with a space, or ends with a dot.'
! found -mindepth 2 -type d -empty || fail 'there is an empty folder: its name is all it tells.'
find . -mindepth 1 -printf '%P\n' | sort >"$tmp/names"
quiet iconv -f UTF-8 -t UTF-8 "$tmp/names" || fail 'a name is not UTF-8.'
[ -z "$(tr '[:upper:]' '[:lower:]' <"$tmp/names" | sort | uniq -d | head -c 1)" ] ||
    fail 'two names differ in case alone.'

# 2. The files that say what the batch is, small enough to be read.
for name in bagit.txt bag-info.txt README.md items.jsonl manifest.json manifest-sha256.txt tagmanifest-sha256.txt; do
    [ -f "$name" ] || stop "$name is missing: no batch, or one that was not finished."
done
[ -d data ] || stop 'there is no folder data.'
[ ! -e fetch.txt ] || fail 'fetch.txt asks to fetch files from elsewhere.'
for name in bagit.txt bag-info.txt manifest.json tagmanifest-sha256.txt; do
    [ "$(wc -c <"$name")" -le 4194304 ] || stop "$name is larger than 4 MiB."
done
for name in items.jsonl manifest-sha256.txt; do
    [ "$(tr -c '\n' x <"$name" | wc -L)" -lt 8192 ] || stop "$name has a line of 8 KiB or more."
    [ -z "$(tail -c 1 "$name")" ] || stop "$name ends inside a line."
done
printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' | cmp -s - bagit.txt ||
    fail 'bagit.txt is not the declaration of BagIt 1.0 in UTF-8.'

# 3. The head: canonical JSON, which has no key twice, of the form that the next steps rely on.
jq -cS . manifest.json 2>/dev/null | cmp -s - manifest.json || stop 'manifest.json is not canonical JSON.'
# shellcheck disable=SC2016  # $n is jq's
quiet jq -e '
    def hex: type == "string" and test("\\A[0-9a-f]{64}\\z");
    [.subject[].name] as $n |
    ._type == "https://in-toto.io/Statement/v1" and .predicateType == "urn:prescrub:attest:batch:v1" and
    ($n | all(test("\\A[A-Za-z0-9][A-Za-z0-9._-]*\\z")) and length == (unique | length)) and
    (["README.md", "bag-info.txt", "bagit.txt", "items.jsonl", "manifest-sha256.txt"] - $n == []) and
    ($n - ["manifest.json", "tagmanifest-sha256.txt", "data"] == $n) and
    (.subject | all(keys == ["digest", "name"] and (.digest | keys == ["sha256"] and (.sha256 | hex)))) and
    (.predicate.batch.items_root | hex) and .predicate.private.leaves == .predicate.batch.items
    ' manifest.json || stop 'manifest.json is not a head of this scheme, or does not vouch for every list.'

# 4. Who signed the head, and when.
if [ -n "${SIGNERS-}" ]; then
    if [ ! -f manifest.json.sig ]; then
        fail 'the batch is not signed.'
    else
        quiet ssh-keygen -Y verify -f "$SIGNERS" -I "${SIGNER-}" -n scrub-batch -s manifest.json.sig \
            <manifest.json || fail "the signature is not that of ${SIGNER:-a SIGNER, which is not set}."
    fi
elif [ -f manifest.json.sig ]; then
    echo 'NOT CHECKED: the signature (set SIGNERS and SIGNER).'
else
    echo 'NOT SIGNED: who made the batch is not proved.'
fi
if [ -n "${TSA_CA-}" ]; then
    if [ ! -f manifest.json.sig ] || [ ! -f manifest.json.sig.tsr ]; then
        fail 'the batch has no time stamp.'
    else
        quiet openssl ts -verify -data manifest.json.sig -in manifest.json.sig.tsr -CAfile "$TSA_CA" \
            ${TSA_UNTRUSTED:+-untrusted "$TSA_UNTRUSTED"} || fail 'the time stamp is not right.'
    fi
elif [ -f manifest.json.sig.tsr ]; then
    echo 'NOT CHECKED: the time stamp (set TSA_CA).'
fi

# 5. The lists are those that the head vouches for, and nothing else lies beside the content.
jq -r '.subject[] | .digest.sha256 + "  " + .name' manifest.json >"$tmp/subjects"
quiet sha256sum -c --strict "$tmp/subjects" || fail 'a list is not the one that the head vouches for.'
{ cut -c 67- "$tmp/subjects"; echo manifest.json; } | sort >"$tmp/tags"
cut -c 67- tagmanifest-sha256.txt | cmp -s - "$tmp/tags" ||
    fail 'tagmanifest-sha256.txt does not name the lists and the head, each once.'
{ cat "$tmp/subjects"; sha256sum manifest.json; } | sort -k 2 | cmp -s - tagmanifest-sha256.txt ||
    fail 'tagmanifest-sha256.txt has another digest of a list or of the head.'
{ cat "$tmp/tags"; printf '%s\n' data manifest.json.sig manifest.json.sig.tsr tagmanifest-sha256.txt; } |
    sort >"$tmp/allowed"
find . -mindepth 1 -maxdepth 1 -printf '%P\n' | sort | comm -23 - "$tmp/allowed" >"$tmp/extra"
[ ! -s "$tmp/extra" ] || fail "beside data lies what no list names: $(head -n 1 "$tmp/extra" | cut -c -200)"

# 6. Both lists say the same, in order, and count what the head counts.
jq -cS . items.jsonl 2>/dev/null | cmp -s - items.jsonl || stop 'items.jsonl is not canonical JSON, one object a line.'
quiet jq -en 'all(inputs; (.path, .media_type | type == "string") and (.sha256 | type == "string") and
    (.size | type == "number" and . >= 0 and . == floor))' items.jsonl || stop 'a line of items.jsonl is not an item.'
[ "$(wc -l <items.jsonl)" = "$(wc -l <manifest-sha256.txt)" ] || fail 'the two lists differ in length.'
jq -r '.sha256 + "  data/" + .path' items.jsonl | cmp -s - manifest-sha256.txt || fail 'the two lists differ.'
cut -c 67- manifest-sha256.txt | sort -cu 2>/dev/null || fail 'a path stands twice in the list, or out of order.'
jq -n 'reduce inputs as $i ({items: 0, bytes: 0, media: {}};
    .items += 1 | .bytes += $i.size | .media[$i.media_type] += 1)' items.jsonl >"$tmp/counts"
# shellcheck disable=SC2016  # $c is jq's
quiet jq -e --slurpfile c "$tmp/counts" '.predicate.batch | {items, bytes, media} == $c[0]' manifest.json ||
    fail 'the head counts other files, bytes or media types than the list.'
grep -Fqx "Payload-Oxum: $(jq -r '"\(.bytes).\(.items)"' "$tmp/counts")" bag-info.txt ||
    fail 'Payload-Oxum in bag-info.txt is not the size and number of the files.'

# 7. The files are those of the list: no more, no fewer, of these sizes and bytes.
find data -type f -printf '%p\n' | sort >"$tmp/files"
cut -c 67- manifest-sha256.txt | sort >"$tmp/listed"
comm -23 "$tmp/files" "$tmp/listed" >"$tmp/extra"
[ ! -s "$tmp/extra" ] || fail "data holds what the list does not name: $(head -n 1 "$tmp/extra" | cut -c -200)"
comm -13 "$tmp/files" "$tmp/listed" >"$tmp/missing"
if [ -s "$tmp/missing" ]; then # such a path may lead anywhere: it is not opened
    fail 'the list names what is no file in data; digests were not computed.'
else
    jq -r '"\(.size) data/" + .path' items.jsonl | sort >"$tmp/sizes"
    find data -type f -printf '%s %p\n' | sort | comm -13 - "$tmp/sizes" >"$tmp/other"
    [ ! -s "$tmp/other" ] || fail 'a file has another size than listed.'
    [ ! -s manifest-sha256.txt ] || quiet sha256sum -c --strict manifest-sha256.txt ||
        fail 'the bytes of a file are not those that are listed.'
fi

# 8. On request: the root over the lines of the list (RFC 9162, section 2.1), and another judge.
hashes() { find "$tmp/tree" -type f | sort | xargs sha256sum | cut -c -64; }
level() { # hashes of one level in, those of the next out; a last one alone rises as it is
    rm -rf "$tmp/tree" && mkdir "$tmp/tree"
    paste -d '' - - | tee "$tmp/pairs" | sed -n 's/^.\{128\}$/01&/p' | xxd -r -p | split -b 65 -d -a 9 - "$tmp/tree/"
    [ -z "$(find "$tmp/tree" -type f -print -quit)" ] || hashes
    tail -n 1 "$tmp/pairs" | sed -n '/^.\{64\}$/p'
}
if [ -n "${ROOT-}" ]; then
    mkdir "$tmp/tree"
    sed 's/^/\x00/' items.jsonl | split -l 1 -d -a 9 - "$tmp/tree/"
    if [ -s items.jsonl ]; then
        find "$tmp/tree" -type f -exec truncate -s -1 {} +
        hashes >"$tmp/level"
    else
        sha256sum </dev/null | cut -c -64 >"$tmp/level"
    fi
    while [ "$(wc -l <"$tmp/level")" -gt 1 ]; do
        level <"$tmp/level" >"$tmp/above"
        mv "$tmp/above" "$tmp/level"
    done
    [ "$(cat "$tmp/level")" = "$(jq -r .predicate.batch.items_root manifest.json)" ] ||
        fail 'items_root is not the root over items.jsonl.'
fi
if [ -n "${BAGIT-}" ]; then
    quiet bagit.py --validate . || fail 'bagit.py does not accept the folder.'
fi

if [ "$bad" != 0 ]; then
    echo 'NOT A WHOLE BATCH.'
    exit 1
fi
echo "WHOLE: $(wc -l <items.jsonl) files, nothing extra. Whether they are clean, scrub verify says."
