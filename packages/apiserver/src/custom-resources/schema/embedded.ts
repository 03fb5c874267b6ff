/** An object of the API inside of another one says what it is, and its metadata follows the rules of all metadata. */
import {
	dnsSubdomainErrors,
	type FieldError,
	invalidValue,
	isJsonObject,
	required,
	validateAnnotations,
	validateLabels,
} from "@berth/api";
import { join, typeName } from "./validator.ts";

type JsonObject = Readonly<Record<string, unknown>>;

export function embeddedErrors(value: JsonObject, path: string): FieldError[] {
	const errors: FieldError[] = [];
	for (const field of ["apiVersion", "kind"] as const) {
		const text = value[field];
		if (typeof text !== "string" || text === "")
			errors.push(required(join(path, field), "must not be empty"));
	}
	const { metadata } = value;
	if (metadata === undefined) return errors;
	const at = join(path, "metadata");
	if (!isJsonObject(metadata)) {
		errors.push(invalidValue(at, typeName(metadata), "must be an object"));
		return errors;
	}
	const { name, labels, annotations } = metadata;
	if (typeof name === "string" && name !== "") {
		errors.push(...dnsSubdomainErrors(name).map((detail) => invalidValue(join(at, "name"), name, detail)));
	}
	if (isTexts(labels)) errors.push(...validateLabels(labels, join(at, "labels")));
	if (isTexts(annotations)) errors.push(...validateAnnotations(annotations, join(at, "annotations")));
	return errors;
}

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
	isJsonObject(value) && Object.values(value).every((text) => typeof text === "string");
