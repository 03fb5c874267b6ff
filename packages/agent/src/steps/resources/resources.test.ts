import type { Container } from "@berth/api";
import test from "ava";
import { podOf } from "../../pods/decide.world.ts";
import { limitsOf, quotaOf, resourcesOf, sharesOf } from "./resources.ts";

const GIB = 1024 ** 3;
const containerWith = (resources: NonNullable<Container["resources"]>): Container => ({
	name: "a",
	image: "app:1",
	resources,
});

test("shares: 1024 for each core, within the kernel's bounds", (t) => {
	const shares = [undefined, "0", "1m", "100m", "1.5", "1000"].map(sharesOf);
	t.deepEqual(shares, [2, 2, 2, 102, 1536, 262_144]);
});

test("quotas: of 100 ms, one at least", (t) => {
	t.deepEqual(["1m", "10m", "15m", "0.333", "2"].map(quotaOf), [1_000, 1_000, 1_500, 33_300, 200_000]);
});

test("a limit stands for a request that is not there; a limit of nothing is none", (t) => {
	t.deepEqual(limitsOf(containerWith({ limits: { cpu: "1", memory: "1Mi" } })), {
		cpuShares: 1024,
		cpuQuota: 100_000,
		memory: 1024 ** 2,
	});
	t.deepEqual(limitsOf(containerWith({ requests: { cpu: "0" }, limits: { cpu: "0", memory: "0" } })), {
		cpuShares: 2,
		cpuQuota: undefined,
		memory: undefined,
	});
});

test("scores: who asked for less memory goes first", (t) => {
	const score = (resources: NonNullable<Container["resources"]>) => {
		const container = containerWith(resources);
		return resourcesOf(podOf({ containers: [container] }), container, 4 * GIB).oomScore;
	};
	const all = { cpu: "1", memory: "1Gi" };
	t.is(score({ requests: all, limits: all }), -997);
	t.is(score({}), 1000);
	t.is(score({ requests: { memory: "1Gi" } }), 750);
	t.is(score({ requests: { cpu: "1" } }), 999);
	t.is(score({ requests: { memory: "4Gi" } }), 3);
	t.is(score({ requests: { memory: "6Mi" } }), 999, "parts of a thousandth do not count");
	t.is(score({ requests: { memory: "10Mi" } }), 998);
});

test("scores: a sidecar stays as long as the others, a critical pod longest", (t) => {
	const sidecar = { ...containerWith({}), restartPolicy: "Always" as const };
	const pod = podOf({
		initContainers: [sidecar],
		containers: [
			containerWith({ requests: { memory: "1Gi" } }),
			containerWith({ requests: { memory: "2Gi" } }),
		],
	});
	t.is(resourcesOf(pod, sidecar, 4 * GIB).oomScore, 750);
	const critical = { ...pod, spec: { ...pod.spec, priorityClassName: "system-node-critical" } };
	t.is(resourcesOf(critical, sidecar, 4 * GIB).oomScore, -997);
});
