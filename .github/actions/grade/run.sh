#!/usr/bin/env bash
# Runs `grade ci` with what the action was given; reports go where the upload finds them, outside of the repository.
#
# REPO, CONFIG, CATALOG, CHANGED, ISOLATION    the inputs of the action; nothing means its default
set -euo pipefail

reports="${RUNNER_TEMP:?}/grade/reports"
export GRADE_CACHE_DIR="${GRADE_CACHE_DIR:-$RUNNER_TEMP/grade/cache}"
mkdir -p "$reports"

arguments=(--repo "${REPO:-.}" --junit "$reports/junit.xml" --json "$reports/grade.json")
if [ -n "${CONFIG:-}" ]; then arguments+=(--config "$CONFIG"); fi
if [ -n "${CATALOG:-}" ]; then arguments+=(--catalog "$CATALOG"); fi
if [ -n "${ISOLATION:-}" ]; then arguments+=(--isolation "$ISOLATION"); fi
if [ "${CHANGED:-false}" = true ]; then arguments+=(--changed); fi

exec grade ci "${arguments[@]}"
