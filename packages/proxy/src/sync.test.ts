import { EndpointSlice, Node, Service, silentLogger } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { RestoreError } from "./iptables/restore.ts";
import { SETTINGS as settings } from "./iptables/routes.fixture.ts";
import { NOTHING_FOUND } from "./iptables/transaction.ts";
import { NO_METRICS } from "./metrics.ts";
import { service, slice } from "./objects.fixture.ts";
import { runSync } from "./sync.ts";

async function setUp() {
	const clock = createFakeClock();
	const stop = new AbortController();
	const client = createClient(createFakeServer());
	const informers = createInformers({ client, clock, log: silentLogger });
	const restored: string[] = [];
	const failures: unknown[] = [];
	const refusals: Error[] = [];
	const iptables = {
		variant: "nf_tables" as const,
		randomFully: true,
		find: async () => NOTHING_FOUND,
		restore: async (text: string) => {
			const refusal = refusals.shift();
			if (refusal) throw refusal;
			restored.push(text);
		},
	};
	const watching = informers.start(stop.signal);
	const { clusterDns, clusterCidr, serviceCidr, family } = settings;
	const start = () =>
		runSync(
			{
				...{ informers, iptables, clock, log: silentLogger, metrics: NO_METRICS },
				nodeName: "here",
				nodeAddresses: ["192.168.0.1"],
				settings: { clusterDns, clusterCidr, serviceCidr, family },
				flusher: { flush: async () => {} },
				onFailure: (error) => failures.push(error),
			},
			stop.signal,
		);
	const finish = async (running: Promise<void>) => {
		stop.abort();
		await Promise.all([running, watching]);
	};
	return { clock, client, restored, failures, refusals, start, finish };
}

test("all rules first, then the least for each change, and nothing for none", async (t) => {
	const { clock, client, restored, start, finish } = await setUp();
	await client.create(Service, service("web", { clusterIP: "10.96.0.20" }));
	const running = start();
	await clock.until(() => restored.length === 1);
	t.regex(restored[0] ?? "", /-I PREROUTING 1 -j BERTH-SERVICES/);
	t.regex(restored[0] ?? "", /-d 10.96.0.20\/32 .*-j REJECT/);

	const endpoints = slice("web", [{ address: "10.244.1.2" }]);
	const created = await client.create(EndpointSlice, endpoints);
	await clock.until(() => restored.length === 2);
	t.regex(restored[1] ?? "", /--to-destination 10.244.1.2:8080/);
	t.notRegex(restored[1] ?? "", /-I PREROUTING|BERTH-POSTROUTING -/);

	await client.update(EndpointSlice, {
		...created,
		metadata: { ...created.metadata, annotations: { a: "b" } },
	});
	await clock.advance(1_000);
	t.is(restored.length, 2);
	await finish(running);
	t.is(clock.pending, 0);
});

test("a burst of changes is a few transactions", async (t) => {
	const { clock, client, restored, start, finish } = await setUp();
	const running = start();
	await clock.until(() => restored.length === 1);
	for (let i = 0; i < 50; i++)
		await client.create(Service, service(`web-${i}`, { clusterIP: `10.96.1.${i}` }));
	await clock.advance(200);
	t.true(restored.length <= 4, `${restored.length}`);
	t.is(restored.join("").match(/default\/web-49:http/g)?.length, 1);
	await finish(running);
});

test("rules that others took away are written anew", async (t) => {
	const { clock, restored, refusals, start, finish } = await setUp();
	const running = start();
	await clock.until(() => restored.length === 1);
	refusals.push(new RestoreError("Bad rule", "-C FORWARD -j BERTH-FORWARD"));
	await clock.advance(5_100);
	t.is(restored.length, 2);
	t.is(restored[1], restored[0]);
	await finish(running);
});

test("a failure is reported and mended by writing all rules", async (t) => {
	const { clock, client, restored, refusals, failures, start, finish } = await setUp();
	const running = start();
	await clock.until(() => restored.length === 1);
	refusals.push(new RestoreError("first", undefined), new RestoreError("second", undefined));
	await client.create(Service, service("web", { clusterIP: "10.96.0.20" }));
	await clock.until(() => restored.length === 2);
	t.is(failures.length, 1);
	t.regex(restored[1] ?? "", /-I PREROUTING 1/);
	await finish(running);
});

test("nodes' addresses count, their heartbeats do not", async (t) => {
	const { clock, client, restored, start, finish } = await setUp();
	const running = start();
	await clock.until(() => restored.length === 1);
	const node = await client.create(Node, { metadata: { name: "there" }, spec: {} });
	const addresses = [{ type: "InternalIP", address: "192.168.0.7" }];
	const withAddress = await client.updateStatus(Node, { ...node, status: { addresses } });
	await clock.until(() => restored.length === 2);
	t.regex(restored[1] ?? "", /-A BERTH-LEAVING -d 192.168.0.7\/32 -j RETURN/);
	await client.updateStatus(Node, { ...withAddress, status: { addresses, phase: "Running" } });
	await clock.advance(1_000);
	t.is(restored.length, 2);
	await finish(running);
});

test("a node that is put into a zone uses the endpoints meant for it", async (t) => {
	const { clock, client, restored, start, finish } = await setUp();
	const node = await client.create(Node, { metadata: { name: "here" }, spec: {} });
	await client.create(Service, service("web", { clusterIP: "10.96.0.20" }));
	const zoned = ["a", "b"].map((name, index) => ({
		address: `10.244.1.${index}`,
		hints: { forZones: [{ name }] },
	}));
	await client.create(EndpointSlice, slice("web", zoned));
	const running = start();
	await clock.until(() => restored.length === 1);
	t.regex(restored[0] ?? "", /--probability 0.5/);
	const labels = { "topology.kubernetes.io/zone": "b" };
	await client.update(Node, { ...node, metadata: { ...node.metadata, labels } });
	await clock.until(() => restored.length === 2);
	t.notRegex(restored[1] ?? "", /--probability/);
	await finish(running);
});
