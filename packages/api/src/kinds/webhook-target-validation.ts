/** Validation of where webhooks are: a URL, or a service of the cluster. */
import { type FieldError, invalidValue, required } from "../machinery/field-error.ts";
import { dnsSubdomainErrors, portNumberErrors } from "../machinery/names.ts";

export interface WebhookTarget {
	readonly url?: string | undefined | null;
	readonly service?: WebhookService | undefined | null;
}

export interface WebhookService {
	readonly namespace?: string | undefined;
	readonly name?: string | undefined;
	readonly path?: string | undefined | null;
	readonly port?: number | undefined | null;
}

/** Exactly one of the two. */
export function webhookTargetErrors({ url, service }: WebhookTarget, path: string): FieldError[] {
	const hasUrl = url !== undefined && url !== null;
	if (hasUrl === Boolean(service)) return [required(path, "exactly one of url or service is required")];
	return hasUrl
		? webhookUrlErrors(url, `${path}.url`)
		: webhookServiceErrors(service ?? {}, `${path}.service`);
}

const FORM = "; desired format: https://host[/path]";

export function webhookUrlErrors(text: string, field: string): FieldError[] {
	const [, scheme = "", authority = "", , query = "", fragment = ""] = PARTS.exec(text) ?? [];
	if (/[\s\p{Cc}]/u.test(text)) {
		return [
			required(field, `url must be a valid URL: parse ${JSON.stringify(text)}: invalid character${FORM}`),
		];
	}
	const at = authority.lastIndexOf("@");
	const host = authority.slice(at + 1);
	return [
		...(scheme.toLowerCase() === "https"
			? []
			: [invalidValue(field, scheme, `'https' is the only allowed URL scheme${FORM}`)]),
		...(host ? [] : [invalidValue(field, host, `host must be specified${FORM}`)]),
		...(at < 0
			? []
			: [invalidValue(field, authority.slice(0, at), "user information is not permitted in the URL")]),
		...(fragment ? [invalidValue(field, fragment, "fragments are not permitted in the URL")] : []),
		...(query ? [invalidValue(field, query, "query parameters are not permitted in the URL")] : []),
	];
}

/** Scheme, authority, path, query and fragment, after appendix B of RFC 3986. */
const PARTS = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/;

export function webhookServiceErrors(service: WebhookService, path: string): FieldError[] {
	const { name, namespace, port = 443 } = service;
	return [
		...(name ? [] : [required(`${path}.name`, "service name is required")]),
		...(namespace ? [] : [required(`${path}.namespace`, "service namespace is required")]),
		...portNumberErrors(port ?? 443).map((message) =>
			invalidValue(`${path}.port`, port, `port is not valid: ${message}`),
		),
		...pathErrors(service.path ?? "", `${path}.path`),
	];
}

function pathErrors(path: string, field: string): FieldError[] {
	if (path === "" || path === "/") return [];
	if (path === "//") return [invalidValue(field, path, "segment[0] may not be empty")];
	const steps = path.slice(1).replace(/\/$/, "").split("/");
	return [
		...(path.startsWith("/") ? [] : [invalidValue(field, path, "must start with a '/'")]),
		...steps.flatMap((step, index) =>
			step
				? dnsSubdomainErrors(step).map((message) =>
						invalidValue(field, path, `segment[${index}]: ${message}`),
					)
				: [invalidValue(field, path, `segment[${index}] may not be empty`)],
		),
	];
}
