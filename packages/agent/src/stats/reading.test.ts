import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "ava";
import { cgroupPathsOf, parseCgroups } from "./cgroup-paths.ts";
import { readUsage } from "./cgroup-usage.ts";
import { parseHost } from "./host-usage.ts";
import { parseInterfaces } from "./network-usage.ts";

async function tree(files: Readonly<Record<string, string>>) {
	const root = await mkdtemp(join(tmpdir(), "berth-stats-"));
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(root, path)), { recursive: true });
		await writeFile(join(root, path), text);
	}
	return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}

test("control groups of version 1, by controller", (t) => {
	const paths = parseCgroups(
		"9:name=systemd:/\n4:memory:/berth/pod1/c\n1:cpu,cpuacct:/berth/pod1/c\n0::/\n",
		"/cg",
	);
	t.is(paths.version, 1);
	t.is(paths.of("memory"), "/cg/memory/berth/pod1/c");
	t.is(paths.of("cpuacct"), "/cg/cpuacct/berth/pod1/c");
	t.is(paths.of("pids"), undefined);
});

test("the one control group of version 2", (t) => {
	const paths = parseCgroups("0::/system.slice/docker-1.scope\n", "/cg");
	t.is(paths.version, 2);
	t.is(paths.of("memory"), "/cg/system.slice/docker-1.scope");
});

test("what a group of version 1 has used", async (t) => {
	await using host = await tree({
		"proc/7/cgroup": "4:memory:/c\n3:pids:/c\n2:cpuacct:/c\n1:cpu:/c\n",
		"cg/cpuacct/c/cpuacct.usage": "1500000000\n",
		"cg/cpu/c/cpu.stat": "nr_periods 10\nnr_throttled 3\nthrottled_time 5000\n",
		"cg/memory/c/memory.usage_in_bytes": "1000\n",
		"cg/memory/c/memory.limit_in_bytes": "9223372036854771712\n",
		"cg/memory/c/memory.stat":
			"cache 1\ntotal_cache 300\ntotal_rss 600\ntotal_inactive_file 200\ntotal_pgfault 5\n",
		"cg/pids/c/pids.current": "4\n",
	});
	const paths = await cgroupPathsOf(7, { proc: join(host.root, "proc"), cgroup: join(host.root, "cg") });
	t.deepEqual(paths && readUsage(paths), {
		cpu: { total: 1.5e9, periods: 10, throttledPeriods: 3, throttled: 5000 },
		memory: {
			usage: 1000,
			workingSet: 800,
			rss: 600,
			cache: 300,
			swap: 0,
			limit: 0,
			pageFaults: 5,
			majorPageFaults: 0,
		},
		processes: 4,
	});
});

test("what a group of version 2 has used", async (t) => {
	await using host = await tree({
		"proc/7/cgroup": "0::/c\n",
		"cg/c/cpu.stat": "usage_usec 2000\nnr_periods 1\nnr_throttled 1\nthrottled_usec 7\n",
		"cg/c/memory.current": "1000\n",
		"cg/c/memory.max": "4096\n",
		"cg/c/memory.stat": "anon 600\nfile 300\ninactive_file 200\npgfault 5\npgmajfault 1\n",
		"cg/c/memory.swap.current": "8\n",
		"cg/c/pids.current": "2\n",
	});
	const paths = await cgroupPathsOf(7, { proc: join(host.root, "proc"), cgroup: join(host.root, "cg") });
	t.deepEqual(paths && readUsage(paths), {
		cpu: { total: 2_000_000, periods: 1, throttledPeriods: 1, throttled: 7000 },
		memory: {
			usage: 1000,
			workingSet: 800,
			rss: 600,
			cache: 300,
			swap: 8,
			limit: 4096,
			pageFaults: 5,
			majorPageFaults: 1,
		},
		processes: 2,
	});
});

test("a process that is gone, and a group that is", async (t) => {
	await using host = await tree({ "proc/7/cgroup": "0::/gone\n" });
	const at = { proc: join(host.root, "proc"), cgroup: join(host.root, "cg") };
	t.is(await cgroupPathsOf(8, at), undefined);
	const paths = await cgroupPathsOf(7, at);
	t.is(paths && readUsage(paths), undefined);
});

test("interfaces, but for the loopback", (t) => {
	const text = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     100       1    0    0    0     0          0         0      100       1    0    0    0     0       0          0
  eth0:    2048      12    1    2    0     0          0         0     4096      34    3    4    0     0       0          0
`;
	t.deepEqual(parseInterfaces(text), [
		{
			name: "eth0",
			rxBytes: 2048,
			rxPackets: 12,
			rxErrors: 1,
			rxDropped: 2,
			txBytes: 4096,
			txPackets: 34,
			txErrors: 3,
			txDropped: 4,
		},
	]);
	t.deepEqual(parseInterfaces(""), []);
});

test("the host as a whole", (t) => {
	const usage = parseHost({
		stat: "cpu  100 20 30 5000 60 7 8 0 0 0\ncpu0 1 2 3\nbtime 1700000000\n",
		meminfo:
			"MemTotal: 1000 kB\nMemFree: 400 kB\nMemAvailable: 700 kB\nCached: 200 kB\nInactive(file): 150 kB\nAnonPages: 90 kB\nSwapTotal: 10 kB\nSwapFree: 4 kB\n",
		vmstat: "pgfault 11\npgmajfault 2\n",
		loadavg: "0.1 0.2 0.3 2/345 678\n",
		pidMax: "32768\n",
	});
	t.is(usage.cpu, 165 * 10_000_000);
	t.like(usage.memory, {
		total: 1000 * 1024,
		usage: 600 * 1024,
		workingSet: 450 * 1024,
		available: 700 * 1024,
		swap: 6 * 1024,
		pageFaults: 11,
	});
	t.deepEqual(usage.processes, { running: 345, most: 32768 });
	t.is(usage.startedAt, 1_700_000_000_000);
});
