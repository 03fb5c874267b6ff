import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigMap, keyOf, silentLogger, systemClock } from "@berth/api";
import { createApiServer, createMemoryStore } from "@berth/apiserver";
import { createClient, createInformers, httpsTransport, loadKubeconfig } from "@berth/client";
import test from "ava";

const until = async (condition: () => boolean) => {
	while (!condition()) await systemClock.sleep(10);
};

test("informers over HTTPS outlive their server: what changed meanwhile arrives, nothing twice", async (t) => {
	const dataDir = await mkdtemp(join(tmpdir(), "berth-"));
	t.teardown(() => rm(dataDir, { recursive: true, force: true }));
	const store = createMemoryStore();
	const start = (port: number) => createApiServer({ dataDir, port, log: silentLogger, store });
	const first = await start(0);
	const credentials = await loadKubeconfig(
		await first.kubeconfig({ user: "admin", groups: ["system:masters"] }),
	);
	const transport = httpsTransport({ ...credentials, clock: systemClock, log: silentLogger });
	t.teardown(() => transport.close());
	const client = createClient(transport);
	const make = (name: string) => client.create(ConfigMap, { metadata: { name, namespace: "default" } });
	await make("before");

	const informers = createInformers({ client, clock: systemClock, log: silentLogger });
	const informer = informers.of(ConfigMap, { namespace: "default" });
	const added: string[] = [];
	informer.subscribe(({ type, object }) => void (type === "added" && added.push(keyOf(object))));
	const stop = new AbortController();
	const running = informers.start(stop.signal);
	t.teardown(async () => {
		stop.abort();
		await running;
	});
	await informers.synced();

	await first.close();
	const second = await start(first.port);
	t.teardown(() => second.close());
	await make("after");
	await until(() => informer.get("default/after") !== undefined);
	await client.delete(ConfigMap, { namespace: "default", name: "before" });
	await until(() => informer.get("default/before") === undefined);
	t.deepEqual(added.toSorted(), ["default/after", "default/before"]);
});
