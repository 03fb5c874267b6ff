import test from "ava";
import { NOON, sampleMeta, samplePod } from "../testing/samples.ts";
import { controllerOf, controllerReference, isControlledBy } from "./ownership.ts";
import { isPodAvailable, isPodReady, isPodTerminal } from "./pod-readiness.ts";

const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", metadata: sampleMeta("rs") };

test("an object belongs to the very owner, not to a namesake", (t) => {
	const pod = {
		...samplePod(),
		metadata: sampleMeta("web", { ownerReferences: [controllerReference(owner)] }),
	};
	t.is(controllerOf(pod)?.name, "rs");
	t.true(isControlledBy(pod, owner));
	t.false(isControlledBy(pod, { ...owner, metadata: sampleMeta("rs", { uid: "other" }) }));
	t.is(controllerOf(samplePod()), undefined);
	t.false(isControlledBy(samplePod(), owner));
});

test("ready, available, over", (t) => {
	const since = (lastTransitionTime: string) =>
		samplePod({}, { conditions: [{ type: "Ready", status: "True", lastTransitionTime }] });
	t.false(isPodReady(samplePod()));
	t.true(isPodReady(since("2026-01-02T11:59:30Z")));
	t.true(isPodAvailable(since("2026-01-02T11:59:30Z"), 30, NOON));
	t.false(isPodAvailable(since("2026-01-02T11:59:31Z"), 30, NOON));
	t.true(isPodTerminal(samplePod({}, { phase: "Failed" })));
	t.false(isPodTerminal(samplePod({}, { phase: "Running" })));
});
