/**
 * The seam to the container engine. Everything above it speaks of containers, images and streams; docker.ts is the one
 * file that knows Docker, fake.ts keeps containers in memory for unit tests, and one conformance suite holds for both.
 * Absence is an answer here (`undefined`), not an error. Times are milliseconds since the epoch.
 */
import type { Readable, Writable } from "node:stream";
import type { ContainerSpec, Limits } from "./container-spec.ts";

export interface Runtime extends Containers, Images, Streams {
	info(): Promise<RuntimeInfo>;
	/** Rejects while the engine does not answer. Cheap. */
	ping(): Promise<void>;
	/** Closes what is open towards the engine; containers go on. */
	close(): Promise<void>;
}

export interface RuntimeInfo {
	/** `docker://28.2.2` in the node's status. */
	readonly name: string;
	readonly version: string;
	readonly kernelVersion: string;
	/** `Debian GNU/Linux 12 (bookworm)` */
	readonly operatingSystem: string;
	/** `amd64`, `arm64`. */
	readonly architecture: string;
	readonly cpus: number;
	/** Bytes. */
	readonly memory: number;
	readonly cgroupDriver: "cgroupfs" | "systemd" | "none";
	readonly cgroupVersion: 1 | 2;
	/** Directory where the engine keeps images and containers; the file system it is on bounds ephemeral storage. */
	readonly root: string;
	/** Names of the low-level runtimes that it has, its default among them. */
	readonly handlers: readonly string[];
}

export interface ContainerInfo {
	readonly id: string;
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	/** `created` never ran (its start may have failed: see `error`); `exited` ran and ended, whatever the engine calls it. */
	readonly state: "created" | "running" | "exited";
	/** Of its first process, as the engine's host counts; 0 unless running. */
	readonly pid: number;
	readonly createdAt: number;
	/** 0 when it never started. */
	readonly startedAt: number;
	/** 0 when it has not ended. */
	readonly finishedAt: number;
	readonly exitCode: number;
	readonly oomKilled: boolean;
	/** Why it could not be started; "" otherwise. */
	readonly error: string;
	/** As asked for at creation. */
	readonly image: string;
	readonly imageId: string;
	/** `SIGTERM`, or what its image or its creator chose. */
	readonly stopSignal: string;
	/** Path of the json-file log; "" when the engine keeps its logs elsewhere: then `logs` is the only way. */
	readonly logPath: string;
	readonly tty: boolean;
	readonly stdin: boolean;
	/** It lives on the host's own network. */
	readonly hostNetwork: boolean;
	/** What the engine last gave it. */
	readonly limits: Limits;
	/** Directory of what the container itself has written, its image aside; "" when the engine does not say. */
	readonly writableLayer: string;
}

/** What happened to a container. `labels` are the container's, so that its pod is known without asking. */
export interface RuntimeEvent {
	readonly type: "created" | "started" | "exited" | "removed";
	readonly id: string;
	readonly labels: Readonly<Record<string, string>>;
}

