/** Pods from files of the host, on a real Docker. See pods.docker.test.ts. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Pod } from "@berth/api";
import test from "ava";
import { kubeletConfiguration } from "./config/kubelet-configuration.ts";
import { createFakeCluster, IMAGE } from "./fake-cluster.ts";

const NAME = "web-test-host";

test.serial("a static pod runs as its file says, whatever happens in the API", async (t) => {
	const directory = await mkdtemp(join(tmpdir(), "berth-static-"));
	const write = (command: string) =>
		writeFile(
			join(directory, "web.yaml"),
			`apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - {name: c, image: "${IMAGE}", command: [sleep, "${command}"]}
`,
		);
	await write("1000");
	const configuration = () =>
		kubeletConfiguration({
			apiVersion: "kubelet.config.k8s.io/v1beta1",
			kind: "KubeletConfiguration",
			staticPodPath: directory,
		});
	await using cluster = await createFakeCluster({ configuration });
	const container = () =>
		cluster.containers("--filter", "label=io.kubernetes.container.name=c", "--filter", "status=running");
	const mirror = await cluster.running(NAME);
	const id = await container();
	t.regex(mirror.status?.containerStatuses?.[0]?.containerID ?? "", new RegExp(`^docker://${id}`));
	t.regex(mirror.status?.podIP ?? "", /^10\.244\.77\./);
	t.not(mirror.metadata.uid, mirror.metadata.annotations?.["kubernetes.io/config.hash"]);

	await cluster.client.delete(Pod, { namespace: "default", name: NAME });
	await cluster.until("another mirror", () => {
		const pod = cluster.pod(NAME);
		return pod && pod.metadata.uid !== mirror.metadata.uid && pod.status?.phase === "Running";
	});
	t.is(await container(), id, "its pod ran on");

	await cluster.stopAgent();
	cluster.startAgent();
	await cluster.until("the agent to be back", async () => (await container()) === id);

	await write("2000");
	await cluster.until(
		"another container",
		async () => {
			const now = await container();
			return now !== "" && now !== id;
		},
		20,
	);
	const changed = await cluster.running(NAME);
	t.deepEqual(changed.spec.containers[0]?.command, ["sleep", "2000"]);

	await cluster.stopAgent();
	await rm(directory, { recursive: true });
	cluster.startAgent();
	await cluster.until(
		"nothing to be left",
		async () => (await cluster.containers()) === "" && !cluster.pod(NAME),
		20,
	);
});
