/** How versions become one another: nothing but the apiVersion changes, or a webhook is asked. */
import {
	type FieldError,
	forbiddenField,
	invalidValue,
	notSupported,
	required,
} from "../../machinery/field-error.ts";
import { dns1035LabelErrors } from "../../machinery/names.ts";
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
	return [
		...(client
			? clientErrors(client, `${at}.clientConfig`)
			: [required(`${at}.clientConfig`, "required when strategy is set to Webhook")]),
		...reviewVersionErrors(webhook?.conversionReviewVersions ?? [], `${at}.conversionReviewVersions`),
	];
}

function clientErrors(client: NonNullable<WebhookConversion["clientConfig"]>, at: string): FieldError[] {
	const { url, service } = client;
	if (Boolean(url) === Boolean(service)) {
		return [required(at, "exactly one of url or service is required")];
	}
	if (url) return urlErrors(url, `${at}.url`);
	if (!service) return [];
	const { name, namespace, path, port } = service;
	return [
		...(name ? [] : [required(`${at}.service.name`, "service name is required")]),
		...(namespace ? [] : [required(`${at}.service.namespace`, "service namespace is required")]),
		...(path && !path.startsWith("/")
			? [invalidValue(`${at}.service.path`, path, "must start with a '/'")]
			: []),
		...(port !== undefined && (port < 1 || port > 65_535)
			? [
					invalidValue(
						`${at}.service.port`,
						port,
						"port is not valid: must be between 1 and 65535, inclusive",
					),
				]
			: []),
	];
}

function urlErrors(url: string, field: string): FieldError[] {
	const form = "; desired format: https://host[/path]";
	if (!URL.canParse(url)) return [required(field, `url must be a valid URL${form}`)];
	const { protocol, host, username, search, hash } = new URL(url);
	const wrong = (detail: string) => invalidValue(field, url, detail + form);
	return [
		...(protocol === "https:" ? [] : [wrong("'https' is the only allowed URL scheme")]),
		...(host ? [] : [wrong("host must be specified")]),
		...(username ? [wrong("user information is not permitted in the URL")] : []),
		...(hash ? [wrong("fragments are not permitted in the URL")] : []),
		...(search ? [wrong("query parameters are not permitted in the URL")] : []),
	];
}

function reviewVersionErrors(versions: readonly string[], at: string): FieldError[] {
	if (!versions.length) return [required(at)];
	const errors = versions.flatMap((version, index) => {
		const twice = versions.indexOf(version) < index;
		if (twice) return [invalidValue(`${at}[${index}]`, version, "duplicate version")];
		return dns1035LabelErrors(version).map((detail) => invalidValue(`${at}[${index}]`, version, detail));
	});
	if (errors.length || versions.some((version) => REVIEW_VERSIONS.includes(version))) return errors;
	return [invalidValue(at, versions, `must include at least one of ${REVIEW_VERSIONS.join(", ")}`)];
}
