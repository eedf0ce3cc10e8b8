#!/usr/bin/env bash
# Faults on a real run, beyond what unit tests reach: kills, full disks, two runs in one folder, flipped bits, little memory, wrong merges. Each line of the output is a row of
# the table in docs/reliability.md; exit code 1 when one of them is not as it should be.   tests/faults.sh [ROUNDS] [LETTER…]   takes about four minutes with 10 rounds of kills.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 70
rounds=${1:-10}; shift || true; letters=${*:-a c e f i k}
work=$(mktemp -d); trap 'umount "$work/disk" 2>/dev/null; rm -rf "$work"' EXIT
./vrp --help >/dev/null || exit 70
checkpoint=fixtures/checkpoints/paligemma; data=fixtures/world/pope_adversarial.jsonl; limit=30; bad=0
study() { local out=$1; shift; ./vrp study "$checkpoint" --data "$data" --limit "$limit" --budget quick --draws 500 --permutations 20 --out "$out" "$@"; }
analyze() { ./vrp analyze "$1" --data "$data" --limit "$limit" --draws 500 --permutations 20; }
results() { (cd "$1" && find . -type f \( -name 'block-*' -o -name '*.json' -o -name '*.jsonl' -o -name '*.safetensors' \) ! -name 'run.json' ! -name 'status*' ! -path './simulations/*' -print0 \
  | sort -z | xargs -0 sha256sum); }
leftovers() { find "$1" -name '*.tmp' | wc -l; }
# check NAME WHAT COMMAND…: one row; the command says with its exit code whether it went as it should.
row() { local ok=$1 letter=$2 fault=$3 outcome=$4; [ "$ok" = 0 ] || bad=1; printf '| %s | %s | %s | %s |\n' "$letter" "$fault" "$outcome" "$([ "$ok" = 0 ] && echo yes || echo '**NO**')"; }
has() { case " $letters " in *" $1 "*) return 0;; esac; return 1; }
one_line() { [ "$(grep -c . "$1")" = 1 ] && ! grep -q '   at ' "$1"; }

printf '| | fault | outcome | as it should be |\n|---|---|---|---|\n'
study "$work/whole" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; exit 70; }
results "$work/whole" >"$work/expected"
same() { results "$1" | cmp -s - "$work/expected"; }

if has a; then
  kept=0; kills=0
  for ((round = 0; round < rounds; round++)); do
    for kill in 1 2 3; do
      study "$work/a" >/dev/null 2>&1 & pid=$!
      sleep "$(awk -v s=$((round * 3 + kill)) 'BEGIN { srand(s); print 0.3 + 2.5 * rand() }')"
      kill -KILL $pid 2>/dev/null && kills=$((kills + 1)); wait $pid 2>/dev/null
    done
    study "$work/a" >/dev/null 2>&1 && same "$work/a" && [ "$(leftovers "$work/a")" = 0 ] && kept=$((kept + 1)); rm -rf "$work/a"
  done
  row $((kept != rounds)) a "SIGKILL at $kills moments in $rounds runs of \`vrp study\`, each then resumed" "$kept of $rounds end in the bytes of an unbroken run, nothing half-written left"
fi

if has c; then
  mkdir -p "$work/disk"
  if mount -t tmpfs -o size=400k none "$work/disk" 2>/dev/null; then
    study "$work/disk/run" >/dev/null 2>"$work/log"; code=$?
    named=$(grep -c 'No space left' "$work/log"); blocks=$(find "$work/disk" -name 'block-*.jsonl' | wc -l)
    mount -o remount,size=100m "$work/disk"; study "$work/disk/run" >/dev/null 2>&1; same "$work/disk/run"; again=$?
    row $((code != 64 || named < 1 || again != 0)) c "disk full in the trace, then room made" "exit $code, the file and what to do are named, $blocks blocks kept; the same command gives the same bytes"
    cp "$work/disk/run/"*.json* "$work/"; used=$(du -sk "$work/disk" | cut -f1); mount -o remount,size=$((used + 4))k "$work/disk"
    ./vrp analyze "$work/disk/run" --data "$data" --limit "$limit" --draws 400 --permutations 20 >/dev/null 2>"$work/log"; code=$?
    mount -o remount,size=100m "$work/disk"; ./vrp report "$work/disk/run" --out "$work/disk/report.html" >/dev/null 2>&1; report=$?
    row $((code != 64 || report != 0 || $(leftovers "$work/disk") != 0)) c "disk full in the analysis, over an older result" "exit $code; the older files are whole, a report of them ends $report, nothing half-written left"
    umount "$work/disk"
  else printf '| c | disk full | not run: mounting a small disk needs root | |\n'; fi
fi

if has e; then
  study "$work/e" >/dev/null 2>"$work/1" & first=$!; study "$work/e" >/dev/null 2>"$work/2" & second=$!
  wait $first; codes=$?; wait $second; codes="$codes and $?"
  study "$work/e" >/dev/null 2>&1; same "$work/e"; ok=$?
  row $ok e "two equal studies in one folder at once" "exit $codes; one of them or a third run gives the bytes of one alone"
fi

