/** Validating webhooks: all at the same time, about the object as it will be stored. The first refusal counts. */
import { ValidatingWebhookConfiguration } from "@berth/api";
import type { AdmissionPlugin } from "../admission.ts";
import { askHook, isExempt, type WebhookOptions } from "./dispatch.ts";
import { createHooks } from "./hooks.ts";

export function validatingWebhooks(options: WebhookOptions): AdmissionPlugin {
	const hooks = createHooks(
		options.objects.of<ValidatingWebhookConfiguration>(ValidatingWebhookConfiguration),
	);
	return {
		name: "ValidatingAdmissionWebhook",
		validate: async (request) => {
			const present = hooks();
			if (!present.length || isExempt(request)) return;
			const asked = await Promise.allSettled(present.map((hook) => askHook(options, hook, request, false)));
			// By order, not by time: the same request is refused for the same reason.
			for (const result of asked) if (result.status === "rejected") throw result.reason;
		},
	};
}
