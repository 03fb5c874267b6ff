/**
 * Admission: the last word before an object is stored. Plugins run in the order of `plugins.ts`; first every `admit`
 * (which may change the object), later, when the object is complete and valid, every `validate`.
 */
import { type AnyKind, forbidden, type KubeObject, type UserInfo } from "@berth/api";

export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

export interface AdmissionRequest {
	readonly operation: Operation;
	/** Kind of the resource in the path; `object` may be of another kind for subresources (a Binding, an Eviction). */
	readonly kind: AnyKind;
	readonly subresource?: string | undefined;
	readonly namespace: string | undefined;
	/** Empty for a create whose name is not known yet. */
	readonly name: string;
	readonly user: UserInfo;
	readonly dryRun: boolean;
	/** What is about to be stored; absent for DELETE. */
	readonly object?: KubeObject | undefined;
	/** What is stored; absent for CREATE. */
	readonly old?: KubeObject | undefined;
	readonly signal: AbortSignal;
	/** How the objects look to those outside this process; absent: as they are, and nobody outside may change them. */
	readonly outside?: Outside | undefined;
	/** CreateOptions, UpdateOptions … as the request said them. */
	readonly options?: (() => object) | undefined;
	/** Tells the client something; the same text is told once. */
	readonly warn?: ((text: string) => void) | undefined;
	/** Set by `createAdmission`. */
	readonly round?: Round | undefined;
}

export interface GroupVersionKind {
	readonly group: string;
	readonly version: string;
	readonly kind: string;
}

/** What webhooks and policies are shown of the objects of a request, and what becomes of their changes. */
export interface Outside {
	/** Of what they are shown: that of the resource, or that of the subresource's bodies (Scale, Eviction). */
	readonly kind: GroupVersionKind;
	readonly view: (object: KubeObject) => KubeObject;
	/**
	 * What is stored of a changed view: unknown fields go, defaults come back, and what this request may not change is as
	 * it was. Throws StatusErrors for wrong types.
	 */
	readonly complete: (view: unknown) => KubeObject;
}

/** Plugins run once more when one of the later ones has changed what an earlier one has seen. */
export interface Round {
	readonly again: boolean;
	/** Asks for the second round. */
	readonly repeat: () => void;
	/** What a plugin keeps from the first round for the second one, by its own key. */
	readonly notes: Map<object, unknown>;
}

export interface AdmissionPlugin {
	readonly name: string;
	/** Answers a changed object, or nothing for no change. Throws StatusErrors. */
	readonly admit?: (request: AdmissionRequest) => Promise<KubeObject | undefined> | KubeObject | undefined;
	/** Throws StatusErrors. */
	readonly validate?: (request: AdmissionRequest) => Promise<void> | void;
}

export interface Admission {
	/** The object as the plugins want it; undefined for a DELETE. */
	admit(request: AdmissionRequest): Promise<KubeObject | undefined>;
	validate(request: AdmissionRequest): Promise<void>;
}

export function createAdmission(plugins: readonly AdmissionPlugin[]): Admission {
	return {
		admit: async (request) => {
			let again = false;
			const notes = new Map<object, unknown>();
			const repeat = () => {
				again = true;
			};
			const first = await admitOnce(plugins, request, { again: false, repeat, notes });
			if (!again) return first;
			return admitOnce(plugins, { ...request, object: first }, { again: true, repeat: () => {}, notes });
		},
		validate: async (request) => {
			for (const plugin of plugins) await plugin.validate?.(request);
		},
	};
}

async function admitOnce(plugins: readonly AdmissionPlugin[], request: AdmissionRequest, round: Round) {
	let object = request.object;
	for (const plugin of plugins) {
		if (plugin.admit) object = (await plugin.admit({ ...request, object, round })) ?? object;
	}
	return object;
}

/** `pods "web" is forbidden: <message>`. */
export function refuse(request: AdmissionRequest, message: string) {
	const name =
		request.name || request.object?.metadata.name || request.object?.metadata.generateName || "Unknown";
	return forbidden({ group: request.kind.group, resource: request.kind.plural }, name, message);
}

/** Whether the request is about this resource itself, not one of its subresources. */
export const isAbout = (request: AdmissionRequest, kind: AnyKind): boolean =>
	request.kind.plural === kind.plural && request.kind.group === kind.group && !request.subresource;