if has f; then
  flip() { python3 - "$1" <<'PY' 2>/dev/null || printf '\x00' | dd of="$1" bs=1 seek=$(($(stat -c %s "$1") / 2)) conv=notrunc 2>/dev/null
import sys
with open(sys.argv[1], "r+b") as f:
    data = bytearray(f.read()); data[len(data) // 2] ^= 1; f.seek(0); f.write(data)
PY
  }
  while read -r pattern command expected; do
    rm -rf "$work/f"; cp -r "$work/whole" "$work/f"; file=$(cd "$work/f" && find . -path "./$pattern" | sort | head -1); flip "$work/f/$file"
    # A finished analysis of the same inputs is read, not made again: without its manifest it is made, and reads what was simulated.
    case $pattern in simulations/*) rm "$work/f/results.json";; esac
    case $command in analyze) analyze "$work/f" >/dev/null 2>"$work/log";; *) ./vrp report "$work/f" --out "$work/report.html" >/dev/null 2>"$work/log";; esac; code=$?
    named=$(grep -c "$(basename "$file")" "$work/log"); one_line "$work/log"; line=$?
    study "$work/f" >/dev/null 2>"$work/log"; again=$?; what="refused again until the file is put right or removed"
    [ $again = 0 ] && same "$work/f" && what="the same bytes from the same \`vrp study\`"
    row $((code != expected || named < 1 || line != 0)) f "one bit of ${pattern##*/} flipped, then \`vrp $command\`" "exit $code, one line that names it; $what"
  done <<'CASES'
trace/*/block-00001.safetensors analyze 64
trace/*/block-00001.jsonl analyze 64
trace/*/manifest.json analyze 64
trace/*/images.json analyze 64
intervene/*/block-00001.safetensors analyze 64
intervene/*/plan.json analyze 64
simulations/*.json analyze 64
metrics.json report 64
verdicts.json report 64
samples.jsonl report 64
attention.safetensors report 64
results.json report 64
CASES
fi

if has i; then
  for limit_mb in 2000 3300 4000; do
    for command in "ask $checkpoint Is_there_a_cup? --image fixtures/world/images/$(ls fixtures/world/images | head -1)" "evaluate $checkpoint --data $data --limit 30" "study $checkpoint --data $data --limit 30 --budget none --out $work/i"; do
      (ulimit -v $((limit_mb * 1024)); DOTNET_GCHeapHardLimit=0x10000000 ./vrp $command >/dev/null 2>"$work/log"); code=$?
      ! grep -q '   at ' "$work/log"; clean=$?
      row $((clean != 0 || code == 70 || code > 128)) i "\`vrp ${command%% *}\` in $limit_mb MB of address space" "exit $code$([ $code = 0 ] || printf ', one line: %s' "$(grep . "$work/log" | tail -1 | cut -c1-120 | tr '|' '/')")"
    done
  done
fi

if has k; then
  part() { ./vrp trace "$checkpoint" --data "$data" --limit "$limit" --block 24 --shard "$1" --out "$work/k$2" "${@:3}" >/dev/null 2>&1; }
  ./vrp trace "$checkpoint" --data "$data" --limit "$limit" --block 24 --out "$work/k0" >/dev/null 2>&1
  part 1/2 1; part 2/2 2; part 2/2 3 --seed 5
  ./vrp merge "$work/k1" "$work/k2" --out "$work/merged" >/dev/null 2>&1; code=$?
  cmp -s <(results "$work/k0") <(results "$work/merged"); row $((code != 0 || $? != 0)) k "merge of all parts" "exit $code, the bytes of the run that was never split"
  refuse() { local what=$1 out=$2; shift 2; ./vrp merge "$@" --out "$out" >/dev/null 2>"$work/log"; code=$?; one_line "$work/log"
    row $(($? != 0 || code != 64)) k "merge: $what" "exit $code: $(cut -c1-140 "$work/log" | sed "s#$work/##g" | tr '|' '/')"; }
  refuse "one part missing" "$work/m1" "$work/k1"
  refuse "a part twice" "$work/m2" "$work/k1" "$work/k1" "$work/k2"
  refuse "a part of another seed" "$work/m3" "$work/k1" "$work/k3"
  rm -rf "$work/k4"; cp -r "$work/k2" "$work/k4"; store=$(echo "$work"/k4/trace/*); sed -i 's/"stage": "trace"/"stage": "..\/..\/climbed"/' "$store/manifest.json"
  refuse "a stage that climbs out of --out" "$work/m4" "$work/k1" "$work/k4"
  [ ! -e "$work/climbed" ] || row 1 k "merge wrote outside of --out" "$work/climbed"
  rm -rf "$work/k5"; cp -r "$work/k2" "$work/k5"; store=$(echo "$work"/k5/trace/*); ln -sf /etc/hostname "$store/extra.json"; rm -f "$store/images.json"; ln -s /etc/hostname "$store/images.json"
  ./vrp merge "$work/k5" "$work/k1" --out "$work/m5" >/dev/null 2>"$work/log"; code=$?
  ! grep -rqFx "$(cat /etc/hostname)" "$work/m5" 2>/dev/null; row $? k "merge: companions that are links" "exit $code; nothing of the linked file is copied"
fi
exit $bad
