/** Paths of JSON patches. */
import { type Declared, fn } from "../language/declarations.ts";
import { STRING } from "../language/types.ts";
import { string } from "./arguments.ts";

export const jsonPointers: readonly Declared[] = [
	fn("jsonpatch.escapeKey", [STRING], STRING, ([key], meter) => {
		meter.spend(string(key).length * 0.1);
		return string(key).replaceAll("~", "~0").replaceAll("/", "~1");
	}),
];
