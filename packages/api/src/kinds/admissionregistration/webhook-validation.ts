/** Validation of webhook configurations. */
import { type FieldError, invalidValue, notSupported, required } from "../../machinery/field-error.ts";
import { dnsSubdomainErrors } from "../../machinery/names.ts";
import { duplicates } from "../field-checks.ts";
import { validateLabelSelector } from "../label-selector-validation.ts";
import { reviewVersionErrors } from "../review-version-validation.ts";
import { webhookTargetErrors } from "../webhook-target-validation.ts";
import { matchConditionErrors, ruleErrors } from "./rule-validation.ts";
import type { ValidatingWebhook } from "./validating-webhook-configuration.ts";

/** Versions of AdmissionReview that the server speaks. */
const REVIEW_VERSIONS = ["v1", "v1beta1"];
const SIDE_EFFECTS = ["None", "NoneOnDryRun"];
const UNSERVED_EFFECTS = ["Some", "Unknown"];

/** What mutating and validating webhooks have in common. */
export const webhooksErrors = (webhooks: readonly ValidatingWebhook[]): FieldError[] => [
	...webhooks.flatMap((webhook, index) => webhookErrors(webhook, `webhooks[${index}]`)),
	...duplicates(
		webhooks.map(({ name }) => name),
		(index) => `webhooks[${index}].name`,
	),
];

function webhookErrors(webhook: ValidatingWebhook, path: string): FieldError[] {
	const { rules = [], matchConditions = [], timeoutSeconds } = webhook;
	return [
		...fullNameErrors(webhook.name, `${path}.name`),
		...validateLabelSelector(webhook.namespaceSelector, `${path}.namespaceSelector`),
		...validateLabelSelector(webhook.objectSelector, `${path}.objectSelector`),
		...versionErrors(webhook.admissionReviewVersions ?? [], `${path}.admissionReviewVersions`),
		...sideEffectErrors(webhook.sideEffects, `${path}.sideEffects`),
		...(typeof timeoutSeconds === "number" && (timeoutSeconds < 1 || timeoutSeconds > 30)
			? [
					invalidValue(
						`${path}.timeoutSeconds`,
						timeoutSeconds,
						"the timeout value must be between 1 and 30 seconds",
					),
				]
			: []),
		...webhookTargetErrors(webhook.clientConfig ?? {}, `${path}.clientConfig`),
		...rules.flatMap((rule, index) => ruleErrors(rule, `${path}.rules[${index}]`)),
		...matchConditionErrors(matchConditions, `${path}.matchConditions`),
	];
}

function fullNameErrors(name: string | undefined, field: string): FieldError[] {
	if (!name) return [required(field)];
	const errors = dnsSubdomainErrors(name);
	if (errors.length) return [invalidValue(field, name, errors.join(","))];
	if (name.split(".").length >= 3) return [];
	return [invalidValue(field, name, "should be a domain with at least three segments separated by dots")];
}

function versionErrors(versions: readonly string[], field: string): FieldError[] {
	if (versions.length) return reviewVersionErrors(versions, REVIEW_VERSIONS, field);
	return [required(field, `must specify one of ${REVIEW_VERSIONS.join(", ")}`)];
}

/** Those that have side effects nobody can undo are not served. */
function sideEffectErrors(value: string | undefined | null, field: string): FieldError[] {
	if (!value) return [required(field, `must specify one of ${SIDE_EFFECTS.join(", ")}`)];
	return UNSERVED_EFFECTS.includes(value) ? [notSupported(field, value, SIDE_EFFECTS)] : [];
}
