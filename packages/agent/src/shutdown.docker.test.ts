/** A host that goes down, on a real Docker. See pods.docker.test.ts. */
import { Node } from "@berth/api";
import test from "ava";
import { kubeletConfiguration } from "./config/kubelet-configuration.ts";
import { createFakeCluster, ended, IMAGE } from "./fake-cluster.ts";
import type { Shutdown } from "./node/shutdown/shutdown-keeper.ts";

test.serial("pods end before their host does, the critical ones last", async (t) => {
	const begin = Promise.withResolvers<Shutdown>();
	const over = Promise.withResolvers<undefined>();
	const released = Promise.withResolvers<void>();
	const configuration = () =>
		kubeletConfiguration({
			apiVersion: "kubelet.config.k8s.io/v1beta1",
			kind: "KubeletConfiguration",
			shutdownGracePeriod: "20s",
			shutdownGracePeriodCriticalPods: "10s",
		});
	await using cluster = await createFakeCluster({
		configuration,
		shutdowns: {
			next: (signal) => {
				signal.addEventListener("abort", () => over.resolve(undefined), { once: true });
				return Promise.race([begin.promise, over.promise]);
			},
			isUnderWay: async () => false,
		},
	});
	const polite = ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done"];
	const containers = [{ name: "c", image: IMAGE, command: polite }];
	await cluster.create("web", { containers });
	await cluster.create("dns", { containers, priority: 2_000_000_000 });
	await cluster.running("web");
	await cluster.running("dns");
	begin.resolve({ release: released.resolve, cancelled: over.promise });
	await released.promise;
	const web = await cluster.until("web to have ended", () => ended(cluster, "web"));
	t.like(web.status, {
		phase: "Failed",
		reason: "Terminated",
		message: "Pod was terminated in response to imminent node shutdown.",
	});
	t.like(
		web.status?.conditions?.find(({ type }) => type === "DisruptionTarget"),
		{ status: "True", reason: "TerminationByKubelet" },
	);
	const dns = await cluster.until("dns to have ended", () => ended(cluster, "dns"));
	const finished = (pod: typeof dns) =>
		pod.status?.containerStatuses?.[0]?.state?.terminated?.finishedAt ?? "";
	t.true(finished(web) <= finished(dns));
	const ready = await cluster.until("the node to say so", () =>
		cluster
			.objects<Node>(Node)[0]
			?.status?.conditions?.find(({ type, status }) => type === "Ready" && status === "False"),
	);
	t.like(ready, { reason: "KubeletNotReady", message: "node is shutting down" });
	await cluster.create("late", { containers });
	const late = await cluster.until("the late one to be refused", () => ended(cluster, "late"));
	t.is(late.status?.reason, "NodeShutdown");
});
