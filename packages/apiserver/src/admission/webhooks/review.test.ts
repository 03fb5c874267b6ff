import { Pod } from "@berth/api";
import test from "ava";
import { HookFailure } from "./hook-failure.ts";
import { readAnswer, reviewOf, reviewVersion } from "./review.ts";

const request = {
	operation: "CREATE",
	kind: Pod,
	namespace: "default",
	name: "p",
	user: { username: "jane" },
	dryRun: false,
	signal: new AbortController().signal,
} as const;
const answer = (response: unknown, more: object = {}) => ({
	apiVersion: "admission.k8s.io/v1",
	kind: "AdmissionReview",
	response,
	...more,
});
const read = (value: unknown, mutating = true, version: "v1" | "v1beta1" = "v1") =>
	readAnswer(value, { version, uid: "u", mutating });

test("versions: the first that both know", (t) => {
	t.is(reviewVersion(["v9", "v1beta1", "v1"]), "v1beta1");
	t.throws(() => reviewVersion(["v9"]), { instanceOf: HookFailure, message: /does not accept known/ });
	t.like(reviewOf("v1beta1", { request, kind: Pod, object: undefined, old: undefined, uid: "u" }), {
		apiVersion: "admission.k8s.io/v1beta1",
		request: { uid: "u", name: "p", namespace: "default", object: null, options: null },
	});
});

test("answers that are none", (t) => {
	const cases: readonly (readonly [unknown, string])[] = [
		[null, "expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got /, Kind="],
		[
			answer({ uid: "u" }, { apiVersion: "admission.k8s.io/v1beta1" }),
			"expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got admission.k8s.io/v1beta1, Kind=AdmissionReview",
		],
		[answer(undefined), "webhook response was absent"],
		[answer([]), "webhook response was absent"],
		[answer({ uid: "x" }), 'expected response.uid="u", got "x"'],
		[
			answer({ uid: "u", patchType: "JSONPatch" }),
			"webhook returned response.patchType but not response.patch",
		],
	];
	for (const [value, message] of cases) {
		t.throws(() => read(value), {
			instanceOf: HookFailure,
			message: `received invalid webhook response: ${message}`,
		});
	}
	t.throws(() => read(answer({ uid: "u", patch: "W10=", patchType: "Merge" })), {
		message: 'unsupported patch type "Merge"',
	});
	t.throws(() => read(answer({ uid: "u", patch: "!", patchType: "JSONPatch" })), { instanceOf: HookFailure });
	t.throws(() => read(answer({ uid: "u", patch: "W10=", patchType: "JSONPatch" }), false), {
		message: /validating webhook may not return response\.patch$/,
	});
});

test("fields of wrong types are as if they were not there", (t) => {
	const verdict = read(
		answer({
			uid: "u",
			allowed: "yes",
			status: { code: "1", message: 2, reason: null },
			warnings: ["a", 1],
			auditAnnotations: { a: "b", c: 1 },
		}),
	);
	t.deepEqual(verdict, {
		allowed: false,
		status: {},
		patch: undefined,
		warnings: ["a"],
		auditAnnotations: { a: "b" },
	});
	const old = { ...answer({ allowed: true, patch: "W10=" }), apiVersion: "admission.k8s.io/v1beta1" };
	t.like(read(old, true, "v1beta1"), { allowed: true, patch: [] });
});
