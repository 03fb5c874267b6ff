import type { Node } from "@berth/api";
import test from "ava";
import { routesOf } from "./pod-routes.ts";

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
