#!/bin/sh
# systemd wants the unified cgroup hierarchy, writable; where the engine is on cgroup v1 or mounts it read-only, a new one.
set -eu
umount --recursive /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
exec /lib/systemd/systemd
