import test from "ava";
import fc from "fast-check";
import { deepEqual, deepFreeze, getPath } from "./deep.ts";

test("any JSON value equals its copy", (t) => {
	fc.assert(fc.property(fc.jsonValue(), (value) => deepEqual(value, JSON.parse(JSON.stringify(value)))));
	t.pass();
});

test("equality is that of the JSON text with sorted keys", (t) => {
	const small = fc.jsonValue({ maxDepth: 2 });
	const sorted = (value: unknown): unknown =>
		Array.isArray(value)
			? value.map(sorted)
			: value !== null && typeof value === "object"
				? Object.entries(value)
						.sort(([a], [b]) => (a < b ? -1 : 1))
						.map(([key, inner]) => [key, sorted(inner)])
				: value;
	fc.assert(
		fc.property(small, small, (a, b) => {
			const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
			return deepEqual(a, b) === same || Array.isArray(a) || Array.isArray(b);
		}),
	);
	t.pass();
});

test("undefined is absence, the order of keys means nothing, the order of elements much", (t) => {
	t.true(deepEqual({ a: 1, b: undefined }, { a: 1 }));
	t.true(deepEqual({ a: 1, b: 2 }, { b: 2, a: 1 }));
	t.false(deepEqual([1, 2], [2, 1]));
	t.false(deepEqual({ a: null }, {}));
	t.false(deepEqual([], {}));
	t.false(deepEqual({ constructor: undefined, a: 1 }, { a: 2 }));
});

test("freezing reaches everything", (t) => {
	const value = deepFreeze({ spec: { ports: [{ port: 1 }] } });
	t.throws(() => Object.assign(value.spec.ports[0] ?? {}, { port: 2 }), { instanceOf: TypeError });
});

test("paths lead to own fields only", (t) => {
	const object = { spec: { ports: [{ port: 80 }], replicas: 0 } };
	t.is(getPath(object, "spec.replicas"), 0);
	t.is(getPath(object, ".spec.ports[0].port"), 80);
	t.is(getPath(object, "spec.missing.deeper"), undefined);
	t.is(getPath(object, "constructor.name"), undefined);
	t.is(getPath(object, "__proto__"), undefined);
});
