/** Kinds that are never stored: a create asks, and the answer is the object with its status. */
import {
	type AnyKind,
	Binding,
	type Draft,
	type KubeObject,
	LocalSubjectAccessReview,
	noSuchResource,
	Pod,
	SelfSubjectAccessReview,
	SelfSubjectReview,
	SelfSubjectRulesReview,
	SubjectAccessReview,
	TokenReview,
} from "@berth/api";
import { admitBody } from "../admission-request.ts";
import { decodeBody } from "../body.ts";
import { type RegistryContext, type Scope, scopeOf } from "../context.ts";
import { checkNamespace } from "../metadata.ts";
import type { Answer } from "../request.ts";
import { bind } from "../subresources/binding.ts";
import { writeOptions } from "../write-options.ts";
import { reviewAccess, reviewLocalAccess, reviewOwnAccess } from "./access-review.ts";
import { reviewRules } from "./rules-review.ts";
import { reviewToken } from "./token-review.ts";

/** The whole answer from what was asked. Throws StatusErrors. */
export type Review = (
	context: RegistryContext,
	scope: Scope,
	asked: Draft<KubeObject>,
) => object | Promise<object>;

const REVIEWS: ReadonlyMap<AnyKind, Review> = new Map<AnyKind, Review>([
	[TokenReview, reviewToken],
	[SubjectAccessReview, reviewAccess],
	[LocalSubjectAccessReview, reviewLocalAccess],
	[SelfSubjectAccessReview, reviewOwnAccess],
	[SelfSubjectRulesReview, reviewRules],
	[SelfSubjectReview, (_context, { user }) => ({ status: { userInfo: user } })],
]);

export async function computeReview(context: RegistryContext, scope: Scope): Promise<Answer> {
	const { kind, request } = scope;
	if (kind === Binding) return bind(context, scopeOf(Pod, request));
	const review = REVIEWS.get(kind);
	if (!review) throw noSuchResource();
	const { dryRun, fieldValidation } = writeOptions(request.query, "CreateOptions");
	const asked = decodeBody(kind, request, fieldValidation, context.kinds);
	checkNamespace(asked, scope.namespace);
	const object = await admitBody(context, scope, { kind, name: "", body: asked, dryRun });
	const answer = await review(context, scope, object);
	const metadata = { ...object.metadata, creationTimestamp: null };
	const value = { apiVersion: kind.apiVersion, kind: kind.kind, metadata, ...answer };
	return { type: "value", code: 201, kind, value };
}
