/** Cells that many kinds print alike. */

import { humanDuration } from "../machinery/duration.ts";
import type { Column } from "../machinery/kind.ts";
import type { KubeObject, LabelSelector } from "../machinery/meta.ts";
import { parseTime } from "../machinery/time.ts";

/** How long ago, in kubectl's words: `5m`, or `<unknown>` when there is no time. */
export const since = (time: string | undefined | null, now: number): string =>
	time ? humanDuration(now - parseTime(time)) : "<unknown>";

/** AGE: time since creation. */
export const ageColumn: Column<KubeObject> = {
	name: "Age",
	type: "string",
	description: "Time since the object was created.",
	value: (object, now) => since(object.metadata.creationTimestamp, now),
};

/** CREATED AT: what kinds without a printer of their own show. */
export const createdAtColumn: Column<KubeObject> = {
	name: "Created At",
	type: "date",
	description: "When the object was created.",
	value: (object) => object.metadata.creationTimestamp,
};

/** `a=1,b=2` in key order, or `<none>`. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
	const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
	return pairs.length === 0 ? "<none>" : pairs.sort().join(",");
}

/** A label selector as kubectl writes it, or `<none>` when it is empty. */
export function formatSelector(selector: LabelSelector | undefined): string {
	const terms = [
		...Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` })),
		...(selector?.matchExpressions ?? []).map(({ key, operator, values }) => ({
			key,
			text: expressionText(key, operator, values ?? []),
		})),
	].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
	return terms.length === 0 ? "<none>" : terms.map((term) => term.text).join(",");
}

function expressionText(key: string, operator: string, values: readonly string[]): string {
	if (operator === "Exists") return key;
	if (operator === "DoesNotExist") return `!${key}`;
	return `${key} ${operator === "In" ? "in" : "notin"} (${[...values].sort().join(",")})`;
}

interface Named {
	readonly name: string;
	readonly image?: string | undefined;
}

/** CONTAINERS and IMAGES of workloads; wide unless `priority` says 0. */
export function containerColumns<T extends KubeObject>(
	containersOf: (object: T) => readonly Named[] | undefined,
	priority = 1,
): readonly Column<T>[] {
	return [
		{
			name: "Containers",
			type: "string",
			priority,
			description: "Names of the containers in the template.",
			value: (object) => (containersOf(object) ?? []).map((container) => container.name).join(","),
		},
		{
			name: "Images",
			type: "string",
			priority,
			description: "Images of the containers in the template.",
			value: (object) => (containersOf(object) ?? []).map((container) => container.image ?? "").join(","),
		},
	];
}

interface Replicated extends KubeObject {
	readonly spec: { readonly replicas?: number | undefined };
	readonly status?: { readonly replicas: number; readonly readyReplicas?: number | undefined } | undefined;
}

/** DESIRED, CURRENT and READY of what keeps a number of pods. */
export const replicaColumns: readonly Column<Replicated>[] = [
	{
		name: "Desired",
		type: "integer",
		description: "Pods wanted.",
		value: ({ spec }) => spec.replicas ?? 0,
	},
	{
		name: "Current",
		type: "integer",
		description: "Pods there are.",
		value: ({ status }) => status?.replicas ?? 0,
	},
	{
		name: "Ready",
		type: "integer",
		description: "Pods that are ready.",
		value: ({ status }) => status?.readyReplicas ?? 0,
	},
];

/** CONTAINERS, IMAGES and SELECTOR of workloads, all wide. */
export function workloadColumns<T extends KubeObject>(
	containersOf: (object: T) => readonly Named[] | undefined,
	selectorOf: (object: T) => LabelSelector | undefined,
): readonly Column<T>[] {
	return [
		...containerColumns(containersOf),
		{
			name: "Selector",
			type: "string",
			priority: 1,
			description: "Labels of the pods that belong to it.",
			value: (object) => formatSelector(selectorOf(object)),
		},
	];
}
