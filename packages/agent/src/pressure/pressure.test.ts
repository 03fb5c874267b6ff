import { type Pod, silentLogger } from "@berth/api";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import fc from "fast-check";
import { kubeletConfiguration } from "../config/kubelet-configuration.ts";
import type { HostStats } from "../stats/host-stats.ts";
import type { Sample } from "../stats/samples.ts";
import type { PodDisk } from "../stats/summary.ts";
import { assess, CALM } from "./assess.ts";
import { createPressureKeeper, type Eviction } from "./keeper.ts";
import { overLimit, shortageMessage } from "./messages.ts";
import { type Candidate, rank } from "./rank.ts";
import { isCrossed, SIGNALS, thresholdsOf } from "./thresholds.ts";

const MEBI = 1024 * 1024;
const IDENTITY = { apiVersion: "kubelet.config.k8s.io/v1beta1", kind: "KubeletConfiguration" };
const pod = (
	name: string,
	options: { request?: string; priority?: number; source?: string; spec?: object } = {},
) =>
	({
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			name,
			namespace: "default",
			uid: name,
			...(options.source ? { annotations: { "kubernetes.io/config.source": options.source } } : {}),
		},
		spec: {
			priority: options.priority,
			containers: [
				{ name: "app", resources: options.request ? { requests: { memory: options.request } } : {} },
			],
			...options.spec,
		},
	}) as unknown as Pod;
const candidate = (of: Pod, memory: number): Candidate => ({
	pod: of,
	usage: { memory, disk: 0, inodes: 0, processes: 1 },
});

test("thresholds are amounts or shares; what is wrong is named", (t) => {
	const read = (fields: object) => thresholdsOf(kubeletConfiguration({ ...IDENTITY, ...fields }));
	t.deepEqual(
		read({}).map(({ signal, text }) => `${signal}<${text}`),
		[
			"memory.available<100Mi",
			"nodefs.available<10%",
			"nodefs.inodesFree<5%",
			"imagefs.available<15%",
			"imagefs.inodesFree<5%",
		],
	);
	const [soft] = read({
		evictionHard: {},
		evictionSoft: { "memory.available": "1Gi" },
		evictionSoftGracePeriod: { "memory.available": "1m30s" },
		evictionMinimumReclaim: { "memory.available": "200Mi" },
	});
	t.like(soft, {
		hard: false,
		patience: 90_000,
		value: { amount: 1024 * MEBI },
		reclaim: { amount: 200 * MEBI },
	});
	t.throws(() => read({ evictionHard: { "memory.free": "1" } }), {
		message: /evictionHard.memory.free: unknown signal/,
	});
	t.throws(() => read({ evictionHard: { "pid.available": "many" } }), {
		message: /neither a quantity nor a percentage/,
	});
	t.throws(() => read({ evictionSoft: { "pid.available": "10" } }), {
		message: /a grace period must be given/,
	});
	t.throws(() => kubeletConfiguration({ ...IDENTITY, maxPodz: 3 }), { message: /unknown field "maxPodz"/ });
	t.throws(() => kubeletConfiguration({ ...IDENTITY, kind: "Pod" }), {
		message: /expected a KubeletConfiguration/,
	});
});

test("a threshold that was crossed stays crossed until more than it is free again", (t) => {
	const [threshold] = thresholdsOf(
		kubeletConfiguration({
			...IDENTITY,
			evictionHard: { "nodefs.available": "10%" },
			evictionMinimumReclaim: { "nodefs.available": "5%" },
		}),
	);
	const at = (available: number) => ({ available, capacity: 100 });
	t.true(threshold && isCrossed(threshold, at(9)));
	t.false(threshold && isCrossed(threshold, at(12)));
	t.true(threshold && isCrossed(threshold, at(12), true));
	t.false(threshold && isCrossed(threshold, { available: 0, capacity: 0 }), "no inodes to run out of");
});

test("a soft threshold is suffered for its time, and a condition outlasts its reason", (t) => {
	const thresholds = thresholdsOf(
		kubeletConfiguration({
			...IDENTITY,
			evictionHard: {},
			evictionSoft: { "memory.available": "100" },
			evictionSoftGracePeriod: { "memory.available": "30s" },
		}),
	);
	let before = CALM;
	const look = (now: number, available: number) => {
		const observations = new Map([["memory.available" as const, { available, capacity: 1000 }]]);
		const found = assess({ thresholds, observations, before, now, transition: 60_000 });
		before = found.state;
		return [[...found.conditions].join(), found.relieve !== undefined];
	};
	t.deepEqual(look(0, 500), ["", false]);
	t.deepEqual(look(10_000, 50), ["MemoryPressure", false]);
	t.deepEqual(look(39_000, 50), ["MemoryPressure", false]);
	t.deepEqual(look(40_000, 50), ["MemoryPressure", true]);
	t.deepEqual(look(50_000, 500), ["MemoryPressure", false]);
	t.deepEqual(look(99_000, 500), ["MemoryPressure", false]);
	t.deepEqual(look(101_000, 500), ["", false]);
});

test("who uses more than requested goes first, the least important of these before the others", (t) => {
	const order = rank("memory.available", [
		candidate(pod("modest", { request: "100Mi" }), 50 * MEBI),
		candidate(pod("greedy", { request: "10Mi" }), 90 * MEBI),
		candidate(pod("greedier", { request: "10Mi" }), 95 * MEBI),
		candidate(pod("important", { priority: 1000 }), 500 * MEBI),
		candidate(pod("critical", { priority: 2_000_001_000 }), 900 * MEBI),
		candidate(pod("static", { source: "file" }), 900 * MEBI),
	]);
	t.deepEqual(
		order.map((each) => each.pod.metadata.name),
		["greedier", "greedy", "important", "modest"],
	);
});

