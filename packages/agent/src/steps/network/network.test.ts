import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "@berth/api";
import test, { type ExecutionContext } from "ava";
import { podOf } from "../../pods/decide.world.ts";
import { createPodDirectories } from "../pod-directory.ts";
import { type Cni, createCni } from "./cni.ts";
import { createNetwork } from "./network.ts";
import { chainOf } from "./plugin-chain.ts";

const inDirectory = (title: string, body: (t: ExecutionContext, directory: string) => Promise<void>) =>
	test(title, async (t) => {
		const directory = await mkdtemp(join(tmpdir(), "berth-network-"));
		try {
			await body(t, directory);
		} finally {
			await rm(directory, { recursive: true });
		}
	});

test("the chain of a pod: the bridge, and host ports where it has some", (t) => {
	const options = { podCidrs: ["10.244.3.0/24", "fd00::/64"], bridge: "berth0", mtu: 1450, addressDir: "/a" };
	const [bridge, ...rest] = chainOf(podOf(), options);
	t.deepEqual(rest, []);
	t.like(bridge, {
		type: "bridge",
		bridge: "berth0",
		isGateway: true,
		hairpinMode: true,
		ipMasq: false,
		mtu: 1450,
	});
	t.like(bridge?.ipam, {
		ranges: [[{ subnet: "10.244.3.0/24" }], [{ subnet: "fd00::/64" }]],
		routes: [{ dst: "0.0.0.0/0" }, { dst: "::/0" }],
	});
	const ports = [
		{ containerPort: 80, hostPort: 8080, protocol: "UDP" as const, hostIP: "127.0.0.1" },
		{ containerPort: 81 },
	];
	const [, portmap] = chainOf(podOf({ containers: [{ name: "a", ports }] }), options);
	t.deepEqual(portmap?.runtimeConfig, {
		portMappings: [{ hostPort: 8080, containerPort: 80, protocol: "udp", hostIP: "127.0.0.1" }],
	});
});

/** Remembers who has a network, as plugins do. */
function fakeCni() {
	const attached = new Set<string>();
	const calls: string[] = [];
	const cni: Cni & { failNext?: boolean } = {
		missing: async () => [],
		add: async ([config], { containerId, ifName }) => {
			if (ifName === "lo") return {};
			calls.push(`add ${containerId}`);
			if (attached.has(containerId)) throw new Error("duplicate allocation is not allowed");
			attached.add(containerId);
			if (cni.failNext) {
				cni.failNext = false;
				throw new Error(`${config?.type} broke`);
			}
			return { ips: [{ address: "10.244.3.9/24" }] };
		},
		del: async (_chain, { containerId, netns }) => {
			calls.push(`del ${containerId} ${netns}`);
			attached.delete(containerId);
		},
	};
	return { cni, attached, calls };
}

const networkIn = (directory: string, cni: Cni, podCidrs = ["10.244.3.0/24"]) =>
	createNetwork({
		cni,
		directories: createPodDirectories(join(directory, "pods")),
		dataDir: directory,
		bridge: "berth0",
		mtu: async () => 1500,
		podCidrs: () => podCidrs,
		log: silentLogger,
	});
const POD_ID = { namespace: "default", name: "web", uid: "u1" };

inDirectory("connected once, disconnected from what is written down", async (t, directory) => {
	const { cni, attached, calls } = fakeCni();
	const network = networkIn(directory, cni);
	const record = await network.connect(podOf(), { id: "s0", pid: 42 });
	t.like(record, { sandbox: "s0", complete: true, ips: ["10.244.3.9"] });
	await network.connect(podOf(), { id: "s0", pid: 42 });
	t.deepEqual(calls, ["add s0"]);
	const later = networkIn(directory, cni, []);
	t.deepEqual(await later.recordOf("u1"), record);
	await later.disconnect(POD_ID, 0);
	t.deepEqual(calls, ["add s0", "del s0 "]);
	t.is(attached.size, 0);
	await later.disconnect(POD_ID, 0);
	t.is(calls.length, 2);
});

inDirectory("an attempt that failed or was cut short is undone before the next", async (t, directory) => {
	const { cni, attached } = fakeCni();
	const network = networkIn(directory, cni);
	cni.failNext = true;
	await t.throwsAsync(network.connect(podOf(), { id: "s0", pid: 42 }), { message: "bridge broke" });
	t.is(attached.size, 0);
	attached.add("s0");
	t.true((await network.connect(podOf(), { id: "s0", pid: 42 })).complete);
	t.true((await network.connect(podOf(), { id: "s1", pid: 43 })).complete);
	t.deepEqual([...attached], ["s1"], "the sandbox before it has given its address back");
});

inDirectory("what is missing, and what to do", async (t, directory) => {
	const { cni } = fakeCni();
	t.regex((await networkIn(directory, cni, []).obstacle()) ?? "", /spec\.podCIDR/);
	const lacking = { ...cni, missing: async () => ["bridge"] };
	t.regex(
		(await networkIn(directory, lacking).obstacle()) ?? "",
		/CNI plugins are missing: bridge\. Install them/,
	);
	await t.throwsAsync(networkIn(directory, lacking).connect(podOf(), { id: "s0", pid: 1 }), {
		message: /missing/,
	});
});

inDirectory("addresses of sandboxes that are gone are given back", async (t, directory) => {
	const addresses = join(directory, "addresses/berth");
	await mkdir(addresses, { recursive: true });
	for (const [name, owner] of [
		["10.244.3.2", "gone"],
		["10.244.3.3", "s1"],
		["fd00::2", "gone"],
		["lock", ""],
		["last_reserved_ip.0", "10.244.3.3"],
	]) {
		await writeFile(join(addresses, name ?? ""), `${owner}\r\neth0`);
	}
	await networkIn(directory, fakeCni().cni).sweep(new Set(["s1"]));
	t.deepEqual((await readdir(addresses)).sort(), ["10.244.3.3", "last_reserved_ip.0", "lock"]);
});

inDirectory("plugins are found, told what to do, and heard", async (t, directory) => {
	const plugin = async (name: string, script: string) => {
		await writeFile(join(directory, name), `#!/bin/sh\n${script}\n`);
		await chmod(join(directory, name), 0o755);
	};
	await plugin(
		"good",
		'echo "{\\"ips\\":[{\\"address\\":\\"$CNI_COMMAND/$CNI_CONTAINERID/$CNI_IFNAME\\"}]}"',
	);
	await plugin("echo", "cat");
	await plugin(
		"bad",
		'echo "{\\"code\\": 11, \\"msg\\": \\"no address\\", \\"details\\": \\"all taken\\"}"; exit 1',
	);
	const cni = createCni(["/nowhere", directory], process.env.PATH ?? "");
	const at = { containerId: "s0", netns: "/proc/1/ns/net", ifName: "eth0" };
	t.deepEqual(await cni.missing(["good", "none"]), ["none"]);
	t.deepEqual(await cni.add([{ type: "good" }], at), { ips: [{ address: "ADD/s0/eth0" }] });
	t.like(await cni.add([{ type: "good" }, { type: "echo" }], at), {
		prevResult: { ips: [{ address: "ADD/s0/eth0" }] },
	});
	await t.throwsAsync(cni.add([{ type: "bad" }], at), {
		message: 'plugin type="bad" failed (add): no address; all taken',
	});
	await t.throwsAsync(cni.del([{ type: "none" }], at), { message: /CNI plugin "none" is in none of/ });
});
