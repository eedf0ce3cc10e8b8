#!/usr/bin/env bash
# build.sh TORCH_HOME OUTPUT: compiles vrp_torch.cpp against the libtorch in TORCH_HOME (/usr, or the folder of a PyTorch
# install: .../site-packages/torch). The result is cached by everything that goes into it ($VRP_CACHE, default
# ~/.cache/vrp), so a clean clone or another working tree copies it instead of compiling.
# Errors are printed as "error: ..." so that MSBuild shows them as such.
set -euo pipefail
home=$1 output=$2
here=$(cd "$(dirname "$0")" && pwd)
compiler=${CXX:-g++}
fail() { echo "error: $*" >&2; exit 1; }

instead="or -p:Torch=cpu for TorchSharp's packages"
wheel="TorchHome=FOLDER of a PyTorch install (python3 -c 'import torch; print(torch.__path__[0])')"

command -v "$compiler" >/dev/null || fail "the torch provider needs a C++ compiler and '$compiler' is not there: apt-get install g++, $instead"
[[ -f $home/include/ATen/core/dispatch/Dispatcher.h ]] ||
    fail "no libtorch headers in $home/include: apt-get install libtorch-dev, or $wheel, $instead"
library=
for folder in "$home/lib" "$home/lib64" "$home/lib/$("$compiler" -print-multiarch)"; do
    if [[ -e $folder/libtorch_cpu.so ]]; then library=$folder; fi
done
[[ -n $library ]] || fail "no libtorch_cpu.so below $home: apt-get install libtorch-dev"

flags=(-O2 -fPIC -shared -fvisibility=hidden -w)   # -w: what a newer libtorch deprecates is not for this build to stop at
version=$( (cat "$home"/include/torch/{csrc/api/include/torch,.,headeronly}/version.h 2>/dev/null || true) |   # it has moved over the years
    sed -n 's/^#define TORCH_VERSION_\(MAJOR\|MINOR\) *//p' | sed -n '1,2p' | paste -sd.)
# PyTorch is C++17 up to 2.9 or so and C++20 after.
case $version in 1.*|2.[0-8]) flags+=(-std=c++17) ;; *) flags+=(-std=c++20) ;; esac
# PyTorch's wheels before 2.6 have the old std::string; c10::Error's constructor tells (…Ss: old, …cxx11…: new).
if grep -aq 'N3c105ErrorC2ENS_14SourceLocationESs' "$library/libc10.so"; then flags+=(-D_GLIBCXX_USE_CXX11_ABI=0); fi
if [[ $home != /usr ]]; then flags+=(-isystem "$home/include"); fi

libraries=(-L"$library" -Wl,-rpath,"$library" -lc10 -ltorch_cpu)
if [[ -e $library/libtorch_cuda.so ]]; then
    # Nothing here names a symbol of these two; they register the CUDA kernels when they are loaded.
    libraries+=(-Wl,--no-as-needed -lc10_cuda -ltorch_cuda -ltorch -Wl,--as-needed)
fi
libraries+=(-ldl)

key=$({
    cat "$here/vrp_torch.cpp" "$here/build.sh"
    "$compiler" --version
    stat -Lc '%n %s %Y' "$library"/lib{c10,torch_cpu}.so
    echo "${flags[@]}" "${libraries[@]}"
} | sha256sum | cut -c1-16)
cache=${VRP_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/vrp}/torch
built=$cache/libvrp_torch-$version-$key.so
if [[ ! -f $built ]]; then
    mkdir -p "$cache"
    part=$(mktemp "$built.XXXXXX")
    trap 'rm -f "$part"' EXIT
    echo "compiling vrp_torch.cpp against libtorch $version in $home"
    "$compiler" "${flags[@]}" "$here/vrp_torch.cpp" -o "$part" "${libraries[@]}" ||
        fail "vrp_torch.cpp does not compile against libtorch $version in $home (see above)"
    chmod 755 "$part"
    mv "$part" "$built"
fi
if ! cmp -s "$built" "$output"; then
    mkdir -p "$(dirname "$output")"
    cp "$built" "$output.part" && mv "$output.part" "$output"
fi
