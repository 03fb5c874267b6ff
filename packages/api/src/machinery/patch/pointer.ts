/** JSON pointers, RFC 6901. */
import { type JsonObject, own } from "../deep.ts";

/** The value a pointer names (`/spec/ports/0/port`, with `~1` for `/` and `~0` for `~`); undefined when there is none. */
export function getPointer(doc: unknown, pointer: unknown): unknown {
	if (typeof pointer !== "string") return undefined;
	let at = doc;
	for (const part of pointer.split("/").slice(1)) {
		if (typeof at !== "object" || at === null) return undefined;
		at = own(at as JsonObject, part.replaceAll("~1", "/").replaceAll("~0", "~"));
	}
	return at;
}
