import { createFakeClock } from "@berth/testing";
import test from "ava";
import type { ContainerSpec } from "../runtime/container-spec.ts";
import { createFakeRuntime } from "../runtime/fake.ts";
import { stopContainer } from "./stop-container.ts";

async function setUp(command: readonly string[]) {
	const clock = createFakeClock();
	const runtime = createFakeRuntime({ clock, images: ["app:1"] });
	const spec = {
		name: "c",
		labels: {},
		image: "app:1",
		command,
		env: [],
		namespaces: { network: "none", ipc: "shareable", pid: "private" },
		mounts: [],
		resources: { oomScore: 0 },
	} as unknown as ContainerSpec;
	const id = await runtime.create(spec);
	await runtime.start(id);
	const stop = new AbortController();
	const begin = (grace: number, hook?: (signal: AbortSignal) => Promise<void>) => {
		let over = false;
		const done = stopContainer({ runtime, id, grace, hook, clock, signal: stop.signal }).then(() => {
			over = true;
		});
		return { done, isOver: () => over };
	};
	const exitCode = () => runtime.containers.get(id)?.info.exitCode;
	const state = () => runtime.containers.get(id)?.info.state;
	return { clock, begin, exitCode, state, stop };
}
const POLITE = ["sh", "-c", "trap 'exit 0' TERM; forever"];

test("one that listens ends at its signal", async (t) => {
	const { begin, exitCode, clock } = await setUp(POLITE);
	const begun = clock.now();
	const { isOver } = begin(30_000);
	await clock.until(isOver);
	t.is(exitCode(), 0);
	t.is(clock.now(), begun);
	t.is(clock.pending, 0);
});

test("one that does not is killed when its grace is over", async (t) => {
	const { begin, exitCode, clock } = await setUp(["forever"]);
	const begun = clock.now();
	const { isOver } = begin(30_000);
	await clock.until(isOver);
	t.is(exitCode(), 137);
	t.is(clock.now() - begun, 30_000);
});

test("the hook comes first, and takes from the grace", async (t) => {
	const { begin, exitCode, state, clock } = await setUp(POLITE);
	const begun = clock.now();
	const { isOver } = begin(30_000, async (signal) => {
		t.is(state(), "running");
		await clock.sleep(5_000, signal);
	});
	await clock.until(isOver);
	t.is(exitCode(), 0);
	t.is(clock.now() - begun, 5_000);
});

test("a hook that never ends leaves two seconds for the signal", async (t) => {
	const { begin, exitCode, clock } = await setUp(["forever"]);
	const begun = clock.now();
	const { isOver } = begin(10_000, (signal) => clock.sleep(1e9, signal));
	await clock.until(isOver);
	t.is(exitCode(), 137);
	t.is(clock.now() - begun, 12_000);
});

test("given up, the container is left as it is", async (t) => {
	const { begin, state, clock, stop } = await setUp(["forever"]);
	const { done } = begin(30_000);
	await clock.advance(1_000);
	stop.abort();
	await done;
	t.is(state(), "running");
	t.is(clock.pending, 0);
});
