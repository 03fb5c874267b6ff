/** The containers of this host's pods, by the names that callers know, over the runtime. */
import { type Readable, Transform } from "node:stream";
import { badRequest, type Clock, mayRestart, notFound, type Pod } from "@berth/api";
import { LABEL, SANDBOX } from "../pods/labels.ts";
import { containerOf, currentSandbox, observe, type Sandbox } from "../pods/observed.ts";
import { type ContainerInfo, isRuntimeError, type Runtime, type Session } from "../runtime/runtime.ts";
import type { ContainerProcess, Containers, ContainerTarget, LogOptions } from "./containers.ts";
import { createDialer } from "./dial.ts";
import { readLog } from "./logs/read-log.ts";

type PodTarget = Pick<ContainerTarget, "namespace" | "pod">;

export interface PodContainersOptions {
	readonly runtime: Runtime;
	/** Those of this host, as far as they are known. */
	readonly pods: () => readonly Pod[];
	readonly clock: Clock;
}

export function podContainers({ runtime, pods, clock }: PodContainersOptions): Containers {
	/** Of all pods that ever had this name here, the newest that is left. */
	async function containersOf({ namespace, pod }: PodTarget): Promise<readonly ContainerInfo[]> {
		const found = await runtime.list({ [LABEL.namespace]: namespace, [LABEL.pod]: pod });
		if (found.length === 0) throw notFound({ resource: "pods" }, pod);
		const newest = found.reduce((a, b) => (b.createdAt > a.createdAt ? b : a));
		return found.filter((container) => container.labels[LABEL.uid] === newest.labels[LABEL.uid]);
	}

	/** Attempts of one container, newest first. */
	async function attemptsOf(target: ContainerTarget): Promise<readonly ContainerInfo[]> {
		return (await containersOf(target))
			.filter(({ labels }) => labels[LABEL.container] === target.container && target.container !== SANDBOX)
			.sort((a, b) => Number(b.labels[LABEL.attempt]) - Number(a.labels[LABEL.attempt]));
	}

	/** The one before the one that runs, or that ended for good; the last one while the next is waited for. */
	function previousIn(attempts: readonly ContainerInfo[]): ContainerInfo | undefined {
		const [latest, before] = attempts;
		const pod = pods().find(({ metadata }) => metadata.uid === latest?.labels[LABEL.uid]);
		const container = pod && containerOf(pod, latest?.labels[LABEL.container] ?? "");
		const waits = latest?.state === "exited" && container && mayRestart(pod.spec, container, latest.exitCode);
		return waits ? latest : before;
	}

	async function running(target: ContainerTarget): Promise<ContainerInfo> {
		const latest = (await attemptsOf(target))[0];
		if (latest?.state === "running") return latest;
		throw badRequest(`container not found (${JSON.stringify(target.container)})`);
	}

	async function sandboxOf(pod: PodTarget): Promise<Sandbox> {
		const sandbox = currentSandbox(observe(await containersOf(pod)));
		if (!sandbox) throw badRequest(`pod ${pod.pod}_${pod.namespace} is not running`);
		return sandbox;
	}

	/** Where the engine keeps logs in a way of its own. */
	async function fromEngine(id: string, options: LogOptions, signal: AbortSignal): Promise<Readable> {
		const lines = await said(
			runtime.logs(id, {
				follow: options.follow,
				stdout: options.stream !== "stderr",
				stderr: options.stream !== "stdout",
				timestamps: options.timestamps,
				since: options.since === undefined ? undefined : options.since / 1000,
				tail: options.tailLines,
				signal,
			}),
		);
		return options.limitBytes === undefined ? lines : lines.pipe(firstBytes(options.limitBytes));
	}

	return {
		ready: async ({ container, ...pod }) => {
			if (container === undefined) await sandboxOf(pod);
			else await running({ ...pod, container });
		},

		exec: async (target, command, options) => {
			if (command.length === 0) throw badRequest("you must specify at least one command for the container");
			const { id } = await running(target);
			return processOf(await said(runtime.exec(id, { ...options, command })));
		},

		attach: async (target, options) => {
			const { id, stdin, tty } = await running(target);
			if (options.tty && !tty) throw badRequest(`container ${target.container} has no terminal`);
			return processOf(await said(runtime.attach(id, { ...options, stdin: options.stdin && stdin })));
		},

		logs: async (target, options, signal) => {
			const attempts = (await attemptsOf(target)).filter(({ startedAt }) => startedAt > 0);
			const chosen = options.previous ? previousIn(attempts) : attempts[0];
			if (!chosen) {
				const named = `${JSON.stringify(target.container)} in pod ${JSON.stringify(target.pod)}`;
				throw badRequest(
					options.previous
						? `previous terminated container ${named} not found`
						: `container ${named} is waiting to start: ContainerCreating`,
				);
			}
			const follows = options.follow && chosen.state === "running";
			const lines =
				(chosen.logPath &&
					(await readLog({
						...options,
						path: chosen.logPath,
						...(follows && { ended: runtime.wait(chosen.id, signal) }),
						clock,
						signal,
					}))) ||
				(await fromEngine(chosen.id, { ...options, follow: follows }, signal));
			signal.addEventListener("abort", () => lines.destroy());
			return lines;
		},

		dialer: (pod) => createDialer(async () => (await sandboxOf(pod)).pid),
	};
}

function processOf(session: Session): ContainerProcess {
	return {
		...(session.stdin ? { stdin: session.stdin } : {}),
		...(session.stdout ? { stdout: session.stdout } : {}),
		...(session.stderr ? { stderr: session.stderr } : {}),
		resize: (width, height) => session.resize({ width, height }),
		exit: session.ended.then((code) => code ?? 0),
		// The process may end by itself at the same moment: then there is nothing to let go of.
		close: () => void session.kill().catch(() => {}),
	};
}

/** The engine's own words for what the caller did wrong. */
async function said<T>(call: Promise<T>): Promise<T> {
	try {
		return await call;
	} catch (error) {
		if (isRuntimeError(error, "cannotStart", "notRunning", "noContainer")) throw badRequest(error.message);
		throw error;
	}
}

function firstBytes(limit: number): Transform {
	let left = limit;
	return new Transform({
		transform(chunk: Buffer, _encoding, done) {
			if (left > 0) this.push(chunk.subarray(0, left));
			left -= chunk.length;
			if (left <= 0) this.push(null);
			done();
		},
	});
}
