/**
 * Containers in memory, for unit tests. They run the little that tests ask for: `sleep SECONDS`, `echo TEXT`,
 * `sh -c "exit N"`, `sh -c "trap 'exit N' TERM; …"`, and anything else forever. What no program does (die of memory, of
 * a restarted engine), tests do to them.
 */
import { PassThrough, Readable } from "node:stream";
import type { Clock } from "@berth/api";
import type { ContainerSpec, Limits } from "./container-spec.ts";
import {
	type ContainerInfo,
	type ExecSpec,
	type ImageInfo,
	type Runtime,
	RuntimeError,
	type RuntimeEvent,
	type Session,
} from "./runtime.ts";
import { tarOfFile } from "./tar.ts";

export interface FakeRuntime extends Runtime {
	/** Every container, with what it was made of. */
	readonly containers: ReadonlyMap<string, { readonly info: ContainerInfo; readonly spec: ContainerSpec }>;
	/** Ends a container's process. */
	exit(id: string, code: number, how?: { readonly oomKilled?: boolean }): void;
	/** Every container dies at once and listeners lose their connection, as when dockerd restarts. */
	crash(): void;
	/** The next `times` calls of a method fail with this error. */
	failNext(method: keyof Runtime, error: Error, times?: number): void;
	readonly pulls: readonly string[];
}

export interface FakeRuntimeOptions {
	readonly clock: Clock;
	/** References of images that are here. */
	readonly images?: readonly string[];
	/** References that can be pulled. */
	readonly registry?: readonly string[];
	/** What an exec prints and how it ends. Default: nothing, 0. */
	readonly exec?: (
		container: ContainerSpec,
		command: readonly string[],
	) => { readonly output?: string; readonly code: number };
}

interface Entry {
	info: ContainerInfo;
	readonly spec: ContainerSpec;
	readonly output: string[];
	ended: PromiseWithResolvers<void>;
	cancel: () => void;
}

const SIGNAL_CODES: Readonly<Record<string, number>> = { SIGKILL: 137, SIGTERM: 143, SIGINT: 130 };

