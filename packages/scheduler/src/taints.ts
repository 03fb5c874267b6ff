/** Taints and tolerations: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
import { labelInteger, type Taint, type Toleration } from "@berth/api";

/** The first taint of one of these effects that nothing tolerates. */
export const untolerated = (
	taints: readonly Taint[],
	tolerations: readonly Toleration[],
	effects: readonly Taint["effect"][],
): Taint | undefined =>
	taints.find(
		(taint) => effects.includes(taint.effect) && !tolerations.some((each) => tolerates(each, taint)),
	);

export function tolerates({ key, operator, value, effect }: Toleration, taint: Taint): boolean {
	if (effect && effect !== taint.effect) return false;
	// Without a key, only "Exists" is valid, and stands for every taint.
	if (key && key !== taint.key) return false;
	switch (operator || "Equal") {
		case "Exists":
			return true;
		case "Equal":
			return Boolean(key) && (value ?? "") === (taint.value ?? "");
		default:
			return compares(operator, taint.value, value);
	}
}

/** `Gt` tolerates a taint whose number is greater than the toleration's, `Lt` one that is less. */
function compares(
	operator: string | undefined,
	taint: string | undefined,
	bound: string | undefined,
): boolean {
	const left = labelInteger(taint);
	const right = labelInteger(bound);
	if (left === undefined || right === undefined) return false;
	return operator === "Gt" ? left > right : operator === "Lt" && left < right;
}
