import test from "ava";
import { defineKind } from "./kind.ts";
import { type KubeObject, ObjectMetaSchema } from "./meta.ts";
import { object, ref } from "./schema.ts";
import { tableOf } from "./table.ts";

const Thing = defineKind<KubeObject>({
	group: "test",
	version: "v1",
	kind: "Thing",
	plural: "things",
	scope: "Namespaced",
	schema: object("test.v1.Thing", { metadata: ref(ObjectMetaSchema) }),
	columns: [
		{ name: "Size", type: "integer", value: () => 3 },
		{ name: "Age", priority: 1, description: "How old.", value: (_, now) => `${now}ms` },
	],
});
const metadata = {
	name: "a",
	namespace: "b",
	uid: "1",
	resourceVersion: "7",
	creationTimestamp: "2026-01-01T00:00:00Z",
};
const thing = { apiVersion: "test/v1", kind: "Thing", metadata, spec: { secret: true } };

test("a row for each object, a name before the kind's columns", (t) => {
	const table = tableOf(Thing, [thing], { now: 5 });
	t.is(table.apiVersion, "meta.k8s.io/v1");
	t.deepEqual(table.metadata, { resourceVersion: "7" });
	t.deepEqual(
		table.columnDefinitions.map(({ name, type, format, priority }) => [name, type, format, priority]),
		[
			["Name", "string", "name", 0],
			["Size", "integer", "", 0],
			["Age", "string", "", 1],
		],
	);
	t.deepEqual(table.rows, [
		{
			cells: ["a", 3, "5ms"],
			object: { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata },
		},
	]);
});

test("rows carry as much of the object as is asked for", (t) => {
	const rowOf = (includeObject: "None" | "Object") =>
		tableOf(Thing, [thing], { now: 0, includeObject }).rows[0];
	t.is(rowOf("Object")?.object, thing);
	t.false("object" in (rowOf("None") ?? {}));
});

test("a list's metadata is the table's; nothing gives an empty table", (t) => {
	const list = { resourceVersion: "9", continue: "x", remainingItemCount: 3 };
	t.deepEqual(tableOf(Thing, [], { now: 0, metadata: list }).metadata, list);
	t.deepEqual(tableOf(Thing, [], { now: 0 }).rows, []);
});

test("a kind may place the name elsewhere", (t) => {
	const name = { name: "Name", format: "name", value: ({ metadata: { name } }: KubeObject) => name };
	const table = tableOf({ ...Thing, columns: [...Thing.columns, name] }, [thing], { now: 5 });
	t.deepEqual(
		table.columnDefinitions.map((column) => column.name),
		["Size", "Age", "Name"],
	);
	t.deepEqual(table.rows[0]?.cells, [3, "5ms", "a"]);
});
