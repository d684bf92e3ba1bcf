#!/bin/sh
# Starts the shards, waits for all of them, and starts the Job that merges them.
# Arguments go to kubectl, every time: sh submit.sh --namespace=trials
# Run again, it goes on waiting.
set -eu
CDPATH= cd -- "$(dirname -- "$0")"
kubectl apply "$@" -f shards.yaml
until kubectl wait "$@" --for=condition=complete --timeout=60s job/{{ name|safe }} 2>/dev/null; do
  if kubectl wait "$@" --for=condition=failed --timeout=1s job/{{ name|safe }} 2>/dev/null; then
    echo "the shards failed: kubectl logs job/{{ name|safe }} says why" >&2
    echo "then kubectl delete job {{ name|safe }} and submit again: what is there is kept" >&2
    exit 1
  fi
  # Ends here if the Job is gone or the cluster does not answer.
  kubectl get "$@" job/{{ name|safe }} >/dev/null
  sleep 5
done
kubectl apply "$@" -f merge.yaml
kubectl wait "$@" --for=condition=complete --timeout=3600s job/{{ merge_name|safe }}
printf '%s\n' {{ title }} "on the storage of the runs: {{ name|safe }}/merged and {{ name|safe }}/performance.csv"
