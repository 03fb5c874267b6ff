/** Who gets room, and who gets which volume, as kubectl shows it. */
import test from "ava";
import { eventually } from "../eventually.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import type { Kubectl } from "./kubectl.ts";

let cluster: Cluster;
let kubectl: Kubectl;
test.before(async () => {
	cluster = await startCluster();
	kubectl = cluster.kubectl;
	await cluster.addNode("one", {});
	await cluster.addNode("two", {});
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

const running = (pod: string) => kubectl.must(`wait --for=condition=Ready pod/${pod} --timeout=20s`);

test.serial("a pod with a claim runs, and neither claim nor volume goes before it", async (t) => {
	await kubectl.must(
		"apply -f -",
		`
apiVersion: v1
kind: PersistentVolume
metadata: {name: disk}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /data}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 500Mi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: user}
spec:
  containers: [{name: main, image: "v:1"}]
  volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]
`,
	);
	await running("user");
	t.regex(await kubectl("get pvc data"), /data +Bound +disk +1Gi +RWO/);
	t.regex(await kubectl("get pv disk"), /disk +1Gi +RWO +Retain +Bound +default\/data/);
	await kubectl.must("delete pvc/data --wait=false");
	t.regex(await kubectl("get pvc data"), /data +Terminating/);
	await kubectl.must("delete pod/user --grace-period=0 --force");
	await kubectl.must("wait --for=delete pvc/data --timeout=20s");
	t.true(await eventually(async () => (await kubectl("get pv disk")).includes("Released")));
	await kubectl.must("delete pv/disk --timeout=20s");
});

test.serial("a claim that waits for its pod gets the volume of the pod's node", async (t) => {
	await kubectl.must(
		"apply -f -",
		`
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: by-hand}
provisioner: kubernetes.io/no-provisioner
volumeBindingMode: WaitForFirstConsumer
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: disk-of-two}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: by-hand
  local: {path: /disk}
  nodeAffinity:
    required: {nodeSelectorTerms: [{matchFields: [{key: metadata.name, operator: In, values: [two]}]}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: later}
spec: {accessModes: [ReadWriteOnce], storageClassName: by-hand, resources: {requests: {storage: 1Gi}}}
`,
	);
	t.true(
		await eventually(async () =>
			(await kubectl("get events --field-selector involvedObject.name=later")).includes(
				"waiting for first consumer to be created before binding",
			),
		),
	);
	await kubectl.must(
		"apply -f -",
		`
apiVersion: v1
kind: Pod
metadata: {name: local}
spec:
  containers: [{name: main, image: "v:1"}]
  volumes: [{name: v, persistentVolumeClaim: {claimName: later}}]
`,
	);
	await running("local");
	t.is(await kubectl("get pod local -o jsonpath={.spec.nodeName}"), "two");
});

test.serial("a pod that matters more gets its room, and who made it is told why", async (t) => {
	await kubectl.must("create priorityclass urgent --value=1000");
	const cpu = await kubectl("get node one -o jsonpath={.status.allocatable.cpu}");
	const pod = (name: string, extra: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, finalizers: [${name === "low" ? "example.com/watched" : ""}]}
spec:
  ${extra}
  terminationGracePeriodSeconds: 0
  nodeSelector: {kubernetes.io/hostname: one}
  containers: [{name: main, image: "v:1", resources: {requests: {cpu: "${cpu}"}}}]
`;
	await kubectl.must("apply -f -", pod("low", ""));
	await running("low");
	await kubectl.must("apply -f -", pod("high", "priorityClassName: urgent"));
	const condition = `get pod low -o jsonpath={.status.conditions[?(@.type=="DisruptionTarget")].reason}`;
	t.true(await eventually(async () => (await kubectl(condition)) === "PreemptionByScheduler"));
	const nominated = "get pod high -o jsonpath={.status.nominatedNodeName}";
	t.true(await eventually(async () => (await kubectl(nominated)) === "one"));
	t.true(
		await eventually(async () =>
			/Preempted by pod \S+ on node one/.test(
				await kubectl("get events --field-selector reason=Preempted,involvedObject.name=low"),
			),
		),
	);
	await kubectl.must(`patch pod low --type=merge -p {"metadata":{"finalizers":null}}`);
	await running("high");
});
