import type { Pod, PodDisruptionBudget } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { type Cluster, createCluster } from "../cluster/cluster.ts";
import { type PodInfo, podInfo } from "../cluster/pod-info.ts";
import { judge } from "../judgement.ts";
import { aNode, aPod, onNode, type PodWishes } from "../objects.fixture.ts";
import { FILTERS } from "../plugins.ts";
import { schedule } from "../schedule.ts";
import { againstBudgets } from "./budgets.ts";
import { preempt } from "./preempt.ts";
import { byImportance } from "./victims.ts";

const NOW = Date.UTC(2026, 0, 2);

const ranked = (name: string, priority: number, wishes: PodWishes = {}, startTime?: string): Pod => {
	const pod = aPod(name, { ...wishes, spec: { ...wishes.spec, priority } });
	return startTime ? { ...pod, status: { ...pod.status, startTime } } : pod;
};

const budget = (app: string, disruptionsAllowed: number) =>
	({
		metadata: { namespace: "default", name: app },
		spec: { selector: { matchLabels: { app } } },
		status: { disruptionsAllowed },
	}) as unknown as PodDisruptionBudget;

function ask(cluster: Cluster, pod: PodInfo, budgets: readonly PodDisruptionBudget[] = []) {
	const refusal = schedule(pod, cluster, () => 0);
	if (refusal.node !== undefined) return undefined;
	return preempt({ pod, refusal, snapshot: cluster, budgets, random: () => 0, now: NOW });
}

/** The node and who leaves it, or why nobody does. */
function outcome(cluster: Cluster, pod: Pod, budgets?: readonly PodDisruptionBudget[]): string {
	const found = ask(cluster, podInfo(pod), budgets);
	if (!found) return "fits";
	if (found.node === undefined) return found.message;
	return `${found.node}: ${found.victims.map(({ pod: { metadata } }) => metadata.name).join(" ")}`;
}

const cpu = (amount: string): PodWishes => ({ requests: { cpu: amount } });

test("the least important go, and only as many as it takes", (t) => {
	const cluster = createCluster();
	cluster.setNode(aNode("a", { cpu: "4" }));
	cluster.place(onNode(ranked("low", 1, cpu("1")), "a"));
	cluster.place(onNode(ranked("lower", 0, cpu("1")), "a"));
	cluster.place(onNode(ranked("middle", 5, cpu("1")), "a"));
	cluster.place(onNode(ranked("equal", 10, cpu("1")), "a"));
	t.is(outcome(cluster, ranked("x", 10, cpu("1"))), "a: lower");
	t.is(outcome(cluster, ranked("x", 10, cpu("2"))), "a: low lower");
	t.is(
		outcome(cluster, ranked("x", 10, cpu("4"))),
		"0/1 nodes are available: 1 Insufficient cpu.",
		"one of its equals stays",
	);
	t.is(
		outcome(cluster, ranked("x", 0, cpu("1"))),
		"0/1 nodes are available: 1 No preemption victims found for incoming pod.",
	);
	t.is(
		outcome(cluster, ranked("x", 10, cpu("5"))),
		"0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
	);
	t.is(
		outcome(cluster, ranked("x", 10, { ...cpu("1"), spec: { preemptionPolicy: "Never" } })),
		"not eligible due to preemptionPolicy=Never.",
	);
});

test("of several nodes the one where the least harm is done, in order", (t) => {
	const harm = (a: Pod[], b: Pod[], budgets: PodDisruptionBudget[] = []) => {
		const cluster = createCluster();
		cluster.setNode(aNode("a", { cpu: "2" }));
		cluster.setNode(aNode("b", { cpu: "2" }));
		for (const pod of a) cluster.place(onNode(pod, "a"));
		for (const pod of b) cluster.place(onNode(pod, "b"));
		return outcome(cluster, ranked("x", 100, cpu("2")), budgets)[0];
	};
	const guarded = ranked("guarded", 0, { ...cpu("2"), labels: { app: "g" } });
	t.is(harm([guarded], [ranked("high", 50, cpu("2"))], [budget("g", 0)]), "b", "budgets before priorities");
	t.is(harm([guarded], [ranked("high", 50, cpu("2"))], [budget("g", 1)]), "a", "a budget that allows it");
	t.is(harm([ranked("p", 7, cpu("2"))], [ranked("q", 6, cpu("2"))]), "b", "the lowest of the highest");
	t.is(
		harm(
			[ranked("p", 7, cpu("1")), ranked("q", 6, cpu("1"))],
			[ranked("r", 7, cpu("1")), ranked("s", 5, cpu("1"))],
		),
		"b",
		"the lowest sum",
	);
	t.is(
		harm([ranked("p", 0, cpu("1")), ranked("q", 0, cpu("1"))], [ranked("r", 0, cpu("2"))]),
		"b",
		"the fewest",
	);
	t.is(
		harm(
			[ranked("p", 0, cpu("2"), "2026-01-01T10:00:00Z")],
			[ranked("q", 0, cpu("2"), "2026-01-01T11:00:00Z")],
		),
		"b",
		"the youngest",
	);
	t.is(harm([ranked("p", 0, cpu("2"))], [ranked("q", 0, cpu("2"))]), "a", "the first");
});

