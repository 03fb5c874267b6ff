import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Container, Node, Pod } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { createPodDirectories } from "../steps/pod-directory.ts";
import { limitsOf } from "../steps/resources/resources.ts";
import { createCheckpoint } from "./checkpoint.ts";
import { containerOf, decideIn, IMAGE, podOf, settled } from "./decide.world.ts";
import { PLAIN_RULES } from "./host-rules.ts";
import { byUrgency, isResized, obstacleTo, type Pending, withResources } from "./resize-allocation.ts";
import { isSettled } from "./resize-plan.ts";
import { createRoom } from "./resize-room.ts";
import { resizeConditions, resourcesIn } from "./resize-status.ts";
import { createResizing } from "./resizing.ts";

type Amounts = Readonly<Record<string, string>>;
const containerWith = (
	requests: Amounts,
	limits: Amounts = {},
	more: Partial<Container> = {},
): Container => ({
	name: "a",
	image: IMAGE,
	resources: { requests, limits },
	...more,
});
const podWith = (container: Container, uid = "u1", generation = 1): Pod => {
	const pod = podOf({ containers: [container] });
	return { ...pod, metadata: { ...pod.metadata, uid, generation } };
};
const asking = (cpu: string, uid = "u1", generation = 1) => podWith(containerWith({ cpu }), uid, generation);
const node = {
	metadata: { name: "n" },
	status: { allocatable: { cpu: "2", memory: "1Gi", pods: "110" } },
} as unknown as Node;
const cpuOf = ({ spec }: Pod) => spec.containers[0]?.resources?.requests?.cpu;

test("what a pod was given stays, whatever it asks for", (t) => {
	const [given, asked] = [asking("1"), asking("1500m")];
	t.true(isResized(asked, given));
	t.is(cpuOf(withResources(asked, given)), "1");
	t.false(isResized(asking("1000m"), given), "the same amount in other words");
	t.is(withResources(asked, asked), asked);
	const plain = podOf();
	t.false(isResized(plain, podOf()));
	t.true(isResized(podWith(containerWith({}, { memory: "1Mi" })), plain));
});

test("room: never, not now, now", (t) => {
	const others = [asking("1500m", "other")];
	const obstacle = (pod: Pod) => obstacleTo(pod, { node, others, rules: PLAIN_RULES });
	t.deepEqual(obstacle(asking("3")), {
		reason: "Infeasible",
		message: "Node didn't have enough capacity: cpu, requested: 3000, capacity: 2000",
	});
	t.deepEqual(obstacle(podWith(containerWith({ memory: "2Gi", cpu: "3" }))), {
		reason: "Infeasible",
		message: "Node didn't have enough capacity: memory, requested: 2147483648, capacity: 1073741824",
	});
	t.deepEqual(obstacle(asking("1")), {
		reason: "Deferred",
		message: "Node didn't have enough resource: cpu, requested: 1000, used: 1500, capacity: 2000",
	});
	t.is(obstacle(asking("500m")), undefined);
});

test("of those that wait, the more important pod is first", (t) => {
	const important = { ...asking("1", "b"), spec: { ...asking("1").spec, priority: 10 } };
	t.true(byUrgency(important, asking("1")) < 0);
	const woken: string[] = [];
	const tenantOf = (pod: Pod, waiting: Pod | undefined) =>
		[pod.metadata.uid, { pod, waiting, active: true, wake: () => woken.push(pod.metadata.uid) }] as const;
	const small = asking("500m", "a");
	const tenants = new Map([
		tenantOf(small, asking("1500m", "a")),
		tenantOf({ ...important, spec: asking("500m").spec }, important),
	]);
	const room = createRoom({ tenants, node: () => node, rules: () => PLAIN_RULES });
	t.is(room.obstacle(asking("1500m", "a"))?.reason, "Deferred");
	t.is(room.obstacle(important), undefined);
	room.changed();
	t.deepEqual(woken, ["a", "b"]);
});

test("limits change in place, or by a restart where the container wants that", (t) => {
	const resizePolicy = [{ resourceName: "memory", restartPolicy: "RestartContainer" }] as const;
	const now = containerWith({ cpu: "100m" }, { cpu: "200m", memory: "64Mi" }, { resizePolicy });
	const running = containerOf({ limits: limitsOf(now) });
	const actions = (container: Container, changes = {}) =>
		decideIn(settled({ pod: podWith(container), containers: [running] }), changes).actions;
	t.deepEqual(actions(now), []);
	const faster = { ...now, resources: { requests: { cpu: "1" }, limits: { cpu: "2", memory: "64Mi" } } };
	t.deepEqual(actions(faster), [{ do: "resize", changes: [{ target: running, limits: limitsOf(faster) }] }]);
	t.deepEqual(actions(faster, { prepared: false }), [{ do: "prepare" }]);
	t.deepEqual(actions(faster, { busy: new Set(["/resize"]) }), []);
	t.deepEqual(
		actions(faster, { intent: "terminate" }).map((action) => action.do),
		["stop"],
	);
	const asked = { ...running, memoryRequest: 32 << 20 };
	const requesting = (memory: string) => ({
		...now,
		resources: { ...now.resources, requests: { cpu: "100m", memory } },
	});
	const told = (container: Container) =>
		decideIn(settled({ pod: podWith(container), containers: [asked] })).actions;
	t.deepEqual(told(requesting("32Mi")), []);
	t.like(told(requesting("48Mi"))[0], { do: "stop", name: "a", why: "resized" });
	t.deepEqual(
		told({ ...requesting("48Mi"), resizePolicy: undefined }),
		[],
		"a request alone changes nothing",
	);
	const larger = { ...now, resources: { ...now.resources, limits: { cpu: "2", memory: "128Mi" } } };
	t.like(actions(larger)[0], { do: "stop", name: "a", why: "resized" });
	t.is(actions(larger).length, 1);
});

