import test from "ava";
import { samplePod } from "../testing/samples.ts";
import { isPodReady, isPodTerminal, isSidecar, mayRestart } from "./pod-readiness.ts";

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

test("a container starts again as its rules, its policy and its pod's policy say, in this order", (t) => {
	const spec = { restartPolicy: "OnFailure", containers: [] } as const;
	t.true(mayRestart(spec, { name: "a" }, 1));
	t.false(mayRestart(spec, { name: "a" }, 0));
	t.true(mayRestart(spec, { name: "a", restartPolicy: "Always" }, 0));
	const rule = { action: "Restart", exitCodes: { operator: "NotIn", values: [0, 3] } } as const;
	const ruled = { name: "a", restartPolicy: "Never", restartPolicyRules: [rule] } as const;
	t.true(mayRestart(spec, ruled, 1));
	t.false(mayRestart(spec, ruled, 3));
	t.false(mayRestart({ ...spec, ephemeralContainers: [{ name: "a" }] }, { name: "a" }, 1));
});
