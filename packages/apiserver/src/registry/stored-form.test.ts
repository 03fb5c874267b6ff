import { type AnyKind, defineKind, KINDS, type KubeObject, ObjectMetaSchema, schema } from "@berth/api";
import test from "ava";
import { inShort, itemsOf, openRegistry, take, watchOf } from "./testing/open-registry.ts";

const { object, ref, string } = schema;

interface Gadget extends KubeObject {
	readonly spec?: { readonly size?: string; readonly width?: string };
}

const kindOf = (group: string, field: "size" | "width", more: Partial<AnyKind> = {}): AnyKind =>
	defineKind<Gadget>({
		group,
		version: "v1",
		kind: "Gadget",
		plural: "gadgets",
		scope: "Namespaced",
		schema: object(`${group}.v1.Gadget`, {
			metadata: ref(ObjectMetaSchema, { required: true }),
			spec: ref(object(`${group}.v1.GadgetSpec`, { [field]: string() })),
		}),
		columns: [],
		hasGeneration: true,
		...more,
	});

const Stored = kindOf("new.example.com", "width");
let conversions = 0;
const Old = kindOf("old.example.com", "size", {
	stored: {
		kind: Stored,
		read: (stored: Gadget): Gadget => {
			conversions += 1;
			return { ...stored, apiVersion: "old.example.com/v1", spec: { size: stored.spec?.width ?? "" } };
		},
		write: (given: Gadget): Gadget => ({
			...given,
			apiVersion: "new.example.com/v1",
			spec: { width: given.spec?.size ?? "" },
		}),
	},
});
const Slow = kindOf("slow.example.com", "size", {
	stored: {
		...Old.stored,
		kind: Stored,
		readAll: async (all: readonly Gadget[]) =>
			all.map((stored) => ({
				...stored,
				apiVersion: "slow.example.com/v1",
				spec: { size: `slow ${stored.spec?.width}` },
			})),
		write: async (given: Gadget) => Old.stored?.write(given) ?? given,
	},
} as Partial<AnyKind>);

const open = () => openRegistry({ kinds: [...KINDS, Stored, Old, Slow] });

test.serial("one object is read and written in several forms", async (t) => {
	await using server = await open();
	const made = await server.value<Gadget>("create", Old, {
		body: { metadata: { name: "a" }, spec: { size: "7" } },
	});
	t.like(made, { apiVersion: "old.example.com/v1", spec: { size: "7" } });
	t.like(await server.value("get", Stored, { name: "a" }), {
		apiVersion: "new.example.com/v1",
		spec: { width: "7" },
	});
	t.like(await server.value("get", Slow, { name: "a" }), { spec: { size: "slow 7" } });
	const { metadata } = await server.value<Gadget>("update", Old, {
		name: "a",
		body: { ...made, spec: { size: "8" } },
	});
	t.is(metadata.generation, 2);
	const patched = await server.value("patch", Old, {
		name: "a",
		body: { spec: { size: "9" } },
		contentType: "application/merge-patch+json",
	});
	t.like(patched, { apiVersion: "old.example.com/v1", spec: { size: "9" } });
	t.deepEqual(
		itemsOf(await server.ask("list", Slow, { namespace: "default" })).map(
			(item) => (item as Gadget).spec?.size,
		),
		["slow 9"],
	);
	t.like(await server.value("delete", Stored, { name: "a" }), { status: "Success" });
	t.is((await server.failure("get", Old, { name: "a" })).code, 404);
});

test.serial("watches tell changes in the form they were asked for, converted once for all", async (t) => {
	await using server = await open();
	const created = await server.value<Gadget>("create", Stored, {
		body: { metadata: { name: "a", labels: { on: "yes" } }, spec: { width: "1" } },
	});
	const watches = await Promise.all(
		[Old, Old, Slow].map(async (kind) =>
			watchOf(
				await server.ask("watch", kind, {
					namespace: "default",
					query: { resourceVersion: created.metadata.resourceVersion, labelSelector: "on=yes" },
				}),
			),
		),
	);
	conversions = 0;
	await server.ask("update", Stored, {
		name: "a",
		body: { ...created, metadata: { ...created.metadata, labels: {} } },
	});
	const [first, second, third] = await Promise.all(watches.map((watch) => take(watch, 1)));
	t.is(inShort(first![0]!), "DELETED a");
	t.is(first![0], first![0]);
	t.like(second![0], { cached: { object: { spec: { size: "1" } } } });
	t.like(third![0], { cached: { object: { spec: { size: "slow 1" } } } });
	t.is(conversions, 2, "the body before and the body after");
});

test.serial("collections are opened and shut while the server runs", async (t) => {
	await using server = await openRegistry();
	await server.objects.open(Stored);
	const object = {
		apiVersion: Stored.apiVersion,
		kind: "Gadget",
		metadata: { name: "a", namespace: "default" },
	} as Gadget;
	t.truthy(await server.objects.create(Stored, object));
	t.is(server.objects.of(Stored).list().length, 1);
	const watch = server.objects.of(Stored).watch({ after: server.objects.revision });
	server.objects.shut(Stored);
	for await (const _ of watch.batches) t.fail("nothing is told of a shut collection");
	t.throws(() => server.objects.of(Stored));
	await server.objects.open(Stored);
	t.is(server.objects.of(Stored).list().length, 1);
});
