/** Taints and tolerations: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
import { exceeds } from "../../machinery/selector.ts";
import type { Taint, Toleration } from "./scheduling.ts";

/** The first taint of one of these effects that nothing tolerates. */
export const untolerated = (
	taints: readonly Taint[],
	tolerations: readonly Toleration[],
	effects: readonly Taint["effect"][],
): Taint | undefined =>
	taints.find(
		(taint) => effects.includes(taint.effect) && !tolerations.some((each) => tolerates(each, taint)),
	);

/** Whether a pod with this toleration may come to, and stay on, a node with this taint. */
export function tolerates({ key, operator, value, effect }: Toleration, taint: Taint): boolean {
	if (effect && effect !== taint.effect) return false;
	// Without a key, only "Exists" is valid, and stands for every taint.
	if (key && key !== taint.key) return false;
	switch (operator || "Equal") {
		case "Exists":
			return true;
		case "Equal":
			return Boolean(key) && (value ?? "") === (taint.value ?? "");
		// The taint's number is greater than the toleration's …
		case "Gt":
			return exceeds(taint.value, value);
		// … or less.
		case "Lt":
			return exceeds(value, taint.value);
		default:
			return false;
	}
}
