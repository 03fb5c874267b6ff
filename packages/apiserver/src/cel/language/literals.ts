/** Types of constants. */
import { CelReference, type CelValue } from "../runtime/values.ts";
import { BOOL, BYTES, type CelType, DOUBLE, INT, NULL, STRING } from "./types.ts";

export function typeOfConstant(value: CelValue): CelType {
	if (value === null) return NULL;
	if (value instanceof CelReference) return value.type;
	switch (typeof value) {
		case "boolean":
			return BOOL;
		case "bigint":
			return INT;
		case "number":
			return DOUBLE;
		case "string":
			return STRING;
		default:
			return BYTES;
	}
}
