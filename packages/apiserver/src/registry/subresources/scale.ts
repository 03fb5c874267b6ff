/** The scale subresource: how many replicas are wanted and counted, in one form for every kind that has them. */
import {
	type AnyKind,
	type FieldError,
	getPath,
	invalidValue,
	type KubeObject,
	type LabelSelector,
	Scale,
	type ScalePaths,
	selectorOf,
	selectorOfMap,
} from "@berth/api";
import { withGeneration } from "../metadata.ts";
import type { Target } from "../target.ts";
import { validateChanged } from "../validation.ts";

export function scaleTarget(kind: AnyKind, paths: ScalePaths): Target {
	return {
		kind: Scale,
		view: (stored) => scaleOf(stored, paths),
		merge: (body, stored) => {
			const replicas = (body as Partial<Scale>).spec?.replicas ?? 0;
			return withGeneration(kind, setPath(stored, paths.specReplicas.split("."), replicas), stored);
		},
		configure: (configuration) => {
			const replicas = getPath(configuration, "spec.replicas");
			return replicas === undefined ? {} : setPath({}, paths.specReplicas.split("."), replicas);
		},
		validate: (next, stored) => {
			const negative = replicaErrors(numberAt(next, paths.specReplicas));
			return negative.length ? negative : validateChanged(kind, next, stored);
		},
		creates: false,
	};
}

function scaleOf(stored: KubeObject, paths: ScalePaths): Scale {
	const { name, namespace, uid, resourceVersion, creationTimestamp } = stored.metadata;
	const selector = paths.selector ? selectorText(getPath(stored, paths.selector)) : "";
	return {
		apiVersion: Scale.apiVersion,
		kind: Scale.kind,
		metadata: { name, ...(namespace ? { namespace } : {}), uid, resourceVersion, creationTimestamp },
		spec: { replicas: numberAt(stored, paths.specReplicas) },
		status: {
			replicas: numberAt(stored, paths.statusReplicas),
			...(selector ? { selector } : {}),
		},
	};
}

/** A LabelSelector, its text in custom resources, or the plain map that older kinds have. */
function selectorText(selector: unknown): string {
	if (typeof selector === "string") return selector;
	if (typeof selector !== "object" || selector === null) return "";
	if ("matchLabels" in selector || "matchExpressions" in selector) {
		return selectorOf(selector as LabelSelector).toString();
	}
	return selectorOfMap(selector as Record<string, string>).toString();
}

function replicaErrors(replicas: number): FieldError[] {
	if (replicas >= 0) return [];
	return [invalidValue("spec.replicas", replicas, "must be greater than or equal to 0")];
}

function numberAt(object: KubeObject, path: string): number {
	const value = getPath(object, path);
	return typeof value === "number" ? value : 0;
}

/** A copy with one value changed; everything beside the way is shared. */
function setPath<T extends object>(object: T, [first = "", ...rest]: readonly string[], value: unknown): T {
	const inner = (object as Record<string, unknown>)[first];
	return { ...object, [first]: rest.length ? setPath((inner ?? {}) as object, rest, value) : value };
}
