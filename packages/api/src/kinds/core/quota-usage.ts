/**
 * What objects take of a namespace's quotas. Pure; shared by the admission that charges and the controller that counts.
 * Source: Resource Quotas (concepts/policy).
 */

import type { AnyKind } from "../../machinery/kind.ts";
import type { KubeObject } from "../../machinery/meta.ts";
import { formatQuantity, parseQuantity, type QuantityFormat } from "../../machinery/quantity.ts";
import { parseTime } from "../../machinery/time.ts";
import type { PersistentVolumeClaim } from "./persistent-volume-claim.ts";
import type { Pod } from "./pod.ts";
import { isPodTerminal } from "./pod-readiness.ts";
import { aggregateResources, podRequests } from "./pod-resources.ts";
import type { Service } from "./service.ts";

/** Amounts by resource name, in billionths. */
export type QuotaUsage = ReadonlyMap<string, bigint>;

const ONE = 1_000_000_000n;
const MILLI = 1_000_000n;

/** Everything that a quota could count of one object; `now` in milliseconds since the epoch. */
export function quotaUsage(kind: AnyKind, object: KubeObject, now: number): QuotaUsage {
	const usage = new Map<string, bigint>([[countName(kind), ONE]]);
	if (kind.group !== "") return usage;
	switch (kind.plural) {
		case "pods":
			return new Map([...usage, ...podUsage(object as Pod, now)]);
		case "services":
			return new Map([...usage, ["services", ONE], ...serviceUsage(object as Service)]);
		case "persistentvolumeclaims":
			return new Map([
				...usage,
				["persistentvolumeclaims", ONE],
				...claimUsage(object as PersistentVolumeClaim),
			]);
		case "configmaps":
		case "replicationcontrollers":
		case "resourcequotas":
		case "secrets":
			return usage.set(kind.plural, ONE);
		default:
			return usage;
	}
}

/** `count/deployments.apps`, `count/pods`. */
const countName = ({ group, plural }: AnyKind): string => `count/${group ? `${plural}.${group}` : plural}`;

/** Whether a resource of a quota is counted on objects of this kind. */
export function isCountedOn(resource: string, kind: AnyKind): boolean {
	if (resource.startsWith("count/")) return resource === countName(kind);
	if (kind.group !== "") return false;
	if (resource === kind.plural) return true;
	switch (kind.plural) {
		case "services":
			return resource === "services.nodeports" || resource === "services.loadbalancers";
		case "persistentvolumeclaims":
			return resource === "requests.storage" || resource.includes(CLASS_SUFFIX);
		case "pods":
			return !OTHERS.has(resource) && !resource.includes(CLASS_SUFFIX) && !resource.startsWith("services.");
		default:
			return false;
	}
}

/** Names without a prefix that are not pods'. */
const OTHERS: ReadonlySet<string> = new Set([
	"configmaps",
	"persistentvolumeclaims",
	"replicationcontrollers",
	"requests.storage",
	"resourcequotas",
	"secrets",
	"services",
]);
const CLASS_SUFFIX = ".storageclass.storage.k8s.io/";

/** Ended pods, and those that should be gone by now, take nothing. */
function podUsage(pod: Pod, now: number): QuotaUsage {
	const { deletionTimestamp } = pod.metadata;
	if (isPodTerminal(pod) || (deletionTimestamp && parseTime(deletionTimestamp) < now)) return new Map();
	const usage = new Map<string, bigint>([["pods", ONE]]);
	const { cpu, memory, ephemeral, others } = podRequests(pod.spec);
	const request = (name: string, nano: bigint) => {
		if (nano === 0n) return;
		usage.set(name, nano);
		usage.set(`requests.${name}`, nano);
	};
	request("cpu", BigInt(cpu) * MILLI);
	request("memory", BigInt(memory) * ONE);
	request("ephemeral-storage", BigInt(ephemeral) * ONE);
	for (const [name, units] of others) request(name, BigInt(units) * ONE);
	const limits = {
		...aggregateResources(pod.spec, ({ resources }) => resources?.limits),
		...pod.spec.resources?.limits,
	};
	for (const [name, quantity] of Object.entries(limits)) {
		const overhead = pod.spec.overhead?.[name] ?? "0";
		usage.set(`limits.${name}`, parseQuantity(quantity) + parseQuantity(overhead));
	}
	return usage;
}

function serviceUsage({ spec }: Service): QuotaUsage {
	const ports = BigInt(spec.ports?.length ?? 0) * ONE;
	switch (spec.type) {
		case "NodePort":
			return new Map([["services.nodeports", ports]]);
		case "LoadBalancer":
			return new Map([
				["services.loadbalancers", ONE],
				...(spec.allocateLoadBalancerNodePorts === false ? [] : [["services.nodeports", ports] as const]),
			]);
		default:
			return new Map();
	}
}

function claimUsage({ spec }: PersistentVolumeClaim): QuotaUsage {
	const storage = parseQuantity(spec.resources?.requests?.storage ?? "0");
	const prefix = spec.storageClassName ? `${spec.storageClassName}${CLASS_SUFFIX}` : undefined;
	return new Map([
		["requests.storage", storage],
		...(prefix
			? ([
					[`${prefix}requests.storage`, storage],
					[`${prefix}persistentvolumeclaims`, ONE],
				] as const)
			: []),
	]);
}

/** An amount as quotas write it. */
export function quotaQuantity(resource: string, nano: bigint): string {
	const isBytes = /(?:^|\.|\/)(?:memory|ephemeral-storage|storage)$|hugepages-/.test(resource);
	const format: QuantityFormat = isBytes ? "BinarySI" : "DecimalSI";
	return formatQuantity(nano, format);
}
