/** Events to many watchers of one collection: how many arrive a second, and how late they are. */
import { agentFor, ask, requestsPerSecond, type Target } from "./load.ts";

const WATCHERS = 100;
const WRITERS = 8;
const WRITES = 1_500;
/** Stands in the event before the time at which its write was sent. */
const MARK = Buffer.from('"sent-at":"');
const DIGITS = 13;

export interface FanOut {
	readonly watchers: number;
	readonly eventsPerSecond: number;
	/** From sending a write until a watcher has its event, in milliseconds. */
	readonly p50: number;
	readonly p99: number;
}

/** `pods` holds at least `of` pods. */
export async function fanOut(target: Target, pods: string, of: number): Promise<FanOut> {
	const agent = agentFor(target, WATCHERS);
	const revision = await presentRevision(target, pods);
	const delays: number[] = [];
	let arrived = () => {};
	const all = new Promise<void>((resolve) => {
		arrived = () => delays.length === WATCHERS * WRITES && resolve();
	});
	const watch = `${pods}?watch=1&resourceVersion=${revision}&timeoutSeconds=300`;
	for (let i = 0; i < WATCHERS; i += 1) {
		const note = noteDelays(delays, () => arrived());
		ask(target, agent, { method: "GET", path: watch }, note).catch(() => {
			// Ended from here.
		});
	}
	const began = performance.now();
	await requestsPerSecond({
		target,
		connections: WRITERS,
		count: WRITES,
		each: (i) => ({
			method: "PATCH",
			path: `${pods}/pod-${i % of}`,
			body: `{"metadata":{"annotations":{"sent-at":"${Date.now()}"}}}`,
			contentType: "application/merge-patch+json",
		}),
	});
	await all;
	const seconds = (performance.now() - began) / 1000;
	agent.destroy();
	delays.sort((a, b) => a - b);
	const at = (share: number) => delays[Math.floor(delays.length * share)] ?? Number.NaN;
	return { watchers: WATCHERS, eventsPerSecond: delays.length / seconds, p50: at(0.5), p99: at(0.99) };
}

async function presentRevision(target: Target, pods: string): Promise<string> {
	const agent = agentFor(target, 1);
	let text = "";
	await ask(target, agent, { method: "GET", path: `${pods}?limit=1` }, (chunk) => {
		text += chunk;
	});
	agent.destroy();
	return JSON.parse(text).metadata.resourceVersion;
}

/** Looks for marks in a stream of events, also where one is cut in two. */
function noteDelays(delays: number[], noted: () => void): (chunk: Buffer) => void {
	let rest: Buffer = Buffer.alloc(0);
	return (chunk) => {
		const now = Date.now();
		const text = rest.length ? Buffer.concat([rest, chunk]) : chunk;
		let at = 0;
		for (;;) {
			const found = text.indexOf(MARK, at);
			if (found < 0 || found + MARK.length + DIGITS > text.length) break;
			at = found + MARK.length + DIGITS;
			delays.push(now - Number(text.toString("latin1", found + MARK.length, at)));
		}
		rest = text.subarray(Math.max(at, text.length - MARK.length - DIGITS));
		noted();
	};
}
