import test from "ava";
import { TokenRequest } from "./authentication/token-request.ts";
import { LocalSubjectAccessReview } from "./authorization/local-subject-access-review.ts";
import { SelfSubjectAccessReview } from "./authorization/self-subject-access-review.ts";
import { SubjectAccessReview } from "./authorization/subject-access-review.ts";
import { Lease } from "./coordination/lease.ts";
import { Binding } from "./core/binding.ts";
import { completed, refusals, row, sampleMeta } from "./testing/samples.ts";

const metadata = sampleMeta("x");
const review = { apiVersion: "authorization.k8s.io/v1", metadata };
const resourceAttributes = { verb: "get", resource: "pods", namespace: "other" };
const nonResourceAttributes = { verb: "get", path: "/healthz" };

test("a review asks one thing", (t) => {
	const self = (spec: SelfSubjectAccessReview["spec"]) =>
		refusals(SelfSubjectAccessReview, { ...review, kind: "SelfSubjectAccessReview", spec });
	t.deepEqual(self({ resourceAttributes }), []);
	t.deepEqual(self({}), [
		"spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified",
	]);
	t.deepEqual(self({ resourceAttributes, nonResourceAttributes }), [
		'spec.nonResourceAttributes: Invalid value: {"verb":"get","path":"/healthz"}: cannot be specified in combination with resourceAttributes',
	]);
});

test("about somebody", (t) => {
	const spec = { resourceAttributes };
	t.deepEqual(refusals(SubjectAccessReview, { ...review, kind: "SubjectAccessReview", spec }), [
		'spec.user: Invalid value: "": at least one of user or group must be specified',
	]);
});

test("in the namespace of the review", (t) => {
	const local = (spec: LocalSubjectAccessReview["spec"]) =>
		refusals(LocalSubjectAccessReview, { ...review, kind: "LocalSubjectAccessReview", spec });
	t.deepEqual(local({ user: "u", resourceAttributes }), [
		'spec.resourceAttributes.namespace: Invalid value: "other": must match metadata.namespace',
	]);
	t.deepEqual(local({ user: "u", nonResourceAttributes }), [
		'spec.nonResourceAttributes: Invalid value: {"verb":"get","path":"/healthz"}: disallowed on this kind of request',
	]);
});

test("tokens are asked for an hour, and for no less than ten minutes", (t) => {
	const request = (expirationSeconds?: number): TokenRequest => ({
		apiVersion: "authentication.k8s.io/v1",
		kind: "TokenRequest",
		metadata,
		spec: { audiences: [], expirationSeconds },
	});
	t.is(completed(TokenRequest, request()).spec.expirationSeconds, 3600);
	t.deepEqual(refusals(TokenRequest, request(60)), [
		"spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes",
	]);
	t.deepEqual(refusals(TokenRequest, request(2 ** 33)), [
		"spec.expirationSeconds: Invalid value: 8589934592: may not specify a duration larger than 2^32 seconds",
	]);
});

test("a binding names a node", (t) => {
	const binding = { apiVersion: "v1", kind: "Binding", metadata, target: { kind: "Pod" } };
	t.deepEqual(refusals(Binding, binding), [
		'target.kind: Unsupported value: "Pod": supported values: "<empty>", "Node"',
		"target.name: Required value",
	]);
});

test("a lease lasts", (t) => {
	const lease: Lease = {
		apiVersion: "coordination.k8s.io/v1",
		kind: "Lease",
		metadata,
		spec: { holderIdentity: "host-1", leaseDurationSeconds: 0, leaseTransitions: -1 },
	};
	t.deepEqual(row(Lease, lease), { Holder: "host-1", Age: "5m" });
	t.deepEqual(refusals(Lease, lease), [
		"spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
		"spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
	]);
});
