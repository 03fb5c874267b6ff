/** A host loses its power and boots again: processes, mounts and network are gone, its disk and the API's word stay. */
import test from "ava";
import { eventually, expect, lab, namespaceFor, onHost } from "./cluster.ts";

const kubectl = namespaceFor(test, "e2e-reboot");

const POD = `
apiVersion: v1
kind: Pod
metadata: {name: kept}
spec:
  terminationGracePeriodSeconds: 2
  volumes: [{name: disk, emptyDir: {}}, {name: memory, emptyDir: {medium: Memory}}, {name: map, configMap: {name: words}}]
  initContainers:
    - {name: once, image: "berth/hello:1", command: [sh, -c, "echo init >> /disk/log"], volumeMounts: [{name: disk, mountPath: /disk}]}
  containers:
    - name: main
      image: berth/hello:1
      command: [sh, -c, "echo main >> /disk/log; echo up >> /memory/log; exec sleep 100000"]
      volumeMounts: [{name: disk, mountPath: /disk}, {name: memory, mountPath: /memory}, {name: map, mountPath: /map}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: words}
data: {word: before}
---
apiVersion: v1
kind: Pod
metadata: {name: done}
spec:
  restartPolicy: Never
  containers: [{name: main, image: "berth/hello:1", command: [sh, -c, "exit 3"]}]
---
apiVersion: v1
kind: Pod
metadata: {name: leaving}
spec:
  terminationGracePeriodSeconds: 2
  containers: [{name: main, image: "berth/hello:1", command: [sleep, "100000"]}]
`;

interface Pod {
	spec: { nodeName: string };
	status: {
		podIP: string;
		phase: string;
		containerStatuses: {
			restartCount: number;
			state: { running?: object; terminated?: { exitCode: number } };
			lastState: { terminated?: { exitCode: number; finishedAt: string; containerID: string } };
		}[];
	};
}

const ADDRESSES = "ls /var/lib/berth/agent/addresses/berth | grep -E '^[0-9]+[.]'";
const addressesOn = async (host: string) => (await onHost(host, "sh", "-c", ADDRESSES)).trim().split("\n");

test("pods run again with their count, their past, their disk and one address each; what ended stays ended", async (t) => {
	await kubectl.apply(POD);
	await kubectl("wait", "--for=condition=Ready", "pod/kept", "pod/leaving", "--timeout=60s");
	await kubectl("wait", "--for=jsonpath={.status.phase}=Failed", "pod/done", "--timeout=60s");
	const before = await kubectl.json<Pod>("get", "pod", "kept");
	const host = before.spec.nodeName;
	await lab("kill", host);
	await kubectl("delete", "pod", "leaving", "--wait=false");
	await kubectl("patch", "configmap", "words", "--patch", '{"data": {"word": "after"}}');
	await lab("start", host);
	const after = await eventually(async () => {
		const pod = await kubectl.json<Pod>("get", "pod", "kept");
		const [status] = pod.status.containerStatuses;
		expect(status?.restartCount === 1 && status.state.running !== undefined, "not running again");
		return pod;
	}, 90);
	await kubectl("wait", "--for=condition=Ready", "pod/kept", "--timeout=30s");
	await kubectl("wait", "--for=delete", "pod/leaving", "--timeout=60s");
	const past = after.status.containerStatuses[0]?.lastState.terminated;
	t.truthy(past?.containerID);
	t.not(past?.exitCode, 0);
	const read = (path: string) => kubectl("exec", "kept", "--", "cat", path);
	t.is(await read("/disk/log"), "init\nmain\ninit\nmain\n");
	t.is(await read("/memory/log"), "up\n");
	t.is(await read("/map/word"), "after");
	const done = await kubectl.json<Pod>("get", "pod", "done");
	t.like(done.status, {
		phase: "Failed",
		containerStatuses: [{ restartCount: 0, state: { terminated: { exitCode: 3 } } }],
	});
	// Others may have pods there too.
	const { items } = JSON.parse(
		await kubectl(
			"get",
			"pods",
			"-A",
			`--field-selector=spec.nodeName=${host},status.phase=Running`,
			"-o",
			"json",
		),
	) as { items: Pod[] };
	const living = items.map(({ status }) => status.podIP);
	await eventually(async () => {
		const held = await addressesOn(host);
		expect(
			held.every((address) => living.includes(address)),
			`held: ${held}, of living pods: ${living}`,
		);
	}, 30);
});
