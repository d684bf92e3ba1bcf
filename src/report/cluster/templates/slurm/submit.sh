#!/bin/sh
# Submits the shards as a job array, and a job that merges them when all have ended well.
# Arguments go to sbatch, both times: sh submit.sh --partition=short --time=30
# Submitted again, it goes on with what the folder runs holds.
set -eu
CDPATH= cd -- "$(dirname -- "$0")"
mkdir -p logs
shards=$(sbatch --parsable "$@" array.sbatch)
shards=${shards%%;*}
merge=$(sbatch --parsable "$@" --dependency="afterok:$shards" --kill-on-invalid-dep=yes merge.sbatch)
merge=${merge%%;*}
printf '%s\n' {{ title }} "submitted: {{ shards }} shards as job $shards, their merge as job $merge; logs in logs, the result in runs/merged and runs/performance.csv"
