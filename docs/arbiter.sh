#!/bin/sh
# Checks a proof of `scrub prove` with sha256sum, xxd, jq and openssl alone.
#
#   arbiter.sh PROOF MANIFEST ITEMS [ORIGINAL [VALUE]]
#
# With SIGNERS (an allowed_signers file) and SIGNER set, MANIFEST.sig is checked as well.
# Refuses with exit code 1. docs/spec/scrub-commit-v1.md has the scheme.
set -eu
die() { echo "REFUSED: $*" >&2; exit 1; }
sha() { sha256sum | cut -c-64; }
is() { jq -e "$@" >/dev/null 2>&1 || die "not a proof of this form, or not of this manifest"; }
once() { # one document, no key twice: its leaves as a stream are those of what jq keeps of it
    [ "$(wc -c <"$1")" -le 4194304 ] || die "too large"
    streamed=$(jq -n --stream '[inputs|select(length==2)]|length' "$1" 2>&1) || die "not JSON"
    kept=$(jq -s 'if length==1 then [.[0]|..|select(if type=="object" or type=="array"
        then length==0 else true end)]|length else -1 end' "$1" 2>&1) || die "not JSON"
    [ "$streamed" = "$kept" ] || die "a key stands twice"
}
climb() { # RFC 9162 section 2.1.3.2: hash, index, size, path
    r=$1 fn=$2 sn=$(($3 - 1)); shift 3
    for p; do
        [ "$sn" -gt 0 ] || die "a path is too long"
        if [ $((fn % 2)) = 1 ] || [ "$fn" = "$sn" ]; then
            r=$(printf '01%s%s' "$p" "$r" | xxd -r -p | sha)
            while [ $((fn % 2)) = 0 ] && [ "$fn" != 0 ]; do fn=$((fn / 2)) sn=$((sn / 2)); done
        else r=$(printf '01%s%s' "$r" "$p" | xxd -r -p | sha); fi
        fn=$((fn / 2)) sn=$((sn / 2))
    done
    [ "$sn" = 0 ] || die "a path is too short"
    echo "$r"
}

case $# in 3 | 4 | 5) ;; *) false ;; esac || die "usage: arbiter.sh PROOF MANIFEST ITEMS [ORIGINAL [VALUE]]"
proof=$1 head=$2 items=$3
once "$proof"; once "$head"
if [ -n "${SIGNERS:-}" ]; then
    ssh-keygen -Y verify -f "$SIGNERS" -I "${SIGNER:-}" -n scrub-batch -s "$head.sig" <"$head" || die "signature"
else echo "NOT CHECKED: who signed the manifest (set SIGNERS and SIGNER)"; fi

# shellcheck disable=SC2016  # $m is jq's
is --slurpfile m "$head" --arg d "$(sha <"$head")" '
def hex: type=="string" and test("^[0-9a-f]{64}$") and length==64;
def count: type=="number" and floor==. and .>=0 and .<9007199254740992;
def path: type=="array" and length<=64 and all(hex);
def two: . as $n | $n>1 and ([range(1;31)|pow(2;.)]|index($n)!=null);
$m[0].predicate as $p | $p.private.leaves==$p.batch.items and
(keys==["batch","head","item","leaf","schema","scheme","tree"]) and
.schema=="scrub.proof/1" and .scheme=="scrub-commit/v1" and $p.private.scheme==.scheme and
.batch==$p.batch.id and .head==$d and (.tree=="items" or .tree=="held") and
(.leaf|keys==["index","path","size"] and (.path|path) and (.index|count) and (.size|count) and .index<.size) and
(if .tree=="items" then .leaf.size==$p.private.leaves else (.leaf.size|two) and .leaf.size>=16 end) and
(.item|keys==["facts","size"] and (.size|two) and .size>=4) and .item.size as $w |
(.item.facts|type=="array" and length>=2 and .[0].slot==0 and .[1].slot==1 and
 ([.[].slot]|.==unique) and all((keys-["key"]==["fact","path","slot"]) and (.path|path) and
 (.slot|count and .<$w) and (.fact|type=="string" and startswith("{") and (explode|all(.>31))) and
 (if has("key") then (.key|hex) and .slot>2 else true end)))' "$proof"

