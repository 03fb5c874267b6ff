/** certificatesigningrequests/approval and /status: the decision, and what becomes of it. Each changes its part only. */
import {
	CertificateSigningRequest,
	type Clock,
	type FieldError,
	formatTime,
	type RequestPart,
	validateRequestUpdate,
} from "@berth/api";
import { carryOver } from "../metadata.ts";
import { patch } from "../patch.ts";
import { statusTarget, type Target } from "../target.ts";
import { update } from "../update.ts";
import { part, type Subresource } from "./subresource.ts";

type Condition = NonNullable<NonNullable<CertificateSigningRequest["status"]>["conditions"]>[number];

export const approval: Subresource = served((clock) => ({
	kind: CertificateSigningRequest,
	view: (stored) => stored,
	merge: (body, stored) => {
		const { status, ...request } = stored as CertificateSigningRequest;
		const said = (body as Partial<CertificateSigningRequest>).status?.conditions ?? [];
		const conditions = withTimes(said, status?.conditions ?? [], clock.now());
		const next: CertificateSigningRequest = {
			...request,
			metadata: carryOver(body.metadata ?? {}, stored.metadata),
			status: { ...status, conditions },
		};
		return next;
	},
	validate: validateAs("approval"),
	creates: false,
}));

export const requestStatus: Subresource = served((clock) => {
	const plain = statusTarget(CertificateSigningRequest);
	return {
		...plain,
		merge: (body, stored) => {
			const next = plain.merge(body, stored) as CertificateSigningRequest;
			const before = (stored as CertificateSigningRequest).status?.conditions ?? [];
			const { status } = next;
			if (!status?.conditions) return next;
			const whole: CertificateSigningRequest = {
				...next,
				status: { ...status, conditions: withTimes(status.conditions, before, clock.now()) },
			};
			return whole;
		},
	};
});

function served(targetAt: (clock: Clock) => Target): Subresource {
	return {
		kind: CertificateSigningRequest,
		get: (context, scope) => part(targetAt(context.clock)).get(context, scope),
		update: (context, scope) => update(context, scope, targetAt(context.clock)),
		patch: (context, scope) => patch(context, scope, targetAt(context.clock)),
	};
}

function validateAs(which: RequestPart): Target["validate"] {
	return (next, stored): FieldError[] =>
		validateRequestUpdate(which, next as CertificateSigningRequest, stored as CertificateSigningRequest);
}

/** Conditions say when they were written, and when they came to say what they do. */
function withTimes(conditions: readonly Condition[], before: readonly Condition[], now: number): Condition[] {
	return conditions.map((condition) => {
		const old = before.find(({ type }) => type === condition.type);
		const isSame = old !== undefined && old.status === condition.status;
		return {
			...condition,
			lastUpdateTime: condition.lastUpdateTime || formatTime(now),
			lastTransitionTime:
				(isSame && old.lastTransitionTime) || condition.lastTransitionTime || formatTime(now),
		};
	});
}
