/** Pods that make way for one that the cluster cannot do without, on a real Docker. See pods.docker.test.ts. */
import { Node, parseTime } from "@berth/api";
import test from "ava";
import { createFakeCluster, ended, IMAGE } from "./fake-cluster.ts";

const CRITICAL = 2_000_000_000;
const asking = (cpu: string) => ({
	name: "c",
	image: IMAGE,
	// It takes a moment to end.
	command: ["sh", "-c", "trap 'sleep 1; exit 0' TERM; while :; do sleep 0.1; done"],
	...(cpu && { resources: { requests: { cpu } } }),
});

test.serial("a critical pod that finds no room takes that of a lesser one, which ends first", async (t) => {
	await using cluster = await createFakeCluster();
	const allocatable = await cluster.until("the host's size", () => {
		const [node] = cluster.objects(Node);
		return Number(node?.status?.allocatable?.cpu);
	});
	await cluster.create("modest", { containers: [asking("100m")] });
	await cluster.create("large", { containers: [asking(`${allocatable * 1000 - 300}m`)] });
	await Promise.all(["modest", "large"].map((name) => cluster.running(name)));
	await cluster.create("refused", { containers: [asking("500m")] });
	const refused = await cluster.until("the refusal", () => ended(cluster, "refused"));
	t.is(refused.status?.reason, "OutOfcpu");
	await cluster.create("critical", { priority: CRITICAL, containers: [asking("500m")] });
	const critical = await cluster.running("critical");
	const victim = ended(cluster, "large");
	const message = "Preempted in order to admit critical pod";
	t.like(victim?.status, { phase: "Failed", reason: "Preempting", message });
	t.like(
		victim?.status?.conditions?.find(({ type }) => type === "DisruptionTarget"),
		{
			status: "True",
			reason: "TerminationByKubelet",
			message: "Pod was preempted by Kubelet to accommodate a critical pod",
		},
	);
	t.true(cluster.events.includes(`large Warning Preempting ${message}`));
	const end = victim?.status?.containerStatuses?.[0]?.state?.terminated?.finishedAt;
	const start = critical.status?.containerStatuses?.[0]?.state?.running?.startedAt;
	t.true(parseTime(end ?? "") <= parseTime(start ?? ""), `${end} ${start}`);
	t.is(cluster.pod("modest")?.status?.phase, "Running");
});
