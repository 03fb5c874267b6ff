/** JSON to values, as the declared type says, and values back to JSON. */
import { escapeField } from "../language/names.ts";
import type { CelType, ObjectOf } from "../language/types.ts";
import { CelError } from "./errors.ts";
import { formatDuration, formatTimestamp, parseDuration, parseTimestamp } from "./times.ts";
import {
	CelReference,
	type CelValue,
	DurationValue,
	JsonMap,
	ListValue,
	MapValue,
	ObjectValue,
	OptionalValue,
	TimestampValue,
	UintValue,
} from "./values.ts";

/** What is a value already stays as it is. JSON that does not fit its declared type is taken as what it looks like. */
export function adapt(value: unknown, type: CelType): CelValue {
	if (value === null || value === undefined) return null;
	if (value instanceof CelReference || value instanceof Uint8Array || typeof value === "bigint") return value;
	switch (type.kind) {
		case "double":
			return typeof value === "number" ? value : adaptJson(value);
		case "int":
			return typeof value === "number" ? BigInt(Math.trunc(value)) : adaptJson(value);
		case "timestamp":
			return typeof value === "string" ? parseTimestamp(value) : adaptJson(value);
		case "duration":
			return typeof value === "string" ? parseDuration(value) : adaptJson(value);
		case "bytes":
			return typeof value === "string" ? new Uint8Array(Buffer.from(value, "base64")) : adaptJson(value);
		case "list":
			return Array.isArray(value) ? ListValue.over(value, (item) => adapt(item, type.of)) : adaptJson(value);
		case "map":
			return isRecord(value) ? new JsonMap(value, (item) => adapt(item, type.value)) : adaptJson(value);
		case "object":
			return isRecord(value) ? new JsonObject(value, type) : adaptJson(value);
		default:
			return adaptJson(value);
	}
}

/** JSON of which nothing is declared: whole numbers are ints. */
function adaptJson(value: unknown): CelValue {
	switch (typeof value) {
		case "string":
		case "boolean":
			return value;
		case "number":
			return Number.isSafeInteger(value) ? BigInt(value) : value;
		case "object":
			if (value === null) return null;
			if (Array.isArray(value)) return ListValue.over(value, adaptUnknown);
			return new JsonMap(value as Readonly<Record<string, unknown>>, adaptUnknown);
	}
	throw new CelError(`unsupported conversion of ${typeof value}`);
}

const adaptUnknown = (value: unknown): CelValue =>
	value instanceof CelReference || value instanceof Uint8Array || typeof value === "bigint"
		? value
		: value === undefined
			? null
			: adaptJson(value);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/** A JSON object of a declared type. */
class JsonObject extends ObjectValue {
	readonly type: ObjectOf;
	readonly #object: Readonly<Record<string, unknown>>;

	constructor(object: Readonly<Record<string, unknown>>, type: ObjectOf) {
		super();
		this.#object = object;
		this.type = type;
	}

	get(name: string): CelValue | undefined {
		const field = this.type.field(name);
		if (!field || !Object.hasOwn(this.#object, field.key)) return undefined;
		const value = this.#object[field.key];
		return value === undefined ? undefined : adapt(value, field.type);
	}

	fields(): readonly string[] {
		return Object.keys(this.#object).flatMap((key) => {
			const name = this.#object[key] === undefined ? undefined : escapeField(key);
			return name !== undefined && this.type.field(name) ? [name] : [];
		});
	}
}

/** A value as JSON. Throws CelError for what has no JSON (types, maps whose keys are no text). */
export function toJson(value: CelValue): unknown {
	if (value === null || typeof value === "boolean" || typeof value === "string") return value;
	if (typeof value === "bigint") return Number(value);
	if (typeof value === "number") return jsonNumber(value);
	if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
	if (value instanceof UintValue) return Number(value.value);
	if (value instanceof TimestampValue) return formatTimestamp(value);
	if (value instanceof DurationValue) return formatDuration(value);
	if (value instanceof ListValue) return [...value].map(toJson);
	if (value instanceof OptionalValue) return value.value === undefined ? null : toJson(value.value);
	if (value instanceof MapValue) {
		return Object.fromEntries(
			[...value.keys()].map((key) => [keyText(key), toJson(value.find(key) ?? null)]),
		);
	}
	if (value instanceof ObjectValue) {
		const keyOf = (name: string) => value.type.field(name)?.key ?? name;
		return Object.fromEntries(value.fields().map((name) => [keyOf(name), toJson(value.get(name) ?? null)]));
	}
	throw new CelError("unsupported conversion to JSON");
}

function jsonNumber(value: number): number {
	if (!Number.isFinite(value)) throw new CelError("unsupported conversion to JSON: not a finite number");
	return value;
}

function keyText(key: CelValue): string {
	if (typeof key === "string") return key;
	if (typeof key === "bigint" || typeof key === "boolean") return String(key);
	throw new CelError("unsupported conversion to JSON: a map's key is no text");
}
