import test from "ava";
import { NOON, sampleMeta, samplePod } from "../testing/samples.ts";
import { controllerOf, controllerReference } from "./ownership.ts";
import { isPodAvailable, isPodReady, isPodTerminal } from "./pod-readiness.ts";

const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", metadata: sampleMeta("rs") };

test("the controller among an object's owners", (t) => {
	const pod = {
		...samplePod(),
		metadata: sampleMeta("web", { ownerReferences: [controllerReference(owner)] }),
	};
	t.is(controllerOf(pod)?.name, "rs");
	t.is(controllerOf(pod)?.uid, owner.metadata.uid);
	t.is(controllerOf(samplePod()), undefined);
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
