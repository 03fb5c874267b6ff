import test from "ava";
import fc from "fast-check";
import { deepEqual, deepFreeze, type JsonObject } from "../deep.ts";
import { int32, listOf, mapOf, object, ref, string, types } from "../schema.ts";
import { applyConfiguration } from "./apply.ts";
import { compareObjects } from "./compare.ts";
import { conflictError } from "./conflict-text.ts";
import { type FieldSet, pathsOf } from "./field-set.ts";
import { fieldSetOf } from "./field-set-of.ts";
import { createFieldSetPool } from "./field-set-pool.ts";
import {
	conflictsOf,
	type Ownership,
	ownAfterApply,
	ownAfterUpdate,
	readOwnership,
} from "./managed-fields.ts";

const Item = object("Item", {
	name: string({ required: true }),
	value: int32({ nullable: true }),
	extra: int32({ nullable: true }),
});
const Inner = object("Inner", { x: int32({ nullable: true }), y: int32({ nullable: true }) });
const Root = object("Root", {
	plain: int32({ nullable: true }),
	inner: ref(Inner, { nullable: true }),
	whole: ref(Inner, { nullable: true, atomic: true }),
	labels: mapOf(types.string, { nullable: true }),
	items: listOf(Item, { nullable: true, list: "map", keys: ["name"] }),
	words: listOf(types.string, { nullable: true, list: "set" }),
	numbers: listOf(types.int32, { nullable: true, list: "atomic" }),
});

const small = fc.integer({ min: 0, max: 2 });
const inner = fc.record({ x: small, y: small }, { requiredKeys: [] });
const name = fc.constantFrom("a", "b", "c");
const item = fc.record({ name, value: small, extra: small }, { requiredKeys: ["name"] });
const configuration = fc
	.record(
		{
			plain: small,
			inner,
			whole: inner,
			labels: fc.dictionary(name, name, { minKeys: 1 }),
			items: fc.uniqueArray(item, { selector: (each) => each.name, minLength: 1 }),
			words: fc.uniqueArray(name, { minLength: 1 }),
			numbers: fc.array(small),
		},
		{ requiredKeys: [] },
	)
	.map((value) => deepFreeze(value) as JsonObject);

interface State {
	readonly object: JsonObject;
	readonly owned: readonly Ownership[];
}

const NOTHING: State = { object: {}, owned: [] };
const pool = createFieldSetPool();
const by = (manager: string, operation: "Apply" | "Update" = "Apply") => ({
	manager,
	operation,
	apiVersion: "v1",
	subresource: "",
});

/** Forced, so that it always succeeds. */
function apply({ object, owned }: State, manager: string, config: JsonObject): State {
	const applied = applyConfiguration(Root, object, owned, {
		configuration: config,
		manager: by(manager),
		unowned: {},
	});
	const changes = compareObjects(Root, object, applied.object, {});
	const write = { manager: by(manager), changes, time: "2026-01-01T00:00:00Z", pool };
	return { object: applied.object, owned: ownAfterApply(owned, applied.fields, write) };
}

function update({ object, owned }: State, manager: string, next: JsonObject): State {
	const changes = compareObjects(Root, object, next, {});
	const write = { manager: by(manager, "Update"), changes, time: "2026-01-01T00:00:00Z", pool };
	return { object: next, owned: ownAfterUpdate(owned, write) };
}

const texts = (fields: FieldSet | undefined) => new Set([...pathsOf(fields)].map((path) => path.join("/")));

test("applying again changes nothing, not even who owns what", (t) => {
	fc.assert(
		fc.property(configuration, configuration, (first, second) => {
			const before = apply(apply(NOTHING, "a", first), "b", second);
			const after = apply(before, "b", second);
			t.true(deepEqual(after.object, before.object));
			t.is(after.owned, before.owned);
		}),
	);
});

