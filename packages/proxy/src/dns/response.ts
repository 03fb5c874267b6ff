/** Answers as they go over the wire. Pure. */
import { type Answer, encode } from "dns-packet";
import { type Edns, FLAG, HEADER, type Query, RCODE, type Refusal, TYPE } from "./query.ts";

/** Bytes that a UDP answer has for clients that do not say more. */
const PLAIN_UDP = 512;
/** The most that is sent by UDP, so that no router must cut it up. */
const LARGEST_UDP = 1_232;
const LARGEST = 65_535;

export interface Reply {
	readonly code: number;
	readonly answers?: readonly Answer[] | undefined;
	readonly authorities?: readonly Answer[] | undefined;
	/** Left out first where room is short. */
	readonly additionals?: readonly Answer[] | undefined;
}

export const sizeLimit = (edns: Edns | undefined, via: "udp" | "tcp"): number =>
	via === "tcp" ? LARGEST : Math.min(LARGEST_UDP, Math.max(PLAIN_UDP, edns?.size ?? PLAIN_UDP));

/** Our own answer to a query: cut to `limit` bytes, and marked as truncated when answers had to go. */
export function encodeReply(query: Query, reply: Reply, limit: number): Buffer {
	const option = query.edns ? optionRecord(query.edns) : undefined;
	const room = limit - (option?.length ?? 0);
	const names = new Map<string, number>();
	const parts: Buffer[] = [];
	let size = HEADER + query.raw.length;
	// Escaped bytes would make the lengths wrong.
	if (!query.name.includes("\\")) noteNames(query.name.split("."), HEADER, names);

	const add = (records: readonly Answer[] | undefined): number => {
		let count = 0;
		for (const record of records ?? []) {
			const bytes = encodeRecord(record, size, names);
			if (size + bytes.length > room) return count;
			parts.push(bytes);
			size += bytes.length;
			count++;
		}
		return count;
	};
	const answers = add(reply.answers);
	const truncated = answers < (reply.answers?.length ?? 0);
	const authorities = truncated ? 0 : add(reply.authorities);
	const additionals = truncated ? 0 : add(reply.additionals);

	const flags =
		FLAG.QR | FLAG.AA | FLAG.RA | (query.recursion ? FLAG.RD : 0) | (query.checkingDisabled ? FLAG.CD : 0);
	const counts = [1, answers, authorities, additionals + (option ? 1 : 0)] as const;
	const head = header(query.id, flags | (truncated ? FLAG.TC : 0) | (reply.code & 15), counts);
	return Buffer.concat([head, query.raw, ...parts, ...(option ? [option] : [])]);
}

/** Says no, with as much of the question as could be read. */
export function encodeRefusal({ id, flags, code, raw }: Refusal): Buffer {
	const kept = flags & (0x7800 | FLAG.RD | FLAG.CD);
	// Codes above 15 keep their upper bits in an option record.
	const option =
		code === RCODE.BADVERS ? optionRecord({ size: LARGEST_UDP, dnssec: false }, code >> 4) : undefined;
	const counts = [raw ? 1 : 0, 0, 0, option ? 1 : 0] as const;
	const head = header(id, FLAG.QR | FLAG.RA | kept | (code & 15), counts);
	return Buffer.concat([head, ...(raw ? [raw] : []), ...(option ? [option] : [])]);
}

/** Says yes, but that the answer only fits into TCP. */
export function encodeTruncated(query: Query): Buffer {
	const option = query.edns ? optionRecord(query.edns) : undefined;
	const flags = FLAG.QR | FLAG.TC | FLAG.RA | (query.recursion ? FLAG.RD : 0);
	const head = header(query.id, flags, [1, 0, 0, option ? 1 : 0]);
	return Buffer.concat([head, query.raw, ...(option ? [option] : [])]);
}

export function header(id: number, flags: number, counts: readonly [number, number, number, number]): Buffer {
	const head = Buffer.alloc(HEADER);
	head.writeUInt16BE(id, 0);
	head.writeUInt16BE(flags, 2);
	counts.forEach((count, index) => {
		head.writeUInt16BE(count, 4 + 2 * index);
	});
	return head;
}

/** The EDNS record; `extended` are the upper bits of the response code. */
export function optionRecord({ dnssec }: Edns, extended = 0): Buffer {
	const option = Buffer.alloc(11);
	option.writeUInt16BE(TYPE.OPT, 1);
	option.writeUInt16BE(LARGEST_UDP, 3);
	option.writeUInt8(extended, 5);
	option.writeUInt16BE(dnssec ? 0x8000 : 0, 7);
	return option;
}

/** dns-packet writes the record for the root's name, which is one byte; the real name is put there, compressed. */
function encodeRecord(record: Answer, offset: number, names: Map<string, number>): Buffer {
	const owner = encodeName(record.name, offset, names);
	const rest = encode({ type: "response", answers: [{ ...record, name: "." }] }).subarray(HEADER + 1);
	return Buffer.concat([owner, rest]);
}

function encodeName(name: string, offset: number, names: Map<string, number>): Buffer {
	const labels = name.toLowerCase().split(".");
	const parts: Buffer[] = [];
	for (let index = 0; index < labels.length; index++) {
		const known = names.get(labels.slice(index).join("."));
		if (known !== undefined) {
			noteNames(labels, offset, names);
			return Buffer.concat([...parts, Buffer.from([0xc0 | (known >> 8), known & 255])]);
		}
		const label = Buffer.from(labels[index] ?? "", "latin1");
		parts.push(Buffer.from([label.length]), label);
	}
	noteNames(labels, offset, names);
	return Buffer.concat([...parts, Buffer.from([0])]);
}

/** Remembers where each suffix of a name stands, as far as pointers reach. */
function noteNames(labels: readonly string[], offset: number, names: Map<string, number>): void {
	let at = offset;
	for (let index = 0; index < labels.length; index++) {
		const suffix = labels.slice(index).join(".");
		// From the first known suffix on, a pointer stands in the place of labels.
		if (names.has(suffix)) return;
		if (at < 0x4000 && suffix) names.set(suffix, at);
		at += (labels[index]?.length ?? 0) + 1;
	}
}
