/** Values that may be missing. */
import { type Declared, fn, method } from "../language/declarations.ts";
import { BOOL, listOf, optionalOf, parameter } from "../language/types.ts";
import { CelError, noSuchOverload } from "../runtime/errors.ts";
import {
	type CelValue,
	DurationValue,
	ListValue,
	MapValue,
	NONE,
	ObjectValue,
	OptionalValue,
	TimestampValue,
	UintValue,
} from "../runtime/values.ts";
import { list } from "./arguments.ts";

const A = parameter("A");
const MAYBE = optionalOf(A);

export const optionals: readonly Declared[] = [
	fn("optional.of", [A], MAYBE, ([value = null]) => new OptionalValue(value)),
	fn("optional.none", [], MAYBE, () => NONE),
	fn("optional.ofNonZeroValue", [A], MAYBE, ([value = null]) =>
		isZero(value) ? NONE : new OptionalValue(value),
	),
	fn("optional.unwrap", [listOf(MAYBE)], listOf(A), ([items]) => unwrap(list(items))),
	method("unwrapOpt", [listOf(MAYBE)], listOf(A), ([items]) => unwrap(list(items))),
	method("hasValue", [MAYBE], BOOL, ([value]) => contentOf(value) !== undefined),
	method("value", [MAYBE], A, ([value]) => {
		const content = contentOf(value);
		if (content === undefined) throw new CelError("optional.none() dereference");
		return content;
	}),
	method("orValue", [MAYBE, A], A, ([value, other = null]) => {
		const content = contentOf(value);
		return content === undefined ? other : content;
	}),
	method("or", [MAYBE, MAYBE], MAYBE, ([value = NONE, other = NONE]) =>
		contentOf(value) === undefined ? other : value,
	),
];

function contentOf(value: CelValue | undefined): CelValue | undefined {
	if (!(value instanceof OptionalValue)) throw noSuchOverload();
	return value.value;
}

const unwrap = (items: ListValue): ListValue =>
	ListValue.of([...items].map(contentOf).filter((item) => item !== undefined));

/** What a field holds that was never set. */
function isZero(value: CelValue): boolean {
	if (value === null || value === false || value === 0n || value === 0 || value === "") return true;
	if (value instanceof Uint8Array) return value.length === 0;
	if (value instanceof ListValue || value instanceof MapValue) return value.size === 0;
	if (value instanceof UintValue) return value.value === 0n;
	if (value instanceof DurationValue || value instanceof TimestampValue) return value.nanos === 0n;
	return value instanceof ObjectValue && value.fields().length === 0;
}
