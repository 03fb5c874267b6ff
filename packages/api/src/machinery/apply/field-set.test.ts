import test from "ava";
import fc from "fast-check";
import {
	compact,
	difference,
	type FieldSet,
	intersection,
	LEAF,
	pathsOf,
	sameSet,
	union,
} from "./field-set.ts";
import { createFieldSetPool } from "./field-set-pool.ts";
import { isPathElement, keyElement, pathText, valueElement } from "./path-element.ts";

const element = fc.constantFrom("f:a", "f:b", 'k:{"name":"x"}', 'v:"y"');
const { below } = fc.letrec<{ below: FieldSet; nodes: FieldSet }>((tie) => ({
	below: fc.oneof({ depthSize: "small" }, fc.constant(LEAF), tie("nodes")),
	nodes: fc
		.tuple(fc.boolean(), fc.dictionary(element, tie("below"), { minKeys: 1, maxKeys: 3 }))
		.map(([self, nodes]) => (self ? { ".": LEAF, ...nodes } : nodes)),
}));
const set = fc.dictionary(element, below, { maxKeys: 3 }).map((nodes) => compact(nodes));

const texts = (fields: FieldSet | undefined) => [...pathsOf(fields)].map((path) => path.join("/")).sort();

test("sets are what their paths say", (t) => {
	fc.assert(
		fc.property(set, set, (a, b) => {
			const [left, right] = [texts(a), texts(b)];
			t.deepEqual(texts(union(a, b)), [...new Set([...left, ...right])].sort());
			t.deepEqual(
				texts(difference(a, b)),
				left.filter((path) => !right.includes(path)),
			);
			t.deepEqual(
				texts(intersection(a, b)),
				left.filter((path) => right.includes(path)),
			);
			t.is(sameSet(a, b), left.join() === right.join());
		}),
	);
});

test("a pool gives equal sets once, and nothing for what is no set", (t) => {
	const pool = createFieldSetPool();
	fc.assert(
		fc.property(set, (fields) => {
			const shared = pool.share(fields ?? {});
			t.true(Object.isFrozen(shared));
			t.is(pool.share(JSON.parse(JSON.stringify(fields ?? {}))), shared);
			t.deepEqual(texts(shared === LEAF ? undefined : shared), texts(fields));
		}),
	);
	for (const no of [null, 7, [], "x", { a: {} }, { "f:a": 1 }, { "k:x": {} }, { ".": { "f:a": {} } }]) {
		t.is(pool.share(no), undefined, JSON.stringify(no));
	}
	t.is(pool.share(JSON.parse('{"__proto__":{"f:a":{}}}')), undefined);
	t.not(pool.share({ "f:a": {}, "f:b": {} }), pool.share({ "f:a0;3:f:b": {} }));
});

test("a pool bounds what it takes", (t) => {
	const pool = createFieldSetPool();
	const wide = { "f:a": Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f:key-${i}`, {}])) };
	t.not(pool.share(structuredClone(wide)), pool.share(structuredClone(wide)));
	let deep: FieldSet = {};
	for (let i = 0; i < 1000; i += 1) deep = { "f:a": deep };
	t.is(pool.share(deep), undefined);
});

test("elements and how messages write them", (t) => {
	const port = { kind: "object", name: "Port", fields: () => ({}) } as const;
	t.is(keyElement(["name"], port, { name: 'a"b' }), 'k:{"name":"a\\"b"}');
	t.is(
		keyElement(["protocol", "containerPort"], port, { protocol: "TCP", containerPort: 80 }),
		'k:{"containerPort":80,"protocol":"TCP"}',
	);
	t.is(keyElement(["name"], port, {}), undefined);
	t.is(keyElement(["name"], port, "x"), undefined);
	t.is(valueElement("a"), 'v:"a"');
	t.is(valueElement({}), undefined);
	t.is(
		pathText(["f:spec", 'k:{"name":"a","port":8}', "f:x", 'v:"q"', "i:3"]),
		'.spec[name="a",port=8].x[="q"][3]',
	);
	t.deepEqual(["f:", "k:{}", "k:1", "v:x", "v:1", "i:1", "i:a", "x"].map(isPathElement), [
		true,
		false,
		false,
		false,
		true,
		true,
		false,
		false,
	]);
});
