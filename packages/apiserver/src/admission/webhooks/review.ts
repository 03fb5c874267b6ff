/**
 * AdmissionReview: the question to a webhook, and its answer read with care. Pure.
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request
 */
import { type AnyKind, isJsonObject, type KubeObject } from "@berth/api";
import type { AdmissionRequest } from "../admission.ts";
import { requestAttributes } from "../request-attributes.ts";
import { HookFailure } from "./hook-failure.ts";

const GROUP = "admission.k8s.io";
export const REVIEW_VERSIONS = ["v1", "v1beta1"] as const;
export type ReviewVersion = (typeof REVIEW_VERSIONS)[number];

export interface Question {
	readonly request: AdmissionRequest;
	/** Whose group and version the webhook asked for; the request's own, or another one that shows the same objects. */
	readonly kind: AnyKind;
	/** As the webhook is to see them. */
	readonly object: KubeObject | undefined;
	readonly old: KubeObject | undefined;
	readonly uid: string;
}

/** The first version that both sides know. Throws a HookFailure when there is none. */
export function reviewVersion(known: readonly string[]): ReviewVersion {
	const found = known.find((version): version is ReviewVersion =>
		(REVIEW_VERSIONS as readonly string[]).includes(version),
	);
	if (found) return found;
	throw new HookFailure(
		"could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)",
	);
}

export const reviewOf = (version: ReviewVersion, { request, kind, object, old, uid }: Question): object => ({
	kind: "AdmissionReview",
	apiVersion: `${GROUP}/${version}`,
	request: { uid, ...requestAttributes(request, kind), object: object ?? null, oldObject: old ?? null },
});

/** What a webhook has said. */
export interface Verdict {
	readonly allowed: boolean;
	/** Why not, as it put it. */
	readonly status: {
		readonly code?: number;
		readonly reason?: string;
		readonly message?: string;
		readonly details?: object;
	};
	/** A JSON patch, not checked yet. */
	readonly patch: unknown;
	readonly warnings: readonly string[];
	readonly auditAnnotations: Readonly<Record<string, string>>;
}

/** Throws a HookFailure for anything that is no proper answer to this very question. */
export function readAnswer(
	value: unknown,
	{
		version,
		uid,
		mutating,
	}: { readonly version: ReviewVersion; readonly uid: string; readonly mutating: boolean },
): Verdict {
	const review = isJsonObject(value) ? value : {};
	const { apiVersion, kind, response } = review;
	if (apiVersion !== `${GROUP}/${version}` || kind !== "AdmissionReview") {
		throw malformed(
			`expected webhook response of ${GROUP}/${version}, Kind=AdmissionReview, got ${typeText(apiVersion, kind)}`,
		);
	}
	if (!isJsonObject(response)) throw malformed("webhook response was absent");
	if (version === "v1" && response.uid !== uid) {
		throw malformed(
			`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? "")}`,
		);
	}
	return {
		allowed: response.allowed === true,
		status: readStatus(response.status),
		patch: readPatch(response, version, mutating),
		warnings: readWarnings(response.warnings),
		auditAnnotations: readAnnotations(response.auditAnnotations),
	};
}

const malformed = (text: string) => new HookFailure(`received invalid webhook response: ${text}`);

function typeText(apiVersion: unknown, kind: unknown): string {
	const [version = "", group] = String(apiVersion ?? "")
		.split("/")
		.reverse();
	return `${group === undefined ? "" : group}/${version}, Kind=${String(kind ?? "")}`;
}

function readPatch(
	response: Readonly<Record<string, unknown>>,
	version: ReviewVersion,
	mutating: boolean,
): unknown {
	const { patch, patchType } = response;
	const given = typeof patch === "string" && patch.length > 0;
	const typed = patchType !== undefined && patchType !== null;
	if (version === "v1") {
		if (!mutating && given) throw malformed("validating webhook may not return response.patch");
		if (!mutating && typed) throw malformed("validating webhook may not return response.patchType");
		if (given && !typed) throw malformed("webhook returned response.patch but not response.patchType");
		if (!given && typed) throw malformed("webhook returned response.patchType but not response.patch");
	}
	if (!given || !mutating) return undefined;
	if (typed && patchType !== "JSONPatch") {
		throw new HookFailure(`unsupported patch type ${JSON.stringify(patchType)}`);
	}
	try {
		return JSON.parse(Buffer.from(patch, "base64").toString());
	} catch (error) {
		throw malformed(`response.patch: ${error instanceof Error ? error.message : String(error)}`);
	}
}

function readStatus(value: unknown): Verdict["status"] {
	if (!isJsonObject(value)) return {};
	const { code, reason, message, details } = value;
	return {
		...(typeof code === "number" ? { code } : {}),
		...(typeof reason === "string" ? { reason } : {}),
		...(typeof message === "string" ? { message } : {}),
		...(isJsonObject(details) ? { details } : {}),
	};
}

const readWarnings = (value: unknown): readonly string[] =>
	Array.isArray(value) ? value.filter((text): text is string => typeof text === "string") : [];

const readAnnotations = (value: unknown): Readonly<Record<string, string>> =>
	isJsonObject(value)
		? Object.fromEntries(
				Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
			)
		: {};
