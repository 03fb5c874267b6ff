/**
 * How the embedded store lays out bytes. A value record is the revision (8 bytes, big endian) and the value. A log
 * record is a type byte, the key's length and the key, the previous value's length (or NONE), the previous value, and
 * the value.
 */
import type { Entry, StoreEvent } from "../store.ts";

const NONE = 0xffff_ffff;

export function encodeEntry(revision: number, value: Uint8Array): Buffer {
	const record = Buffer.allocUnsafe(8 + value.length);
	record.writeBigUInt64BE(BigInt(revision));
	record.set(value, 8);
	return record;
}

export const decodeRevision = (record: Buffer): number => Number(record.readBigUInt64BE());

export const decodeEntry = (key: string, record: Buffer): Entry => ({
	key,
	value: record.subarray(8),
	revision: decodeRevision(record),
});

export function encodeEvent(event: StoreEvent): Buffer {
	const key = Buffer.from(event.key);
	const previous = event.previous;
	const record = Buffer.allocUnsafe(9 + key.length + (previous?.length ?? 0) + event.value.length);
	record.writeUInt8(event.type === "put" ? 0 : 1);
	record.writeUInt32BE(key.length, 1);
	record.set(key, 5);
	let at = 5 + key.length;
	record.writeUInt32BE(previous?.length ?? NONE, at);
	at += 4;
	if (previous) {
		record.set(previous, at);
		at += previous.length;
	}
	record.set(event.value, at);
	return record;
}

export function decodeEvent(revision: number, record: Buffer): StoreEvent {
	const keyLength = record.readUInt32BE(1);
	const key = record.toString("utf8", 5, 5 + keyLength);
	let at = 5 + keyLength;
	const previousLength = record.readUInt32BE(at);
	at += 4;
	const previous = previousLength === NONE ? undefined : record.subarray(at, at + previousLength);
	if (previous) at += previous.length;
	return {
		type: record.readUInt8() === 0 ? "put" : "delete",
		key,
		value: record.subarray(at),
		...(previous ? { previous } : {}),
		revision,
	};
}
