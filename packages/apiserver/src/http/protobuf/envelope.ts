/** What stands around every object in Kubernetes' protobuf: four bytes, and a message that names the kind of the next. */
import { MessageWriter, varint } from "./writer.ts";

export const PROTOBUF_TYPE = "application/vnd.kubernetes.protobuf";

/** Every body starts with these: `k8s` and a zero. */
export const MAGIC: readonly number[] = [0x6b, 0x38, 0x73, 0x00];

/** An object's apiVersion and kind, and its message in pieces, as one body in pieces. */
export function envelope(
	{ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
	message: readonly Uint8Array[],
): Uint8Array[] {
	const typeMeta = new MessageWriter().message(1, new MessageWriter().text(1, apiVersion).text(2, kind));
	return [Uint8Array.from(MAGIC), typeMeta.finish(), ...field(2, message), NO_ENCODING];
}

/** A field that holds bytes, in pieces that need no copy. */
export function field(number: number, pieces: readonly Uint8Array[]): Uint8Array[] {
	const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
	return [varint(number * 8 + 2), varint(length), ...pieces];
}

/** Content encoding and type, both empty. */
const NO_ENCODING = Uint8Array.of(0x1a, 0, 0x22, 0);