export function createFakeRuntime({
	clock,
	images = [],
	registry = [],
	exec,
}: FakeRuntimeOptions): FakeRuntime {
	const entries = new Map<string, Entry>();
	const known = new Map<string, ImageInfo>(images.map((reference) => [reference, imageOf(reference)]));
	const listeners = new Set<{ readonly push: (event: RuntimeEvent) => void; readonly end: () => void }>();
	const failures = new Map<string, Error[]>();
	const pulls: string[] = [];
	let made = 0;

	const emit = (type: RuntimeEvent["type"], { info }: Entry) => {
		for (const { push } of listeners) push({ type, id: info.id, labels: info.labels });
	};
	const find = (container: string) =>
		entries.get(container) ?? [...entries.values()].find(({ info }) => info.name === container);

	function end(entry: Entry, code: number, oomKilled = false): void {
		if (entry.info.state !== "running") return;
		entry.cancel();
		entry.info = {
			...entry.info,
			state: "exited",
			pid: 0,
			finishedAt: clock.now(),
			exitCode: code,
			oomKilled,
		};
		entry.ended.resolve();
		emit("exited", entry);
	}

	/** Every method may be told to fail. */
	function guarded<A extends unknown[], R>(method: keyof Runtime, work: (...args: A) => R) {
		return async (...args: A): Promise<Awaited<R>> => {
			const error = failures.get(method)?.shift();
			if (error) throw error;
			return await work(...args);
		};
	}

	return {
		containers: entries,
		pulls,
		exit: (id, code, how) => {
			const entry = entries.get(id);
			if (entry) end(entry, code, how?.oomKilled);
		},
		crash: () => {
			for (const entry of entries.values()) end(entry, SIGNAL_CODES.SIGKILL ?? 137);
			for (const listener of [...listeners]) listener.end();
		},
		failNext: (method, error, times = 1) => {
			failures.set(method, [...(failures.get(method) ?? []), ...Array<Error>(times).fill(error)]);
		},
		info: guarded("info", () => FAKE_ENGINE),
		ping: guarded("ping", () => {}),
		close: async () => {
			for (const listener of [...listeners]) listener.end();
			for (const entry of entries.values()) entry.cancel();
		},
		list: guarded("list", (labels) =>
			[...entries.values()].map(({ info }) => info).filter((info) => matches(info.labels, labels)),
		),
		inspect: guarded("inspect", (container) => find(container)?.info),
		create: guarded("create", (spec) => {
			if (!known.has(spec.image)) throw new RuntimeError("noImage", `No such image: ${spec.image}`);
			if (find(spec.name)) {
				throw new RuntimeError("conflict", `The container name "/${spec.name}" is already in use`);
			}
			made += 1;
			const id = made.toString(16).padStart(64, "0");
			const info: ContainerInfo = {
				...BLANK,
				id,
				name: spec.name,
				labels: spec.labels,
				createdAt: clock.now(),
				image: spec.image,
				imageId: known.get(spec.image)?.id ?? "",
				stopSignal: spec.stopSignal ?? "SIGTERM",
				tty: spec.tty,
				stdin: spec.stdin,
				hostNetwork: spec.namespaces.network === "host",
				limits: limitsOf(spec.resources),
			};
			const entry: Entry = { info, spec, output: [], ended: Promise.withResolvers(), cancel: () => {} };
			entries.set(id, entry);
			emit("created", entry);
			return id;
		}),
		start: guarded("start", (id) => {
			const entry = entries.get(id);
			if (!entry) throw new RuntimeError("noContainer", `No such container: ${id}`);
			if (entry.info.state === "running") return;
			for (const mode of Object.values(entry.spec.namespaces)) {
				if (typeof mode === "string" || entries.get(mode.join)?.info.state === "running") continue;
				const error = `cannot join a namespace of container ${mode.join}, which does not run`;
				entry.info = { ...entry.info, error, exitCode: 128 };
				throw new RuntimeError("cannotStart", error);
			}
			const [program = "", ...args] = [...(entry.spec.command ?? []), ...(entry.spec.args ?? [])];
			if (program.startsWith("/no/")) {
				const error = `exec: "${program}": no such file or directory`;
				entry.info = { ...entry.info, error, exitCode: 127 };
				throw new RuntimeError("cannotStart", error);
			}
			entry.info = {
				...entry.info,
				state: "running",
				pid: 1000 + made,
				startedAt: clock.now(),
				finishedAt: 0,
			};
			entry.ended = Promise.withResolvers();
			emit("started", entry);
			const life = lifeOf(program, args);
			if (life.output) entry.output.push(life.output);
			if (life.after !== undefined) entry.cancel = clock.after(life.after, () => end(entry, life.code));
		}),
		update: guarded("update", (id, limits) => {
			const entry = entries.get(id);
			if (!entry) throw new RuntimeError("noContainer", `No such container: ${id}`);
			entry.info = { ...entry.info, limits: limitsOf(limits) };
		}),
		signal: guarded("signal", (id, signal) => {
			const entry = entries.get(id);
			if (entry?.info.state !== "running") return;
			if (signal === "SIGKILL") return end(entry, SIGNAL_CODES.SIGKILL ?? 137);
			const code = trapOf(entry.spec.command ?? [], signal);
			if (code !== undefined) end(entry, code);
		}),
		wait: guarded("wait", async (id, signal) => {
			const entry = entries.get(id);
			if (entry?.info.state !== "running") return;
			signal?.throwIfAborted();
			const aborted = Promise.withResolvers<never>();
			const abort = () => aborted.reject(signal?.reason);
			signal?.addEventListener("abort", abort, { once: true });
			try {
				await Promise.race([entry.ended.promise, aborted.promise]);
			} finally {
				signal?.removeEventListener("abort", abort);
			}
		}),
		export: guarded("export", (id) => {
			if (!find(id)) throw new RuntimeError("noContainer", `No such container: ${id}`);
			return Readable.from([tarOfFile("note", 0o644, Buffer.from("x"))]);
		}),
		remove: guarded("remove", (id) => {
			const entry = find(id);
			if (!entry) return;
			end(entry, SIGNAL_CODES.SIGKILL ?? 137);
			entries.delete(entry.info.id);
			emit("removed", entry);
		}),
		events: guarded("events", (labels, signal) => {
			const stream = new PassThrough({ objectMode: true });
			const listener = {
				push: (event: RuntimeEvent) => {
					if (matches(event.labels, labels)) stream.write(event);
				},
				end: () => {
					listeners.delete(listener);
					stream.end();
				},
			};
			listeners.add(listener);
			signal.addEventListener("abort", listener.end, { once: true });
			return stream as AsyncIterable<RuntimeEvent>;
		}),
		image: guarded("image", (reference) => known.get(reference)),
		images: guarded("images", () => [...known.values()]),
		pull: guarded("pull", (reference) => {
			pulls.push(reference);
			if (!registry.includes(reference)) {
				throw new RuntimeError("pullFailed", `manifest for ${reference} not found: manifest unknown`);
			}
			known.set(reference, imageOf(reference));
		}),
		importImage: guarded("importImage", (reference) => {
			known.set(reference, imageOf(reference));
		}),
		removeImage: guarded("removeImage", (reference) => {
			if ([...entries.values()].some(({ spec }) => spec.image === reference)) return false;
			known.delete(reference);
			return true;
		}),
		logs: guarded("logs", (id) => Readable.from(entries.get(id)?.output ?? [])),
		exec: guarded("exec", (id, spec) => {
			const entry = entries.get(id);
			if (entry?.info.state !== "running")
				throw new RuntimeError("notRunning", `Container ${id} is not running`);
			const [program = "", ...args] = spec.command;
			const { output, code } = exec?.(entry.spec, spec.command) ?? lifeOf(program, args);
			return sessionOf(spec, output ?? "", code);
		}),
		attach: guarded("attach", (id, spec) => {
			const entry = entries.get(id);
			if (entry?.info.state !== "running")
				throw new RuntimeError("notRunning", `Container ${id} is not running`);
			return sessionOf({ ...spec, tty: entry.spec.tty, command: [] }, entry.output.join(""), 0);
		}),
		resize: guarded("resize", () => {}),
	};
}

