#!/usr/bin/env bash
# One subject's study as four Slurm jobs, each waiting for the one before:  SUBJECT=llava-1.5-7b deploy/slurm/submit.sh [SBATCH_OPTION…]
# The options (--partition, --account, …) go to every job. Settings: settings.sh. Prints the jobs' numbers.
set -euo pipefail
VRP_SLURM=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export VRP_SLURM
. "$VRP_SLURM/settings.sh"
mkdir -p "$RUNS/logs" "$parts"
send() { sbatch --parsable --output="$RUNS/logs/%x-%A-%a.out" "$@"; }

trace=$(send "$@" $VRP_GPU --array="1-$VRP_SHARDS" "$VRP_SLURM/trace.sbatch")
plan=$(send "$@" --dependency="afterok:$trace" "$VRP_SLURM/plan.sbatch")
intervene=$(send "$@" --dependency="afterok:$plan" $VRP_GPU --array="1-$VRP_SHARDS" "$VRP_SLURM/intervene.sbatch")
judge=$(send "$@" --dependency="afterok:$intervene" "$VRP_SLURM/judge.sbatch")
echo "trace $trace plan $plan intervene $intervene judge $judge"
