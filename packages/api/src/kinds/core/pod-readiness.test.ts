import test from "ava";
import { samplePod } from "../testing/samples.ts";
import { isPodReady, isPodTerminal, isSidecar } from "./pod-readiness.ts";

test("ready is a condition that is True", (t) => {
	const ready = (status: "True" | "False") => samplePod({}, { conditions: [{ type: "Ready", status }] });
	t.false(isPodReady(samplePod()));
	t.false(isPodReady(ready("False")));
	t.true(isPodReady(ready("True")));
});

test("a pod that has succeeded or failed never runs again", (t) => {
	t.true(isPodTerminal(samplePod({}, { phase: "Failed" })));
	t.true(isPodTerminal(samplePod({}, { phase: "Succeeded" })));
	t.false(isPodTerminal(samplePod({}, { phase: "Running" })));
});

test("an init container that always restarts is a sidecar", (t) => {
	t.true(isSidecar({ name: "proxy", restartPolicy: "Always" }));
	t.false(isSidecar({ name: "setup" }));
});
