/** Validation of the numbers of pods in statuses. */
import type { FieldError } from "../../machinery/field-error.ts";
import { atMost, nonNegative } from "../field-checks.ts";

interface Counts {
	readonly replicas?: number | undefined;
	readonly readyReplicas?: number | undefined;
	readonly availableReplicas?: number | undefined;
}

/** None of `parts` is more than all, and whoever is available is ready. `ready` is how messages name that count. */
export function replicaCountErrors<K extends string>(
	status: Counts & { readonly [F in K]?: number | null | undefined },
	counts: readonly K[],
	parts: readonly K[],
	ready: string,
): FieldError[] {
	const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
	return [
		...counts.flatMap((field) => nonNegative(`status.${field}`, status[field])),
		...parts.flatMap((field) => atMost(`status.${field}`, status[field] ?? 0, replicas, "status.replicas")),
		...atMost("status.availableReplicas", availableReplicas, readyReplicas, ready),
	];
}
