import { type Node, silentLogger } from "@berth/api";
import test from "ava";
import type { Run } from "./host/run.ts";
import { keepPodRoutes, routesOf } from "./pod-routes.ts";

const nodeOf = (name: string, podCIDRs: readonly string[], addresses: readonly string[]): Node => ({
	apiVersion: "v1",
	kind: "Node",
	metadata: { name, uid: name, resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" },
	spec: { podCIDRs, podCIDR: podCIDRs[0] },
	status: { addresses: addresses.map((address) => ({ type: "InternalIP", address })) },
});

test("routes lead to the pods of all other machines, by addresses of the same family", (t) => {
	const nodes = [
		nodeOf("host-1", ["10.244.1.0/24"], ["10.0.0.1"]),
		nodeOf("host-2", ["10.244.2.0/24", "fd00:2::/64"], ["10.0.0.2", "fd00::2"]),
		nodeOf("host-3", ["10.244.3.0/24"], []),
		nodeOf("host-4", [], ["10.0.0.4"]),
	];
	t.deepEqual(routesOf(nodes, new Set(["127.0.0.1", "10.0.0.1"])), [
		{ range: "10.244.2.0/24", via: "10.0.0.2" },
		{ range: "fd00:2::/64", via: "fd00::2" },
	]);
});

test("what an earlier process left is put right at the start", async (t) => {
	const stop = new AbortController();
	const asked: string[] = [];
	const run: Run = async (_program, args) => {
		const words = args.join(" ");
		if (words.includes("show")) {
			const stdout = words.startsWith("-4") ? '[{"dst":"10.244.9.0/24"},{"dst":"10.244.2.0/24"}]' : "";
			return { code: 0, stdout, stderr: "" };
		}
		asked.push(words);
		if (words.includes("replace")) stop.abort();
		return { code: 0, stdout: "", stderr: "" };
	};
	const nodes = {
		list: () => [nodeOf("host-2", ["10.244.2.0/24"], ["192.0.2.77"])],
		subscribe: () => () => {},
		synced: true,
	};
	await keepPodRoutes({ nodes, log: silentLogger, run }, stop.signal);
	t.deepEqual(asked, [
		"-4 route del 10.244.9.0/24 proto 107",
		"-4 route replace 10.244.2.0/24 via 192.0.2.77 proto 107",
	]);
});
