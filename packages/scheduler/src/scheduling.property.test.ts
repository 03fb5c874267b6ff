/** Random clusters and pods, judged by a second, slow opinion that adds everything up from scratch. */
import { matchesNodeSelectorTerms, type Node, type Pod, podRequests, selectorOf } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { createCluster } from "./cluster/cluster.ts";
import { podInfo } from "./cluster/pod-info.ts";
import { aNode, aPod, onNode, seeded } from "./objects.fixture.ts";
import { schedule } from "./schedule.ts";

const zone = fc.constantFrom("a", "b", "");
const app = fc.constantFrom("x", "y");

const nodes = fc
	.array(
		fc.record({
			cpu: fc.integer({ min: 1, max: 4 }),
			memory: fc.integer({ min: 1, max: 4 }),
			pods: fc.integer({ min: 1, max: 6 }),
			zone,
			taint: fc.constantFrom<"NoSchedule" | "PreferNoSchedule" | undefined>(
				"NoSchedule",
				"PreferNoSchedule",
				undefined,
			),
			cordoned: fc.nat(9).map((value) => value === 0),
		}),
		{ minLength: 1, maxLength: 5 },
	)
	.map((wishes) =>
		wishes.map((each, index) =>
			aNode(`n${index}`, {
				cpu: `${each.cpu}`,
				memory: `${each.memory}Gi`,
				pods: `${each.pods}`,
				labels: each.zone ? { zone: each.zone } : {},
				spec: {
					unschedulable: each.cordoned,
					taints: each.taint ? [{ key: "t", effect: each.taint }] : [],
				},
			}),
		),
	);

const topologyKey = fc.constantFrom("zone", "kubernetes.io/hostname");
const seldom = <T>(arbitrary: fc.Arbitrary<T>) =>
	fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const term = fc.record({ labelSelector: fc.record({ matchLabels: fc.record({ app }) }), topologyKey });

const pods = fc
	.array(
		fc.record(
			{
				cpu: fc.integer({ min: 0, max: 800 }),
				memory: fc.integer({ min: 0, max: 800 }),
				app,
				hostPort: fc.constantFrom(undefined, 80, 81),
				zone,
				tolerates: fc.boolean(),
				near: seldom(term),
				far: seldom(term),
				spread: fc.record({
					maxSkew: fc.integer({ min: 1, max: 2 }),
					topologyKey,
					labelSelector: fc.record({ matchLabels: fc.record({ app }) }),
				}),
			},
			{ requiredKeys: ["cpu", "memory", "app", "zone", "tolerates"] },
		),
		{ minLength: 1, maxLength: 20 },
	)
	.map((wishes) =>
		wishes.map((each, index) =>
			aPod(`p${index}`, {
				labels: { app: each.app },
				owner: each.app,
				requests: { cpu: `${each.cpu}m`, memory: `${each.memory}Mi` },
				...(each.hostPort && { hostPort: each.hostPort }),
				spec: {
					...(each.zone && { nodeSelector: { zone: each.zone } }),
					...(each.tolerates && { tolerations: [{ key: "t", operator: "Exists" as const }] }),
					affinity: {
						...(each.near && {
							podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [each.near] },
						}),
						...(each.far && {
							podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [each.far] },
						}),
					},
					...(each.spread && {
						topologySpreadConstraints: [{ ...each.spread, whenUnsatisfiable: "DoNotSchedule" as const }],
					}),
				},
			}),
		),
	);

