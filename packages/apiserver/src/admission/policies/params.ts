/** The objects that configure a policy: found by name or by labels, wherever the binding says. */
import { type AnyKind, type KubeObject, type ParamKind, type ParamRef, selectorOf } from "@berth/api";
import type { Objects } from "../../store/objects.ts";
import type { AdmissionRequest } from "../admission.ts";
import { PolicyFailure } from "./run-program.ts";

export interface ParamSource {
	readonly objects: Objects;
	/** Those served now. */
	readonly kinds: () => readonly AnyKind[];
}

const NO_PARAMS: readonly (KubeObject | null)[] = [null];

/** One evaluation for each: null for none. Throws PolicyFailure for a binding that cannot be followed. */
export async function paramsOf(
	source: ParamSource,
	paramKind: ParamKind | undefined | null,
	paramRef: ParamRef | undefined | null,
	request: AdmissionRequest,
): Promise<readonly (KubeObject | null)[]> {
	if (!paramKind) return NO_PARAMS;
	const kind = source
		.kinds()
		.find(
			(each) => each.apiVersion === paramKind.apiVersion && each.kind === paramKind.kind && !each.virtual,
		);
	if (!kind) {
		const [group, version] = splitApiVersion(paramKind.apiVersion ?? "");
		throw new PolicyFailure(
			`failed to configure policy: failed to find resource referenced by paramKind: '${group}/${version}, Kind=${paramKind.kind ?? ""}'`,
		);
	}
	if (!paramRef) return NO_PARAMS;
	const namespace = namespaceFor(kind, paramRef, request);
	const found = await find(source, kind, paramRef, namespace);
	if (!found.length && paramRef.parameterNotFoundAction === "Deny") {
		throw new PolicyFailure(
			"failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction",
		);
	}
	return found;
}

function splitApiVersion(apiVersion: string): readonly [group: string, version: string] {
	const slash = apiVersion.indexOf("/");
	return [apiVersion.slice(0, Math.max(slash, 0)), apiVersion.slice(slash + 1)];
}

function namespaceFor(kind: AnyKind, { namespace }: ParamRef, request: AdmissionRequest): string | undefined {
	if (!kind.namespaced) {
		if (!namespace) return undefined;
		throw new PolicyFailure(
			"failed to configure binding: paramRef.namespace must not be provided for a cluster-scoped `paramKind`",
		);
	}
	const chosen = namespace || request.namespace;
	if (chosen) return chosen;
	throw new PolicyFailure(
		"failed to configure binding: cannot use namespaced paramRef in policy binding that matches cluster-scoped resources",
	);
}

async function find(
	{ objects }: ParamSource,
	kind: AnyKind,
	{ name, selector }: ParamRef,
	namespace: string | undefined,
): Promise<readonly KubeObject[]> {
	const cache = objects.of(kind);
	if (name) {
		const object = cache.get(namespace === undefined ? name : `${namespace}/${name}`)?.object;
		return object ? shown(kind, [object]) : [];
	}
	const chosen = selectorOf(selector ?? {});
	const matching = cache.list(namespace).filter(({ object }) => chosen.matches(object.metadata.labels));
	return shown(
		kind,
		matching.map(({ object }) => object),
	);
}

async function shown({ stored }: AnyKind, objects: readonly KubeObject[]): Promise<readonly KubeObject[]> {
	if (!stored) return objects;
	return stored.readAll ? stored.readAll(objects) : objects.map((object) => stored.read(object));
}
