import { ConfigMap, silentLogger, systemClock } from "@berth/api";
import { createClient, createFakeServer } from "@berth/client";
import test from "ava";
import { createReferences } from "./references.ts";

const until = async (question: () => unknown) => {
	while (!question()) await new Promise((resolve) => setTimeout(resolve, 2));
};

test("what a pod uses is watched by name while it is used, and no longer", async (t) => {
	const server = createFakeServer();
	const client = createClient(server);
	await client.create(ConfigMap, { metadata: { name: "a", namespace: "default" }, data: { x: "1" } });
	await client.create(ConfigMap, { metadata: { name: "b", namespace: "default" }, data: {} });
	const references = createReferences({ client, clock: systemClock, log: silentLogger });
	const [one, two] = [new AbortController(), new AbortController()];
	const changes: string[] = [];
	const userOf = (uid: string, life: AbortSignal) => ({ uid, life, changed: () => void changes.push(uid) });
	const get = (uid: string, life: AbortController) =>
		references.get(ConfigMap, "default", "a", userOf(uid, life.signal));

	t.is((await get("one", one))?.data?.x, "1");
	t.is((await get("two", two))?.data?.x, "1");
	t.is((await get("two", two))?.data?.x, "1");
	t.deepEqual(changes, []);
	t.is(server.openWatches, 1);

	await client.patch(ConfigMap, { namespace: "default", name: "a" }, { data: { x: "2" } }, { type: "merge" });
	await client.patch(ConfigMap, { namespace: "default", name: "b" }, { data: { x: "2" } }, { type: "merge" });
	await until(() => changes.length === 2);
	t.deepEqual(changes.sort(), ["one", "two"]);
	t.is((await get("one", one))?.data?.x, "2");

	one.abort();
	t.is(server.openWatches, 1);
	two.abort();
	await until(() => server.openWatches === 0);
	t.pass();
});

test("what is not there is undefined, and its coming is told", async (t) => {
	const server = createFakeServer();
	const client = createClient(server);
	const references = createReferences({ client, clock: systemClock, log: silentLogger });
	const life = new AbortController();
	let changes = 0;
	const user = { uid: "one", life: life.signal, changed: () => void changes++ };
	t.is(await references.get(ConfigMap, "default", "late", user), undefined);
	await client.create(ConfigMap, { metadata: { name: "late", namespace: "default" }, data: {} });
	await until(() => changes === 1);
	t.truthy(await references.get(ConfigMap, "default", "late", user));
	life.abort();
	await until(() => server.openWatches === 0);
});