test("room is made where that helps: ports and neighbours, but not labels and taints", (t) => {
	const cluster = createCluster();
	cluster.setNode(aNode("a"));
	cluster.setNode(aNode("b", { spec: { taints: [{ key: "k", effect: "NoSchedule" }] } }));
	cluster.place(onNode(ranked("web", 0, { hostPort: 80, labels: { app: "web" } }), "a"));
	t.is(outcome(cluster, ranked("x", 1, { hostPort: 80 })), "a: web");
	const apart = ranked("x", 1, {
		spec: {
			affinity: {
				podAntiAffinity: {
					requiredDuringSchedulingIgnoredDuringExecution: [
						{ labelSelector: { matchLabels: { app: "web" } }, topologyKey: "kubernetes.io/hostname" },
					],
				},
			},
		},
	});
	t.is(outcome(cluster, apart), "a: web");
	t.is(
		outcome(cluster, ranked("x", 1, { spec: { nodeSelector: { none: "such" } } })),
		"0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
	);
});

test("no more are asked while those who were have not gone; what is kept for a pod is kept from lesser ones", (t) => {
	const cluster = createCluster();
	cluster.setNode(aNode("a", { cpu: "2" }));
	const going = ranked("going", 0, { ...cpu("1"), meta: { deletionTimestamp: "2026-01-01T00:00:00Z" } });
	const condition = {
		type: "DisruptionTarget",
		status: "True",
		reason: "PreemptionByScheduler",
		lastTransitionTime: "2026-01-01T00:00:00Z",
	};
	cluster.place(onNode({ ...going, status: { ...going.status, conditions: [condition] } }, "a"));
	cluster.place(onNode(ranked("other", 0, cpu("1")), "a"));
	const next = ranked("next", 10, cpu("1"));
	cluster.nominate(podInfo(next), "a");
	t.is(outcome(cluster, next), "not eligible due to a terminating pod on the nominated node.");
	cluster.remove("default/going");
	t.regex(outcome(cluster, ranked("late", 9, cpu("1"))), /^a: other/, "the free half is spoken for");
	t.is(outcome(cluster, ranked("urgent", 11, cpu("1"))), "fits", "but not against a higher one");
	t.is(outcome(cluster, next), "fits");
	cluster.denominate("default/next");
	t.is(outcome(cluster, ranked("late", 9, cpu("1"))), "fits");
});

const APPS = ["x", "y"] as const;
const wish = fc.record({
	priority: fc.integer({ min: 0, max: 3 }),
	cpu: fc.integer({ min: 0, max: 3 }),
	app: fc.constantFrom(...APPS),
	hostPort: fc.constantFrom(undefined, undefined, 80, 81),
	isAlone: fc.nat(4).map((value) => value === 0),
	minute: fc.integer({ min: 10, max: 20 }),
});
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never;

const made = (name: string, { priority, cpu: amount, app, hostPort, isAlone, minute }: Wish) =>
	ranked(
		name,
		priority,
		{
			requests: { cpu: `${amount}` },
			labels: { app },
			...(hostPort && { hostPort }),
			...(isAlone && {
				spec: {
					affinity: {
						podAntiAffinity: {
							requiredDuringSchedulingIgnoredDuringExecution: [
								{ labelSelector: { matchLabels: { app: "x" } }, topologyKey: "kubernetes.io/hostname" },
							],
						},
					},
				},
			}),
		},
		`2026-01-01T00:${minute}:00Z`,
	);

/** Every way to pick some of them. */
const subsets = <T>(items: readonly T[]): T[][] =>
	Array.from({ length: 2 ** items.length }, (_, bits) => items.filter((_, index) => bits & (1 << index)));

test("property: nobody of its rank goes, the pod fits then, and no better choice of victims would do on that node", (t) => {
	const property = fc.property(
		fc.array(fc.array(wish, { maxLength: 5 }), { minLength: 1, maxLength: 3 }),
		wish,
		fc.tuple(fc.nat(2), fc.nat(2)),
		(placed, wanted, allowed) => {
			const cluster = createCluster();
			for (const [index, pods] of placed.entries()) {
				cluster.setNode(aNode(`n${index}`, { cpu: "4" }));
				for (const [each, one] of pods.entries())
					cluster.place(onNode(made(`n${index}-${each}`, one), `n${index}`));
			}
			const pod = podInfo(made("new", wanted));
			const budgets = APPS.map((app, index) => budget(app, allowed[index] ?? 0));
			const before = cluster.nodes.map(({ used, pods, hostPorts }) => [
				used.cpu,
				pods.size,
				hostPorts.length,
			]);
			const found = ask(cluster, pod, budgets);
			t.deepEqual(
				cluster.nodes.map(({ used, pods, hostPorts }) => [used.cpu, pods.size, hostPorts.length]),
				before,
				"all is as it was",
			);
			if (!found) return;
			/** Whether the pod can run on the node without these. */
			const fits = (name: string, gone: readonly PodInfo[]) =>
				cluster.suppose((world) => {
					for (const each of gone) world.remove(each);
					const node = cluster.node(name);
					return node !== undefined && judge(pod, cluster, FILTERS).on(node) === undefined;
				});
			const lesser = (name: string) =>
				[...(cluster.node(name)?.pods.values() ?? [])].filter(({ priority }) => priority < pod.priority);
			if (found.node === undefined) {
				for (const { name } of cluster.nodes) t.false(fits(name, lesser(name)), "nothing would have helped");
				return;
			}
			t.true(found.victims.every(({ priority }) => priority < pod.priority));
			t.true(fits(found.node, found.victims));
			const { breaking, free } = againstBudgets(lesser(found.node).sort(byImportance(NOW)), budgets);
			const order = [...breaking, ...free];
			/** Who goes, the most precious first: the smaller, the better. */
			const cost = (set: readonly PodInfo[]) =>
				order.map((each) => (set.includes(each) ? "1" : "0")).join("");
			const best = subsets(order)
				.filter((set) => fits(found.node ?? "", set))
				.map(cost)
				.sort()[0];
			t.deepEqual([cost(found.victims)], best === undefined ? [] : [best]);
		},
	);
	fc.assert(property, { numRuns: 150 });
});
