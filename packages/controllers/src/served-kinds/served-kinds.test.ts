import {
	ConfigMap,
	CustomResourceDefinition,
	type Draft,
	KINDS,
	type KubeObject,
	keyOf,
	silentLogger,
	untypedKind,
} from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { watch } from "@berth/reconcile";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { createServedKinds } from "./served-kinds.ts";

const widgets = untypedKind({
	group: "example.com",
	version: "v1",
	kind: "Widget",
	plural: "widgets",
	namespaced: true,
});

const definition = (established: boolean): Draft<CustomResourceDefinition> => ({
	metadata: { name: "widgets.example.com" },
	spec: {
		group: "example.com",
		scope: "Namespaced",
		names: { plural: "widgets", kind: "Widget" },
		versions: [{ name: "v1", served: true, storage: true }],
	},
	status: {
		conditions: [{ type: "Established", status: established ? "True" : "False" }],
		acceptedNames: { plural: "widgets", kind: "Widget" },
		storedVersions: ["v1"],
	},
});

test("objects of custom resources are seen as soon as their definition is established, until it goes", async (t) => {
	const clock = createFakeClock();
	const server = createFakeServer({ kinds: [...KINDS, widgets] });
	const client = createClient(server);
	const informers = createInformers({ client, clock, log: silentLogger, random: () => 0.5 });
	const served = createServedKinds({
		informers,
		clock,
		wanted: (kind) => kind.kind === "Widget" || kind === ConfigMap,
	});
	const seen: string[] = [];
	const source = served.source((kind) =>
		watch(informers.of<KubeObject>(kind), ({ type, object }) => [`${type} ${kind.kind} ${keyOf(object)}`]),
	);
	const detach = source.attach((key) => seen.push(key));
	const stop = new AbortController();
	const done = informers.start(stop.signal);
	const settle = (question: () => boolean) => clock.until(question);

	await client.create(ConfigMap, { metadata: { namespace: "default", name: "a" } });
	await client.create(widgets, { metadata: { namespace: "default", name: "early" } });
	await settle(() => seen.length === 1);
	t.deepEqual(seen, ["added ConfigMap default/a"]);
	t.is(served.find("example.com", "Widget"), undefined);

	const made = await client.create(CustomResourceDefinition, definition(false));
	await client.updateStatus(CustomResourceDefinition, { ...made, status: definition(true).status } as never);
	await settle(() => seen.length === 2);
	t.is(seen[1], "added Widget default/early");
	t.is(served.find("example.com", "Widget")?.apiVersion, "example.com/v1");
	t.deepEqual(
		served.all().map(({ kind }) => kind),
		["ConfigMap", "Widget"],
	);

	const open = server.openWatches;
	await client.delete(CustomResourceDefinition, { name: "widgets.example.com" });
	await settle(() => server.openWatches === open - 1);
	t.is(served.find("example.com", "Widget"), undefined);
	detach();
	stop.abort();
	await done;
});
