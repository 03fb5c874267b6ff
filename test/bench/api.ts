/** Create, get and list rates of the API with 2 KB pods, against a bare server that stores as durably. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { openPki } from "@berth/apiserver";
import { requestsPerSecond, type Target } from "./load.ts";
import { report } from "./report.ts";
import { startServer, usageOf } from "./server-process.ts";

const CONNECTIONS = 32;
const PODS = 5_000;
const GETS = 10_000;
const LISTS = 20;
const PATH = "/api/v1/namespaces/default/pods";

const pod = (i: number) =>
	JSON.stringify({
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			name: `pod-${i}`,
			labels: { app: `app-${i % 50}` },
			annotations: { filling: "x".repeat(1500) },
		},
		spec: { nodeName: "nowhere", containers: [{ name: "c", image: "image:1" }] },
	});

async function rates(target: Target): Promise<{ create: number; get: number; list: number }> {
	const load = (count: number, connections: number, each: Parameters<typeof requestsPerSecond>[0]["each"]) =>
		requestsPerSecond({ target, connections, count, each });
	const create = await load(PODS, CONNECTIONS, (i) => ({ method: "POST", path: PATH, body: pod(i) }));
	const get = await load(GETS, CONNECTIONS, (i) => ({ method: "GET", path: `${PATH}/pod-${i % PODS}` }));
	const list = await load(LISTS, 1, () => ({ method: "GET", path: PATH }));
	return { create, get, list };
}

async function floorRates() {
	const directory = mkdtempSync(join(tmpdir(), "berth-bench-"));
	const pki = await openPki(directory);
	const { certificatePem: certificate, keyPem: key } = await pki.clientCertificate({
		user: "localhost",
		groups: [],
	});
	writeFileSync(join(directory, "cert"), certificate);
	writeFileSync(join(directory, "key"), key);
	const child = spawn(
		process.execPath,
		[join(import.meta.dirname, "floor-server.ts"), join(directory, "cert"), join(directory, "key")],
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
	try {
		const [line] = await once(child.stdout, "data");
		return await rates({ port: Number(`${line}`) });
	} finally {
		child.kill();
		await once(child, "exit");
		rmSync(directory, { recursive: true, force: true });
	}
}

const floor = await floorRates();
await using server = await startServer();
const own = await rates({ ...server.credentials, port: server.port });
const floorName = "bare koa + lmdb";
report({
	what: `create, ${CONNECTIONS} connections`,
	value: own.create,
	unit: "/s",
	floor: floor.create,
	floorName,
});
report({ what: `get, ${CONNECTIONS} connections`, value: own.get, unit: "/s", floor: floor.get, floorName });
report({ what: `list of ${PODS}`, value: own.list, unit: "/s", floor: floor.list, floorName });
console.log(`memory with ${PODS} pods: ${usageOf(server.pid).memory.toFixed(0)} MB`);
