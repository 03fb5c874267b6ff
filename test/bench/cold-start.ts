/** From the start of the control plane's process until it is ready, empty and with state; the floor is Node alone. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { median, report } from "./report.ts";
import { startServer } from "./server-process.ts";

const RUNS = 5;

const floor = median(
	Array.from({ length: RUNS }, () => {
		const began = performance.now();
		spawnSync(process.execPath, ["-e", "0"]);
		return performance.now() - began;
	}),
);

async function timed(directory?: string): Promise<number> {
	await using server = await startServer({ directory });
	return server.readyAfter;
}

const empty: number[] = [];
for (let run = 0; run < RUNS; run += 1) empty.push(await timed());
report({ what: "first start to ready", value: median(empty), unit: "ms", floor, floorName: "node -e 0" });

const directory = mkdtempSync(join(tmpdir(), "berth-bench-"));
try {
	await timed(directory);
	const again: number[] = [];
	for (let run = 0; run < RUNS; run += 1) again.push(await timed(directory));
	report({ what: "start again to ready", value: median(again), unit: "ms", floor, floorName: "node -e 0" });
} finally {
	rmSync(directory, { recursive: true, force: true });
}