export interface Containers {
	/** In no particular order; those that vanish meanwhile are left out. */
	list(labels: Readonly<Record<string, string>>): Promise<readonly ContainerInfo[]>;
	/** By id or name. */
	inspect(container: string): Promise<ContainerInfo | undefined>;
	/** The new id. Throws RuntimeError: `conflict` when the name is taken, `noImage` when the image is not here. */
	create(spec: ContainerSpec): Promise<string>;
	/** Harmless on a running one. Throws RuntimeError `cannotStart` with the engine's reason. */
	start(id: string): Promise<void>;
	/** Gives a container these limits and no others. Throws RuntimeError `noContainer`, or the engine's reason. */
	update(id: string, limits: Limits): Promise<void>;
	/** Sends a signal by name (`SIGTERM`); harmless when the container is gone or not running. */
	signal(id: string, signal: string): Promise<void>;
	/** Resolves when the container is not running; at once when it is gone. */
	wait(id: string, signal?: AbortSignal): Promise<void>;
	/** Its root file system as a tar archive, whether it runs or not. Throws RuntimeError `noContainer`. */
	export(id: string): Promise<Readable>;
	/** Kills if need be and removes, with its anonymous volumes; harmless when it is gone. */
	remove(id: string): Promise<void>;
	/**
	 * What happens from the call on, to containers with these labels. Ends when the connection to the engine breaks
	 * or the signal aborts: list again after that.
	 */
	events(labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<AsyncIterable<RuntimeEvent>>;
}

export interface ImageInfo {
	readonly id: string;
	/** `repository@sha256:…`, of those repositories that it was pulled from. */
	readonly digests: readonly string[];
	readonly tags: readonly string[];
	/** Bytes. */
	readonly size: number;
	/** The image's own user, `uid`, `name` or with `:group`; "" for root. */
	readonly user: string;
}

export interface RegistryCredentials {
	readonly username?: string | undefined;
	readonly password?: string | undefined;
	/** An identity token in place of username and password. */
	readonly identityToken?: string | undefined;
	readonly server: string;
}

export interface Images {
	image(reference: string): Promise<ImageInfo | undefined>;
	images(): Promise<readonly ImageInfo[]>;
	/** Throws RuntimeError `pullFailed` with the engine's reason. */
	pull(reference: string, credentials: RegistryCredentials | undefined, signal?: AbortSignal): Promise<void>;
	/** Makes an image whose only layer is this tar archive. */
	importImage(reference: string, tar: Uint8Array, entrypoint: readonly string[]): Promise<void>;
	/** Takes the name off an image, and the image away with its last name; false when a container uses it. Harmless when it is gone. */
	removeImage(reference: string): Promise<boolean>;
}

export interface LogOptions {
	readonly follow: boolean;
	readonly stdout: boolean;
	readonly stderr: boolean;
	readonly timestamps: boolean;
	/** Seconds since the epoch, with fraction. */
	readonly since?: number | undefined;
	/** Lines from the end; absent: all. */
	readonly tail?: number | undefined;
	readonly signal?: AbortSignal | undefined;
}

export interface ExecSpec {
	readonly command: readonly string[];
	readonly stdin: boolean;
	readonly stdout: boolean;
	readonly stderr: boolean;
	/** A terminal: everything comes out of `stdout`. */
	readonly tty: boolean;
}

export interface AttachSpec {
	readonly stdin: boolean;
	readonly stdout: boolean;
	readonly stderr: boolean;
}

export interface Size {
	readonly width: number;
	readonly height: number;
}

/** A running command or an attachment. Streams not asked for are undefined. */
export interface Session extends AsyncDisposable {
	/** Ending it gives the process its end of input. */
	readonly stdin: Writable | undefined;
	readonly stdout: Readable | undefined;
	readonly stderr: Readable | undefined;
	/** Of the terminal, in characters; harmless without one or after the end. */
	resize(size: Size): Promise<void>;
	/**
	 * Exit code, once the process has ended and its output is complete. An attachment resolves undefined when detached
	 * from a container that runs on. Rejects when the connection to the engine breaks.
	 */
	readonly ended: Promise<number | undefined>;
	/** Kills the command (an exec) or detaches (an attachment). */
	kill(): Promise<void>;
}

export interface Streams {
	/** Raw log lines through the engine, both streams merged in order; for containers without a log path. */
	logs(id: string, options: LogOptions): Promise<Readable>;
	/** Throws RuntimeError `notRunning`, or `cannotStart` when the command does not exist. */
	exec(id: string, spec: ExecSpec): Promise<Session>;
	attach(id: string, spec: AttachSpec): Promise<Session>;
	/** Of the container's terminal. */
	resize(id: string, size: Size): Promise<void>;
}

export type RuntimeFailure =
	| "unreachable"
	| "conflict"
	| "noImage"
	| "noContainer"
	| "notRunning"
	| "cannotStart"
	| "pullFailed"
	| "other";

/** The one error of the seam; `message` is the engine's own reason. */
export class RuntimeError extends Error {
	override readonly name = "RuntimeError";
	readonly failure: RuntimeFailure;

	constructor(failure: RuntimeFailure, message: string, cause?: unknown) {
		super(message, cause === undefined ? undefined : { cause });
		this.failure = failure;
	}
}

export const isRuntimeError = (error: unknown, ...failures: RuntimeFailure[]): error is RuntimeError =>
	error instanceof RuntimeError && (failures.length === 0 || failures.includes(error.failure));
