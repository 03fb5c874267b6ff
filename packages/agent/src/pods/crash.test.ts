/** Agents that die, or fail, at any moment of a pod's life: whatever they leave behind, the end is the same. */
import { type Container, deepEqual, Pod } from "@berth/api";
import { createClient } from "@berth/client";
import test, { type ExecutionContext } from "ava";
import {
	checkRunning,
	createPod,
	type FakeHost,
	type Fate,
	isGone,
	isReady,
	markDeleted,
	podOn,
	remains,
	running,
	startAgent,
	until,
	withFakeHost,
} from "./mortal-agent.ts";

const HOW = ["before", "after", "throws"] as const;
/** More than any of these lives has; beyond its end a fate never comes. */
const MOST_CALLS = 400;
/** Milliseconds that all lives of a test may take on a busy machine. */
const LONG = 120_000;
/** Lives that run at the same time. */
const AT_ONCE = 60;

const polite = (name: string): Container => ({
	name,
	image: "app:1",
	command: ["sh", "-c", "trap 'exit 0' TERM; forever"],
});
/** One of each sort of container, and hooks. */
const spec = {
	initContainers: [
		{ name: "setup", image: "app:1", command: ["sh", "-c", "exit 0"] },
		{ ...polite("side"), restartPolicy: "Always" as const },
	],
	containers: [
		{
			...polite("a"),
			lifecycle: { postStart: { exec: { command: ["true"] } }, preStop: { exec: { command: ["true"] } } },
		},
	],
};
const WANTED = ["a", "side"];
const text = ({ calls, how }: Fate) => `${how} call ${calls}`;

/** Every fate until none comes in time; a life answers whether its own came. */
async function forEveryFate(live: (fate: Fate) => Promise<boolean>): Promise<number> {
	let tried = 0;
	await Promise.all(
		HOW.map(async (how) => {
			for (let first = 1; first < MOST_CALLS; first += AT_ONCE / HOW.length) {
				const calls = Array.from({ length: AT_ONCE / HOW.length }, (_, index) => first + index);
				const ends = await Promise.all(calls.map((each) => live({ calls: each, how })));
				tried += ends.length;
				if (!ends.includes(true)) return;
			}
			throw new Error("these lives have more calls than expected");
		}),
	);
	return tried;
}

/** The agent with this fate, then, where it died, another one. */
async function succession(host: FakeHost, fate: Fate, isDone: () => unknown) {
	const first = await startAgent(host, fate);
	const fated = { came: false };
	first.happened.then(() => {
		fated.came = true;
	});
	await Promise.race([first.happened, until(`the end despite ${text(fate)}`, isDone)]);
	const isDead = fated.came && fate.how !== "throws";
	const second = isDead ? await startAgent(host) : undefined;
	await until(`the end after ${text(fate)}`, isDone);
	return {
		came: fated.came,
		stop: async () => {
			await second?.stop();
			await first.stop();
		},
	};
}

const isAllGone = async (host: FakeHost) =>
	isGone(host) && host.attached.size === 0 && (await remains(host)).length === 0;

test("while a pod starts", async (t: ExecutionContext) => {
	t.timeout(LONG);
	const tried = await forEveryFate((fate) =>
		withFakeHost(async (host) => {
			await createPod(host, spec);
			const { came, stop } = await succession(host, fate, () => isReady(host));
			checkRunning(t, host, text(fate), WANTED);
			t.is((await remains(host)).length, 1, text(fate));
			await stop();
			return came;
		}),
	);
	t.log(`${tried} lives`);
	t.true(tried > 60);
});

test("while a pod is resized", async (t: ExecutionContext) => {
	t.timeout(LONG);
	const resources = { requests: { cpu: "1", memory: "1Mi" }, limits: { cpu: "2", memory: "64Mi" } };
	const limits = { cpuShares: 1024, cpuQuota: 200_000, memory: 64 * 1024 ** 2 };
	const resized = { ...spec, containers: spec.containers.map((container) => ({ ...container, resources })) };
	const isDone = (host: FakeHost) =>
		running(host).some((container) => deepEqual(container.limits, limits)) && isSettled(host);
	const tried = await forEveryFate((fate) =>
		withFakeHost(async (host) => {
			await createPod(host, spec);
			const before = await startAgent(host);
			await until("the pod to run", () => isReady(host));
			await before.stop();
			const ids = running(host).map(({ id }) => id);
			await changeSpec(host, resized);
			const { came, stop } = await succession(host, fate, () => isDone(host));
			t.deepEqual(
				running(host).map(({ id }) => id),
				ids,
				text(fate),
			);
			await stop();
			return came;
		}),
	);
	t.log(`${tried} lives`);
	t.true(tried > 10);
});

/** No word of a resize is left in the status. */
const isSettled = (host: FakeHost) =>
	podOn(host)?.status?.observedGeneration === 2 &&
	!podOn(host)?.status?.conditions?.some(({ type }) => type.startsWith("PodResize"));

const changeSpec = (host: FakeHost, { containers }: typeof spec) =>
	createClient(host.server).patch(
		Pod,
		{ namespace: "default", name: "web" },
		{ metadata: { generation: 2 }, spec: { containers } },
		{ type: "merge" },
	);

test("while a pod ends", async (t: ExecutionContext) => {
	t.timeout(LONG);
	const tried = await forEveryFate((fate) =>
		withFakeHost(async (host) => {
			await createPod(host, spec);
			const before = await startAgent(host);
			await until("the pod to run", () => isReady(host));
			await before.stop();
			await markDeleted(host);
			const { came, stop } = await succession(host, fate, () => isAllGone(host));
			await stop();
			return came;
		}),
	);
	t.log(`${tried} lives`);
	t.true(tried > 60);
});
