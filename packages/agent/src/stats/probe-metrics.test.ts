import test from "ava";
import { podOf } from "../pods/decide.world.ts";
import { createProbeMetrics } from "./probe-metrics.ts";
import { runningPods } from "./running-pods.ts";

test("probes are counted and timed by what came of them, until their pod is gone", async (t) => {
	const metrics = createProbeMetrics();
	const outcome = { pod: podOf(), container: "a", kind: "Liveness", seconds: 0.02 } as const;
	const series = async () => (await metrics.text()).split("\n").filter((line) => /^[^#]/.test(line));
	t.deepEqual(await series(), []);
	metrics.probed({ ...outcome, result: "successful" });
	metrics.probed({ ...outcome, result: "successful" });
	metrics.probed({ ...outcome, result: "failed" });
	const labels = (result: string) =>
		`{probe_type="Liveness",container="a",pod="web",namespace="default",result="${result}",pod_uid="u1"}`;
	const duration = `probe_type="Liveness",container="a",pod="web",namespace="default"}`;
	const found = await series();
	t.deepEqual(found.slice(0, 2), [
		`prober_probe_total${labels("successful")} 2`,
		`prober_probe_total${labels("failed")} 1`,
	]);
	t.true(found.includes(`prober_probe_duration_seconds_bucket{le="0.01",${duration} 0`));
	t.true(found.includes(`prober_probe_duration_seconds_bucket{le="0.025",${duration} 3`));
	t.true(found.includes(`prober_probe_duration_seconds_count{${duration} 3`));
	metrics.forget("u1");
	t.deepEqual(await series(), []);
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
