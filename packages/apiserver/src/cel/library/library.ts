/** Every function that expressions know. */
import { type Functions, functionsOf } from "../language/declarations.ts";
import { operators } from "./operators.ts";
import { regexes } from "./regexes.ts";
import { standard } from "./standard.ts";
import { times } from "./times.ts";

export const LIBRARY: Functions = functionsOf([...operators, ...standard, ...times, ...regexes]);
