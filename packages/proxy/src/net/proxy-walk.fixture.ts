/** The proxy against the kernel, whichever iptables the host has: real rules, real packets. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Service } from "@berth/api";
import test, { type ExecutionContext } from "ava";
import { service, slice } from "../objects.fixture.ts";
import { createLab, type Lab, type Variant } from "./lab.fixture.ts";

const POD1 = { address: "10.244.1.2", node: "node", hostname: "pod1" };
const POD2 = { address: "10.244.1.3", node: "node", hostname: "pod2" };
const POD3 = { address: "10.244.2.2", node: "neighbour", hostname: "pod3" };

const clusterIP = (address: string, spec: Service["spec"] = {}) => ({
	clusterIP: address,
	clusterIPs: [address],
	...spec,
});

/** Declares the tests; they follow one another in one lab. */
export function walk(variant: Variant): void {
	const serial = (title: string, body: (t: ExecutionContext, lab: Lab) => Promise<void>) =>
		test.serial(title, (t) => body(t, lab));
	let lab: Lab;
	let clean = "";

	test.serial.before(async () => {
		lab = await createLab(variant);
		await lab.exec("node", "iptables", "-t", "nat", "-L", "-n");
		clean = await state(lab);
		await lab.startProxy();
	});
	test.serial.after.always(async () => lab?.close());

	serial("a cluster address leads to every backend, from pods, the node, and elsewhere", async (t, lab) => {
		lab.put(service("web", clusterIP("10.96.0.20")), slice("web", [POD2, POD3]));
		await until(t, () => lab.tcp("pod1", "10.96.0.20", 80), /pod/);
		const answers = new Set<string>();
		for (let i = 0; i < 20; i++) answers.add(await lab.tcp("pod1", "10.96.0.20", 80));
		// Between pods, and towards other nodes, the source stays.
		t.deepEqual([...answers].sort(), ["pod2 10.244.1.2", "pod3 10.244.1.2"]);
		t.regex(await lab.tcp("node", "10.96.0.20", 80), /^pod(2 10.244.1.1|2 192.168.50.1|3 192.168.50.1)$/);
		t.regex(await lab.tcp("neighbour", "10.96.0.20", 80), /^pod2 10.244.1.1|pod3 192.168.50.1$/);
	});

	serial("a pod reaches itself through its service", async (t, lab) => {
		lab.put(service("self", clusterIP("10.96.0.21")), slice("self", [POD1]));
		await until(t, () => lab.tcp("pod1", "10.96.0.21", 80), /^pod1 10.244.1.1$/);
	});

	serial("a node port answers on every address of the node but loopback", async (t, lab) => {
		const ports = [{ name: "http", port: 80, nodePort: 30_080, protocol: "TCP" as const }];
		lab.put(service("node", clusterIP("10.96.0.22", { type: "NodePort", ports })), slice("node", [POD2]));
		await until(t, () => lab.tcp("neighbour", "192.168.50.1", 30_080), /^pod2 10.244.1.1$/);
		t.regex(await lab.tcp("neighbour", "10.244.1.1", 30_080), /^pod2/);
		t.regex(await lab.tcp("node", "192.168.50.1", 30_080), /^pod2/);
		t.regex(await lab.tcp("pod1", "192.168.50.1", 30_080), /^pod2/);
		t.is(await lab.tcp("node", "127.0.0.1", 30_080), "ECONNREFUSED");
	});

	serial(
		"with the local policy clients keep their address, and only this node's backends answer",
		async (t, lab) => {
			const ports = [{ name: "http", port: 80, nodePort: 30_081, protocol: "TCP" as const }];
			const spec = clusterIP("10.96.0.23", { type: "NodePort", ports, externalTrafficPolicy: "Local" });
			lab.put(service("local", spec), slice("local", [POD1, POD3]));
			await until(t, () => lab.tcp("neighbour", "192.168.50.1", 30_081), /^pod1 192.168.50.2$/);
			for (let i = 0; i < 8; i++) t.regex(await lab.tcp("neighbour", "192.168.50.1", 30_081), /^pod1/);
			lab.put(slice("local", [POD3]));
			await until(t, () => lab.tcp("neighbour", "192.168.50.1", 30_081), /^TIMEOUT$/);
			t.regex(await lab.tcp("pod1", "192.168.50.1", 30_081), /^pod3/);
		},
	);

	serial("with affinity a client stays with its backend", async (t, lab) => {
		lab.put(
			service("sticky", clusterIP("10.96.0.24", { sessionAffinity: "ClientIP" })),
			slice("sticky", [POD2, POD3]),
		);
		await until(t, () => lab.tcp("pod1", "10.96.0.24", 80), /pod/);
		const answers = new Set<string>();
		for (let i = 0; i < 10; i++) answers.add(await lab.tcp("pod1", "10.96.0.24", 80));
		t.is(answers.size, 1);
	});

	serial("a service without backends refuses at once, and works when it has one", async (t, lab) => {
		const ports = [{ name: "http", port: 80, nodePort: 30_082, protocol: "TCP" as const }];
		lab.put(service("empty", clusterIP("10.96.0.25", { type: "NodePort", ports })), slice("empty", []));
		for (const from of ["pod1", "node", "neighbour"] as const)
			await until(t, () => lab.tcp(from, "10.96.0.25", 80), /^ECONNREFUSED$/);
		t.is(await lab.tcp("neighbour", "192.168.50.1", 30_082), "ECONNREFUSED");
		t.is(await lab.tcp("pod1", "10.96.0.99", 80), "ECONNREFUSED", "an address of no service");
		t.is(await lab.tcp("node", "10.96.0.99", 80), "ECONNREFUSED");
		lab.put(slice("empty", [POD2]));
		await until(t, () => lab.tcp("pod1", "10.96.0.25", 80), /^pod2/);
	});

	serial("UDP clients that keep their port follow their service's backends", async (t, lab) => {
		const ports = [{ name: "dns", port: 53, protocol: "UDP" as const }];
		const udp = (backends: Parameters<typeof slice>[1]) =>
			slice("udp", backends, { ports: [{ name: "dns", port: 8080, protocol: "UDP" }] });
		const ask = () => lab.udp("pod1", "10.96.0.26", 53, 5_353);
		lab.put(service("udp", clusterIP("10.96.0.26", { ports })), udp([]));
		await until(t, ask, /^ECONNREFUSED$/);
		lab.put(udp([POD2]));
		await until(t, ask, /^pod2/);
		lab.put(udp([POD3]));
		await until(t, ask, /^pod3/);
		lab.put(udp([]));
		await until(t, ask, /^ECONNREFUSED$/);
	});

	serial("the node answers DNS questions of its pods and its own", async (t, lab) => {
		lab.put(service("db", { clusterIP: "None" }), slice("db", [POD2, POD3]));
		const dig = async (from: "pod1" | "node", ...args: string[]) => {
			const output = await lab.exec(from, "dig", "@10.96.0.10", "+short", "+tries=1", "+time=2", ...args);
			return output.trim().split("\n").sort();
		};
		await until(
			t,
			async () => `${await dig("pod1", "db.default.svc.cluster.local")}`,
			/^10.244.1.3,10.244.2.2$/,
		);
		t.deepEqual(await dig("node", "web.default.svc.cluster.local"), ["10.96.0.20"]);
		t.deepEqual(await dig("pod1", "+tcp", "pod3.db.default.svc.cluster.local"), ["10.244.2.2"]);
		t.deepEqual(await dig("pod1", "-x", "10.96.0.20"), ["web.default.svc.cluster.local."]);
		t.regex(await lab.exec("pod1", "dig", "@10.96.0.10", "example.com"), /SERVFAIL/);
	});

	serial("rules that somebody flushed come back by themselves", async (t, lab) => {
		await lab.exec("node", "iptables", "-F", "FORWARD");
		await until(t, () => lab.tcp("pod1", "10.96.0.20", 80), /^pod/, 10_000);
		await lab.exec("node", "iptables", "-t", "nat", "-F");
		await until(t, () => lab.tcp("pod1", "10.96.0.20", 80), /^pod/, 10_000);
	});

	serial("rules stay while the proxy is away, and what has gone meanwhile is taken away", async (t, lab) => {
		await lab.stopProxy({ cleanup: false });
		t.regex(await lab.tcp("pod1", "10.96.0.20", 80), /^pod/);
		await lab.startProxy();
		lab.put(service("self", clusterIP("10.96.0.21")), slice("self", [POD1]));
		await until(t, () => lab.tcp("pod1", "10.96.0.20", 80), /^ECONNREFUSED$/);
		await until(t, () => lab.tcp("pod1", "10.96.0.21", 80), /^pod1/);
	});

	serial("cleaning up leaves nothing behind", async (t, lab) => {
		await lab.stopProxy({ cleanup: true });
		t.is(await state(lab), clean);
	});
}

/** Rules, addresses and routes of the node. */
async function state(lab: Lab): Promise<string> {
	const rules = await lab.exec("node", "iptables-save");
	const rest = await Promise.all([
		lab.exec("node", "ip", "-brief", "address"),
		lab.exec("node", "ip", "route"),
	]);
	// Tables of the kernel's that were made on the way, and are empty, count as nothing.
	return [...rules.split("\n").filter((line) => /^(-A|:BERTH)/.test(line)), ...rest].join("\n");
}

async function until(
	t: ExecutionContext,
	look: () => Promise<string>,
	wanted: RegExp,
	patience = 5_000,
): Promise<void> {
	const deadline = Date.now() + patience;
	let seen = await look();
	while (!wanted.test(seen) && Date.now() < deadline) {
		await sleep(20);
		seen = await look();
	}
	t.regex(seen, wanted);
}
