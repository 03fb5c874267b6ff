#!/bin/bash
# The first process of a lab host, inside the host's own mount, UTS, IPC, PID and cgroup namespaces. It gives the host
# private places for all that a machine keeps for itself, then stays as the reaper of orphans: when it is killed, the
# kernel kills everything in the host.
#
#   host-init.sh NAME DIRECTORY CODE
#
# DIRECTORY holds what survives the host's death; CODE is the clone that its daemons run from. The environment's
# BERTH_CGROUPS lists "mount point:directory of this host" pairs.
set -euo pipefail
name=$1 directory=$2 code=$3

hostname "$name"

# Mounts of other namespaces, seen from here, would keep them alive after their deletion.
umount --recursive --lazy /run/netns 2>/dev/null || true
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /run/berth/code /run/berth/host
mount --bind "$code" /run/berth/code
mount --bind "$directory" /run/berth/host
mount -t tmpfs -o mode=1777 tmpfs /dev/shm

private() { # private SOURCE TARGET: the host's own SOURCE, a file or a directory, appears at TARGET
	local source="/run/berth/host/$1"
	if [ -d "$source" ]; then mkdir -p "$2"; else mkdir -p "${2%/*}" && touch "$2"; fi
	umount --recursive --lazy "$2" 2>/dev/null || true
	mount --bind "$source" "$2"
}
private etc/hostname /etc/hostname
private etc/hosts /etc/hosts
private etc/resolv.conf "$(readlink -f /etc/resolv.conf)"
private etc/cni /etc/cni
private cni /var/lib/cni
private docker /var/lib/docker
private log /var/log
private tmp /tmp
private berth /var/lib/berth

# The host's part of each cgroup hierarchy appears as the whole. The rest of /sys stays as it is.
for pair in $BERTH_CGROUPS; do
	mkdir /run/berth/cgroup
	mount --bind "${pair#*:}" /run/berth/cgroup
	umount --recursive --lazy "${pair%%:*}"
	mount --move /run/berth/cgroup "${pair%%:*}"
	rmdir /run/berth/cgroup
done

umount /run/berth/host

# As on machines that systemd starts: what a container mounts for its host is then seen there.
mount --make-rshared /
touch /run/berth/booted

while :; do
	sleep infinity &
	wait $!
done