const BLANK: ContainerInfo = {
	id: "",
	name: "",
	labels: {},
	state: "created",
	pid: 0,
	createdAt: 0,
	startedAt: 0,
	finishedAt: 0,
	exitCode: 0,
	oomKilled: false,
	error: "",
	image: "",
	imageId: "",
	stopSignal: "SIGTERM",
	logPath: "",
	tty: false,
	stdin: false,
	hostNetwork: false,
	limits: {},
	writableLayer: "",
};

const FAKE_ENGINE = {
	name: "docker://0.0.0",
	version: "0.0.0",
	kernelVersion: "6.1.0",
	operatingSystem: "Nowhere Linux",
	architecture: "amd64",
	cpus: 2,
	memory: 4 * 1024 ** 3,
	cgroupDriver: "cgroupfs",
	cgroupVersion: 2,
	root: "/",
	handlers: ["runc"],
} as const;

const limitsOf = ({ cpuShares, cpuQuota, memory }: Limits): Limits => ({ cpuShares, cpuQuota, memory });

const imageOf = (reference: string): ImageInfo => ({
	id: `sha256:${reference}`,
	digests: [],
	tags: [reference],
	size: 1_000,
	user: "",
});

const matches = (labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>) =>
	Object.entries(wanted).every(([key, value]) => labels[key] === value);

/** What a program prints, and when and how it ends; it does not when `after` is undefined. */
function lifeOf(program: string, args: readonly string[]): { output?: string; after?: number; code: number } {
	const text = args.join(" ");
	if (program === "sleep") return { after: Number(args[0]) * 1000, code: 0 };
	if (program === "echo") return { output: `${text}\n`, after: 0, code: 0 };
	const [, code] = /^-c exit (\d+)$/.exec(text) ?? [];
	return program === "sh" && code !== undefined ? { after: 0, code: Number(code) } : { code: 0 };
}

/** Exit code of a shell that traps this signal. */
function trapOf(command: readonly string[], signal: string): number | undefined {
	const [, code, name] = /trap .exit (\d+). (\w+)/.exec(command.join(" ")) ?? [];
	return name !== undefined && `SIG${name}` === signal ? Number(code) : undefined;
}

function sessionOf(spec: ExecSpec, output: string, code: number): Session {
	const kill = async () => {};
	return {
		stdin: spec.stdin ? new PassThrough() : undefined,
		stdout: spec.stdout ? Readable.from([output]) : undefined,
		stderr: spec.stderr && !spec.tty ? Readable.from([]) : undefined,
		resize: async () => {},
		ended: Promise.resolve(code),
		kill,
		[Symbol.asyncDispose]: kill,
	};
}