test("a resize lasts until its containers run again", (t) => {
	const container = containerWith({ cpu: "1" });
	const observed = (changes: object) => ({ sandboxes: [], containers: [containerOf(changes)] });
	const isDone = (changes: object, spec = {}) =>
		isSettled(podOf({ containers: [container], ...spec }), observed(changes));
	t.false(isDone({}));
	t.true(isDone({ limits: limitsOf(container) }));
	t.false(isDone({ state: "exited" }));
	t.true(isDone({ state: "exited" }, { restartPolicy: "Never" }), "it does not run again");
	t.true(isDone({ state: "exited", remembered: true }));
});

test("what a container has is said, in the words of its spec where these are true", (t) => {
	const container = containerWith({ cpu: "0.1", memory: "16Mi" }, { cpu: "200m", memory: "64Mi" });
	const said = (limits: object) => resourcesIn(container, containerOf({ limits }));
	t.deepEqual(said(limitsOf(container)), {
		requests: { cpu: "0.1", memory: "16Mi" },
		limits: { cpu: "200m", memory: "64Mi" },
	});
	t.deepEqual(said({ cpuShares: 204, cpuQuota: 150_000, memory: 32 * 1024 ** 2 }), {
		requests: { cpu: "200m", memory: "16Mi" },
		limits: { cpu: "1500m", memory: "32Mi" },
	});
	t.deepEqual(said({ cpuShares: 102 }).limits, {});
	t.deepEqual(resourcesIn(containerWith({}), undefined), { requests: {}, limits: {} });
	const milli = fc.integer({ min: 10, max: 200_000 });
	fc.assert(
		fc.property(milli, milli, (spec, kernel) => {
			const asked = containerWith({ cpu: `${spec}m` }, { cpu: `${spec}m` });
			const has = containerWith({ cpu: `${kernel}m` }, { cpu: `${kernel}m` });
			const told = resourcesIn(asked, containerOf({ limits: limitsOf(has) }));
			// What is told means to the kernel what it has.
			t.deepEqual(limitsOf({ ...asked, resources: told }), limitsOf(has));
		}),
	);
});

test("conditions are there while they hold", (t) => {
	t.deepEqual(resizeConditions({}), []);
	const pending = { reason: "Deferred", message: "full", generation: 3 } as const;
	t.deepEqual(resizeConditions({ pending, progress: { generation: 2, error: "no" } }), [
		{ type: "PodResizePending", observedGeneration: 3, status: "True", reason: "Deferred", message: "full" },
		{ type: "PodResizeInProgress", observedGeneration: 2, status: "True", reason: "Error", message: "no" },
	]);
});

test("a resize from its wish to its end, and over a restart of the agent", async (t) => {
	const root = await mkdtemp(join(tmpdir(), "berth-resize-"));
	const directories = createPodDirectories(root);
	const events: string[] = [];
	const record = (type: string) => (_: unknown, reason: string) => events.push(`${type} ${reason}`);
	let obstacle: Pending | undefined = { reason: "Deferred", message: "full" };
	const create = (adopted: boolean) =>
		createResizing({
			uid: "u1",
			adopted,
			directories,
			room: { obstacle: () => obstacle, changed: () => {} },
			events: { normal: record("Normal"), warning: record("Warning") } as never,
		});
	const observed = (pod: Pod) => ({
		sandboxes: [],
		containers: [containerOf({ limits: limitsOf(pod.spec.containers[0] as Container) })],
	});
	const [first, second] = [asking("1"), asking("2", "u1", 2)];
	const resizing = create(false);
	resizing.judge(first);
	resizing.look(first, observed(first));
	t.deepEqual(resizing.state, {});
	resizing.judge(second);
	resizing.judge(second);
	t.is(cpuOf(resizing.allocated(second)), "1");
	t.is(resizing.waiting, second);
	t.like(resizing.state.pending, { reason: "Deferred", generation: 2 });
	await createCheckpoint(directories).keep(resizing.allocated(second));

	const next = create(true);
	await next.recall();
	next.judge(second);
	t.is(cpuOf(next.allocated(second)), "1");
	obstacle = undefined;
	next.judge(second);
	t.is(next.allocated(second), second);
	t.deepEqual(next.state.progress, { generation: 2 });
	next.carriedOut(new Error("in use"));
	next.look(second, observed(first));
	t.deepEqual(next.state.progress, { generation: 2, error: "in use" });
	next.carriedOut(undefined);
	next.look(second, observed(second));
	t.falsy(next.state.progress ?? next.state.pending);
	t.deepEqual(events, [
		"Warning ResizeDeferred",
		"Warning ResizeDeferred",
		"Normal ResizeStarted",
		"Warning ResizeError",
		"Normal ResizeCompleted",
	]);
	await rm(root, { recursive: true });
});