/** Everything a placement must satisfy, computed from the plain objects. */
function mayRun(pod: Pod, node: Node, all: readonly Node[], placed: readonly Pod[]): boolean {
	const here = placed.filter(({ spec }) => spec.nodeName === node.metadata.name);
	const sum = (of: (pod: Pod) => number) => [...here, pod].reduce((total, each) => total + of(each), 0);
	const { allocatable = {} } = node.status ?? {};
	if (here.length + 1 > Number(allocatable.pods)) return false;
	const own = podRequests(pod.spec);
	if (own.cpu > 0 && sum((each) => podRequests(each.spec).cpu) > Number(allocatable.cpu) * 1_000)
		return false;
	const memory = Number.parseInt(allocatable.memory ?? "", 10) * 2 ** 30;
	if (own.memory > 0 && sum((each) => podRequests(each.spec).memory) > memory) return false;
	if (node.spec.unschedulable) return false;
	const taints = (node.spec.taints ?? []).filter(({ effect }) => effect === "NoSchedule");
	if (taints.length > 0 && !pod.spec.tolerations?.length) return false;
	const selected = Object.entries(pod.spec.nodeSelector ?? {}).map(([key, value]) => ({
		key,
		operator: "In",
		values: [value],
	}));
	const suits = (each: Node) =>
		selected.length === 0 ||
		matchesNodeSelectorTerms([{ matchExpressions: selected }], {
			name: each.metadata.name,
			labels: each.metadata.labels,
		});
	if (!suits(node)) return false;
	const port = (each: Pod) => each.spec.containers[0]?.ports?.[0]?.hostPort;
	if (port(pod) && here.some((each) => port(each) === port(pod))) return false;

	const valueOn = (name: string | undefined, key: string) =>
		all.find(({ metadata }) => metadata.name === name)?.metadata.labels?.[key];
	const together = (a: Pod | Node, key: string) => {
		const name = "spec" in a && "nodeName" in a.spec ? a.spec.nodeName : a.metadata.name;
		const value = valueOn(node.metadata.name, key);
		return value !== undefined && valueOn(name, key) === value;
	};
	const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
	for (const far of podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
		const selector = selectorOf(far.labelSelector);
		if (placed.some((each) => selector.matches(each.metadata.labels) && together(each, far.topologyKey)))
			return false;
	}
	for (const each of placed) {
		for (const far of each.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ??
			[]) {
			if (selectorOf(far.labelSelector).matches(pod.metadata.labels) && together(each, far.topologyKey))
				return false;
		}
	}
	for (const near of podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []) {
		const selector = selectorOf(near.labelSelector);
		if (valueOn(node.metadata.name, near.topologyKey) === undefined) return false;
		const company = placed.filter(
			(each) =>
				selector.matches(each.metadata.labels) && valueOn(each.spec.nodeName, near.topologyKey) !== undefined,
		);
		const first = company.length === 0 && selector.matches(pod.metadata.labels);
		if (!first && !company.some((each) => together(each, near.topologyKey))) return false;
	}
	for (const { topologyKey: key, labelSelector, maxSkew } of pod.spec.topologySpreadConstraints ?? []) {
		const selector = selectorOf(labelSelector);
		const value = valueOn(node.metadata.name, key);
		if (value === undefined) return false;
		const counts = new Map<string, number>();
		for (const each of all) {
			const domain = each.metadata.labels?.[key];
			if (domain === undefined || !suits(each)) continue;
			const on = placed.filter(
				({ spec, metadata }) => spec.nodeName === each.metadata.name && selector.matches(metadata.labels),
			);
			counts.set(domain, (counts.get(domain) ?? 0) + on.length);
		}
		const own = selector.matches(pod.metadata.labels) ? 1 : 0;
		if ((counts.get(value) ?? 0) + own - Math.min(...counts.values()) > maxSkew) return false;
	}
	return true;
}

test("the chosen node satisfies everything, and a pod is refused only where no node does", (t) => {
	const property = fc.property(
		nodes,
		pods,
		fc.integer(),
		fc.infiniteStream(fc.nat(3)),
		(all, wanted, seed, dice) => {
			const cluster = createCluster();
			for (const node of all) cluster.setNode(node);
			const random = seeded(seed);
			let placed: Pod[] = [];
			for (const pod of wanted) {
				const verdict = schedule(podInfo(pod), cluster, random);
				const possible = all
					.filter((node) => mayRun(pod, node, all, placed))
					.map(({ metadata }) => metadata.name);
				if (verdict.node === undefined) {
					t.deepEqual(possible, [], `${pod.metadata.name} was refused`);
					const counted = [...verdict.reasons.values()].reduce((sum, count) => sum + count, 0);
					t.true(counted >= all.length, "each node has its reason");
				} else {
					t.true(possible.includes(verdict.node), `${pod.metadata.name} on ${verdict.node}`);
					const bound = onNode(pod, verdict.node);
					cluster.assume(podInfo(pod), verdict.node);
					if (dice.next().value) cluster.place(bound);
					placed.push(bound);
				}
				// Now and then one goes again, so that what is kept is also taken back.
				const [oldest] = placed;
				if (oldest && dice.next().value === 0) {
					cluster.remove(podInfo(oldest).key);
					placed = placed.slice(1);
				}
			}
		},
	);
	fc.assert(property, { numRuns: 200 });
});

test("same cluster, same seed, same nodes", (t) => {
	const property = fc.property(nodes, pods, fc.integer(), (all, wanted, seed) => {
		const run = () => {
			const cluster = createCluster();
			for (const node of all) cluster.setNode(node);
			const random = seeded(seed);
			return wanted.map((pod) => {
				const { node } = schedule(podInfo(pod), cluster, random);
				if (node) cluster.assume(podInfo(pod), node);
				return node;
			});
		};
		t.deepEqual(run(), run());
	});
	fc.assert(property, { numRuns: 30 });
});
