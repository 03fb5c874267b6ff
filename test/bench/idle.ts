/** What the control plane costs when nothing happens; the floor is a Node process that waits. */
import { spawn } from "node:child_process";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { report } from "./report.ts";
import { startServer, usageOf } from "./server-process.ts";

const SECONDS = 15;

const bare = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
try {
	await using server = await startServer();
	// What starting leaves behind (lists, first garbage collections) is not idling.
	await sleep(5_000);
	const before = usageOf(server.pid);
	const bareBefore = usageOf(bare.pid ?? 0);
	await sleep(SECONDS * 1000);
	const after = usageOf(server.pid);
	const bareAfter = usageOf(bare.pid ?? 0);
	report({
		what: "idle memory of the control plane",
		value: after.memory,
		unit: "MB",
		floor: bareAfter.memory,
		floorName: "bare node",
	});
	const share = (from: number, to: number) => ((to - from) / SECONDS) * 100;
	const cpu = share(before.cpu, after.cpu);
	console.log(
		`${"idle CPU of the control plane".padEnd(34)} ${cpu.toFixed(2).padStart(9)} % of a core (bare node ${share(bareBefore.cpu, bareAfter.cpu).toFixed(2)})`,
	);
} finally {
	bare.kill();
}
