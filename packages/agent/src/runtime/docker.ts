/** Docker as the runtime: the only file that talks to it. Works with Engine API 1.41 (Docker 20.10) and later. */
import { Agent } from "node:http";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import Docker from "dockerode";
import type { ContainerSpec } from "./container-spec.ts";
import { createOptions, updateOptions } from "./docker-create.ts";
import {
	containerInfo,
	DOCKER_EVENTS,
	type EngineInfo,
	eventOf,
	type Inspected,
	isCauseOpen,
	runtimeError,
	runtimeInfo,
	statusOf,
} from "./docker-inspect.ts";
import { dockerStreams } from "./docker-streams.ts";
import type { HostRights } from "./host-rights.ts";
import type { ContainerInfo, Containers, ImageInfo, Images, Runtime } from "./runtime.ts";
import { RuntimeError } from "./runtime.ts";
import { createTurns } from "./turns.ts";

export interface DockerOptions {
	/** Path of Docker's unix socket. */
	readonly socket: string;
	/** What containers may have at most. */
	readonly rights: HostRights;
	/** Milliseconds without an answer after which the engine counts as not answering. Default: two minutes, ten seconds. */
	readonly patience?: { readonly call: number; readonly ping: number } | undefined;
}

const PATIENCE = { call: 120_000, ping: 10_000 };
/** Containers made or started at once; milliseconds that one may take before it is no longer waited for. */
const TURNS = { places: Math.max(4, 2 * availableParallelism()), patience: 10_000 };
/** Lists at once: an agent that starts on a full host asks for all of its pods. */
const LISTS = { places: 8, patience: 2_000 };
/**
 * Containers killed at once; the engine answers when they have ended. A Docker 20.10 in which ninety were killed at once
 * was seen to lock up for ever, all of them waiting for locks of its networks. Fewer at a time make that unlikely.
 */
const KILLS = { places: 2, patience: 3_000 };
/** Containers of one list that are looked at at once. */
const INSPECTIONS = 16;
/** Pods that have begun are brought to their end before others begin. */
const URGENCY = { sandbox: 0, container: 1, start: 2 };
/** Connections kept open for the next calls. */
const SPARE_SOCKETS = 8;

/** Nothing is opened before the first call. */
export function createDockerRuntime({ socket, rights, patience = PATIENCE }: DockerOptions): Runtime {
	// The client prints all options of every call for its debug log, also when nobody wants it: an agent with its
	// sockets is megabytes of text.
	const agent = Object.assign(new Agent({ keepAlive: true, maxFreeSockets: SPARE_SOCKETS }), {
		[inspect.custom]: () => "agent",
	});
	// The client takes an agent; its types do not say so.
	const connection = { socketPath: socket, agent };
	// Streams, and waiting for an end, may be silent for as long as they like; an engine that hangs must not hang us.
	const docker = new Docker(connection);
	const prompt = new Docker({ ...connection, timeout: patience.call });
	const pinging = new Docker({ ...connection, timeout: patience.ping });
	return {
		...containersOf({ docker, prompt, rights }),
		...imagesOf({ docker, prompt }),
		...dockerStreams(docker, prompt),
		info: async () => runtimeInfo((await pinging.info().catch(rethrow)) as EngineInfo),
		ping: async () => {
			await pinging.ping().catch(rethrow);
		},
		close: async () => agent.destroy(),
	};
}

/** Milliseconds until Docker, told of an end, has also heard why. */
const SETTLED = 300;

const rethrow = (error: unknown): never => {
	throw runtimeError(error);
};

interface Engine {
	readonly docker: Docker;
	/** For calls that are answered soon, or not at all. */
	readonly prompt: Docker;
}

