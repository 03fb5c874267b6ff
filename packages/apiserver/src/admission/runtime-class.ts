/**
 * A pod that names a RuntimeClass takes over what that says: what running it that way costs, and which nodes can.
 * Source: Runtime Class, Pod Overhead.
 */
import { deepEqual, Pod, parseQuantity, RuntimeClass, type Toleration } from "@berth/api";
import type { Objects } from "../store/objects.ts";
import { type AdmissionPlugin, type AdmissionRequest, isAbout, refuse } from "./admission.ts";

export function runtimeClass(objects: Objects): AdmissionPlugin {
	function classOf(request: AdmissionRequest, { spec }: Pod): RuntimeClass | undefined {
		const name = spec.runtimeClassName;
		if (!name) return undefined;
		const found = objects.of<RuntimeClass>(RuntimeClass).get(name)?.object;
		if (!found) throw refuse(request, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
		return found;
	}
	return {
		name: "RuntimeClass",
		admit: (request) => {
			const pod = createdPod(request);
			const found = pod && classOf(request, pod);
			if (!found) return undefined;
			return {
				...pod,
				spec: { ...pod.spec, ...overhead(request, pod, found), ...nodes(request, pod, found) },
			};
		},
		validate: (request) => {
			const pod = createdPod(request);
			if (!pod) return;
			const found = classOf(request, pod);
			if (found?.overhead) {
				overhead(request, pod, found);
			} else if (pod.spec.overhead) {
				throw refuse(
					request,
					"pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead",
				);
			}
		},
	};
}

const createdPod = (request: AdmissionRequest): Pod | undefined =>
	isAbout(request, Pod) && request.operation === "CREATE" ? (request.object as Pod | undefined) : undefined;

type Amounts = Readonly<Record<string, string>>;

function overhead(request: AdmissionRequest, { spec }: Pod, { overhead: cost }: RuntimeClass) {
	if (!cost) return {};
	const { podFixed = {} } = cost;
	const said = spec.overhead ?? {};
	if (Object.keys(said).length > 0 && !sameAmounts(said, podFixed)) {
		throw refuse(request, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
	}
	return { overhead: podFixed };
}

function sameAmounts(a: Amounts, b: Amounts): boolean {
	const isIn = ([name, amount]: readonly [string, string]) => {
		const other = Object.hasOwn(b, name) ? b[name] : undefined;
		return other !== undefined && parseQuantity(other) === parseQuantity(amount);
	};
	return Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(isIn);
}

function nodes(request: AdmissionRequest, { spec }: Pod, { scheduling }: RuntimeClass) {
	if (!scheduling) return {};
	const { nodeSelector: own = {} } = spec;
	for (const [key, wanted] of Object.entries(scheduling.nodeSelector ?? {})) {
		const said = Object.hasOwn(own, key) ? own[key] : wanted;
		if (said === wanted) continue;
		throw refuse(
			request,
			`conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${wanted}; pod.spec.nodeSelector[${key}] = ${said}`,
		);
	}
	const tolerations = mergeTolerations([...(spec.tolerations ?? []), ...(scheduling.tolerations ?? [])]);
	return {
		...(scheduling.nodeSelector && { nodeSelector: { ...own, ...scheduling.nodeSelector } }),
		...(tolerations.length > 0 && { tolerations }),
	};
}

/** Without those that another one covers; of equals the first stays. */
export function mergeTolerations(all: readonly Toleration[]): readonly Toleration[] {
	const merged: Toleration[] = [];
	for (const [index, one] of all.entries()) {
		const isCovered =
			merged.some((other) => covers(other, one)) ||
			all.slice(index + 1).some((other) => !deepEqual(other, one) && covers(other, one));
		if (!isCovered) merged.push(one);
	}
	return merged;
}

/** Whatever `narrow` tolerates, `wide` tolerates too, and for as long. */
function covers(wide: Toleration, narrow: Toleration): boolean {
	if (deepEqual(wide, narrow)) return true;
	const all = !wide.key && wide.operator === "Exists";
	if ((wide.key ?? "") !== (narrow.key ?? "") && !all) return false;
	if (wide.effect && wide.effect !== narrow.effect) return false;
	const { tolerationSeconds: most } = wide;
	if (wide.effect === "NoExecute" && typeof most === "number") {
		if ((narrow.tolerationSeconds ?? Number.POSITIVE_INFINITY) > most) return false;
	}
	if (wide.operator === "Exists") return true;
	const operators = [wide, narrow].map(({ operator }) => operator || "Equal");
	return operators[0] === operators[1] && (wide.value ?? "") === (narrow.value ?? "");
}
