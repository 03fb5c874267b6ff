/** What admission is told of a request: made here for every verb, so that all plugins see the same. */
import { type AnyKind, type DeleteOptions, decodeObject, type KubeObject } from "@berth/api";
import type { AdmissionRequest, Outside } from "../admission/admission.ts";
import type { RegistryContext, Scope } from "./context.ts";
import type { ResourceRequest } from "./request.ts";

type About = Pick<
	AdmissionRequest,
	"operation" | "name" | "dryRun" | "object" | "old" | "outside" | "options"
>;

export const admissionRequest = (scope: Scope, about: About): AdmissionRequest => ({
	kind: scope.kind,
	subresource: scope.request.info.subresource,
	namespace: scope.namespace,
	user: scope.user,
	signal: scope.signal,
	warn: scope.request.warn,
	options: () => optionsOf(scope.request),
	...about,
});

/** Both halves of admission, for a body that is acted upon and not stored (a Binding, an Eviction). Answers it as admitted. */
export async function admitBody<T extends object>(
	context: RegistryContext,
	scope: Scope,
	{
		kind,
		name,
		body,
		dryRun,
	}: { readonly kind: AnyKind; readonly name: string; readonly body: T; readonly dryRun: boolean },
): Promise<T> {
	// It has no identity of its own; plugins read what its kind says.
	const object = body as unknown as KubeObject;
	const outside: Outside = { kind, view: (view) => view, complete: (view) => decoded(kind, view) };
	const request = admissionRequest(scope, { operation: "CREATE", name, dryRun, object, outside });
	const admitted = (await context.admission.admit(request)) ?? object;
	await context.admission.validate({ ...request, object: admitted });
	return admitted as unknown as T;
}

/** What came from outside as an object of `kind`; unknown fields are dropped. Throws 400 for wrong types. */
export const decoded = (kind: AnyKind, value: unknown): KubeObject =>
	decodeObject(kind, value, { fieldValidation: "Ignore" }).object as KubeObject;

export const deleteOptionsOf = ({ dryRun, ...options }: DeleteOptions): object => ({
	...options,
	kind: "DeleteOptions",
	apiVersion: META,
	...(dryRun?.length ? { dryRun } : {}),
});

const META = "meta.k8s.io/v1";
const KINDS: Readonly<Record<string, string>> = {
	create: "CreateOptions",
	update: "UpdateOptions",
	patch: "PatchOptions",
};

function optionsOf({ info, query }: ResourceRequest): object {
	const text = (name: string) => (query.get(name) ? { [name]: query.get(name) } : {});
	const dryRun = query.getAll("dryRun").filter((value) => value !== "");
	const force = info.verb === "patch" && query.get("force");
	return {
		kind: KINDS[info.verb] ?? "CreateOptions",
		apiVersion: META,
		...(dryRun.length ? { dryRun } : {}),
		...(force ? { force: force === "true" || force === "1" } : {}),
		...text("fieldManager"),
		...text("fieldValidation"),
	};
}
