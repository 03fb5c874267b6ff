import { type Logger, silentLogger } from "@berth/api";
import test from "ava";
import type { Finished, Run } from "../host/run.ts";
import { openIptables, RestoreError } from "./restore.ts";

const finished = (changes: Partial<Finished> = {}): Finished => ({
	code: 0,
	stdout: "",
	stderr: "",
	...changes,
});
const host = (version: string, restore: Finished = finished(), calls: string[][] = []): Run => {
	return async (program, args, options) => {
		calls.push([program, ...args, ...(options?.input ? [options.input] : [])]);
		if (args[0] === "--version") return finished({ stdout: version });
		return program.endsWith("-restore") ? restore : finished({ stdout: "*nat\n:BERTH-X - [0:0]\nCOMMIT\n" });
	};
};
const log: Logger = silentLogger;

test("it finds out which iptables the host has, and what that can do", async (t) => {
	t.like(await openIptables({ run: host("iptables v1.8.9 (nf_tables)\n"), log }), {
		variant: "nf_tables",
		randomFully: true,
	});
	t.like(await openIptables({ run: host("iptables v1.8.7 (legacy)\n"), log }), { variant: "legacy" });
	t.like(await openIptables({ run: host("iptables v1.6.1\n"), log }), {
		variant: "legacy",
		randomFully: false,
	});
});

test("transactions leave other rules alone and wait for the lock", async (t) => {
	const calls: string[][] = [];
	const iptables = await openIptables({ run: host("iptables v1.8.9 (nf_tables)", finished(), calls), log });
	await iptables.restore("*nat\nCOMMIT\n");
	t.deepEqual(calls.at(-1), ["iptables-restore", "-w", "10", "--noflush", "*nat\nCOMMIT\n"]);
	t.deepEqual((await iptables.find()).chains.nat, ["BERTH-X", "BERTH-X"]);
});

test("a refusal carries the offending line", async (t) => {
	const text = "*nat\n:BERTH-X - [0:0]\n-A BERTH-X -d nonsense -j ACCEPT\nCOMMIT\n";
	for (const stderr of [
		"iptables-restore: line 3 failed",
		"invalid mask\nError occurred at line: 3\nTry -h",
	]) {
		const run = host("iptables v1.8.9 (legacy)", finished({ code: 2, stderr }));
		const error = await t.throwsAsync((await openIptables({ run, log })).restore(text), {
			instanceOf: RestoreError,
		});
		t.is(error.line, "-A BERTH-X -d nonsense -j ACCEPT");
		t.regex(error.message, /-d nonsense/);
	}
	const run = host("iptables v1.8.9 (legacy)", finished({ code: 4 }));
	await t.throwsAsync((await openIptables({ run, log })).restore(text), { message: /exit code 4/ });
});
