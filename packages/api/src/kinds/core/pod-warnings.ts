/** What is legal in a pod and most likely not meant. Sent as warnings with the answer to a create or update. */

import { dnsLabelErrors } from "../../machinery/names.ts";
import { parseQuantity } from "../../machinery/quantity.ts";
import type { Container } from "./container.ts";
import type { Pod } from "./pod.ts";
import type { PodSpec, PodTemplateSpec } from "./pod-spec.ts";
import type { NodeSelectorTerm } from "./scheduling.ts";

export const podWarnings = (pod: Pod): string[] => specWarnings(pod.spec, "spec");

export const podTemplateWarnings = (template: PodTemplateSpec | undefined, path: string): string[] =>
	template?.spec ? specWarnings(template.spec, `${path}.spec`) : [];

/** Of a workload whose pods are called after it. */
export function podNameWarnings(name: string): string[] {
	const messages = name ? dnsLabelErrors(name) : [];
	return messages.length === 0
		? []
		: [
				`metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${messages.join(" ")}]`,
			];
}

/** Labels of nodes that have moved: key, version since when, and what to use instead. */
const MOVED_LABELS: ReadonlyMap<string, readonly [since: string, instead: string]> = new Map([
	["beta.kubernetes.io/arch", ["v1.14", "kubernetes.io/arch"]],
	["beta.kubernetes.io/os", ["v1.14", "kubernetes.io/os"]],
	["failure-domain.beta.kubernetes.io/region", ["v1.17", "topology.kubernetes.io/region"]],
	["failure-domain.beta.kubernetes.io/zone", ["v1.17", "topology.kubernetes.io/zone"]],
	["beta.kubernetes.io/instance-type", ["v1.17", "node.kubernetes.io/instance-type"]],
]);

function specWarnings(spec: PodSpec, path: string): string[] {
	const affinity = spec.affinity?.nodeAffinity;
	const terms = `${path}.affinity.nodeAffinity`;
	return [
		...Object.keys(spec.nodeSelector ?? {}).flatMap((key) =>
			labelWarning(key, `${path}.nodeSelector[${key}]`),
		),
		...(affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []).flatMap(
			(term, index) =>
				termWarnings(
					term,
					`${terms}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`,
				),
		),
		...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ preference }, index) =>
			termWarnings(
				preference,
				`${terms}.preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`,
			),
		),
		...(spec.topologySpreadConstraints ?? []).flatMap(({ topologyKey }, index) =>
			labelWarning(topologyKey, `${path}.topologySpreadConstraints[${index}].topologyKey`),
		),
		...((spec.terminationGracePeriodSeconds ?? 0) < 0
			? [
					`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
				]
			: []),
		...(spec.initContainers ?? []).flatMap((container, index) =>
			containerWarnings(container, `${path}.initContainers[${index}]`),
		),
		...(spec.containers ?? []).flatMap((container, index) =>
			containerWarnings(container, `${path}.containers[${index}]`),
		),
	];
}

function labelWarning(key: string, path: string): string[] {
	const moved = MOVED_LABELS.get(key);
	return moved ? [`${path}: deprecated since ${moved[0]}; use "${moved[1]}" instead`] : [];
}

const termWarnings = (term: NodeSelectorTerm | undefined, path: string): string[] =>
	(term?.matchExpressions ?? []).flatMap(({ key }, index) =>
		labelWarning(key, `${path}.matchExpressions[${index}].key`),
	);

const containerWarnings = (container: Container, path: string): string[] => [
	...fractionWarnings(container.resources?.limits, `${path}.resources.limits`),
	...fractionWarnings(container.resources?.requests, `${path}.resources.requests`),
	...hiddenEnvWarnings(container, path),
];

const NANO = 1_000_000_000n;

/** `memory: 100m` is a tenth of a byte; megabytes were meant. */
const fractionWarnings = (amounts: Readonly<Record<string, string>> | undefined, path: string): string[] =>
	Object.entries(amounts ?? {}).flatMap(([name, amount]) =>
		(name === "memory" || name === "ephemeral-storage") && parseQuantity(amount) % NANO !== 0n
			? [`${path}[${name}]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`]
			: [],
	);

/** Later definitions win, unless they use the earlier one. */
function hiddenEnvWarnings({ env = [] }: Container, path: string): string[] {
	const values = new Map<string, string | undefined>();
	return env.flatMap(({ name, value }, index) => {
		const isHidden = values.has(name) && !value?.includes(`$(${name})`);
		values.set(name, value);
		return isHidden
			? [
					`${path}.env[${index}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
				]
			: [];
	});
}
