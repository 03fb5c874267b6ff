/** What is applied: read from YAML or JSON, checked against the schema, and decoded once it is merged. */
import {
	badRequest,
	configurationErrors,
	configurationErrorText,
	type Draft,
	decodeObject,
	isJsonObject,
	type JsonObject,
	type KubeObject,
	own,
	StatusError,
} from "@berth/api";
import { parseJsonBody, parseYamlBody } from "./body.ts";
import type { Scope } from "./context.ts";
import type { Body } from "./request.ts";
import type { Target } from "./target.ts";
import type { FieldValidation } from "./write-options.ts";

export interface Configuration {
	readonly value: JsonObject;
	/** Which very object is meant, where it says so. */
	readonly identity: { readonly uid?: string; readonly resourceVersion?: string };
	/** An object of the target's kind with the configuration in it. */
	readonly decode: (merged: JsonObject) => Draft<KubeObject>;
}

/** Throws 400 for what cannot be applied: fields nobody knows have no owner, and so are never dropped here. */
export function readConfiguration(
	scope: Scope,
	{ kind }: Target,
	body: Body,
	fieldValidation: FieldValidation,
): Configuration {
	const { value, problems } = parse(body);
	if (!isJsonObject(value)) throw badRequest(`error decoding YAML: ${notAnObject(value)}`);
	if (problems.length && fieldValidation === "Strict") {
		throw badRequest(`error strict decoding YAML: ${problems.join(", ")}`);
	}
	if (fieldValidation === "Warn") for (const text of problems) scope.request.warn?.(text);
	const type = typeOf(value);
	if (type.kind !== kind.kind || type.apiVersion !== kind.apiVersion) {
		throw badRequest(`invalid object type: ${typeText(type)}`);
	}
	const given = own(value, "metadata");
	const metadata = isJsonObject(given) ? given : {};
	if ((own(metadata, "managedFields") ?? null) !== null)
		throw badRequest("metadata.managedFields must be nil");
	const errors = configurationErrors(kind.schema, value);
	if (errors.length) {
		const name = `${scope.namespace ?? ""}/${scope.request.info.name ?? ""}`;
		const about = `failed to create typed patch object (${name}; ${typeText(type)})`;
		throw badRequest(`${about}: ${configurationErrorText(errors)}`);
	}
	return {
		value,
		identity: { ...text(metadata, "uid"), ...text(metadata, "resourceVersion") },
		decode: (merged) => decodeObject(kind, merged, { fieldValidation: "Ignore" }).object,
	};
}

function parse(body: Body): { readonly value: unknown; readonly problems: readonly string[] } {
	if ("value" in body) return { value: body.value, problems: [] };
	try {
		if (body.raw[0] !== OPEN_OBJECT) {
			const { value, problems = [] } = parseYamlBody(body.raw);
			return { value, problems: problems.map((problem) => `error converting YAML to JSON: ${problem}`) };
		}
		const { value, duplicates } = parseJsonBody({ kind: "Patch" }, body.raw);
		return { value, problems: duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`) };
	} catch (error) {
		if (!(error instanceof StatusError) || error.code !== 400) throw error;
		throw badRequest(`error decoding YAML: ${error.message}`);
	}
}

/** `{`: YAML that is JSON. */
const OPEN_OBJECT = 0x7b;

function typeOf(value: JsonObject): { readonly apiVersion: string; readonly kind: string } {
	const { apiVersion = "", kind = "" } = { ...text(value, "apiVersion"), ...text(value, "kind") };
	return { apiVersion, kind };
}

/** `apps/v1, Kind=Deployment`, and `/v1, Kind=Pod`. */
const typeText = ({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string =>
	`${apiVersion.includes("/") ? "" : "/"}${apiVersion}, Kind=${kind}`;

function text<K extends string>(object: JsonObject, name: K): { readonly [name in K]?: string } {
	const value = own(object, name);
	return typeof value === "string" && value ? ({ [name]: value } as { [name in K]: string }) : {};
}

function notAnObject(value: unknown): string {
	const shape = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
	return `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${shape} into Go value of type map[string]interface {}`;
}
