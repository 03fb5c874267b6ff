/** Every function that expressions know. */
import { type Functions, functionsOf } from "../language/declarations.ts";
import { addresses } from "./addresses.ts";
import { authorizers } from "./authorizers.ts";
import { formats } from "./formats.ts";
import { jsonPointers } from "./json-pointers.ts";
import { lists } from "./lists.ts";
import { math } from "./math.ts";
import { operators } from "./operators.ts";
import { optionals } from "./optionals.ts";
import { quantities } from "./quantities.ts";
import { regexes } from "./regexes.ts";
import { semver } from "./semver.ts";
import { standard } from "./standard.ts";
import { strings } from "./strings.ts";
import { times } from "./times.ts";
import { urls } from "./urls.ts";

export const LIBRARY: Functions = functionsOf([
	...operators,
	...standard,
	...times,
	...regexes,
	...strings,
	...lists,
	...math,
	...optionals,
	...quantities,
	...addresses,
	...urls,
	...formats,
	...semver,
	...authorizers,
	...jsonPointers,
]);
