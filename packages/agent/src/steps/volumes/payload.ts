/** What the files of a volume are to be, from the objects they come from. Pure. */
import type { ConfigMap, KeyToPath, Secret } from "@berth/api";

export interface PayloadFile {
	readonly data: Uint8Array;
	/** Permission bits. */
	readonly mode: number;
	/** Id of the user whose it is; absent: root. */
	readonly owner?: number | undefined;
}

/** By path within the volume. */
export type Payload = ReadonlyMap<string, PayloadFile>;

export const DEFAULT_MODE = 0o644;

export const configMapData = ({ data = {}, binaryData = {} }: ConfigMap): ReadonlyMap<string, Uint8Array> =>
	new Map([
		...Object.entries(data).map(([key, text]) => [key, Buffer.from(text)] as const),
		...Object.entries(binaryData).map(([key, text]) => [key, Buffer.from(text, "base64")] as const),
	]);

export const secretData = ({ data = {} }: Secret): ReadonlyMap<string, Uint8Array> =>
	new Map(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64")] as const));

export interface Selection {
	/** What keys are called in errors: `config`, `secret`. */
	readonly of: string;
	/** All keys when absent or empty. */
	readonly items?: readonly KeyToPath[] | undefined;
	readonly mode: number;
	/** A missing key is left out. */
	readonly optional: boolean;
}

/** Throws for a key that is not there. */
export function selectKeys(
	data: ReadonlyMap<string, Uint8Array>,
	{ of, items, mode, optional }: Selection,
): Payload {
	if (!items?.length) return new Map([...data].map(([key, bytes]) => [key, { data: bytes, mode }]));
	const payload = new Map<string, PayloadFile>();
	for (const item of items) {
		const bytes = data.get(item.key);
		if (bytes) payload.set(item.path, { data: bytes, mode: item.mode ?? mode });
		else if (!optional) throw new Error(`references non-existent ${of} key: ${item.key}`);
	}
	return payload;
}
