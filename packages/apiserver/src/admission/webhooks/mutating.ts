/** Mutating webhooks: one after the other, each seeing what those before it have made of the object. */
import {
	applyJsonPatch,
	deepEqual,
	internalError,
	type KubeObject,
	MutatingWebhookConfiguration,
	StatusError,
} from "@berth/api";
import type { AdmissionPlugin, AdmissionRequest } from "../admission.ts";
import { mutateInTurn } from "../mutate-in-turn.ts";
import { convert, isOwnForm } from "../versions.ts";
import { type Allowed, askHook, isExempt, type WebhookOptions } from "./dispatch.ts";
import { createHooks, type Hook } from "./hooks.ts";

export function mutatingWebhooks(options: WebhookOptions): AdmissionPlugin {
	const hooks = createHooks(options.objects.of<MutatingWebhookConfiguration>(MutatingWebhookConfiguration));
	const key = {};
	return {
		name: "MutatingAdmissionWebhook",
		admit: (request) => {
			const present = hooks();
			if (!present.length || isExempt(request)) return undefined;
			return mutateInTurn(present, request, key, async (hook, current) => {
				const allowed = await askHook(options, hook, current, true);
				if (!allowed) return { ran: false };
				return { ran: true, object: await patched(hook, current, allowed) };
			});
		},
	};
}

/** The object with the webhook's patch, whole again; undefined when that changes nothing. Throws InternalErrors. */
async function patched(
	hook: Hook,
	request: AdmissionRequest,
	{ patch, shown, kind }: Allowed,
): Promise<KubeObject | undefined> {
	if (patch === undefined || (Array.isArray(patch) && patch.length === 0)) return undefined;
	const { outside } = request;
	if (!shown || !outside) {
		throw internalError(
			`admission webhook ${JSON.stringify(hook.name)} attempted to modify the object, which is not supported for this operation`,
		);
	}
	try {
		const view = applyJsonPatch(shown, patch) as KubeObject;
		if (deepEqual(view, shown)) return undefined;
		return outside.complete(isOwnForm(request) ? await convert(kind, request.kind, view) : view);
	} catch (error) {
		if (error instanceof StatusError) throw internalError(error.message);
		throw error;
	}
}
