import type { Pod } from "@berth/api";
import test from "ava";
import { filesV1, filesV2, kernelPageSize, podLimits } from "./pod-limits.ts";

const pod = (spec: object) => ({ metadata: { uid: "u" }, spec }) as unknown as Pod;
const container = (limits?: object, requests?: object) => ({ name: "a", resources: { limits, requests } });

test("the whole is limited when each part is, init containers too", (t) => {
	const both = [container({ cpu: "500m", memory: "64Mi" }), container({ cpu: "250m", memory: "32Mi" })];
	t.like(podLimits(pod({ containers: both }), { pids: -1 }), { quota: 75_000, memory: 96 * 1024 * 1024 });
	t.is(podLimits(pod({ containers: [...both, container()] }), { pids: -1 }).memory, undefined);
	t.is(podLimits(pod({ containers: both, initContainers: [container()] }), { pids: -1 }).quota, undefined);
	const init = podLimits(
		pod({ containers: both, initContainers: [container({ cpu: "2", memory: "1Gi" })] }),
		{ pids: -1 },
	);
	t.like(init, { quota: 200_000, memory: 1024 ** 3 });
});

test("what is said for the pod replaces sums, and overhead comes on top", (t) => {
	const limits = podLimits(
		pod({
			containers: [container()],
			resources: { requests: { cpu: "1" }, limits: { cpu: "2", memory: "1Gi" } },
			overhead: { cpu: "100m", memory: "10Mi" },
		}),
		{ pids: 50 },
	);
	t.deepEqual(limits, {
		shares: 1126,
		quota: 210_000,
		memory: 1024 ** 3 + 10 * 1024 ** 2,
		pids: 50,
		hugePages: new Map(),
	});
});

test("huge pages, by size", (t) => {
	const asked = { "hugepages-2Mi": "4Mi", "hugepages-1Gi": "1Gi" };
	const { hugePages } = podLimits(pod({ containers: [container(asked, asked)] }), { pids: -1 });
	t.deepEqual(
		[...hugePages],
		[
			["2Mi", 4 * 1024 ** 2],
			["1Gi", 1024 ** 3],
		],
	);
	t.deepEqual(["2Mi", "1Gi", "64Ki"].map(kernelPageSize), ["2MB", "1GB", "64KB"]);
});

test("files of both versions; what is not limited is said too, so that a limit can be taken back", (t) => {
	const limits = { shares: 1024, quota: 50_000, hugePages: new Map([["2Mi", 4096]]) };
	t.deepEqual(filesV1(limits), {
		cpu: { "cpu.shares": "1024", "cpu.cfs_quota_us": "50000" },
		memory: { "memory.limit_in_bytes": "-1" },
		pids: { "pids.max": "max" },
		hugetlb: { "hugetlb.2MB.limit_in_bytes": "4096" },
	});
	t.deepEqual(filesV2(limits), {
		"cpu.weight": "39",
		"cpu.max": "50000 100000",
		"memory.max": "max",
		"pids.max": "max",
		"hugetlb.2MB.max": "4096",
	});
});
