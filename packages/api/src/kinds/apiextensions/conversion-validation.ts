/** How versions become one another: nothing but the apiVersion changes, or a webhook is asked. */
import { type FieldError, forbiddenField, notSupported, required } from "../../machinery/field-error.ts";
import { reviewVersionErrors } from "../review-version-validation.ts";
import { webhookTargetErrors } from "../webhook-target-validation.ts";
import type { CustomResourceDefinitionSpec, WebhookConversion } from "./custom-resource-definition.ts";

/** Versions of ConversionReview that are spoken here. */
const REVIEW_VERSIONS: readonly string[] = ["v1"];
const AT = "spec.conversion";
const STRATEGIES = ["None", "Webhook"];

export function conversionErrors(conversion: CustomResourceDefinitionSpec["conversion"]): FieldError[] {
	if (!conversion) return [];
	const { strategy, webhook } = conversion;
	if (!strategy) return [required(`${AT}.strategy`)];
	if (!STRATEGIES.includes(strategy)) return [notSupported(`${AT}.strategy`, strategy, STRATEGIES)];
	if (strategy === "Webhook") return webhookErrors(webhook ?? undefined);
	if (!webhook) return [];
	return [forbiddenField(`${AT}.webhook`, "should not be set when strategy is not set to Webhook")];
}

function webhookErrors(webhook: WebhookConversion | undefined): FieldError[] {
	const at = `${AT}.webhook`;
	const client = webhook?.clientConfig;
	const versions = webhook?.conversionReviewVersions ?? [];
	return [
		...(client
			? webhookTargetErrors(client, `${at}.clientConfig`)
			: [required(`${at}.clientConfig`, "required when strategy is set to Webhook")]),
		...(versions.length
			? reviewVersionErrors(versions, REVIEW_VERSIONS, `${at}.conversionReviewVersions`)
			: [required(`${at}.conversionReviewVersions`)]),
	];
}
