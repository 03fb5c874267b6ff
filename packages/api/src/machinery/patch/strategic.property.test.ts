import test from "ava";
import fc from "fast-check";
import { Pod } from "../../kinds/core/pod.ts";
import { deepEqual, deepFreeze } from "../deep.ts";
import { applyMergePatch } from "./merge.ts";
import { applyStrategicPatch } from "./strategic.ts";

const name = fc.constantFrom("a", "b", "c", "d");
const uniqueByName = <T extends { name: string }>(element: fc.Arbitrary<T>) =>
	fc.uniqueArray(element, { selector: (value) => value.name, maxLength: 4 });
const env = uniqueByName(fc.record({ name, value: fc.constantFrom("1", "2") }));
const container = fc.record(
	{ name, image: fc.constantFrom("x", "y"), env, command: fc.array(name, { maxLength: 2 }) },
	{ requiredKeys: ["name"] },
);
const labels = fc.dictionary(name, fc.constantFrom("1", "2"), { maxKeys: 3 });
const pod = fc.record(
	{
		metadata: fc.record({ labels, finalizers: fc.uniqueArray(name) }, { requiredKeys: [] }),
		spec: fc.record(
			{ containers: uniqueByName(container), nodeSelector: labels, hostNetwork: fc.boolean() },
			{ requiredKeys: [] },
		),
	},
	{ requiredKeys: [] },
);
const apply = (doc: unknown, patch: unknown) =>
	applyStrategicPatch(Pod.schema, deepFreeze(doc), deepFreeze(patch)) as {
		readonly spec?: { readonly containers?: readonly { readonly name: string }[] };
	};

test("the empty patch changes nothing, an object as its own patch neither", (t) => {
	fc.assert(
		fc.property(pod, (doc) => {
			t.true(deepEqual(apply(doc, {}), doc));
			t.true(deepEqual(apply(doc, doc), doc));
			t.true(deepEqual(apply({}, doc), doc));
		}),
	);
});

test("a patch applied twice is a patch applied once", (t) => {
	fc.assert(
		fc.property(pod, pod, (doc, patch) => {
			const once = apply(doc, patch);
			t.true(deepEqual(apply(once, patch), once));
		}),
	);
});

test("every element of either is in the result, once, and those of the patch in its order", (t) => {
	fc.assert(
		fc.property(uniqueByName(container), uniqueByName(container), (before, patch) => {
			const result = apply({ spec: { containers: before } }, { spec: { containers: patch } });
			const found = (result.spec?.containers ?? []).map((element) => element.name);
			const given: readonly string[] = patch.map((element) => element.name);
			t.deepEqual(
				found.toSorted(),
				[...new Set([...before.map((element) => element.name), ...given])].sort(),
			);
			t.deepEqual(
				found.filter((element) => given.includes(element)),
				given,
			);
		}),
	);
});

test("without lists it is a merge patch", (t) => {
	const flat = fc.record({
		metadata: fc.record({ labels: fc.dictionary(name, fc.constantFrom("1", null)) }),
	});
	fc.assert(
		fc.property(pod, flat, (doc, patch) => {
			t.true(deepEqual(apply(doc, patch), applyMergePatch(doc, patch)));
		}),
	);
});
