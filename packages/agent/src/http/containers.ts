/** What the agent's HTTP server needs of the containers on this host. The agent provides it over its runtime. */
import type { Duplex, Readable, Writable } from "node:stream";

/** A container of a pod, by name. */
export interface ContainerTarget {
	readonly namespace: string;
	readonly pod: string;
	readonly container: string;
}

/** A process that runs, or is attached to. */
export interface ContainerProcess {
	/** Absent when no input was asked for. `end()` closes the process's input. */
	readonly stdin?: Writable;
	readonly stdout?: Readable;
	/** Absent with a terminal: everything comes from stdout. */
	readonly stderr?: Readable;
	resize(width: number, height: number): Promise<void>;
	/** Exit code, once output has ended. For an attached container that is left behind: 0. */
	readonly exit: Promise<number>;
	/** Lets go: ends the streams; does not stop an attached container. */
	close(): void;
}

export interface ProcessOptions {
	readonly stdin: boolean;
	readonly stdout: boolean;
	readonly stderr: boolean;
	readonly tty: boolean;
}

export interface LogOptions {
	/** Absent: both. */
	readonly stream?: "stdout" | "stderr";
	readonly follow: boolean;
	readonly previous: boolean;
	readonly timestamps: boolean;
	/** Lines from the end; absent: all. */
	readonly tailLines?: number;
	/** Milliseconds since the epoch. */
	readonly since?: number;
	readonly limitBytes?: number;
}

/** All throw StatusErrors: 404 for what is not here, 400 for what is not running. */
export interface Containers {
	/** Resolves when commands can run in the container, or the pod's ports be forwarded when none is named. */
	ready(target: Pick<ContainerTarget, "namespace" | "pod"> & { readonly container?: string }): Promise<void>;
	exec(
		target: ContainerTarget,
		command: readonly string[],
		options: ProcessOptions,
	): Promise<ContainerProcess>;
	attach(target: ContainerTarget, options: ProcessOptions): Promise<ContainerProcess>;
	/** Plain lines, stdout and stderr as they came; ends when the container has ended or `signal` aborts. */
	logs(target: ContainerTarget, options: LogOptions, signal: AbortSignal): Promise<Readable>;
	/** Nothing happens before its first connection. */
	dialer(pod: { readonly namespace: string; readonly pod: string }): PodDialer;
}

export interface PodDialer {
	/** A TCP connection to `localhost:port` as seen inside the pod. Rejects with the reason when nobody listens. */
	dial(port: number): Promise<Duplex>;
	/** Connections that are open stay so. */
	close(): void;
}
