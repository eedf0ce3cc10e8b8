# shellcheck shell=bash disable=SC2034
# Read by every script here. Set these in the environment of submit.sh; the batch jobs inherit them (sbatch --export=ALL is the default).
: "${VRP:=./vrp}"                          # the program, as a path that every node sees
: "${CONFIG:=vrp.study.json}"
: "${SUBJECT:?a subject of $CONFIG}"
: "${RUNS:=runs}"                          # on a disk that every node sees
: "${VRP_SHARDS:=4}"
: "${VRP_GPU=--gpus-per-task=1}"          # what the two stages ask Slurm for; empty on machines without a GPU
parts="$RUNS/parts/$SUBJECT" run="$RUNS/$SUBJECT"
export VRP CONFIG SUBJECT RUNS VRP_SHARDS

# A step that Slurm ends early (preemption, time limit, scancel --signal=TERM) ends with 75: the task goes back to the queue and goes on where it was.
step() {
  local status=0
  srun --ntasks=1 "$VRP" "$@" || status=$?
  if [ "$status" = 75 ]; then
    echo "requeued: $SLURM_JOB_ID"
    scontrol requeue "$SLURM_JOB_ID"
    sleep 60                               # Slurm ends this script meanwhile
  fi
  return "$status"
}
