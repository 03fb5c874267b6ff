/** Answers from elsewhere, for as long as they may be kept. A bounded number; the longest unused goes first. */
import { FLAG, HEADER, RCODE, TYPE, walkRecords } from "./query.ts";

export interface AnswerCache {
	/** The answer with its times to live counted down. */
	get(key: string, now: number): Buffer | undefined;
	/** `questionLength`: bytes of the answer's question section. Answers that may not be kept are not. */
	set(key: string, answer: Buffer, questionLength: number, now: number): void;
	readonly size: number;
}

/** Seconds: what has changed elsewhere is noticed after that, whatever the records say. */
const LONGEST = 30;
const ENTRIES = 2_048;
/** Bytes; larger answers are rare, and not worth the memory. */
const LARGEST = 4_096;

interface Entry {
	readonly answer: Buffer;
	/** Offsets of the times to live. */
	readonly offsets: readonly number[];
	readonly at: number;
	readonly expires: number;
}

export function createAnswerCache(): AnswerCache {
	const entries = new Map<string, Entry>();
	return {
		get: (key, now) => {
			const entry = entries.get(key);
			if (!entry) return undefined;
			entries.delete(key);
			if (entry.expires <= now) return undefined;
			entries.set(key, entry);
			const answer = Buffer.from(entry.answer);
			const age = Math.floor((now - entry.at) / 1_000);
			for (const offset of entry.offsets)
				answer.writeUInt32BE(Math.max(0, answer.readUInt32BE(offset) - age), offset);
			return answer;
		},
		set: (key, answer, questionLength, now) => {
			if (answer.length > LARGEST) return;
			const lifetime = lifetimeOf(answer, questionLength);
			if (!lifetime) return;
			entries.delete(key);
			const [oldest] = entries.keys();
			if (entries.size >= ENTRIES && oldest !== undefined) entries.delete(oldest);
			// A copy of its own: the answer may be a slice of something larger.
			const expires = now + lifetime.seconds * 1_000;
			entries.set(key, { answer: Buffer.from(answer), offsets: lifetime.offsets, at: now, expires });
		},
		get size() {
			return entries.size;
		},
	};
}

/** Seconds the whole answer holds; undefined when it is broken, cut, a failure, or not to be kept at all. */
function lifetimeOf(
	answer: Buffer,
	questionLength: number,
): { seconds: number; offsets: readonly number[] } | undefined {
	const flags = answer.readUInt16BE(2);
	const code = flags & 15;
	if (flags & FLAG.TC || (code !== RCODE.NOERROR && code !== RCODE.NXDOMAIN)) return undefined;
	const all = walkRecords(answer, HEADER + questionLength);
	if (!all) return undefined;
	const records = all.filter(({ type }) => type !== TYPE.OPT);
	const times = records.map(({ ttl }) => (ttl > 0x7fffffff ? 0 : ttl));
	if (!records.some(({ section }) => section === "answer") || code === RCODE.NXDOMAIN) {
		const authority = records.find(({ section, type }) => section === "authority" && type === TYPE.SOA);
		if (!authority || authority.end - authority.start < 22) return undefined;
		times.push(answer.readUInt32BE(authority.end - 4));
	}
	const seconds = Math.min(LONGEST, ...times);
	return seconds > 0 ? { seconds, offsets: records.map(({ ttlAt }) => ttlAt) } : undefined;
}
