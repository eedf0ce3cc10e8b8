#!/usr/bin/env bash
# Figures of the house (CONTRIBUTING.md): what the sources weigh and where they break the rules of their layout. Reads tracked files only.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

sources() { git ls-files -- "${@/%//*.cs}"; }
lines() { sources "$@" | tr '\n' '\0' | xargs -0 cat | wc -l; }
row() { printf '%-58s %s\n' "$1" "$2"; }

row "C# lines below src, specs, fixtures/Builder" "$(lines src specs fixtures/Builder)"
row "C# files there" "$(sources src specs fixtures/Builder | wc -l)"
for folder in src/Models src/Harness src/Cli src/Specs specs fixtures/Builder tests; do
  row "  $folder: lines, files" "$(lines "$folder"), $(sources "$folder" | wc -l)"
done
row "files under 25 lines below src, specs, fixtures/Builder" \
  "$(sources src specs fixtures/Builder | tr '\n' '\0' | xargs -0 awk 'FNR == 1 && NR > 1 && n < 25 { few++ } { n = FNR } END { print few + (n < 25) }')"
row "lines of more than 160 columns, everywhere" "$(git ls-files -- '*.cs' | tr '\n' '\0' | LC_ALL=C.UTF-8 xargs -0 cat | LC_ALL=C.UTF-8 grep -cE '^.{161,}' || true)"

# A using of a sibling folder's namespace is an arrow; tsort names each loop that the arrows make. Files at a project's root are seen from everywhere and not counted.
loops() {
  sources "src/$1" | while read -r file; do
    from=$(sed -nE "s/^namespace Vrp\.$1\.([A-Za-z0-9]+).*/\1/p" "$file" | head -1)
    [[ -n $from ]] || continue
    sed -nE "s/^using (static )?Vrp\.$1\.([A-Za-z0-9]+).*/\2/p" "$file" | sort -u | while read -r to; do [[ $to == "$from" ]] || echo "$from $to"; done
  done | sort -u | tsort 2>&1 >/dev/null | grep -c 'loop' || true
}
row "loops among the folders of src/Models" "$(loops Models)"
row "loops among the folders of src/Harness" "$(loops Harness)"

# The same exceptions, with their reasons, stand in tests/Models.Tests/ModelFamiliesTests.cs.
row "places that name a family outside its folder and the registry" "$(sources src \
  | grep -vE '^src/(Models/(ModelFamilies\.cs|Llava/|PaliGemma/|Qwen2VL/)|Harness/(Claims|Datasets/Readers)/|Cli/|Specs/Assertions/EstimateExtensions\.cs)' \
  | tr '\n' '\0' | xargs -0 sed 's://.*$::' | grep -ciE 'llava|llama|gemma|siglip|qwen' || true)"
