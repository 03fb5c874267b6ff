import { type Logger, silentLogger } from "@berth/api";
import test from "ava";
import { ProgramMissing, type Run } from "../host/run.ts";
import { route } from "../iptables/routes.fixture.ts";
import { NO_ENTRANCES, udpEntrances } from "./flows.ts";
import { createFlowFlusher } from "./flush.ts";

const entrances = udpEntrances([
	route({ protocol: "UDP", port: 53, backends: [{ address: "10.244.1.3", port: 53 }] }),
]);

test("stale flows are deleted, by where they go and who answers", async (t) => {
	const calls: string[] = [];
	const listed =
		"udp 17 27 src=10.244.1.9 dst=10.96.0.20 sport=4242 dport=53 src=10.244.1.8 dst=10.244.1.9 sport=53 dport=4242 use=1\n";
	const run: Run = async (program, args) => {
		calls.push([program, ...args].join(" "));
		return { code: 0, stdout: listed, stderr: "" };
	};
	const flusher = createFlowFlusher({ run, log: silentLogger });
	await flusher.flush(NO_ENTRANCES, entrances, false);
	t.deepEqual(calls, [
		"conntrack -L -p udp",
		"conntrack -D -p udp --orig-dst 10.96.0.20 --dport 53 --reply-src 10.244.1.8 --reply-port-src 53",
	]);
	await flusher.flush(entrances, entrances, false);
	t.is(calls.length, 2, "nothing changed, nothing to look for");
	await flusher.flush(entrances, entrances, true);
	t.is(calls.length, 4);
});

test("without the program it says so once", async (t) => {
	const said: string[] = [];
	const log: Logger = { ...silentLogger, warn: (_, message) => void said.push(message) };
	const run: Run = async (program) => {
		throw new ProgramMissing(program);
	};
	const flusher = createFlowFlusher({ run, log });
	await flusher.flush(NO_ENTRANCES, entrances, true);
	await flusher.flush(NO_ENTRANCES, entrances, true);
	t.is(said.length, 1);
	t.regex(said[0] ?? "", /install the package conntrack/);
});
