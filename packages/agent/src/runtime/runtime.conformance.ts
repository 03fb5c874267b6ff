/** What every runtime must do. An implementation's own test is a few lines: see fake.test.ts and docker.docker.test.ts. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ExecutionContext, TestFn } from "ava";
import { type ContainerSpec, PLAIN_SECURITY } from "./container-spec.ts";
import { isRuntimeError, type Runtime, type RuntimeEvent } from "./runtime.ts";
import { tarOfFile } from "./tar.ts";

export interface ConformanceOptions {
	readonly create: () => Promise<Runtime>;
	/** Of an image with a shell. */
	readonly image: string;
}

const LABELS = { "berth.test": "runtime" };
const MIB = 1024 ** 2;
const FOREVER = ["sleep", "1000"];

export function testRuntime(test: TestFn, { create, image }: ConformanceOptions): void {
	let made = 0;
	const spec = (command: readonly string[], changes: Partial<ContainerSpec> = {}): ContainerSpec => ({
		name: `berth-test-${process.pid}-${++made}`,
		labels: LABELS,
		image,
		command,
		env: [],
		namespaces: { network: "none", ipc: "shareable", pid: "private" },
		mounts: [],
		resources: { oomScore: 0 },
		security: PLAIN_SECURITY,
		stdin: false,
		stdinOnce: false,
		tty: false,
		...changes,
	});

	const runtimeTest = (title: string, body: (t: ExecutionContext, runtime: Runtime) => Promise<void>) =>
		test.serial(title, async (t) => {
			const runtime = await create();
			try {
				await body(t, runtime);
			} finally {
				for (const { id } of await runtime.list(LABELS)) await runtime.remove(id);
				await runtime.close();
			}
		});

	const started = async (runtime: Runtime, command: readonly string[]) => {
		const id = await runtime.create(spec(command));
		await runtime.start(id);
		return id;
	};

	runtimeTest("the life of a container", async (t, runtime) => {
		const wanted = spec(["sh", "-c", "exit 3"]);
		const id = await runtime.create(wanted);
		const created = await runtime.inspect(id);
		t.is(created?.state, "created");
		t.is(created?.name, wanted.name);
		t.like(created?.labels, LABELS);
		t.is(created?.startedAt, 0);
		await runtime.start(id);
		await runtime.wait(id);
		const ended = await runtime.inspect(wanted.name);
		t.like(ended, { id, state: "exited", exitCode: 3, oomKilled: false, pid: 0, image, error: "" });
		t.true((ended?.finishedAt ?? 0) >= (ended?.startedAt ?? 0));
		await runtime.remove(id);
		t.is(await runtime.inspect(id), undefined);
	});

	runtimeTest(
		"a running container has a process, and starting it again changes nothing",
		async (t, runtime) => {
			const id = await started(runtime, FOREVER);
			const first = await runtime.inspect(id);
			t.true((first?.pid ?? 0) > 0);
			await runtime.start(id);
			t.is((await runtime.inspect(id))?.pid, first?.pid);
		},
	);

	runtimeTest("containers are listed by their labels", async (t, runtime) => {
		const id = await runtime.create(spec(FOREVER, { labels: { ...LABELS, colour: "blue" } }));
		await runtime.create(spec(FOREVER));
		t.is((await runtime.list(LABELS)).length, 2);
		t.deepEqual(
			(await runtime.list({ ...LABELS, colour: "blue" })).map((container) => container.id),
			[id],
		);
		t.deepEqual(await runtime.list({ ...LABELS, colour: "red" }), []);
	});

	runtimeTest("a name is taken once", async (t, runtime) => {
		const wanted = spec(FOREVER);
		await runtime.create(wanted);
		const error = await t.throwsAsync(runtime.create(wanted));
		t.true(isRuntimeError(error, "conflict"), String(error));
	});

	runtimeTest("an image that is not here", async (t, runtime) => {
		const error = await t.throwsAsync(runtime.create(spec(FOREVER, { image: "berth.invalid/nothing:1" })));
		t.true(isRuntimeError(error, "noImage"), String(error));
		t.is(await runtime.image("berth.invalid/nothing:1"), undefined);
		t.truthy((await runtime.image(image))?.id);
	});

	runtimeTest("a program that is not there says so, and leaves its trace", async (t, runtime) => {
		const id = await runtime.create(spec(["/no/such/program"]));
		const error = await t.throwsAsync(runtime.start(id));
		t.true(isRuntimeError(error, "cannotStart"), String(error));
		const info = await runtime.inspect(id);
		t.is(info?.state, "created");
		t.regex(info?.error ?? "", /no such file/);
	});

	runtimeTest("a stop signal of one's own", async (t, runtime) => {
		const id = await runtime.create(spec(FOREVER, { stopSignal: "SIGUSR1" }));
		t.is((await runtime.inspect(id))?.stopSignal, "SIGUSR1");
	});

	runtimeTest("another's processes are joined while that one runs", async (t, runtime) => {
		const target = await started(runtime, FOREVER);
		const joining = () =>
			spec(FOREVER, { namespaces: { network: "none", ipc: "shareable", pid: { join: target } } });
		const id = await runtime.create(joining());
		await runtime.start(id);
		t.is((await runtime.inspect(id))?.state, "running");
		await runtime.signal(target, "SIGKILL");
		await runtime.wait(target);
		const late = await runtime.create(joining());
		const error = await t.throwsAsync(runtime.start(late));
		t.true(isRuntimeError(error, "cannotStart"), String(error));
	});

	runtimeTest("limits change while a container runs, and are lifted again", async (t, runtime) => {
		const resources = { oomScore: 500, cpuShares: 512, cpuQuota: 50_000, memory: 32 * MIB };
		const id = await runtime.create(spec(FOREVER, { resources }));
		await runtime.start(id);
		const { pid } = (await runtime.inspect(id)) ?? {};
		for (const limits of [
			{ cpuShares: 1024, cpuQuota: 100_000, memory: 64 * MIB },
			{ cpuShares: 2, cpuQuota: 20_000, memory: 16 * MIB },
			{ cpuShares: 256, cpuQuota: undefined, memory: undefined },
			{ cpuShares: 256, cpuQuota: 1_000, memory: 32 * MIB },
		]) {
			await runtime.update(id, limits);
			t.deepEqual((await runtime.inspect(id))?.limits, limits);
		}
		t.is((await runtime.inspect(id))?.pid, pid);
		const error = await t.throwsAsync(runtime.update("0".repeat(64), { cpuShares: 2 }));
		t.true(isRuntimeError(error, "noContainer"), String(error));
	});

	runtimeTest("signals", async (t, runtime) => {
		const polite = await started(runtime, ["sh", "-c", "trap 'exit 7' TERM; while :; do sleep 0.05; done"]);
		// The shell needs a moment to set its trap.
		await sleep(300);
		await runtime.signal(polite, "SIGTERM");
		await runtime.wait(polite);
		t.is((await runtime.inspect(polite))?.exitCode, 7);
		const stubborn = await started(runtime, FOREVER);
		await runtime.signal(stubborn, "SIGKILL");
		await runtime.wait(stubborn);
		t.is((await runtime.inspect(stubborn))?.exitCode, 137);
	});

	runtimeTest("waiting can be given up", async (t, runtime) => {
		const id = await started(runtime, FOREVER);
		await t.throwsAsync(runtime.wait(id, AbortSignal.timeout(50)));
		t.is((await runtime.inspect(id))?.state, "running");
	});

	runtimeTest("what is gone is no error", async (t, runtime) => {
		const id = await runtime.create(spec(FOREVER));
		await runtime.remove(id);
		await runtime.remove(id);
		await runtime.signal(id, "SIGTERM");
		await runtime.wait(id);
		t.is(await runtime.inspect(id), undefined);
	});

	runtimeTest("a running container is removed with its process", async (t, runtime) => {
		const id = await started(runtime, FOREVER);
		await runtime.remove(id);
		t.is(await runtime.inspect(id), undefined);
	});

	runtimeTest("events tell the life of labelled containers", async (t, runtime) => {
		const stop = new AbortController();
		const events = await runtime.events(LABELS, stop.signal);
		const seen: RuntimeEvent[] = [];
		const reading = (async () => {
			for await (const event of events) {
				seen.push(event);
				if (event.type === "removed") return;
			}
		})();
		await runtime.remove(await runtime.create(spec(FOREVER, { labels: { other: "label" } })));
		const id = await started(runtime, ["sh", "-c", "exit 0"]);
		await runtime.wait(id);
		await runtime.remove(id);
		await reading;
		t.deepEqual(
			seen.map(({ type }) => type),
			["created", "started", "exited", "removed"],
		);
		t.true(seen.every((event) => event.id === id));
		t.like(seen[0]?.labels, LABELS);
		stop.abort();
	});

	runtimeTest("events end with the signal", async (t, runtime) => {
		const stop = new AbortController();
		const events = await runtime.events(LABELS, stop.signal);
		setTimeout(() => stop.abort(), 20);
		const seen: RuntimeEvent[] = [];
		try {
			for await (const event of events) seen.push(event);
		} catch {
			// A connection that is cut may say so.
		}
		t.deepEqual(seen, []);
	});

	runtimeTest("a command in a container: its output and its exit code", async (t, runtime) => {
		const id = await started(runtime, FOREVER);
		const streams = { stdin: false, stdout: true, stderr: true, tty: false };
		const echo = await runtime.exec(id, { ...streams, command: ["echo", "hello", "there"] });
		t.is(await textOf(echo.stdout), "hello there\n");
		t.is(await echo.ended, 0);
		const failing = await runtime.exec(id, { ...streams, command: ["sh", "-c", "exit 5"] });
		failing.stdout?.resume();
		failing.stderr?.resume();
		t.is(await failing.ended, 5);
	});

	runtimeTest("no command runs in a container that does not", async (t, runtime) => {
		const id = await runtime.create(spec(FOREVER));
		const error = await t.throwsAsync(
			runtime.exec(id, { command: ["echo"], stdin: false, stdout: true, stderr: true, tty: false }),
		);
		t.true(isRuntimeError(error, "notRunning"), String(error));
	});

	runtimeTest("an image goes when nothing uses it any more", async (t, runtime) => {
		const reference = `berth-test/unused:${process.pid}`;
		await runtime.importImage(reference, tarOfFile("note", 0o644, Buffer.from("x")), ["/note"]);
		const id = await runtime.create(spec(["/note"], { image: reference }));
		t.false(await runtime.removeImage(reference));
		t.truthy(await runtime.image(reference));
		await runtime.remove(id);
		t.true(await runtime.removeImage(reference));
		t.is(await runtime.image(reference), undefined);
		t.true(await runtime.removeImage(reference));
	});

	runtimeTest("the files of a container that never ran", async (t, runtime) => {
		const reference = `berth-test/files:${process.pid}`;
		await runtime.importImage(reference, tarOfFile("note", 0o644, Buffer.from("x")), ["/note"]);
		const id = await runtime.create(spec(["/note"], { image: reference }));
		const chunks: Buffer[] = [];
		for await (const chunk of await runtime.export(id)) chunks.push(Buffer.from(chunk));
		t.true(Buffer.concat(chunks).includes("note\0"));
		await runtime.remove(id);
		await runtime.removeImage(reference);
		const error = await t.throwsAsync(runtime.export(id));
		t.true(isRuntimeError(error, "noContainer"), String(error));
	});

	runtimeTest("logs", async (t, runtime) => {
		const id = await started(runtime, ["echo", "a line"]);
		await runtime.wait(id);
		const lines = await runtime.logs(id, { follow: false, stdout: true, stderr: true, timestamps: false });
		t.is(await textOf(lines), "a line\n");
	});
}

async function textOf(stream: AsyncIterable<Buffer | string> | undefined): Promise<string> {
	let text = "";
	for await (const chunk of stream ?? []) text += chunk;
	return text;
}