test("property: whatever the usage, critical pods stay, and nobody within its request goes before one beyond it", (t) => {
	const arbitrary = fc.array(
		fc.record({
			priority: fc.integer({ min: 0, max: 3_000_000_000 }),
			request: fc.nat(200),
			memory: fc.nat(200),
		}),
		{ maxLength: 12 },
	);
	fc.assert(
		fc.property(arbitrary, fc.constantFrom(...SIGNALS), (all, signal) => {
			const candidates = all.map(({ priority, request, memory }, index) =>
				candidate(pod(`p${index}`, { priority, request: `${request}` }), memory),
			);
			const order = rank(signal, candidates);
			t.true(order.every((each) => (each.pod.spec.priority ?? 0) < 2_000_000_000));
			if (signal !== "memory.available") return;
			const exceeds = order.map((each) => {
				const { memory } = each.pod.spec.containers[0]?.resources?.requests ?? {};
				return each.usage.memory > Number(memory);
			});
			t.false(exceeds.includes(false) && exceeds.slice(exceeds.indexOf(false)).includes(true));
		}),
	);
});

test("messages say what was short and who took it", (t) => {
	const [threshold] = thresholdsOf(kubeletConfiguration());
	const used = { containers: [{ name: "app", usage: { memory: { workingSet: 64 * MEBI } } }] };
	t.is(
		threshold &&
			shortageMessage(
				threshold,
				{ available: 90 * MEBI, capacity: 1 },
				pod("a", { request: "10Mi" }),
				used as never,
			),
		"The node was low on resource: memory. Threshold quantity: 100Mi, available: 90Mi. Container app was using 64Mi, request is 10Mi, has larger consumption of memory. ",
	);
});

test("limits on disk: of a volume, of a container, of the pod", (t) => {
	const disk = (volume: number, layer: number): PodDisk => ({
		containers: new Map([["app", { layer: { bytes: layer, inodes: 1 }, log: { bytes: 0, inodes: 1 } }]]),
		volumes: new Map([["cache", { bytes: volume, inodes: 1 }]]),
	});
	const limited = (limit: string | undefined, sizeLimit?: string) =>
		pod("a", {
			spec: {
				containers: [
					{ name: "app", resources: limit ? { limits: { "ephemeral-storage": limit } } : {} },
					{ name: "other" },
				],
				volumes: [{ name: "cache", emptyDir: sizeLimit ? { sizeLimit } : {} }],
			},
		});
	t.is(
		overLimit(limited(undefined, "10"), disk(11, 0))?.message,
		'Usage of EmptyDir volume "cache" exceeds the limit "10". ',
	);
	t.is(overLimit(limited(undefined, "10"), disk(10, 0)), undefined);
	t.is(
		overLimit(limited("10"), disk(0, 11))?.message,
		'Container app exceeded its local ephemeral storage limit "10". ',
	);
	const alone = pod("a", {
		spec: {
			containers: [{ name: "app", resources: { limits: { "ephemeral-storage": "10" } } }],
			volumes: [{ name: "cache", emptyDir: {} }],
		},
	});
	t.is(
		overLimit(alone, disk(8, 3))?.message,
		"Pod ephemeral local storage usage exceeds the total limit of containers 10. ",
	);
});

test("images go before pods, pods go one at a time, and not at all once there is enough", async (t) => {
	const clock = createFakeClock();
	const world = { available: 5, images: 4, evicted: [] as string[], changes: 0 };
	const sample = (): Sample =>
		({
			host: {
				usage: { memory: { total: 100, workingSet: 0 }, processes: { running: 1, most: 100 } },
				files: { available: world.available, capacity: 100, inodes: 0, inodesFree: 0 },
				images: { available: 100, capacity: 100, inodes: 0, inodesFree: 0 },
			},
			pods: [],
		}) as unknown as Sample;
	const keeper = createPressureKeeper({
		configuration: kubeletConfiguration({ ...IDENTITY, evictionHard: { "nodefs.available": "10%" } }),
		stats: {
			sample: async () => sample(),
			diskOf: async () => ({ containers: new Map(), volumes: new Map() }),
		} as unknown as HostStats,
		pods: () => [pod("a"), pod("b")].filter(({ metadata }) => !world.evicted.includes(metadata.name)),
		evict: async ({ metadata }: Pod, { signal, message }: Eviction) => {
			t.is(signal, "nodefs.available");
			world.evicted.push(metadata.name);
			world.available += 10;
			t.regex(message, /low on resource: ephemeral-storage/);
		},
		reclaimImages: async () => {
			const freed = world.images;
			world.images = 0;
			world.available += freed;
			return freed;
		},
		changed: () => {
			world.changes += 1;
		},
		clock,
		log: silentLogger,
	});
	const stop = new AbortController();
	const running = keeper.run(stop.signal);
	await clock.until(() => world.evicted.length === 1);
	t.is(world.images, 0);
	t.deepEqual([...keeper.conditions], ["DiskPressure"]);
	await clock.advance(60_000);
	t.is(world.evicted.length, 1);
	await clock.until(() => keeper.conditions.size === 0);
	t.is(world.changes, 2);
	stop.abort();
	await running;
});
