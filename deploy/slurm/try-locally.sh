#!/usr/bin/env bash
# The scripts here, for real, on one machine: Debian's Slurm (slurmctld, slurmd, munge) is started for this run alone, a fixture study runs as an array of four, one task is told to
# end (SIGTERM, as a preemption does) and one is killed in the middle, both are requeued, and what comes out is held against an unsplit run, byte for byte.
# As root: apt-get install slurmctld slurmd slurm-client munge, ./vrp --help once to build, then deploy/slurm/try-locally.sh. About three minutes on two cores.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd); root=$(cd "$here/../.." && pwd)
for program in slurmctld slurmd munged sbatch; do command -v "$program" >/dev/null || { echo "try-locally: $program is missing (apt-get install slurmctld slurmd slurm-client munge)" >&2; exit 64; }; done
work=$(mktemp -d); pids=()
finish() { for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; [ -n "${KEEP:-}" ] && echo "kept: $work" || rm -rf "$work"; }
trap finish EXIT

# ---------------------------------------------------------------- Slurm of one node
chmod 711 "$work"; mkdir -p "$work"/{state,spool,munge}; chmod 755 "$work/munge"
dd if=/dev/urandom of="$work/munge.key" bs=1024 count=1 2>/dev/null; chmod 400 "$work/munge.key"
munged --foreground --force --num-threads=2 --key-file="$work/munge.key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" --log-file="$work/munge/log" --seed-file="$work/munge/seed" >"$work/munged.out" 2>&1 &
pids+=($!)
host=$(hostname -s)
cat >"$work/slurm.conf" <<CONF
ClusterName=try
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
SlurmctldPort=16817
SlurmdPort=16818
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
KillWait=5
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=try Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF="$work/slurm.conf"
for _ in $(seq 50); do [ -S "$work/munge/socket" ] && break; sleep 0.1; done
slurmctld -D -f "$SLURM_CONF" >"$work/slurmctld.out" 2>&1 & pids+=($!)
slurmd -D -f "$SLURM_CONF" >"$work/slurmd.out" 2>&1 & pids+=($!)
for _ in $(seq 60); do sinfo -h -o %T 2>/dev/null | grep -q idle && break; sleep 0.5; done
sinfo -h -o "Slurm $(sinfo --version | cut -d' ' -f2): node %n is %T"

# ---------------------------------------------------------------- a study of a minute
cat >"$work/config.json" <<JSON
{
  "subjects": [{ "name": "llava-fixture", "checkpoint": "$root/fixtures/checkpoints/llava", "block": 4 }],
  "data": { "study": { "files": ["$root/fixtures/world/study.jsonl"], "images": "$root/fixtures/world/images" } },
  "trace": { "k": 10, "max_new_tokens": 8 },
  "protocol": { "draws": 200, "permutations": 0 },
  "ledger": "ledger.json"
}
JSON
echo '{"schema":1,"entries":[]}' >"$work/ledger.json"
export VRP="$root/vrp" CONFIG="$work/config.json" SUBJECT=llava-fixture RUNS="$work/runs" VRP_SHARDS=4 VRP_GPU='' VRP_LIMIT=${LIMIT:-120} VRP_BUDGET=quick VRP_THREADS=1 VRP_CACHE="$work/cache"
cd "$work"
read -r _ trace _ _ _ intervene _ judge < <("$here/submit.sh")
echo "submitted: trace $trace, intervene $intervene, judge $judge"

blocks() { find "$RUNS/parts/$SUBJECT/trace-$1" -name 'block-*.jsonl' 2>/dev/null | wc -l; }
until_blocks() { for _ in $(seq 600); do [ "$(blocks "$1")" -ge 1 ] && return; sleep 0.1; done; echo "try-locally: task $1 did nothing in a minute" >&2; exit 1; }
again() { for _ in $(seq 100); do scontrol update JobId="$1" StartTime=now 2>/dev/null && return; sleep 0.2; done; }    # Slurm lets a requeued job wait for two minutes

until_blocks 1
scancel --signal=TERM "${trace}_1" 2>/dev/null & scancel=$!             # it tries again while the task waits in the queue, although the signal arrived
echo "task 1: SIGTERM after $(blocks 1) blocks"
until_blocks 2
killed=$(pgrep -f "Vrp.Cli .*$RUNS/parts/$SUBJECT/trace-2 ")
scontrol requeue "${trace}_2"; kill -KILL $killed                       # in the middle of a block: Slurm alone would send SIGTERM and wait
echo "task 2: killed and requeued after $(blocks 2) blocks"
sleep 3; kill "$scancel" 2>/dev/null || true
grep -ho '"state": *"[a-z]*"' "$RUNS/parts/$SUBJECT/trace-1"/trace/*/status-1-of-4.json | sed 's/^/task 1: status /'
while squeue -h -o %i | grep -q .; do
  for waiting in $(squeue -h -t PENDING -o '%i %r' | awk '$2 == "BeginTime" { print $1 }'); do again "$waiting"; done
  if squeue -h -o %r | grep -qE 'DependencyNeverSatisfied|launch failed'; then echo "try-locally: a job failed" >&2; squeue >&2; tail -n 20 "$RUNS"/logs/* >&2; exit 1; fi
  sleep 1
done
grep -h 'interrupted\|^requeued' "$RUNS"/logs/vrp-trace-* || { echo "try-locally: no task was interrupted" >&2; exit 1; }

# ---------------------------------------------------------------- the same in one piece
"$VRP" trace "$SUBJECT" --config "$CONFIG" --out "$work/whole" >/dev/null
"$VRP" analyze "$work/whole" --config "$CONFIG" --name "$SUBJECT" >/dev/null
"$VRP" intervene "$SUBJECT" --config "$CONFIG" --plan "$work/whole/plan.json" --trace "$work/whole" --out "$work/whole" >/dev/null
"$VRP" analyze "$work/whole" --config "$CONFIG" --name "$SUBJECT" >/dev/null
compared=0
while read -r file; do
  cmp "$work/whole/$file" "$RUNS/$SUBJECT/$file"; compared=$((compared + 1))
done < <(cd "$work/whole" && find . -type f \( -name 'block-*' -o -name 'metrics.json' -o -name 'verdicts.json' -o -name 'samples.jsonl' -o -name 'attention.safetensors' -o -name manifest.json -o -name plan.json \) | sort)
[ "$compared" -gt 10 ] || { echo "try-locally: only $compared files to compare" >&2; exit 1; }
echo "$compared files of the merged run are the bytes of the unsplit one"