test("what one applier gives up goes unless another owns it", (t) => {
	fc.assert(
		fc.property(configuration, configuration, configuration, (live, first, second) => {
			const start = update(NOTHING, "u", live);
			const both = apply(apply(start, "a", first), "b", second);
			const after = apply(both, "a", {});
			const kept = texts(fieldSetOf(Root, after.object));
			for (const entry of both.owned) {
				if (entry.manager === "a") continue;
				const there = texts(fieldSetOf(Root, both.object));
				for (const path of [...texts(entry.fieldsV1)].filter((each) => there.has(each)))
					t.true(kept.has(path), `${path} of ${entry.manager}`);
			}
			t.false(after.owned.some(({ manager }) => manager === "a"));
			const others = both.owned
				.filter(({ manager }) => manager !== "a")
				.flatMap((entry) => [...texts(entry.fieldsV1)]);
			for (const path of [...texts(fieldSetOf(Root, first))].filter((each) => !others.includes(each))) {
				const below = others.some((other) => other.startsWith(`${path}/`));
				t.true(below || !kept.has(path), path);
			}
		}),
	);
});

test("appliers of different fields may come in any order", (t) => {
	const mine = fc.record(
		{ plain: small, labels: fc.constant({ a: "1" }), items: fc.constant([{ name: "a", value: 1 }]) },
		{ requiredKeys: [] },
	);
	const yours = fc.record(
		{ inner, labels: fc.constant({ b: "2" }), items: fc.constant([{ name: "b", value: 2 }]) },
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(mine, yours, (first, second) => {
			const one = apply(apply(NOTHING, "a", first), "b", second);
			const other = apply(apply(NOTHING, "b", second), "a", first);
			const sorted = ({ object }: State) => ({
				...object,
				items: ((object.items ?? []) as { name: string }[]).toSorted((x, y) => (x.name < y.name ? -1 : 1)),
			});
			t.true(deepEqual(sorted(one), sorted(other)));
			t.true(deepEqual(one.owned, other.owned));
		}),
	);
});

test("who owns what survives the wire", (t) => {
	fc.assert(
		fc.property(configuration, configuration, (first, second) => {
			const { owned } = apply(update(NOTHING, "u", first), "a", second);
			t.is(readOwnership(owned, pool), owned);
			const read = readOwnership(JSON.parse(JSON.stringify(owned)), createFieldSetPool());
			t.true(deepEqual(read, owned));
		}),
	);
});

test("conflicts name the manager and the fields", (t) => {
	const { object: live, owned } = update(NOTHING, "kubectl", { plain: 1, items: [{ name: "a", value: 1 }] });
	const error = (config: JsonObject) => {
		const applied = applyConfiguration(Root, live, owned, {
			configuration: config,
			manager: by("me"),
			unowned: {},
		});
		const { touched } = compareObjects(Root, live, applied.object, {});
		return conflictError(conflictsOf(owned, by("me"), touched)).status;
	};
	t.is(error({ plain: 2 }).message, 'Apply failed with 1 conflict: conflict with "kubectl" using v1: .plain');
	const two = error({ plain: 2, items: [{ name: "a", value: 2 }] });
	t.is(
		two.message,
		'Apply failed with 2 conflicts: conflicts with "kubectl" using v1:\n- .items[name="a"].value\n- .plain',
	);
	t.deepEqual(two.details?.causes?.[0], {
		reason: "FieldManagerConflict",
		message: 'conflict with "kubectl" using v1',
		field: '.items[name="a"].value',
	});
	t.is(two.code, 409);
});

test("long lists and many equal elements take linear time", (t) => {
	const many = Array.from({ length: 20_000 }, (_, i) => ({ name: `n${i}`, value: 1 }));
	const live = { items: many, words: Array.from({ length: 50_000 }, () => "w") };
	const state = apply(update(NOTHING, "u", live), "a", { items: [...many].reverse(), words: ["w", "x"] });
	t.is((state.object.items as unknown[]).length, 20_000);
});

test("more than ten updaters: the oldest become one", (t) => {
	let state = NOTHING;
	for (let i = 0; i < 15; i += 1) {
		state = update(state, `u${String(i).padStart(2, "0")}`, {
			...state.object,
			labels: { ...(state.object.labels as object), [`l${i}`]: "x" },
		});
	}
	t.is(state.owned.length, 10);
	const [oldest] = state.owned;
	t.is(oldest?.manager, "ancient-changes");
	t.is([...pathsOf(oldest?.fieldsV1)].length, 7);
});
