/** Validation of config maps and secrets: keys, size, and the promise never to change. */

import { deepEqual } from "../../machinery/deep.ts";
import {
	type FieldError,
	forbiddenField,
	invalidValue,
	required,
	tooLong,
} from "../../machinery/field-error.ts";
import { configMapKeyErrors } from "../../machinery/names.ts";
import { invalids } from "../field-checks.ts";
import { base64Length, textOfBase64, utf8Length } from "./base64.ts";
import type { ConfigMap } from "./config-map.ts";
import type { Secret } from "./secret.ts";

type Data = Readonly<Record<string, string>>;

/** Bytes of all values together: what an object may hold. */
const MAX_BYTES = 1024 * 1024;

export function validateConfigMap({ data = {}, binaryData = {} }: ConfigMap): FieldError[] {
	const size = sum(data, utf8Length) + sum(binaryData, base64Length);
	return [
		...keyErrors(data, "data"),
		...Object.keys(data)
			.filter((key) => Object.hasOwn(binaryData, key))
			.map((key) => invalidValue(`data[${key}]`, key, "duplicate of key present in binaryData")),
		...keyErrors(binaryData, "binaryData"),
		...(size > MAX_BYTES ? [tooLong("", MAX_BYTES)] : []),
	];
}

export const validateConfigMapUpdate = (map: ConfigMap, old: ConfigMap): FieldError[] =>
	old.immutable
		? [
				...(map.immutable ? [] : [IMMUTABLE("immutable")]),
				...(deepEqual(map.data ?? {}, old.data ?? {}) ? [] : [IMMUTABLE("data")]),
				...(deepEqual(map.binaryData ?? {}, old.binaryData ?? {}) ? [] : [IMMUTABLE("binaryData")]),
			]
		: [];

const IMMUTABLE = (field: string) => forbiddenField(field, "field is immutable when `immutable` is set");

export function validateSecret(secret: Secret): FieldError[] {
	const { data = {} } = secret;
	return [
		...keyErrors(data, "data"),
		...(sum(data, base64Length) > MAX_BYTES ? [tooLong("data", MAX_BYTES)] : []),
		...typeErrors(secret, data),
	];
}

export const validateSecretUpdate = (secret: Secret, old: Secret): FieldError[] => [
	...(secret.type === old.type ? [] : [invalidValue("type", secret.type, "field is immutable")]),
	...(old.immutable
		? [
				...(secret.immutable ? [] : [IMMUTABLE("immutable")]),
				...(deepEqual(secret.data ?? {}, old.data ?? {}) ? [] : [IMMUTABLE("data")]),
			]
		: []),
];

/** What each well-known type of secret must hold. */
function typeErrors(secret: Secret, data: Data): FieldError[] {
	const missing = (...keys: string[]) =>
		keys.filter((key) => !Object.hasOwn(data, key)).map((key) => required(`data[${key}]`));
	switch (secret.type) {
		case "kubernetes.io/service-account-token": {
			const account = secret.metadata.annotations?.["kubernetes.io/service-account.name"];
			return account ? [] : [required("metadata.annotations[kubernetes.io/service-account.name]")];
		}
		case "kubernetes.io/dockercfg":
			return jsonErrors(data, ".dockercfg");
		case "kubernetes.io/dockerconfigjson":
			return jsonErrors(data, ".dockerconfigjson");
		case "kubernetes.io/basic-auth": {
			const absent = missing("username", "password");
			return absent.length === 2 ? absent : [];
		}
		case "kubernetes.io/ssh-auth":
			return data["ssh-privatekey"] ? [] : [required("data[ssh-privatekey]")];
		case "kubernetes.io/tls":
			return missing("tls.crt", "tls.key");
		default:
			return [];
	}
}

function jsonErrors(data: Data, key: string): FieldError[] {
	const content = Object.hasOwn(data, key) ? data[key] : undefined;
	if (content === undefined) return [required(`data[${key}]`)];
	const problem = objectProblem(textOfBase64(content));
	return problem === undefined ? [] : [invalidValue(`data[${key}]`, "<secret contents redacted>", problem)];
}

function objectProblem(text: string | undefined): string | undefined {
	if (!text) return "unexpected end of JSON input";
	try {
		const value: unknown = JSON.parse(text);
		const isObject = typeof value === "object" && !Array.isArray(value);
		return isObject ? undefined : "json: cannot unmarshal value into an object";
	} catch {
		// The parser's own words would quote the secret.
		return "invalid character in JSON";
	}
}

const keyErrors = (data: Data, path: string): FieldError[] =>
	Object.keys(data).flatMap((key) => invalids(`${path}[${key}]`, key, configMapKeyErrors(key)));

const sum = (data: Data, lengthOf: (value: string) => number) =>
	Object.values(data).reduce((total, value) => total + lengthOf(value), 0);
