import test from "ava";
import { conversionErrors } from "./conversion-validation.ts";
import type { WebhookConversion } from "./custom-resource-definition.ts";

const refusals = (webhook: WebhookConversion | undefined, strategy = "Webhook"): string[] =>
	(conversionErrors({ strategy, webhook }) ?? []).map(({ field, message }) => `${field}: ${message}`);

const service = { namespace: "system", name: "converter" };
const versions = ["v1"];

test("a service or a URL, and a version of reviews that is spoken here", (t) => {
	t.deepEqual(refusals({ clientConfig: { service }, conversionReviewVersions: versions }), []);
	t.deepEqual(refusals({ clientConfig: { url: "https://a/b" }, conversionReviewVersions: ["v9", "v1"] }), []);
	t.deepEqual(refusals(undefined, "None"), []);
});

test("what is wrong has the words of webhooks of every sort", (t) => {
	const at = "spec.conversion.webhook.clientConfig";
	const said = (clientConfig: WebhookConversion["clientConfig"]) =>
		refusals({ clientConfig, conversionReviewVersions: versions });
	t.deepEqual(said({}), [`${at}: Required value: exactly one of url or service is required`]);
	t.deepEqual(said({ service: { ...service, port: 0 } }), [
		`${at}.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive`,
	]);
	t.deepEqual(said({ url: "http://a" }), [
		`${at}.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
	]);
	t.deepEqual(refusals({ clientConfig: { service }, conversionReviewVersions: ["v2", "v2"] }), [
		'spec.conversion.webhook.conversionReviewVersions[1]: Invalid value: "v2": duplicate version',
	]);
	t.deepEqual(refusals({ clientConfig: { service }, conversionReviewVersions: [] }), [
		"spec.conversion.webhook.conversionReviewVersions: Required value",
	]);
});
