/**
 * Flow schemas and priority levels that every cluster has. Mandatory ones are kept as they are; suggested ones are made
 * when they are missing at start, and belong to the cluster's administrators from then on.
 */
import {
	type AnyKind,
	type Draft,
	FlowSchema,
	hasReason,
	type KubeObject,
	PriorityLevelConfiguration,
	type Transport,
} from "@berth/api";
import type { Objects } from "../store/objects.ts";
import type { Wanted } from "./bootstrap.ts";

type Rules = NonNullable<FlowSchema["spec"]["rules"]>;
type Rule = Rules[number];
type Subject = Rule["subjects"][number];

/** Those that the server can not do without. */
export const mandatoryFlows = (): Wanted[] => [
	level("exempt", { type: "Exempt", exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }),
	level("catch-all", {
		type: "Limited",
		limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: "Reject" } },
	}),
	schema("exempt", "exempt", 1, [everything([group("system:masters")])]),
	schema(
		"catch-all",
		"catch-all",
		10_000,
		[everything([group("system:unauthenticated"), group("system:authenticated")])],
		"ByUser",
	),
];

/** Makes the suggested ones that are missing. Rejects when the front door refuses. */
export async function suggestFlows(objects: Objects, transport: Transport): Promise<void> {
	const missing = suggested().filter(
		({ kind, draft }) => !objects.of<KubeObject>(kind).get(draft.metadata.name ?? ""),
	);
	await Promise.all(
		missing.map(async ({ kind, draft }) => {
			const path = `/apis/${kind.apiVersion}/${kind.plural}`;
			try {
				await transport.call({ method: "POST", path, body: draft });
			} catch (error) {
				if (!hasReason(error, "AlreadyExists")) throw error;
			}
		}),
	);
}

const suggested = (): Wanted[] => [
	queued("system", 30, 33, { queues: 64, handSize: 6, queueLengthLimit: 50 }),
	queued("node-high", 40, 25, { queues: 64, handSize: 6, queueLengthLimit: 50 }),
	queued("leader-election", 10, 0, { queues: 16, handSize: 4, queueLengthLimit: 50 }),
	queued("workload-high", 40, 50, { queues: 128, handSize: 6, queueLengthLimit: 50 }),
	queued("workload-low", 100, 90, { queues: 128, handSize: 6, queueLengthLimit: 50 }),
	queued("global-default", 20, 50, { queues: 128, handSize: 6, queueLengthLimit: 50 }),
	schema("probes", "exempt", 2, [
		{
			subjects: [group("system:unauthenticated"), group("system:authenticated")],
			nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/readyz", "/livez"] }],
		},
	]),
	byUser("system-leader-election", "leader-election", 100, [
		on(
			[user("system:kube-controller-manager"), user("system:kube-scheduler"), account("kube-system", "*")],
			["get", "create", "update"],
			"coordination.k8s.io",
			["leases"],
		),
	]),
	byUser("endpoint-controller", "workload-high", 150, [
		on(
			[user("system:kube-controller-manager"), account("kube-system", "endpoint-controller")],
			["get", "create", "update"],
			"",
			["endpoints"],
		),
	]),
	byUser("workload-leader-election", "leader-election", 200, [
		on([account("kube-system", "*")], ["get", "create", "update"], "coordination.k8s.io", ["leases"]),
	]),
	byUser("system-node-high", "node-high", 400, [
		on([group("system:nodes")], ["*"], "", ["nodes", "nodes/status"]),
		on([group("system:nodes")], ["*"], "coordination.k8s.io", ["leases"]),
	]),
	byUser("system-nodes", "system", 500, [everything([group("system:nodes")])]),
	byUser("kube-controller-manager", "workload-high", 800, [
		everything([user("system:kube-controller-manager")]),
	]),
	byUser("kube-scheduler", "workload-high", 800, [everything([user("system:kube-scheduler")])]),
	byUser("kube-system-service-accounts", "workload-high", 900, [everything([account("kube-system", "*")])]),
	byUser("service-accounts", "workload-low", 9_000, [everything([group("system:serviceaccounts")])]),
	byUser("global-default", "global-default", 9_900, [
		everything([group("system:unauthenticated"), group("system:authenticated")]),
	]),
];

type LevelSpec = PriorityLevelConfiguration["spec"];
type Queuing = NonNullable<NonNullable<NonNullable<LevelSpec["limited"]>["limitResponse"]>["queuing"]>;

const level = (name: string, spec: LevelSpec): Wanted =>
	wanted<PriorityLevelConfiguration>(PriorityLevelConfiguration, name, { spec });

const queued = (
	name: string,
	nominalConcurrencyShares: number,
	lendablePercent: number,
	queuing: Queuing,
): Wanted =>
	level(name, {
		type: "Limited",
		limited: { nominalConcurrencyShares, lendablePercent, limitResponse: { type: "Queue", queuing } },
	});

const schema = (
	name: string,
	priorityLevel: string,
	matchingPrecedence: number,
	rules: Rules,
	distinguisher?: "ByUser",
): Wanted =>
	wanted<FlowSchema>(FlowSchema, name, {
		spec: {
			priorityLevelConfiguration: { name: priorityLevel },
			matchingPrecedence,
			...(distinguisher ? { distinguisherMethod: { type: distinguisher } } : {}),
			rules,
		},
	});

const byUser = (name: string, priorityLevel: string, precedence: number, rules: Rules): Wanted =>
	schema(name, priorityLevel, precedence, rules, "ByUser");

/** The annotation says whose the object is: true, the server's. */
function wanted<T extends KubeObject>(kind: AnyKind, name: string, body: Omit<Draft<T>, "metadata">): Wanted {
	const metadata = { name, annotations: { "apf.kubernetes.io/autoupdate-spec": "true" } };
	return { kind, draft: { ...body, metadata } };
}

const group = (name: string): Subject => ({ kind: "Group", group: { name } });
const user = (name: string): Subject => ({ kind: "User", user: { name } });
const account = (namespace: string, name: string): Subject => ({
	kind: "ServiceAccount",
	serviceAccount: { namespace, name },
});

const everything = (subjects: readonly Subject[]): Rule => ({
	subjects,
	resourceRules: [
		{ verbs: ["*"], apiGroups: ["*"], resources: ["*"], clusterScope: true, namespaces: ["*"] },
	],
	nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
});

const on = (
	subjects: readonly Subject[],
	verbs: readonly string[],
	apiGroup: string,
	resources: readonly string[],
): Rule => ({
	subjects,
	resourceRules: [{ verbs, apiGroups: [apiGroup], resources, clusterScope: true, namespaces: ["*"] }],
});
