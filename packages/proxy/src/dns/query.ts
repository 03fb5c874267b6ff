/** Questions as they come over the wire. Pure; whatever the bytes, it answers and never throws. */

export const TYPE = {
	A: 1,
	NS: 2,
	CNAME: 5,
	SOA: 6,
	PTR: 12,
	TXT: 16,
	AAAA: 28,
	SRV: 33,
	OPT: 41,
	AXFR: 252,
	ANY: 255,
};
const IN = 1;
const ANY_CLASS = 255;
export const RCODE = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 };

/** Flags in the second 16 bits of a message. */
export const FLAG = { QR: 0x8000, AA: 0x0400, TC: 0x0200, RD: 0x0100, RA: 0x0080, CD: 0x0010 };
export const HEADER = 12;

export interface Edns {
	/** Bytes of the largest UDP answer that the client takes. */
	readonly size: number;
	/** Wants DNSSEC records. */
	readonly dnssec: boolean;
}

export interface Question {
	/** Lower case, without the last dot; bytes other than letters, digits, `-` and `_` as `\ddd`. */
	readonly name: string;
	readonly type: number;
	/** As sent, so that answers can carry it back bit by bit. */
	readonly raw: Buffer;
}

export interface Query extends Question {
	readonly id: number;
	readonly recursion: boolean;
	readonly checkingDisabled: boolean;
	readonly edns: Edns | undefined;
}

/** What cannot be answered but with an error. */
export interface Refusal {
	readonly id: number;
	/** Flags of the question. */
	readonly flags: number;
	readonly code: number;
	readonly raw: Buffer | undefined;
}

/** Undefined: not a question (answering would invite loops), or too short to answer. */
export function parseQuery(message: Buffer): Query | { readonly refusal: Refusal } | undefined {
	if (message.length < HEADER) return undefined;
	const id = message.readUInt16BE(0);
	const flags = message.readUInt16BE(2);
	if (flags & FLAG.QR) return undefined;
	const refuse = (code: number, raw?: Buffer) => ({ refusal: { id, flags, code, raw } });
	if ((flags >> 11) & 15) return refuse(RCODE.NOTIMP);
	if (message.readUInt16BE(4) !== 1) return refuse(RCODE.FORMERR);
	const name = readName(message, HEADER);
	if (!name || name.end + 4 > message.length) return refuse(RCODE.FORMERR);
	const raw = message.subarray(HEADER, name.end + 4);
	const type = message.readUInt16BE(name.end);
	const classOf = message.readUInt16BE(name.end + 2);
	if (classOf !== IN && classOf !== ANY_CLASS) return refuse(RCODE.REFUSED, raw);
	// Zone transfers, and types that only make sense in a header's place.
	if (type === TYPE.OPT || (type >= 249 && type <= 254)) return refuse(RCODE.REFUSED, raw);

	const records = walkRecords(message, name.end + 4);
	if (!records) return refuse(RCODE.FORMERR, raw);
	const options = records.filter((record) => record.type === TYPE.OPT);
	if (options.length > 1) return refuse(RCODE.FORMERR, raw);
	const [option] = options;
	if (option && ((option.ttl >>> 16) & 255) > 0) return refuse(RCODE.BADVERS, raw);
	return {
		id,
		name: name.text,
		type,
		raw,
		recursion: (flags & FLAG.RD) !== 0,
		checkingDisabled: (flags & FLAG.CD) !== 0,
		edns: option && { size: option.class, dnssec: (option.ttl & 0x8000) !== 0 },
	};
}

/** The question section for a name, in class IN. Undefined for names that no packet can carry. */
export function encodeQuestion(name: string, type: number): Buffer | undefined {
	const labels = name
		.replace(/\.$/, "")
		.split(".")
		.map((label) => Buffer.from(label, "latin1"));
	if (labels.some(({ length }) => length === 0 || length > 63)) return undefined;
	const parts = labels.flatMap((label) => [Buffer.from([label.length]), label]);
	const raw = Buffer.concat([...parts, Buffer.from([0, type >> 8, type & 255, 0, IN])]);
	return raw.length > 255 + 4 ? undefined : raw;
}

export interface RawRecord {
	readonly section: "answer" | "authority" | "additional";
	readonly type: number;
	readonly class: number;
	readonly ttl: number;
	/** Where the four bytes of the time to live are. */
	readonly ttlAt: number;
	/** Where the data begins, and where it ends. */
	readonly start: number;
	readonly end: number;
}

/** All records after the question section, which ends at `offset`. Undefined when the message is broken. */
export function walkRecords(message: Buffer, offset: number): readonly RawRecord[] | undefined {
	const records: RawRecord[] = [];
	let at = offset;
	for (const [index, section] of (["answer", "authority", "additional"] as const).entries()) {
		for (let left = message.readUInt16BE(6 + 2 * index); left > 0; left--) {
			const name = skipName(message, at);
			if (name === undefined || name + 10 > message.length) return undefined;
			const start = name + 10;
			const end = start + message.readUInt16BE(name + 8);
			if (end > message.length) return undefined;
			records.push({
				section,
				type: message.readUInt16BE(name),
				class: message.readUInt16BE(name + 2),
				ttl: message.readUInt32BE(name + 4),
				ttlAt: name + 4,
				start,
				end,
			});
			at = end;
		}
	}
	return records;
}

/** Offset after the name at `offset`. */
function skipName(message: Buffer, offset: number): number | undefined {
	let at = offset;
	while (at < message.length) {
		const length = message[at] ?? 0;
		if (length === 0) return at + 1;
		if (length >= 0xc0) return at + 2 <= message.length ? at + 2 : undefined;
		if (length > 63 || at - offset > 255) return undefined;
		at += length + 1;
	}
	return undefined;
}

/** Names in questions are never compressed: there is nothing before them to point at. */
function readName(message: Buffer, offset: number): { text: string; end: number } | undefined {
	let text = "";
	let at = offset;
	for (;;) {
		const length = message[at];
		if (length === undefined || length > 63 || at - offset > 254) return undefined;
		if (length === 0) return { text, end: at + 1 };
		if (at + length >= message.length) return undefined;
		if (text) text += ".";
		for (let i = at + 1; i <= at + length; i++) text += characterOf(message[i] ?? 0);
		at += length + 1;
	}
}

function characterOf(byte: number): string {
	const character = String.fromCharCode(byte);
	if (/[a-z0-9_-]/.test(character)) return character;
	if (/[A-Z]/.test(character)) return character.toLowerCase();
	return `\\${byte.toString().padStart(3, "0")}`;
}
