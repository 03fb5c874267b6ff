/** Request bodies: bytes in JSON or YAML, or a value from inside the process, to a typed object of the endpoint's kind. */
import {
	type AnyKind,
	badRequest,
	type Draft,
	decodeObject,
	type KubeObject,
	parseJson,
	type StatusError,
	unsupportedMediaType,
} from "@berth/api";
import { parseYaml } from "../http/yaml.ts";
import type { Body, ResourceRequest } from "./request.ts";
import type { FieldValidation } from "./write-options.ts";

/** A body parsed, before anything is known of its fields. */
export interface ParsedBody {
	readonly value: unknown;
	/** Keys given more than once, as paths. */
	readonly duplicates: readonly string[];
	/** What a strict reader of the text would refuse, beside that. */
	readonly problems?: readonly string[];
}

export interface Decoded {
	readonly object: Draft<KubeObject>;
	readonly warnings: readonly string[];
}

const JSON_TYPE = "application/json";
const YAML_TYPE = "application/yaml";
/** Deeper nesting than any type of the API; what is deeper is an attack. */
const MAX_DEPTH = 256;
const SUMMARY_LENGTH = 30;

/** `application/json; charset=utf-8` to `application/json`; JSON when nothing is said. */
export const mediaTypeOf = (body: Body): string =>
	(body.contentType.split(";", 1)[0] ?? "").trim().toLowerCase() || JSON_TYPE;

/**
 * Decodes the body of a create or update. Warns of unknown and repeated fields at once: whatever else is wrong with the
 * object, a misspelt field is often why. Throws 400, also for strict validation, or 415.
 */
export function decodeBody(
	kind: AnyKind,
	{ body, warn }: Pick<ResourceRequest, "body" | "warn">,
	fieldValidation: FieldValidation,
	kinds: readonly AnyKind[],
): Draft<KubeObject> {
	const parsed = parseBody(kind, body ?? { raw: new Uint8Array(), contentType: JSON_TYPE });
	const { object, warnings } = decodeParsed(kind, parsed, fieldValidation, kinds);
	for (const text of warnings) warn?.(text);
	return object;
}

/** The second half of `decodeBody`; patches decode their result with it. */
export function decodeParsed(
	kind: AnyKind,
	parsed: ParsedBody,
	fieldValidation: FieldValidation,
	kinds: readonly AnyKind[],
): Decoded {
	const value = checkIdentity(kind, parsed.value, kinds);
	return decodeObject(kind, value, {
		fieldValidation,
		duplicates: parsed.duplicates,
		problems: parsed.problems,
	});
}

export function parseBody(kind: { readonly kind: string }, body: Body): ParsedBody {
	const type = mediaTypeOf(body);
	if (type !== JSON_TYPE && type !== YAML_TYPE) throw unsupportedMediaType([JSON_TYPE, YAML_TYPE], type);
	if ("value" in body) return { value: body.value, duplicates: [] };
	if (type === YAML_TYPE) return parseYamlBody(body.raw);
	return parseJsonBody(kind, body.raw);
}

/** YAML: keys given twice are one problem, with a line for each. */
export function parseYamlBody(raw: Uint8Array): ParsedBody {
	const { value, duplicates } = parseYaml(raw);
	if (duplicates.length === 0) return { value, duplicates };
	const problem = `yaml: unmarshal errors:\n${duplicates.map((line) => `  ${line}`).join("\n")}`;
	return { value, duplicates: [], problems: [problem] };
}

/** JSON whatever the media type says: patches have types of their own. */
export function parseJsonBody(kind: { readonly kind: string }, raw: Uint8Array): ParsedBody {
	try {
		return parseJson(raw, { maxDepth: MAX_DEPTH });
	} catch (error) {
		throw unrecognized(kind, raw, error);
	}
}

function unrecognized(kind: { readonly kind: string }, raw: Uint8Array, error: unknown): StatusError {
	const detail = error instanceof Error ? error.message : String(error);
	return badRequest(
		`the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: ${detail} (${summary(raw)})`,
	);
}

/** The start of a body, for error texts: as text when it looks like JSON, else in hexadecimal. */
function summary(raw: Uint8Array): string {
	if (raw.length === 0) return "<empty>";
	const start = Buffer.from(raw.subarray(0, SUMMARY_LENGTH));
	const shown = start[0] === 0x7b ? start.toString("utf8") : start.toString("hex");
	return raw.length > SUMMARY_LENGTH ? `${shown} ...` : shown;
}

/** apiVersion and kind may be left out; given ones must be the endpoint's. Answers the value with both. */
function checkIdentity(kind: AnyKind, value: unknown, kinds: readonly AnyKind[]): Record<string, unknown> {
	if (value === null || typeof value !== "object" || Array.isArray(value)) {
		const shape = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
		throw badRequest(
			`the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${shape} into Go value of type struct`,
		);
	}
	const { apiVersion, kind: given, ...rest } = value as Record<string, unknown>;
	for (const [field, text] of Object.entries({ apiVersion, kind: given })) {
		if (text !== undefined && text !== null && typeof text !== "string") {
			throw badRequest(
				`couldn't get version/kind; json parse error: json: cannot unmarshal ${typeof text} into Go struct field .${field} of type string`,
			);
		}
	}
	const gotVersion = (apiVersion as string | null | undefined) || kind.apiVersion;
	const gotKind = (given as string | null | undefined) || kind.kind;
	if (gotKind !== kind.kind) throw wrongKind(kind, gotVersion, gotKind, kinds);
	if (gotVersion !== kind.apiVersion) {
		throw badRequest(
			`the API version in the data (${gotVersion}) does not match the expected API version (${kind.apiVersion})`,
		);
	}
	return { apiVersion: kind.apiVersion, kind: kind.kind, ...rest };
}

function wrongKind(kind: AnyKind, apiVersion: string, given: string, kinds: readonly AnyKind[]): StatusError {
	const version = apiVersion.slice(apiVersion.indexOf("/") + 1);
	const known = kinds.some((other) => other.kind === given && other.apiVersion === apiVersion);
	const reason = known
		? `converting (${version}.${given}) to (${kind.group.split(".", 1)[0] || "core"}.${kind.kind}): unknown conversion`
		: `no kind "${given}" is registered for version "${apiVersion}"`;
	return badRequest(`${given} in version "${version}" cannot be handled as a ${kind.kind}: ${reason}`);
}
