/** The proxy of a node whose API server is in the same process, told what to hold by lines on standard input. */
import process from "node:process";
import { createInterface } from "node:readline";
import {
	type AnyKind,
	EndpointSlice,
	type KubeObject,
	Namespace,
	Node,
	Service,
	systemClock,
} from "@berth/api";
import { createClient, createFakeServer, createInformers } from "@berth/client";
import { createLogger } from "@berth/daemon";
import { cleanupRules, runProxy } from "../index.ts";

interface Order {
	readonly put?: readonly KubeObject[];
	readonly remove?: readonly KubeObject[];
	readonly cleanup?: boolean;
}

const KINDS: Readonly<Record<string, AnyKind>> = { Service, EndpointSlice, Namespace, Node };
const log = createLogger({ name: "proxy", level: "error" });
const client = createClient(createFakeServer());
const stop = new AbortController();
const informers = createInformers({ client, clock: systemClock, log });
const node = { metadata: { name: "node" }, spec: {} };
await client.create(Namespace, { metadata: { name: "default" }, spec: {} });
await client.create(Node, node);

const watching = informers.start(stop.signal);
const proxy = runProxy(
	{
		client,
		informers,
		nodeName: "node",
		nodeAddresses: ["192.168.50.1"],
		upstreamResolvers: [],
		clock: systemClock,
		log,
	},
	stop.signal,
);
console.log("ready");

for await (const line of createInterface(process.stdin)) {
	const order: Order = JSON.parse(line);
	for (const object of order.put ?? []) await put(object);
	for (const object of order.remove ?? []) {
		const { namespace, name } = object.metadata;
		await client.delete(kindOf(object), { namespace, name });
	}
	if (!order.cleanup) continue;
	stop.abort();
	await proxy;
	await cleanupRules({ log });
}
stop.abort();
await Promise.all([proxy, watching]);

async function put(object: KubeObject): Promise<void> {
	const kind = kindOf(object);
	const { namespace, name } = object.metadata;
	const known = await client.get<KubeObject>(kind, { namespace, name }).catch(() => undefined);
	if (!known) await client.create(kind, object);
	else await client.update(kind, { ...object, metadata: { ...object.metadata, ...identity(known) } });
}

function identity({ metadata: { uid, resourceVersion } }: KubeObject) {
	return { uid, resourceVersion };
}

function kindOf({ kind }: KubeObject): AnyKind {
	const found = KINDS[kind];
	if (!found) throw new Error(`no kind ${kind} here`);
	return found;
}
