import test from "ava";
import { hierarchiesOf } from "./cgroups.ts";

test("version 1 with a hybrid second hierarchy", (t) => {
	const mountinfo = `22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
49 48 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
53 49 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
54 49 0:32 /docker/abc /elsewhere rw,relatime - cgroup cgroup rw,memory
59 49 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;
	t.deepEqual(hierarchiesOf(mountinfo), [
		{ path: "/sys/fs/cgroup/memory", version: 1 },
		{ path: "/sys/fs/cgroup/unified", version: 2 },
	]);
});

test("version 2 alone", (t) => {
	const mountinfo = "35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";
	t.deepEqual(hierarchiesOf(mountinfo), [{ path: "/sys/fs/cgroup", version: 2 }]);
});

test("no control groups", (t) => {
	t.deepEqual(hierarchiesOf(""), []);
});
