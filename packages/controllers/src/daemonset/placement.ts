/** Which nodes a daemon set's pods belong to. Pure. */
import {
	type DaemonSet,
	matchesNodeSelectorTerms,
	type Node,
	type PodSpec,
	type Toleration,
	untolerated,
} from "@berth/api";

export interface Place {
	/** A pod should be made for this node. */
	readonly run: boolean;
	/** A pod that is there may stay. */
	readonly stay: boolean;
}

type Taint = Readonly<Required<Pick<Toleration, "key" | "effect">>>;

/** Conditions of nodes that daemons outlast: many of them are there to mend just these. */
const OUTLASTED: readonly Taint[] = [
	{ key: "node.kubernetes.io/not-ready", effect: "NoExecute" },
	{ key: "node.kubernetes.io/unreachable", effect: "NoExecute" },
	{ key: "node.kubernetes.io/disk-pressure", effect: "NoSchedule" },
	{ key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" },
	{ key: "node.kubernetes.io/pid-pressure", effect: "NoSchedule" },
	{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" },
];

const WITHOUT_NETWORK: Taint = { key: "node.kubernetes.io/network-unavailable", effect: "NoSchedule" };

/** The template's own tolerations, and those that every daemon has. */
export function daemonTolerations(spec: PodSpec): readonly Toleration[] {
	const own = spec.tolerations ?? [];
	const added = (spec.hostNetwork ? [...OUTLASTED, WITHOUT_NETWORK] : OUTLASTED)
		.map(({ key, effect }): Toleration => ({ key, operator: "Exists", effect }))
		.filter((toleration) => !own.some((each) => isSameToleration(each, toleration)));
	return [...own, ...added];
}

/** Judges nodes for one set. */
export function placement({ spec }: DaemonSet): (node: Node) => Place {
	const pod = spec.template.spec ?? { containers: [] };
	const labels = Object.entries(pod.nodeSelector ?? {});
	const required = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
	const tolerations = daemonTolerations(pod);
	return (node) => {
		const { name, labels: has = {} } = node.metadata;
		const fits =
			(!pod.nodeName || pod.nodeName === name) &&
			labels.every(([key, value]) => Object.hasOwn(has, key) && has[key] === value) &&
			(!required || matchesNodeSelectorTerms(required.nodeSelectorTerms, { name, labels: has }));
		if (!fits) return { run: false, stay: false };
		const taints = node.spec.taints ?? [];
		if (untolerated(taints, tolerations, ["NoExecute"])) return { run: false, stay: false };
		return { run: !untolerated(taints, tolerations, ["NoSchedule"]), stay: true };
	};
}

const isSameToleration = (a: Toleration, b: Toleration): boolean =>
	a.key === b.key &&
	a.effect === b.effect &&
	a.operator === b.operator &&
	(a.value ?? "") === (b.value ?? "");
