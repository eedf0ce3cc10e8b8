#!/usr/bin/env bash
# Holds the manifests here against the schemas that Kubernetes publishes (its OpenAPI document, as the npm package kubernetes-models carries it). Needs node 20 or later and npm.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
npm install --silent --ignore-scripts --prefix "$folder" kubernetes-models@5.1.0 yaml@2 >/dev/null
cat >"$folder/validate.mjs" <<'JS'
import { readFileSync, readdirSync } from "node:fs";
import { parse } from "yaml";
import { Job } from "kubernetes-models/batch/v1";
import { PersistentVolumeClaim } from "kubernetes-models/v1";
const kinds = { Job, PersistentVolumeClaim }, folder = process.argv[2], files = readdirSync(folder).filter(file => file.endsWith(".yaml"));
let wrong = 0;
for (const file of files) {
  const manifest = parse(readFileSync(`${folder}/${file}`, "utf8"));
  try { new kinds[manifest.kind](manifest).validate(); console.log(`${file}: valid ${manifest.apiVersion} ${manifest.kind}`); }
  catch (error) { wrong++; console.log(`${file}: ${error.message}`); }
}
console.log(`${files.length} manifests, ${wrong} wrong`);
process.exit(wrong || files.length === 0 ? 1 : 0);
JS
node "$folder/validate.mjs" "$here"
