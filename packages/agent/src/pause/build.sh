#!/bin/sh
# Rebuilds pause-programs.ts from the two assembly files. Needs GNU binutils for both machines
# (Debian: binutils, binutils-aarch64-linux-gnu). Run it in this directory after changing an assembly file.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build() { # build MACHINE TOOL-PREFIX
	"$2as" -o "$work/$1.o" "pause-$1.S"
	"$2ld" -n -s -static -z noseparate-code --build-id=none -o "$work/$1" "$work/$1.o"
	base64 -w 100 "$work/$1" | sed 's/.*/\t\t"&",/'
}
{
	echo '/** Made by build.sh from pause-amd64.S and pause-arm64.S: the ELF programs in base64. */'
	echo 'export const PAUSE_PROGRAMS: Readonly<Record<string, readonly string[]>> = {'
	echo '	amd64: ['
	build amd64 "${AMD64_PREFIX:-}"
	echo '	],'
	echo '	arm64: ['
	build arm64 "${ARM64_PREFIX:-aarch64-linux-gnu-}"
	echo '	],'
	echo '};'
} >pause-programs.ts
