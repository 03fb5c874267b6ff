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
import { convert, isOwnForm } from "../versions.ts";
import { type Allowed, askHook, isExempt, type WebhookOptions } from "./dispatch.ts";
import { createHooks, type Hook } from "./hooks.ts";

/** Between the rounds of one request. */
interface Notes {
	/** Those that want to see later changes, and have run. */
	readonly seen: Set<Hook>;
	/** Those of them that something has changed for. */
	readonly outdated: Set<Hook>;
	/** What the last webhook left behind. */
	last: KubeObject | undefined;
}

export function mutatingWebhooks(options: WebhookOptions): AdmissionPlugin {
	const hooks = createHooks(options.objects.of<MutatingWebhookConfiguration>(MutatingWebhookConfiguration));
	const key = {};
	return {
		name: "MutatingAdmissionWebhook",
		admit: (request) => {
			const present = hooks();
			if (!present.length || isExempt(request)) return undefined;
			return admit(options, present, request, notesOf(request, key));
		},
	};
}

function notesOf({ round }: AdmissionRequest, key: object): Notes {
	const known = round?.notes.get(key) as Notes | undefined;
	const notes = known ?? { seen: new Set(), outdated: new Set(), last: undefined };
	round?.notes.set(key, notes);
	return notes;
}

async function admit(
	options: WebhookOptions,
	hooks: readonly Hook[],
	request: AdmissionRequest,
	notes: Notes,
): Promise<KubeObject | undefined> {
	const { round } = request;
	const changed = () => {
		for (const hook of notes.seen) notes.outdated.add(hook);
	};
	if (round?.again && !deepEqual(request.object, notes.last)) changed();
	let { object } = request;
	for (const hook of hooks) {
		if (round?.again && !notes.outdated.has(hook)) continue;
		const present = { ...request, object };
		const allowed = await askHook(options, hook, present, true);
		const next = allowed && (await patched(hook, present, allowed));
		if (next) {
			object = next;
			changed();
			round?.repeat();
		}
		if (allowed && hook.again) notes.seen.add(hook);
	}
	notes.last = object;
	return object;
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
