/** May somebody do something? SubjectAccessReview and its siblings, answered by the authorizer that guards requests. */
import {
	type FieldError,
	invalid,
	invalidValue,
	LocalSubjectAccessReview,
	SelfSubjectAccessReview,
	SubjectAccessReview,
	type SubjectAccessReviewStatus,
	type UserInfo,
} from "@berth/api";
import type { Attributes, Authorizer } from "../../auth/auth.ts";
import { kindOf } from "../context.ts";
import type { Review } from "./reviews.ts";

type Spec = NonNullable<SubjectAccessReview["spec"]>;
type Asked = Pick<Spec, "resourceAttributes" | "nonResourceAttributes">;

export const reviewAccess: Review = (context, _scope, asked) => {
	const { spec = {} } = asked as Partial<SubjectAccessReview>;
	refuse(SubjectAccessReview, [...attributeErrors(spec), ...subjectErrors(spec)]);
	return { spec, status: decide(context.authorizer, subjectOf(spec), spec) };
};

export const reviewLocalAccess: Review = (context, scope, asked) => {
	const { spec = {} } = asked as Partial<LocalSubjectAccessReview>;
	const errors = [...attributeErrors(spec), ...subjectErrors(spec)];
	const namespace = spec.resourceAttributes?.namespace ?? "";
	if (spec.nonResourceAttributes) {
		const detail = "disallowed on this kind of request";
		errors.push(invalidValue("spec.nonResourceAttributes", spec.nonResourceAttributes, detail));
	}
	if (spec.resourceAttributes && namespace !== scope.namespace) {
		const detail = "must match metadata.namespace";
		errors.push(invalidValue("spec.resourceAttributes.namespace", namespace, detail));
	}
	refuse(LocalSubjectAccessReview, errors);
	return { spec, status: decide(context.authorizer, subjectOf(spec), spec) };
};

export const reviewOwnAccess: Review = (context, scope, asked) => {
	const { spec = {} } = asked as Partial<SelfSubjectAccessReview>;
	refuse(SelfSubjectAccessReview, attributeErrors(spec));
	return { spec, status: decide(context.authorizer, scope.user, spec) };
};

function decide(authorizer: Authorizer, user: UserInfo, asked: Asked): SubjectAccessReviewStatus {
	const decision = authorizer.authorize(user, attributesOf(asked));
	return { allowed: decision.allowed, ...(decision.reason ? { reason: decision.reason } : {}) };
}

function attributesOf({ resourceAttributes, nonResourceAttributes }: Asked): Attributes {
	if (nonResourceAttributes) {
		return { verb: nonResourceAttributes.verb ?? "", path: nonResourceAttributes.path ?? "" };
	}
	const { verb = "", group = "", resource = "", subresource, namespace, name } = resourceAttributes ?? {};
	return {
		verb,
		group,
		resource,
		subresource: subresource || undefined,
		namespace: namespace || undefined,
		name: name || undefined,
	};
}

const subjectOf = ({ user, groups, uid, extra }: Spec): UserInfo => ({ username: user, groups, uid, extra });

/** Exactly one thing must be asked. */
function attributeErrors({ resourceAttributes, nonResourceAttributes }: Asked): FieldError[] {
	if (resourceAttributes && nonResourceAttributes) {
		const detail = "cannot be specified in combination with resourceAttributes";
		return [invalidValue("spec.nonResourceAttributes", nonResourceAttributes, detail)];
	}
	if (resourceAttributes || nonResourceAttributes) return [];
	const detail = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
	return [invalidValue("spec.resourceAttributes", null, detail)];
}

function subjectErrors({ user, groups }: Spec): FieldError[] {
	if (user || groups?.length) return [];
	return [invalidValue("spec.user", user ?? "", "at least one of user or group must be specified")];
}

function refuse(
	kind: typeof SubjectAccessReview | typeof SelfSubjectAccessReview | typeof LocalSubjectAccessReview,
	errors: readonly FieldError[],
): void {
	if (errors.length) throw invalid(kindOf(kind), "", errors);
}
