import test from "ava";
import fc from "fast-check";
import { deepFreeze } from "./deep.ts";
import { applyDefaults } from "./defaults.ts";
import { bool, int32, listOf, mapOf, object, ref, string, types } from "./schema.ts";

const Port = object("test.Port", {
	name: string({ default: "" }),
	protocol: string({ default: "TCP" }),
	number: int32({ required: true }),
	open: bool({ nullable: true, default: false }),
});
const Probe = object("test.Probe", { period: int32({ default: 10 }) });
const Spec = object("test.Spec", {
	ports: listOf(Port),
	byName: { type: { kind: "map", of: Probe } as ReturnType<typeof mapOf>["type"], required: false },
	probe: ref(Probe, { nullable: true }),
	resources: ref(object("test.Resources", { limits: mapOf(types.string) })),
});
const Thing = object("test.Thing", {
	spec: ref(Spec, { default: {} }),
	replicas: int32({ nullable: true, default: 1 }),
});

test("what is absent or null gets its default, at any depth", (t) => {
	const value = {
		spec: { ports: [{ number: 1 }, { number: 2, protocol: "UDP", open: true }], byName: { a: {} } },
	};
	t.deepEqual<unknown, unknown>(applyDefaults(Thing, value), {
		spec: {
			ports: [
				{ number: 1, protocol: "TCP", open: false },
				{ number: 2, protocol: "UDP", open: true },
			],
			byName: { a: { period: 10 } },
			resources: {},
		},
		replicas: 1,
	});
	t.deepEqual<unknown, unknown>(applyDefaults(Thing, { replicas: null }), {
		spec: { resources: {} },
		replicas: 1,
	});
});

test("a struct nobody gave holds the zeros that are always written; one that was given is left as it is", (t) => {
	const Endpoint = object("test.Endpoint", { port: int32({ required: true }), name: string() });
	const Status = object("test.Status", { endpoint: ref(Endpoint) });
	t.deepEqual<unknown, unknown>(applyDefaults(Status, {}), { endpoint: { port: 0 } });
	t.deepEqual<unknown, unknown>(applyDefaults(Status, { endpoint: {} }), { endpoint: {} });
});

test("zero is a value, and absent pointers stay absent", (t) => {
	t.deepEqual<unknown, unknown>(applyDefaults(Thing, { spec: { probe: {} }, replicas: 0 }), {
		spec: { probe: { period: 10 }, resources: {} },
		replicas: 0,
	});
});

test("defaulting is done at once, changes nothing given and mutates nothing", (t) => {
	const value = fc.record(
		{
			replicas: fc.constantFrom(null, 0, 3),
			spec: fc.record(
				{
					ports: fc.array(
						fc.record(
							{ number: fc.nat(9), protocol: fc.constantFrom("TCP", "UDP") },
							{ requiredKeys: ["number"] },
						),
					),
					probe: fc.record({ period: fc.nat(9) }, { requiredKeys: [] }),
				},
				{ requiredKeys: [] },
			),
		},
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(value, (any) => {
			const once = applyDefaults<unknown>(Thing, deepFreeze(any));
			t.is(applyDefaults(Thing, once), once);
		}),
	);
});
