/**
 * From JSON values to an object that its users have described. Metadata is the API's own and read like any; of the rest,
 * what is not described is dropped and told, and wrong values stay: their schema has words of its own for them.
 */
import { type DecodedValue, decodeValue } from "./decode.ts";
import { isJsonObject } from "./deep.ts";
import { badRequest } from "./errors.ts";
import { ObjectMetaSchema } from "./meta.ts";
import {
	type Field,
	type Fields,
	isListType,
	isMapType,
	isObjectType,
	type ObjectType,
	type Type,
} from "./schema.ts";

/** As many as Kubernetes tells at most. */
const MAX_PROBLEMS = 100;

/** Throws BadRequest for metadata that cannot be read. */
export function decodeForeign(
	type: ObjectType,
	value: unknown,
	duplicates: readonly string[] = [],
): DecodedValue {
	const problems = new Set<string>();
	const note: Note = (text) => {
		if (problems.size < MAX_PROBLEMS) problems.add(text);
	};
	const whole = isJsonObject(value) ? pruneResource(type, value, "", note) : {};
	for (const path of duplicates) note(`duplicate field ${JSON.stringify(path)}`);
	return { value: whole, problems: [...problems] };
}

type Note = (text: string) => void;
type JsonObject = Readonly<Record<string, unknown>>;

/** An object of the API: apiVersion, kind and metadata are known whatever its schema says. */
function pruneResource(type: ObjectType, value: JsonObject, path: string, note: Note): JsonObject {
	const { apiVersion, kind, metadata, ...rest } = value;
	const decoded =
		metadata === undefined || metadata === null ? undefined : decodeMetadata(metadata, path, note);
	return {
		...(apiVersion === undefined ? {} : { apiVersion }),
		...(kind === undefined ? {} : { kind }),
		...(decoded === undefined ? {} : { metadata: decoded }),
		...pruneFields(type.fields(), type.open ?? false, rest, path, note),
	};
}

function decodeMetadata(value: unknown, path: string, note: Note): unknown {
	// In an embedded object wrong metadata is a fault of the object around it.
	if (path !== "" && !isJsonObject(value)) return value;
	const { value: metadata, problems } = decodeValue(ObjectMetaSchema, value);
	if (!isJsonObject(value)) throw badRequest("metadata must be an object");
	for (const problem of problems) {
		const name = /^unknown field "(.*)"$/.exec(problem)?.[1];
		note(
			name === undefined ? problem : `unknown field ${JSON.stringify(join(join(path, "metadata"), name))}`,
		);
	}
	return metadata;
}

function prune(type: Type, value: unknown, path: string, note: Note): unknown {
	if (isObjectType(type) && isJsonObject(value)) {
		if (type.embedded) return pruneResource(type, value, path, note);
		return pruneFields(type.fields(), type.open ?? false, value, path, note);
	}
	if (isListType(type) && Array.isArray(value)) {
		return value.map((element: unknown, index) => prune(type.of, element, `${path}[${index}]`, note));
	}
	if (isMapType(type) && isJsonObject(value)) {
		return Object.fromEntries(
			Object.entries(value).map(([key, element]) => [key, prune(type.of, element, join(path, key), note)]),
		);
	}
	return value;
}

function pruneFields(fields: Fields, open: boolean, value: JsonObject, path: string, note: Note): JsonObject {
	const kept: [string, unknown][] = [];
	for (const [name, inner] of Object.entries(value)) {
		const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
		if (inner === undefined || (field && isNoValue(field, inner))) continue;
		if (field) kept.push([name, prune(field.type, inner, join(path, name), note)]);
		else if (open) kept.push([name, inner]);
		else note(`unknown field ${JSON.stringify(join(path, name))}`);
	}
	return Object.fromEntries(kept);
}

/** Null where nothing says that null is a value, and a default would stand in its place. */
const isNoValue = ({ nullValue, default: value }: Field, inner: unknown): boolean =>
	inner === null && !nullValue && value !== undefined;

const join = (path: string, name: string) => (path ? `${path}.${name}` : name);
