/** One webhook and one request: whether it is asked, the question, and its verdict. */
import { randomUUID } from "node:crypto";
import { type AnyKind, type KubeObject, type Logger, StatusError } from "@berth/api";
import type { Authorizer } from "../../auth/auth.ts";
import type { Outbound } from "../../http/outbound/outbound.ts";
import { OutboundError } from "../../http/outbound/outbound-error.ts";
import type { Objects } from "../../store/objects.ts";
import type { AdmissionRequest } from "../admission.ts";
import { matchedKind } from "../match-rules.ts";
import { matchesNamespace, matchesObject } from "../match-selectors.ts";
import { equivalentsOf, type Shown, shownIn } from "../versions.ts";
import { meetsConditions } from "./conditions.ts";
import { deniedBy, failedCalling, HookFailure, noDryRuns } from "./hook-failure.ts";
import type { Hook } from "./hooks.ts";
import { readAnswer, reviewOf, reviewVersion, type Verdict } from "./review.ts";

export interface WebhookOptions {
	readonly objects: Objects;
	/** Those served now. */
	readonly kinds: () => readonly AnyKind[];
	readonly outbound: Outbound;
	readonly authorizer: Authorizer;
	readonly log: Logger;
}

/** What a webhook that allows the request has said. */
export interface Allowed {
	/** A JSON patch of `shown`; undefined for none. */
	readonly patch: unknown;
	/** The object as the webhook saw it. */
	readonly shown: KubeObject | undefined;
	/** In whose version that is. */
	readonly kind: AnyKind;
}

const EXEMPT_GROUP = "admissionregistration.k8s.io";

/** What decides about requests must stay within reach when it decides wrongly. */
export const isExempt = ({ kind }: AdmissionRequest): boolean => kind.group === EXEMPT_GROUP;

/**
 * Asks the webhook if the request is its business. Undefined: it is not, or the webhook could not be asked and lets
 * requests pass then. Throws StatusErrors for a refusal, and for a failure that may not be passed over.
 */
export async function askHook(
	options: WebhookOptions,
	hook: Hook,
	request: AdmissionRequest,
	mutating: boolean,
): Promise<Allowed | undefined> {
	const kind = chosenBy(options, hook, request);
	if (!kind) return undefined;
	try {
		if (!(await isChosen(options, hook, request, kind))) return undefined;
		if (request.dryRun && !hook.dryRuns) throw noDryRuns(hook);
		const { verdict, shown } = await call(options, hook, request, kind, mutating);
		tell(options, hook, request, verdict);
		if (!verdict.allowed) throw deniedBy(hook, verdict.status);
		return { patch: verdict.patch, shown, kind };
	} catch (error) {
		if (!(error instanceof HookFailure)) throw error;
		if (!hook.failOpen) throw failedCalling(hook, error);
		options.log.warn(
			{ webhook: hook.name, reason: error.message },
			"a webhook could not be asked, failing open",
		);
		return undefined;
	}
}

async function isChosen(
	{ authorizer }: WebhookOptions,
	{ conditions }: Hook,
	request: AdmissionRequest,
	kind: AnyKind,
): Promise<boolean> {
	if (!conditions.length) return true;
	return meetsConditions(conditions, request, { authorizer, shown: await shownTo(request, kind) });
}

function chosenBy(
	{ objects, kinds }: WebhookOptions,
	hook: Hook,
	request: AdmissionRequest,
): AnyKind | undefined {
	const equivalents = () => (hook.equivalent ? equivalentsOf(kinds(), request.kind) : []);
	const kind = matchedKind(hook.rules, request, equivalents);
	if (!kind || !matchesNamespace(hook.namespaceSelector, request, objects)) return undefined;
	return matchesObject(hook.objectSelector, request) ? kind : undefined;
}

async function call(
	{ outbound }: WebhookOptions,
	hook: Hook,
	request: AdmissionRequest,
	kind: AnyKind,
	mutating: boolean,
): Promise<{ readonly verdict: Verdict; readonly shown: KubeObject | undefined }> {
	const version = reviewVersion(hook.reviewVersions);
	const { object, old } = await shownTo(request, kind);
	const uid = randomUUID();
	const review = reviewOf(version, { request, kind, object, old, uid });
	const { timeoutSeconds } = hook;
	try {
		const answer = await outbound.post(hook.clientConfig, review, { timeoutSeconds, signal: request.signal });
		return { verdict: readAnswer(answer, { version, uid, mutating }), shown: object };
	} catch (error) {
		if (error instanceof OutboundError) throw new HookFailure(`failed to call webhook: ${error.message}`);
		throw error;
	}
}

async function shownTo(request: AdmissionRequest, kind: AnyKind): Promise<Shown> {
	try {
		return await shownIn(request, kind);
	} catch (error) {
		if (error instanceof StatusError) throw new HookFailure(error.message);
		throw error;
	}
}

function tell({ log }: WebhookOptions, hook: Hook, request: AdmissionRequest, verdict: Verdict): void {
	for (const warning of verdict.warnings) request.warn?.(warning);
	const annotations = Object.entries(verdict.auditAnnotations);
	if (!annotations.length) return;
	log.debug(
		{ annotations: Object.fromEntries(annotations.map(([key, text]) => [`${hook.name}/${key}`, text])) },
		"a webhook annotates a request",
	);
}
