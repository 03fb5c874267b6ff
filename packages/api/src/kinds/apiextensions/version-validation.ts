/** One version of a definition: its name, schema, subresources, columns and selectable fields. */
import { duplicate, type FieldError, invalidValue, required, tooMany } from "../../machinery/field-error.ts";
import { parseJsonPath } from "../../machinery/json-path.ts";
import { dns1035LabelErrors } from "../../machinery/names.ts";
import type {
	CustomResourceColumnDefinition,
	CustomResourceDefinitionVersion,
} from "./custom-resource-definition.ts";
import type { JsonSchema } from "./json-schema.ts";
import { structuralErrors } from "./structural-validation.ts";

const COLUMN_TYPES = ["integer", "number", "string", "boolean", "date"];
const COLUMN_FORMATS = [
	"binary",
	"byte",
	"date",
	"date-time",
	"double",
	"float",
	"int32",
	"int64",
	"password",
];
const MAX_SELECTABLE_FIELDS = 8;
const MAX_WARNING = 256;

export function versionErrors(version: CustomResourceDefinitionVersion, at: string): FieldError[] {
	const { name, schema, subresources, additionalPrinterColumns = [], selectableFields = [] } = version;
	const nameProblems = dns1035LabelErrors(name ?? "");
	const root = schema?.openAPIV3Schema;
	return [
		...(nameProblems.length ? [invalidValue(`${at}.name`, name, nameProblems.join(","))] : []),
		...deprecationErrors(version, at),
		...(root
			? structuralErrors(root, `${at}.schema.openAPIV3Schema`)
			: [required(`${at}.schema.openAPIV3Schema`, "schemas are required")]),
		...(subresources?.scale ? scaleErrors(subresources.scale, `${at}.subresources.scale`) : []),
		...additionalPrinterColumns.flatMap((column, index) =>
			columnErrors(column, `${at}.additionalPrinterColumns[${index}]`),
		),
		...selectableErrors(selectableFields, root, `${at}.selectableFields`),
	];
}

function deprecationErrors(
	{ deprecated, deprecationWarning: warning }: CustomResourceDefinitionVersion,
	at: string,
): FieldError[] {
	const field = `${at}.deprecationWarning`;
	if (warning === undefined || warning === null) return [];
	if (!deprecated) return [invalidValue(field, warning, "can only be set for deprecated versions")];
	if (warning === "") return [invalidValue(field, warning, "must not be an empty string")];
	if (warning.length > MAX_WARNING)
		return [invalidValue(field, warning, `must be <= ${MAX_WARNING} characters long`)];
	// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
	if (/[\u0000-\u001f\u007f]/.test(warning)) {
		return [
			invalidValue(
				field,
				warning,
				"must only contain printable UTF-8 characters; non-printable character found",
			),
		];
	}
	return [];
}

function scaleErrors(
	scale: NonNullable<NonNullable<CustomResourceDefinitionVersion["subresources"]>["scale"]>,
	at: string,
): FieldError[] {
	const check = (field: keyof typeof scale, roots: readonly string[], where: string): FieldError[] => {
		const path = scale[field];
		if (!path) return field === "labelSelectorPath" ? [] : [required(`${at}.${field}`)];
		if (/[[\]*]/.test(path) || !parsesAsPath(path)) {
			return [invalidValue(`${at}.${field}`, path, "should be a simple json path without array notation")];
		}
		const isThere = roots.some((root) => path.startsWith(`.${root}.`) && path.length > root.length + 2);
		return isThere ? [] : [invalidValue(`${at}.${field}`, path, `should be a json path under ${where}`)];
	};
	return [
		...check("specReplicasPath", ["spec"], ".spec"),
		...check("statusReplicasPath", ["status"], ".status"),
		...check("labelSelectorPath", ["spec", "status"], "either .spec or .status"),
	];
}

function columnErrors(column: CustomResourceColumnDefinition, at: string): FieldError[] {
	const { name, type, format, jsonPath } = column;
	const oneOf = (field: string, value: string, known: readonly string[]) =>
		known.includes(value)
			? []
			: [invalidValue(`${at}.${field}`, value, `must be one of ${[...known].sort().join(",")}`)];
	return [
		...(name ? [] : [required(`${at}.name`)]),
		...(type
			? oneOf("type", type, COLUMN_TYPES)
			: [required(`${at}.type`, `must be one of ${[...COLUMN_TYPES].sort().join(",")}`)]),
		...(format ? oneOf("format", format, COLUMN_FORMATS) : []),
		...(jsonPath ? pathErrors(`${at}.jsonPath`, jsonPath) : [required(`${at}.jsonPath`)]),
	];
}

function pathErrors(field: string, path: string): FieldError[] {
	if (!path.startsWith(".")) return [invalidValue(field, path, "must be a simple json path starting with .")];
	return parsesAsPath(path)
		? []
		: [invalidValue(field, path, `is an invalid path: unrecognized in ${JSON.stringify(path)}`)];
}

function parsesAsPath(path: string): boolean {
	return parseJsonPath(path) !== undefined;
}

function selectableErrors(
	fields: readonly { readonly jsonPath: string }[],
	root: JsonSchema | undefined | null,
	at: string,
): FieldError[] {
	const seen = new Set<string>();
	const errors =
		fields.length > MAX_SELECTABLE_FIELDS ? [tooMany(at, fields.length, MAX_SELECTABLE_FIELDS)] : [];
	fields.forEach(({ jsonPath }, index) => {
		const field = `${at}[${index}].jsonPath`;
		if (!jsonPath) errors.push(required(field));
		else if (seen.has(jsonPath)) errors.push(duplicate(field, jsonPath));
		else if (/^\.metadata(\.|$)/.test(jsonPath)) {
			errors.push(invalidValue(field, jsonPath, "must not point to fields in metadata"));
		} else if (!/^(\.[A-Za-z_][\w-]*)+$/.test(jsonPath)) {
			errors.push(invalidValue(field, jsonPath, "must be a simple json path without array notation"));
		} else {
			errors.push(...selectedErrors(jsonPath, root, field));
		}
		seen.add(jsonPath);
	});
	return errors;
}

function selectedErrors(path: string, root: JsonSchema | undefined | null, field: string): FieldError[] {
	let at: JsonSchema | undefined | null = root;
	for (const part of path.slice(1).split(".")) {
		const inner: Readonly<Record<string, JsonSchema>> = at?.properties ?? {};
		at = Object.hasOwn(inner, part) ? inner[part] : undefined;
	}
	if (!at) return [invalidValue(field, path, "is an invalid path: does not refer to a valid field")];
	if (["string", "integer", "boolean"].includes(at.type ?? "")) return [];
	return [
		invalidValue(
			field,
			path,
			"must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.",
		),
	];
}
