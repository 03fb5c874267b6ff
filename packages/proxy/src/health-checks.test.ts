import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { EndpointSlice, Service, silentLogger } from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import { healthCheckPort, runHealthChecks } from "./health-checks.ts";
import { service, slice } from "./objects.fixture.ts";
import { createRouteTable } from "./route-table.ts";

const local = (healthCheckNodePort: number) =>
	service("web", {
		clusterIP: "10.96.0.20",
		type: "LoadBalancer",
		externalTrafficPolicy: "Local",
		healthCheckNodePort,
	});

test("only load balanced services whose traffic stays on its node are asked about", (t) => {
	const { spec } = local(30_000);
	t.is(healthCheckPort(local(30_000)), 30_000);
	t.is(healthCheckPort(service("web", { ...spec, externalTrafficPolicy: "Cluster" })), undefined);
	t.is(healthCheckPort(service("web", { ...spec, type: "NodePort" })), undefined);
	t.is(healthCheckPort(local(0)), undefined);
});

test("load balancers hear which nodes have ready endpoints, as these come and go", async (t) => {
	const probe = createServer().listen(0);
	await once(probe, "listening");
	const { port } = probe.address() as AddressInfo;
	await new Promise((resolve) => probe.close(resolve));
	const clock = createFakeClock();
	const stop = new AbortController();
	const client = createClient(createFakeServer());
	const informers = createInformers({ client, clock, log: silentLogger });
	const watching = informers.start(stop.signal);
	const table = createRouteTable({ informers, nodeName: "here", onChange: () => {} });
	const running = runHealthChecks({ informers, nodeName: "here", log: silentLogger }, stop.signal);
	const slices = informers.of(EndpointSlice);
	const ask = async () => {
		const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { connection: "close" } });
		return { code: answer.status, weight: answer.headers.get("x-load-balancing-endpoint-weight") };
	};
	const reachable = () =>
		ask().then(
			() => true,
			() => false,
		);

	const made = await client.create(Service, local(port));
	while (!(await reachable())) await clock.advance(10);
	t.deepEqual(await ask(), { code: 503, weight: "0" });
	const endpoints = [
		{ address: "10.244.1.2", node: "here" },
		{ address: "10.244.1.3", node: "there" },
		{ address: "10.244.1.4", node: "here", ready: false },
	];
	await client.create(EndpointSlice, slice("web", endpoints));
	await clock.until(() => slices.list().length === 1);
	t.deepEqual(await ask(), { code: 200, weight: "1" });
	await client.update(Service, { ...made, spec: { ...made.spec, externalTrafficPolicy: "Cluster" } });
	while (await reachable()) await clock.advance(10);
	stop.abort();
	await Promise.all([running, watching]);
	table.close();
});
