/** Whether a value may be an argument where a type is asked for; decides between overloads while an expression runs. */
import type { CelType } from "../language/types.ts";
import { CelReference, type CelValue } from "./values.ts";

/** Looks at the value itself, not at what is in it. */
export function fits(type: CelType, value: CelValue): boolean {
	switch (type.kind) {
		case "dyn":
		case "parameter":
			return true;
		case "null":
			return value === null;
		case "bool":
			return typeof value === "boolean";
		case "int":
			return typeof value === "bigint";
		case "double":
			return typeof value === "number";
		case "string":
			return typeof value === "string";
		case "bytes":
			return value instanceof Uint8Array;
		case "object":
		case "opaque":
			return value instanceof CelReference && value.type.kind === type.kind && value.type.name === type.name;
		default:
			return value instanceof CelReference && value.type.kind === type.kind;
	}
}
