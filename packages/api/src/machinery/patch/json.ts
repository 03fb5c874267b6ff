/** JSON Patch, RFC 6902. */
import jsonPatch from "fast-json-patch";
import { badRequest, tooLarge, unprocessable } from "../errors.ts";
import { getPointer } from "./pointer.ts";

const MAX_OPERATIONS = 10_000;
/** Bytes of JSON that all copy operations of one patch may add, so that no patch doubles a document time and again. */
const MAX_COPIED = 3 * 1024 * 1024;
/** List elements that all operations of one patch may push aside: adding and removing at the front moves all others. */
const MAX_SHIFTED = 20_000_000;

/**
 * The patched document; neither argument is touched. Throws BadRequest for what is no patch, RequestEntityTooLarge for
 * too many operations, and Invalid when an operation does not fit the document or a test fails.
 */
export function applyJsonPatch(doc: unknown, patch: unknown): unknown {
	const operations = readOperations(patch);
	let patched = clone(doc);
	let copied = 0;
	let shifted = 0;
	for (const [index, operation] of operations.entries()) {
		shifted += listLength(patched, operation.path);
		if (operation.op === "move") shifted += listLength(patched, operation.from);
		if (shifted > MAX_SHIFTED) throw unprocessable("too many changes of long lists for one patch");
		if (operation.op === "copy") {
			copied += sizeOf(getPointer(patched, operation.from));
			if (copied > MAX_COPIED) throw unprocessable(copyBomb(copied));
		}
		patched = applyOperation(patched, operation, index);
	}
	return patched;
}

function readOperations(patch: unknown): jsonPatch.Operation[] {
	if (!Array.isArray(patch)) {
		const got = typeof patch === "object" ? "object" : typeof patch;
		throw badRequest(`json: cannot unmarshal ${got} into Go value of type jsonpatch.Patch`);
	}
	if (patch.length > MAX_OPERATIONS) {
		throw tooLarge(
			`The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`,
		);
	}
	const isOperation = (value: unknown) =>
		typeof value === "object" && value !== null && !Array.isArray(value);
	const wrong = patch.find((operation) => !isOperation(operation));
	if (wrong !== undefined) {
		const got = Array.isArray(wrong) ? "array" : wrong === null ? "null" : typeof wrong;
		throw badRequest(`json: cannot unmarshal ${got} into Go value of type jsonpatch.Operation`);
	}
	return clone(patch) as jsonPatch.Operation[];
}

function applyOperation(doc: unknown, operation: jsonPatch.Operation, index: number): unknown {
	try {
		return jsonPatch.applyOperation(doc, operation, true, true, true, index).newDocument;
	} catch (error) {
		throw unprocessable(explain(operation, error));
	}
}

function explain(operation: jsonPatch.Operation, error: unknown): string {
	if (operation?.op === "test" && hasName(error, "TEST_OPERATION_FAILED")) {
		return `testing value ${operation.path} failed: test failed`;
	}
	const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
	return `${operation?.op} operation does not apply at ${JSON.stringify(operation?.path)}: ${reason}`;
}

const hasName = (error: unknown, name: string) => error instanceof Error && error.name === name;

const copyBomb = (copied: number) =>
	`Unable to complete the copy, the accumulated size increase of JSON patch copy operations is ${copied}, exceeding the limit ${MAX_COPIED}`;

/** Of the list that a pointer leads into. */
function listLength(doc: unknown, pointer: unknown): number {
	if (typeof pointer !== "string") return 0;
	const list = getPointer(doc, pointer.slice(0, Math.max(0, pointer.lastIndexOf("/"))));
	return Array.isArray(list) ? list.length : 0;
}

const sizeOf = (value: unknown) => (value === undefined ? 0 : JSON.stringify(value).length);

const clone = (value: unknown): unknown =>
	value === undefined ? undefined : JSON.parse(JSON.stringify(value));
