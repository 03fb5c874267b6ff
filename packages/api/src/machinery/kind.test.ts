import test from "ava";
import fc from "fast-check";
import { Deployment } from "../kinds/apps/deployment.ts";
import { TokenReview } from "../kinds/authentication/token-review.ts";
import { Pod } from "../kinds/core/pod.ts";
import { ALL_VERBS, keyOf, splitKey } from "./kind.ts";

test("what a definition leaves out follows from the rest", (t) => {
	t.is(Deployment.apiVersion, "apps/v1");
	t.is(Pod.apiVersion, "v1");
	t.is(Deployment.singular, "deployment");
	t.is(Deployment.listKind, "DeploymentList");
	t.true(Deployment.namespaced);
	t.is(Pod.verbs, ALL_VERBS);
	t.deepEqual(TokenReview.verbs, ["create"]);
});

test("keys are taken apart as they were put together", (t) => {
	const name = fc.stringMatching(/^[a-z0-9.-]+$/);
	fc.assert(
		fc.property(name, fc.option(name, { nil: undefined }), (object, namespace) => {
			const metadata = { name: object, uid: "", resourceVersion: "", creationTimestamp: "" };
			const whole = namespace === undefined ? metadata : { ...metadata, namespace };
			t.deepEqual(splitKey(keyOf({ apiVersion: "v1", kind: "X", metadata: whole })), {
				namespace,
				name: object,
			});
		}),
	);
});
