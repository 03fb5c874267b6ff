/** The real server behind both of its transports, held to what the fake one promises. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Namespace, silentLogger, systemClock, type Transport } from "@berth/api";
import { type ApiServer, createApiServer, createMemoryStore } from "@berth/apiserver";
import { createClient, httpsTransport, loadKubeconfig, transportConformance } from "@berth/client";
import baseTest, { type ExecutionContext, type TestFn } from "ava";

const ADMIN = { username: "admin", groups: ["system:masters"] };

const test = baseTest as TestFn;
let server: ApiServer;
let dataDir: string;
let namespaces = 0;

test.before(async () => {
	dataDir = await mkdtemp(join(tmpdir(), "berth-"));
	server = await createApiServer({ dataDir, port: 0, log: silentLogger, store: createMemoryStore() });
});

test.after.always(async () => {
	await server?.close();
	await rm(dataDir, { recursive: true, force: true });
});

const inProcess = async () => server.transport(ADMIN);
const overHttps = async (t: ExecutionContext) => {
	const kubeconfig = await server.kubeconfig({ user: "admin", groups: ["system:masters"] });
	const transport = httpsTransport({
		...(await loadKubeconfig(kubeconfig)),
		clock: systemClock,
		log: silentLogger,
	});
	t.teardown(() => transport.close());
	return transport;
};

for (const [road, connect] of [
	["in process", inProcess],
	["over HTTPS", overHttps],
] as const) {
	const under = ((title: string, run: (t: ExecutionContext) => Promise<void>) =>
		test(`${road}: ${title}`, run)) as TestFn;
	transportConformance(under, async (t) => {
		const transport: Transport = await connect(t);
		const name = `test-${++namespaces}`;
		await createClient(transport).create(Namespace, { metadata: { name }, spec: {}, status: {} });
		return { transport, namespace: name };
	});
}
