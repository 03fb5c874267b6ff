/**
 * Admission: the last word before an object is stored. Plugins run in the order of `plugins.ts`; first every `admit`
 * (which may change the object), later, when the object is complete and valid, every `validate`.
 */
import { type AnyKind, forbidden, type KubeObject, type UserInfo } from "@berth/api";

export type Operation = "CREATE" | "UPDATE" | "DELETE";

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
			let object = request.object;
			for (const plugin of plugins) {
				object = (await plugin.admit?.({ ...request, object })) ?? object;
			}
			return object;
		},
		validate: async (request) => {
			for (const plugin of plugins) await plugin.validate?.(request);
		},
	};
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
