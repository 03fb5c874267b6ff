import { Readable } from "node:stream";
import { type KubeObject, Node, NodeMetrics, PodMetrics, silentLogger, tableOf } from "@berth/api";
import { createFakeClock } from "@berth/testing";
import test from "ava";
import type { Agents } from "../http/agent-road/agents.ts";
import type { Objects } from "../store/objects.ts";
import { createUsageCollector } from "./collector.ts";
import { metricsKinds } from "./metrics-kinds.ts";

const metadata = (name: string, namespace?: string) => ({
	name,
	...(namespace ? { namespace } : {}),
	uid: `${name}-uid`,
	resourceVersion: "1",
	creationTimestamp: "2026-01-01T00:00:00Z",
	labels: { app: name },
});
const node = (name: string) => ({
	apiVersion: "v1",
	kind: "Node",
	metadata: metadata(name),
	status: { addresses: [{ type: "InternalIP", address: name }] },
});
const pod = (name: string, nodeName?: string) => ({
	apiVersion: "v1",
	kind: "Pod",
	metadata: metadata(name, "default"),
	spec: { containers: [], ...(nodeName ? { nodeName } : {}) },
});

const measured = (nanoCores: number, bytes: number) => ({
	cpu: { time: "2026-01-01T00:01:00Z", usageNanoCores: nanoCores, usageWindowSeconds: 15.25 },
	memory: { workingSetBytes: bytes },
});
const SUMMARY = {
	node: measured(1_500_000_000, 3 * 1024 * 1024 * 1024),
	pods: [
		{
			podRef: { name: "web", namespace: "default", uid: "web-uid" },
			containers: [
				{ name: "app", ...measured(250_000_000, 2048) },
				{ name: "log", ...measured(1_000_000, 1025) },
			],
		},
		{
			podRef: { name: "web", namespace: "default", uid: "of a namesake" },
			containers: [{ name: "app", ...measured(1, 1) }],
		},
		{
			podRef: { name: "new", namespace: "default", uid: "new-uid" },
			containers: [{ name: "app", cpu: { time: "2026-01-01T00:01:00Z" }, memory: { workingSetBytes: 1 } }],
		},
	],
};

function setUp() {
	const clock = createFakeClock();
	const asked: string[] = [];
	const nodes = [node("one"), node("silent")];
	const pods = [pod("web", "one"), pod("new", "one"), pod("pending")];
	const cacheOf = (list: readonly KubeObject[], key: (object: KubeObject) => string) => ({
		list: () => list.map((object) => ({ object })),
		get: (wanted: string) => {
			const object = list.find((each) => key(each) === wanted);
			return object && { object };
		},
	});
	const objects = {
		of: (kind: unknown) =>
			kind === Node
				? cacheOf(nodes, ({ metadata }) => metadata.name)
				: cacheOf(pods, ({ metadata }) => `${metadata.namespace}/${metadata.name}`),
	} as unknown as Objects;
	const agents = {
		ask: async ({ host }: { host: string }) => {
			asked.push(host);
			if (host === "silent") throw new Error("no answer in time");
			return Object.assign(Readable.from([Buffer.from(JSON.stringify(SUMMARY))]), { statusCode: 200 });
		},
	} as unknown as Agents;
	const [nodeKind, podKind] = metricsKinds(
		objects,
		createUsageCollector({ objects, agents, clock, log: silentLogger }),
	);
	const read = (kind: typeof nodeKind, namespace?: string, name?: string) =>
		kind?.read({ namespace, name, signal: new AbortController().signal });
	return {
		clock,
		asked,
		nodes: (name?: string) => read(nodeKind, undefined, name),
		pods: (namespace?: string, name?: string) => read(podKind, namespace, name),
	};
}

test("nodes that answer, in cores and bytes", async (t) => {
	const { nodes } = setUp();
	const found = (await nodes()) ?? [];
	t.is(found.length, 1);
	t.like(found[0], {
		kind: "NodeMetrics",
		metadata: { name: "one", labels: { app: "one" } },
		timestamp: "2026-01-01T00:01:00Z",
		window: "15.25s",
		usage: { cpu: "1500000000n", memory: "3145728Ki" },
	});
	const { rows } = tableOf(NodeMetrics, found as never, {
		includeObject: "None",
		version: "v1",
		now: 0,
	}) as never as {
		rows: readonly { cells: readonly unknown[] }[];
	};
	t.deepEqual(rows[0]?.cells, ["one", "1500m", "3Gi", "15.25s"]);
});

test("pods by container; those of a namesake, and those not yet measured, are left out", async (t) => {
	const { pods } = setUp();
	const found = (await pods("default")) ?? [];
	t.is(found.length, 1);
	t.like(found[0], {
		metadata: { name: "web", namespace: "default", labels: { app: "web" } },
		containers: [
			{ name: "app", usage: { cpu: "250000000n", memory: "2Ki" } },
			{ name: "log", usage: { cpu: "1000000n", memory: "2Ki" } },
		],
	});
	t.is(PodMetrics.verbs.join(), "get,list");
});

test("for one pod only its node is asked, and answers are kept for a few seconds", async (t) => {
	const { pods, asked, clock } = setUp();
	t.is((await pods("default", "web"))?.length, 1);
	t.is((await pods("default", "pending"))?.length, 0);
	t.is((await pods("default", "web"))?.length, 1);
	t.deepEqual(asked, ["one"]);
	await clock.advance(5_001);
	await pods("default", "web");
	t.deepEqual(asked, ["one", "one"]);
});
