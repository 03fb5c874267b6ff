/** The streams of one remote command, whatever protocol carries them. */
import type { Readable, Writable } from "node:stream";
import type { Status } from "@berth/api";

export interface TerminalSize {
	readonly width: number;
	readonly height: number;
}

export interface Channels {
	readonly stdin?: Readable;
	readonly stdout?: Writable;
	readonly stderr?: Writable;
	/** Called for each size of the client's terminal, the first one included. */
	onResize(listener: (size: TerminalSize) => void): void;
	/** Tells how the command ended, in the words of the protocol, and closes everything in order. */
	finish(status: Status): Promise<void>;
	/** Aborts when the client is gone. */
	readonly signal: AbortSignal;
}

/** From the fourth version of the protocols on, the end is told as a Status; before, only a failure is told, as text. */
export function lastWord(protocol: string, status: Status): string {
	if (/^v[45]\./.test(protocol)) return JSON.stringify(status);
	return status.status === "Success" ? "" : (status.message ?? "");
}

export interface Sizes {
	tell(size: TerminalSize): void;
	readonly onResize: Channels["onResize"];
}

/** Clients tell their first size at once, long before the command runs that has to know it. */
export function createSizes(): Sizes {
	let latest: TerminalSize | undefined;
	let listener = (_: TerminalSize) => {};
	return {
		tell: (size) => {
			latest = size;
			listener(size);
		},
		onResize: (next) => {
			listener = next;
			if (latest) next(latest);
		},
	};
}

/** Reads JSON sizes as they come: `{"Width":80,"Height":24}`, one after the other. Anything else is ignored. */
export function parseSize(text: string): TerminalSize | undefined {
	try {
		const { Width: width, Height: height } = JSON.parse(text);
		const fits = (value: unknown) => Number.isInteger(value) && Number(value) > 0 && Number(value) < 65536;
		return fits(width) && fits(height) ? { width, height } : undefined;
	} catch {
		return undefined;
	}
}
