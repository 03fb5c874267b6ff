/**
 * Rates and times of the API with 2 KB pods. Against a server of this clone they stand beside a bare server that stores as
 * durably; `--kubeconfig FILE` drives any other server instead, which is how peers are measured.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { openPki } from "@berth/apiserver";
import { loadKubeconfig } from "@berth/client";
import {
	CREATE,
	DELETE,
	GET,
	LIST,
	LISTS_OF_OTHER_FORMS,
	makeNamespace,
	type Operation,
	PODS,
	WRITES_OF_ONE,
} from "./api-operations.ts";
import { fanOut } from "./fan-out.ts";
import type { Target } from "./load.ts";
import { report, show } from "./report.ts";
import { startServer, usageOf } from "./server-process.ts";

const { values } = parseArgs({ options: { kubeconfig: { type: "string" } } });
/** What the floor can do as well. */
const FLOOR_OPERATIONS = [CREATE, GET, LIST];

if (values.kubeconfig) {
	const { server, ...credentials } = await loadKubeconfig(values.kubeconfig);
	const { hostname, port } = new URL(server);
	await drive({ ...credentials, host: hostname, port: Number(port || 443) }, new Map());
} else {
	const floor = await floorFigures();
	await using server = await startServer({ command: "apiserver" });
	const idle = usageOf(server.pid).memory;
	await drive({ ...server.credentials, port: server.port }, floor, () => {
		show(`memory with ${PODS} pods`, usageOf(server.pid).memory, `MB (${idle.toFixed(0)} MB before)`);
	});
}

async function drive(
	target: Target,
	floor: ReadonlyMap<Operation, number>,
	filled = () => {},
): Promise<void> {
	const namespace = await makeNamespace(target);
	const run = async (operation: Operation) => {
		const { what, unit } = operation;
		const value = await operation.run(target, namespace.pods).catch((error: Error) => {
			console.log(`${what.padEnd(34)} not measured: ${error.message.slice(0, 200)}`);
		});
		if (value === undefined) return;
		const compared = floor.get(operation);
		if (compared === undefined) show(what, value, unit);
		else report({ what, value, unit, floor: compared, floorName: "bare koa + lmdb" });
	};
	try {
		for (const operation of FLOOR_OPERATIONS) await run(operation);
		filled();
		for (const operation of [...LISTS_OF_OTHER_FORMS, ...WRITES_OF_ONE]) await run(operation);
		const { watchers, eventsPerSecond, p50, p99 } = await fanOut(target, namespace.pods, PODS);
		show(`fan-out to ${watchers} watchers`, eventsPerSecond, "/s");
		show("  from write to event, median", p50, "ms");
		show("  from write to event, 99th of 100", p99, "ms");
		await run(DELETE);
		filled();
	} finally {
		await namespace.remove();
	}
}

async function floorFigures(): Promise<Map<Operation, number>> {
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
		const target = { port: Number(`${line}`) };
		const figures = new Map<Operation, number>();
		for (const operation of FLOOR_OPERATIONS) {
			figures.set(operation, await operation.run(target, "/api/v1/namespaces/bench/pods"));
		}
		return figures;
	} finally {
		child.kill();
		await once(child, "exit");
		rmSync(directory, { recursive: true, force: true });
	}
}
