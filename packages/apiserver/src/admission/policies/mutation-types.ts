/** What mutations may construct: `Object{spec: Object.spec{…}}` and `JSONPatch{op: …}`. */
import { type CelType, celTypes } from "../../cel/cel.ts";

type ObjectType = Extract<CelType, { kind: "object" }>;

const { DYN, STRING, listOf, objectOf } = celTypes;

const JSON_PATCH = objectOf("JSONPatch", { op: STRING, path: STRING, from: STRING, value: DYN });

/** A part of an object; its fields are judged when the result is laid over the object. */
const partOfObject = (name: string): ObjectType => ({
	kind: "object",
	name,
	field: (field) => ({ key: propertyOf(field), type: DYN }),
});

const ROOT = partOfObject("Object");

export function mutationTypes(name: string): ObjectType | undefined {
	if (name === "JSONPatch") return JSON_PATCH;
	if (name === "Object") return ROOT;
	return name.startsWith("Object.") ? partOfObject(name) : undefined;
}

export const MUTATION_RESULTS: Readonly<Record<"ApplyConfiguration" | "JSONPatch", CelType>> = {
	ApplyConfiguration: ROOT,
	JSONPatch: listOf(JSON_PATCH),
};

const WRITTEN: Readonly<Record<string, string>> = {
	__underscores__: "__",
	__dot__: ".",
	__dash__: "-",
	__slash__: "/",
};

/** The JSON property that an expression's field name stands for. */
const propertyOf = (field: string): string =>
	field
		.replace(/__(?:underscores|dot|dash|slash)__/g, (word) => WRITTEN[word] ?? word)
		.replace(/^__([a-z]+)__$/, "$1");