function containersOf({ docker, prompt, rights }: Engine & { readonly rights: HostRights }): Containers {
	/** Since Docker 23 an engine knows by itself what its host has not. */
	const rightsFor = async ({ security }: ContainerSpec): Promise<HostRights> => {
		if (!security.privileged || !rights.capabilities) return rights;
		const [, minor] = (await prompt.version()).ApiVersion.split(".");
		return Number(minor) < 42 ? rights : { ...rights, capabilities: undefined };
	};
	const inTurn = createTurns(TURNS);
	const listing = createTurns(LISTS);
	const killing = createTurns(KILLS);
	const look = async (id: string) => containerInfo((await prompt.getContainer(id).inspect()) as Inspected);
	const inspect = async (id: string): Promise<ContainerInfo | undefined> => {
		try {
			const found = await look(id);
			if (!isCauseOpen(found, Date.now())) return found;
			await sleep(SETTLED);
			return await look(id);
		} catch (error) {
			return absent(error);
		}
	};
	return {
		inspect,
		list: (labels) =>
			listing(0, async () => {
				const filters = JSON.stringify({ label: labelFilter(labels) });
				const found = await prompt.listContainers({ all: true, filters }).catch(rethrow);
				const inspected: (ContainerInfo | undefined)[] = [];
				for (let at = 0; at < found.length; at += INSPECTIONS) {
					const some = found.slice(at, at + INSPECTIONS);
					inspected.push(...(await Promise.all(some.map(({ Id }) => inspect(Id)))));
				}
				return inspected.filter((container) => container !== undefined);
			}),
		create: async (spec) => {
			try {
				const { id } = await prompt.createContainer(createOptions(spec, await rightsFor(spec)));
				return id;
			} catch (error) {
				const taken = statusOf(error) === 409 && /already in use/.test(runtimeError(error).message);
				throw runtimeError(error, taken ? "conflict" : "other");
			}
		},
		start: async (id) => {
			try {
				await inTurn(URGENCY.start, () => prompt.getContainer(id).start());
			} catch (error) {
				if (statusOf(error) !== 304) throw runtimeError(error, "cannotStart");
			}
		},
		update: async (id, limits) => {
			await prompt.getContainer(id).update(updateOptions(limits)).catch(rethrow);
		},
		signal: async (id, signal) => {
			const send = () => prompt.getContainer(id).kill({ signal });
			try {
				await (signal === "SIGKILL" ? killing(0, send) : send());
			} catch (error) {
				// 409: it is not running (any more).
				if (statusOf(error) !== 409) absent(error);
			}
		},
		wait: async (id, signal) => {
			try {
				await docker
					.getContainer(id)
					.wait({ condition: "not-running", ...(signal && { abortSignal: signal }) });
			} catch (error) {
				signal?.throwIfAborted();
				absent(error);
			}
		},
		export: async (id) => {
			const stream = await docker
				.getContainer(id)
				.export()
				.catch((error: unknown) => {
					throw runtimeError(error, statusOf(error) === 404 ? "noContainer" : "other");
				});
			return stream instanceof Readable ? stream : new Readable().wrap(stream);
		},
		remove: async (id) => {
			try {
				await prompt.getContainer(id).remove({ force: true, v: true });
			} catch (error) {
				// 409: its removal is already in progress.
				if (statusOf(error) !== 409) absent(error);
			}
		},
		events: async (labels, signal) => {
			const filters = { type: ["container"], event: DOCKER_EVENTS, label: labelFilter(labels) };
			const stream = await docker
				.getEvents({ filters: JSON.stringify(filters), abortSignal: signal })
				.catch(rethrow);
			return readEvents(stream, signal);
		},
	};
}

async function* readEvents(stream: NodeJS.ReadableStream, signal: AbortSignal) {
	const lines = linesOf(stream);
	const stop = () => lines.close();
	signal.addEventListener("abort", stop, { once: true });
	try {
		for await (const line of lines) {
			const event = eventOf(line);
			if (event) yield event;
		}
	} finally {
		signal.removeEventListener("abort", stop);
		if (stream instanceof Readable) stream.destroy();
	}
}

function imagesOf({ docker, prompt }: Engine): Images {
	return {
		image: async (reference) => {
			try {
				const found = await prompt.getImage(reference).inspect();
				return {
					id: found.Id,
					digests: found.RepoDigests ?? [],
					tags: found.RepoTags ?? [],
					size: found.Size,
					user: found.Config?.User ?? "",
				};
			} catch (error) {
				return absent(error);
			}
		},
		images: async () => {
			const found = await prompt.listImages().catch(rethrow);
			return found.map(
				(image): ImageInfo => ({
					id: image.Id,
					digests: image.RepoDigests ?? [],
					tags: image.RepoTags ?? [],
					size: image.Size,
					user: "",
				}),
			);
		},
		pull: async (reference, credentials, signal) => {
			const authconfig = credentials && {
				username: credentials.username ?? "",
				password: credentials.password ?? "",
				serveraddress: credentials.server,
				...(credentials.identityToken && { identitytoken: credentials.identityToken }),
			};
			const options = { ...(authconfig && { authconfig }), ...(signal && { abortSignal: signal }) };
			try {
				await finished(await docker.pull(reference, options));
			} catch (error) {
				throw runtimeError(error, "pullFailed");
			}
		},
		importImage: async (reference, tar, entrypoint) => {
			const at = reference.lastIndexOf(":");
			const options = {
				repo: reference.slice(0, at),
				tag: reference.slice(at + 1),
				changes: `ENTRYPOINT ${JSON.stringify(entrypoint)}`,
			};
			await finished(await docker.importImage(Readable.from([tar]), options).catch(rethrow));
		},
		removeImage: async (reference) => {
			try {
				await docker.getImage(reference).remove();
			} catch (error) {
				// 409: in use.
				if (statusOf(error) === 409) return false;
				absent(error);
			}
			return true;
		},
	};
}

/** Reads a progress stream to its end; Docker reports failures inside it, after an answer of 200. */
async function finished(stream: NodeJS.ReadableStream): Promise<void> {
	for await (const line of linesOf(stream)) {
		// Engine API 1.52 keeps only the second.
		const { error, errorDetail } = JSON.parse(line) as { error?: string; errorDetail?: { message?: string } };
		const reason = error ?? errorDetail?.message;
		if (reason) throw new RuntimeError("pullFailed", reason);
	}
}

const linesOf = (stream: NodeJS.ReadableStream) =>
	createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });

const labelFilter = (labels: Readonly<Record<string, string>>) =>
	Object.entries(labels).map(([key, value]) => `${key}=${value}`);

/** Answers undefined for what is not there, and throws everything else. */
function absent(error: unknown): undefined {
	if (statusOf(error) !== 404) throw runtimeError(error);
	return undefined;
}
