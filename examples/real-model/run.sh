#!/usr/bin/env bash
# What a user does on a GPU box (docs/gpu-box.md), done here on loopback in minutes: a stand-in hub serves the fixture checkpoints and pictures under the real names, everything else is as it is there.
#     examples/real-model/run.sh [FOLDER]        FOLDER is made anew; default: a temporary one, removed at the end
# Only four variables differ: HF_ENDPOINT and VRP_COCO lead to the stand-in, HF_TOKEN is its token, and DEVICE is cpu.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
work=${1:-$(mktemp -d)}; mkdir -p "$work"; work=$(cd "$work" && pwd)
configuration=${VRP_CONFIGURATION:-Release}
vrp() { printf '\n$ vrp %s\n' "$*"; "$root/vrp" "$@"; }
# ends CODE COMMAND…: the gate's exit code is its verdict, and each step here has the one that a first run has.
ends() { local expected=$1 code=0; shift; "$@" || code=$?; [ "$code" = "$expected" ] || { echo "expected exit code $expected, got $code" >&2; exit 1; }; echo "exit code $code, as expected"; }
began=$SECONDS

# ---- the stand-in: on a GPU box there is nothing of this part
dotnet build "$root/examples/real-model/Hub/Hub.csproj" -c "$configuration" -v quiet -nologo -clp:NoSummary
coproc HUB { "$root/examples/real-model/Hub/bin/$configuration/net10.0/Vrp.StandInHub" "$root" stand-in; }
hub=$HUB_PID
trap 'kill "$hub" 2>/dev/null || true; [ -n "${1:-}" ] || rm -rf "$work"' EXIT
read -r address <&"${HUB[0]}"
export HF_ENDPOINT=$address VRP_COCO=$address/val2014 HF_TOKEN=stand-in HF_HOME=$work/huggingface VRP_CACHE=$work/cache
device=cpu
# `vrp accept` refuses in CI, where nobody looks; here it is the script that looks.
unset CI

# ---- 1  weights and pictures
vrp fetch llava-hf/llava-1.5-7b-hf google/paligemma-3b-mix-224 Qwen/Qwen2-VL-7B-Instruct --list
vrp fetch llava-hf/llava-1.5-7b-hf google/paligemma-3b-mix-224 Qwen/Qwen2-VL-7B-Instruct
vrp fetch pope --out "$work/images"
vrp data check "$root/fixtures/pope/coco_pope_adversarial.json" --images "$work/images"

# ---- 2  a configuration of one's own: vrp.pope.json with a ledger of one's own, and few pictures for a first look
sed -e "s#\"fixtures/pope/\([^\"]*\)\"\]#\"$root/fixtures/pope/\1\"], \"images\": \"$work/images\", \"limit\": 40#" -e 's#"specs/ledger.pope.json"#"ledger.json"#' \
    -e 's#"budget": "full"#"budget": "quick"#' "$root/vrp.pope.json" > "$work/vrp.json"
cd "$work"

# ---- 3  the gate: the first time every verdict is new (exit 3); looked at and accepted, the same command passes (exit 0)
ends 3 vrp gate --device "$device" --out gate --json gate.json
vrp accept --ledger --all
ends 0 vrp gate --device "$device" --out gate --json gate.json

# ---- 4  a report, tables, .NET's evaluation results
runs=("$VRP_CACHE"/runs/*)
vrp report "${runs[@]}" --images images --out report.html
vrp export csv "${runs[0]}" --out tables
vrp export parquet "${runs[0]}" --out tables
vrp export evaluation "${runs[0]}" --out evaluation --ledger ledger.json

# ---- 5  what one has already: logs of lmms-eval, of two versions of a model
for version in llava-v1 llava-v2; do
  vrp import lmms-eval "$root/examples/real-model/logs/$version/20260801_120000_samples_pope.jsonl" --out "imported/$version"
done
ends 0 vrp gate --baseline imported/llava-v1 --candidate imported/llava-v2 --out upgrade --json upgrade.json
printf '\nreal-model: everything ran, in %d s; results in %s\n' $((SECONDS - began)) "$work"
