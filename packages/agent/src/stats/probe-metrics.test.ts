import test from "ava";
import { podOf } from "../pods/decide.world.ts";
import { createProbeMetrics } from "./probe-metrics.ts";
import { runningPods } from "./running-pods.ts";

test("probes are counted by what came of them, until their pod is gone", (t) => {
	const metrics = createProbeMetrics();
	const outcome = { pod: podOf(), container: "a", kind: "Liveness" } as const;
	t.is(metrics.text(), "");
	metrics.probed({ ...outcome, result: "successful" });
	metrics.probed({ ...outcome, result: "successful" });
	metrics.probed({ ...outcome, result: "failed" });
	const labels = (result: string) =>
		`{probe_type="Liveness",result="${result}",container="a",pod="web",namespace="default",pod_uid="u1"}`;
	t.deepEqual(metrics.text().split("\n").slice(2, -1), [
		`prober_probe_total${labels("successful")} 2`,
		`prober_probe_total${labels("failed")} 1`,
	]);
	metrics.forget("u1");
	t.is(metrics.text(), "");
});

test("pods that run are told from their containers alone", (t) => {
	const labels = (container: string) => ({
		"io.kubernetes.pod.uid": "u1",
		"io.kubernetes.pod.name": "web",
		"io.kubernetes.pod.namespace": "default",
		"io.kubernetes.container.name": container,
	});
	const list = runningPods([
		{ labels: labels("POD"), state: "running", image: "pause" },
		{ labels: labels("a"), state: "running", image: "app:1" },
		{ labels: labels("b"), state: "exited", image: "app:1" },
		{ labels: { ...labels("a"), "io.kubernetes.pod.uid": "u2" }, state: "exited", image: "app:1" },
	]);
	t.like(list, {
		kind: "PodList",
		items: [
			{
				metadata: { name: "web", namespace: "default", uid: "u1" },
				spec: { containers: [{ name: "a", image: "app:1", resources: {} }] },
			},
		],
	});
});
