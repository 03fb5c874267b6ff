/** Validation of certificate signing requests. That the request can be parsed is for the server to see. */
import {
	duplicate,
	type FieldError,
	forbiddenField,
	invalidValue,
	notSupported,
	required,
	tooLong,
} from "../../machinery/field-error.ts";
import { dnsLabelErrors, dnsSubdomainErrors } from "../../machinery/names.ts";
import type {
	CertificateSigningRequest,
	CertificateSigningRequestCondition,
} from "./certificate-signing-request.ts";

const SHORTEST = 600;
const MAX_SIGNER = 571;
const DECISIONS = ["Approved", "Denied"];
const USAGES = [
	"any",
	"cert sign",
	"client auth",
	"code signing",
	"content commitment",
	"crl sign",
	"data encipherment",
	"decipher only",
	"digital signature",
	"email protection",
	"encipher only",
	"ipsec end system",
	"ipsec tunnel",
	"ipsec user",
	"key agreement",
	"key encipherment",
	"microsoft sgc",
	"netscape sgc",
	"ocsp signing",
	"s/mime",
	"server auth",
	"signing",
	"timestamping",
];

export function validateRequest({ spec, status }: CertificateSigningRequest): FieldError[] {
	const { usages = [], signerName = "", expirationSeconds } = spec;
	return [
		...(usages.length === 0 ? [required("spec.usages")] : []),
		...usages.flatMap((usage, index) => {
			const field = `spec.usages[${index}]`;
			if (usages.indexOf(usage) < index) return [duplicate(field, usage)];
			return USAGES.includes(usage) ? [] : [notSupported(field, usage, USAGES)];
		}),
		...signerErrors(signerName, "spec.signerName"),
		...(typeof expirationSeconds === "number" && expirationSeconds < SHORTEST
			? [
					invalidValue(
						"spec.expirationSeconds",
						expirationSeconds,
						"may not specify a duration less than 600 seconds (10 minutes)",
					),
				]
			: []),
		...conditionErrors(status?.conditions ?? []),
	];
}

/** Who may change what: everybody neither, the approver the decision, the signer the certificate. */
export type RequestPart = "main" | "approval" | "status";

export function validateRequestUpdate(
	part: RequestPart,
	next: CertificateSigningRequest,
	old: CertificateSigningRequest,
): FieldError[] {
	const [after, before] = [typesOf(next), typesOf(old)];
	const added = part === "approval" ? [] : DECISIONS.filter((type) => after.has(type) && !before.has(type));
	const removed = [...DECISIONS, "Failed"].filter((type) => before.has(type) && !after.has(type));
	return [
		...added.map((type) =>
			forbiddenField("status.conditions", `updates may not add a condition of type ${JSON.stringify(type)}`),
		),
		...removed.map((type) =>
			forbiddenField(
				"status.conditions",
				`updates may not remove a condition of type ${JSON.stringify(type)}`,
			),
		),
		...certificateErrors(part, next.status?.certificate ?? "", old.status?.certificate ?? ""),
		...conditionErrors(next.status?.conditions ?? []),
	];
}

function certificateErrors(part: RequestPart, next: string, old: string): FieldError[] {
	if (next === old) return [];
	if (part !== "status")
		return [forbiddenField("status.certificate", "updates may not set certificate content")];
	return old
		? [forbiddenField("status.certificate", "updates may not modify existing certificate content")]
		: [];
}

const typesOf = ({ status }: CertificateSigningRequest) =>
	new Set((status?.conditions ?? []).map(({ type }) => type));

function conditionErrors(conditions: readonly CertificateSigningRequestCondition[]): FieldError[] {
	const types = conditions.map(({ type }) => type);
	const isContradiction = types.includes("Approved") && types.includes("Denied");
	return conditions.flatMap(({ type, status }, index) => {
		const path = `status.conditions[${index}]`;
		const decides = DECISIONS.includes(type) || type === "Failed";
		const allowed = decides ? ["True"] : ["False", "True", "Unknown"];
		return [
			...(type ? [] : [required(`${path}.type`)]),
			...(status
				? allowed.includes(status)
					? []
					: [notSupported(`${path}.status`, status, allowed)]
				: [required(`${path}.status`)]),
			...(isContradiction && DECISIONS.includes(type)
				? [invalidValue(`${path}.type`, type, "Approved and Denied conditions are mutually exclusive")]
				: []),
			...(types.indexOf(type) < index ? [duplicate(`${path}.type`, type)] : []),
		];
	});
}

function signerErrors(name: string, field: string): FieldError[] {
	if (!name) return [required(field)];
	if (name === "kubernetes.io/legacy-unknown") {
		return [invalidValue(field, name, "the legacy signerName is not allowed via this API version")];
	}
	const [domain = "", path = "", ...rest] = name.split("/");
	if (!path || rest.length) {
		return [
			invalidValue(
				field,
				name,
				"must be a fully qualified domain and path of the form 'example.com/signer-name'",
			),
		];
	}
	return [
		...(name.length > MAX_SIGNER ? [tooLong(field, MAX_SIGNER)] : []),
		...domain
			.split(".")
			.flatMap((label) =>
				dnsLabelErrors(label).map((message) =>
					invalidValue(field, domain, `validating label ${JSON.stringify(label)}: ${message}`),
				),
			),
		...(domain.split(".").length < 2
			? [invalidValue(field, domain, "should be a domain with at least two segments separated by dots")]
			: []),
		...dnsSubdomainErrors(path).map((message) =>
			invalidValue(field, path, `validating label ${JSON.stringify(path)}: ${message}`),
		),
	];
}