tmp=$(mktemp -d); trap 'rm -rf "$tmp"' EXIT
n=$(jq '.item.facts|length' "$proof") width=$(jq .item.size "$proof") tree=$(jq -r .tree "$proof")
root='' i=0 opened=''
while [ "$i" -lt "$n" ]; do
    jq -j ".item.facts[$i].fact" "$proof" >"$tmp/fact"
    slot=$(jq ".item.facts[$i].slot" "$proof")
    once "$tmp/fact"
    # shellcheck disable=SC2016
    is --argjson slot "$slot" --arg tree "$tree" 'def hex: type=="string" and test("^[0-9a-f]{64}$") and length==64;
    (.salt|type=="string" and test("^[0-9a-f]{32}$")) and (keys-["salt","path_hex"]) as $k |
    if $slot==0 then .fact=="clean" and $k==["fact","sha256"] and
        (if $tree=="held" then .sha256==null else (.sha256|hex) end)
    elif $slot==1 then .fact=="original" and $k==["fact","sha256","size"] and (.sha256|hex) and (.size|type=="number")
    elif $slot==2 then .fact=="name" and $k==["fact","path"]
    elif .fact=="release" then $k==["fact","id"]
    else .fact=="finding" and $k==["action","detector","entity","fact","length","value","where"] and
        (.value|hex) end' "$tmp/fact"
    leaf=$({ printf '\000'; cat "$tmp/fact"; } | sha)
    # shellcheck disable=SC2046  # a path is many words
    up=$(climb "$leaf" "$slot" "$width" $(jq -r ".item.facts[$i].path[]" "$proof"))
    [ "${root:=$up}" = "$up" ] || die "the facts are not of one item"
    cp "$tmp/fact" "$tmp/$slot"
    opened="$opened $slot" i=$((i + 1))
done
index=$(jq .leaf.index "$proof") leaves=$(jq .leaf.size "$proof")
leaf=$(printf '00%s' "$root" | xxd -r -p | sha)
# shellcheck disable=SC2046
top=$(climb "$leaf" "$index" "$leaves" $(jq -r '.leaf.path[]' "$proof"))
if [ "$tree" = items ]; then want=.root; else want=.held_root; fi
[ "$top" = "$(jq -r ".predicate.private$want" "$head")" ] || die "it does not lead to the root in the manifest"

[ "$(sha <"$items")" = "$(jq -r '.subject[]|select(.name=="items.jsonl").digest.sha256' "$head")" ] ||
    die "items.jsonl is not the published list"
if [ "$tree" = items ]; then
    clean=$(jq -r .sha256 "$tmp/0")
    [ "$(sed -n "$((index + 1))p" "$items" | jq -r .sha256)" = "$clean" ] || die "that line of items.jsonl is another file"
    echo "HOLDS: original $(jq -r .sha256 "$tmp/1") became $clean, line $((index + 1)) of items.jsonl"
else echo "HOLDS: original $(jq -r .sha256 "$tmp/1") was held back"; fi
for slot in $opened; do
    [ "$slot" -lt 2 ] || echo "OPENED: $(jq -c 'del(.salt,.value)' "$tmp/$slot")"
done
[ $# -ge 4 ] || exit 0
[ "$(sha <"$4") $(($(wc -c <"$4")))" = "$(jq -r '"\(.sha256) \(.size)"' "$tmp/1")" ] || die "another original"
echo "HOLDS: $4 is that original"
[ $# -ge 5 ] || exit 0
for slot in $(jq '.item.facts[]|select(has("key")).slot' "$proof"); do
    key=$(jq -r ".item.facts[]|select(.slot==$slot).key" "$proof")
    mac=$(openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -r <"$5" | cut -c-64)
    if [ "$mac" = "$(jq -r .value "$tmp/$slot")" ]; then
        echo "HOLDS: $5 is the value of $(jq -r '.entity+" at "+.where' "$tmp/$slot")"; exit 0
    fi
done
die "another value"
