import test from "ava";
import { sampleMeta, samplePod } from "../testing/samples.ts";
import { controllerOf, controllerReference } from "./ownership.ts";

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
