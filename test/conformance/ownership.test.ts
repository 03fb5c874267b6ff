/** Who goes with whom: owner references, finalizers, namespaces. */
import test from "ava";
import { eventually } from "../eventually.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import type { Kubectl } from "./kubectl.ts";

let cluster: Cluster;
let kubectl: Kubectl;
test.before(async () => {
	cluster = await startCluster();
	kubectl = cluster.kubectl;
	await cluster.addNode("one");
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

const HOLD = "example.com/hold";

async function ownedConfigMap(
	name: string,
	owner: string,
	finalizers: readonly string[] = [],
): Promise<void> {
	const uid = await kubectl.must(`get configmap ${owner} -o jsonpath={.metadata.uid}`);
	const ownerReferences = [
		{ apiVersion: "v1", kind: "ConfigMap", name: owner, uid, blockOwnerDeletion: true },
	];
	const metadata = { name, ownerReferences, finalizers };
	await kubectl.must("create -f -", JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata }));
}
const isGone = (what: string) => eventually(async () => (await kubectl(`get ${what}`)).includes("not found"));
const release = (what: string) =>
	kubectl.must(`patch ${what} --type=json -p '[{"op":"remove","path":"/metadata/finalizers"}]'`);

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "v:1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;

test("background: the owner goes at once, the owned after it", async (t) => {
	await kubectl.must("create configmap b-owner");
	await ownedConfigMap("b-owned", "b-owner");
	await kubectl.must("delete configmap b-owner");
	t.true(await isGone("configmap b-owned"));
});

test("foreground: the owner stays until the owned are gone", async (t) => {
	await kubectl.must("create configmap f-owner");
	await ownedConfigMap("f-owned", "f-owner", [HOLD]);
	await kubectl.must("delete configmap f-owner --cascade=foreground --wait=false");
	t.true(
		await eventually(
			async () => (await kubectl("get configmap f-owned -o jsonpath={.metadata.deletionTimestamp}")) !== "",
		),
	);
	t.is(await kubectl("get configmap f-owner -o jsonpath={.metadata.finalizers[*]}"), "foregroundDeletion");
	await release("configmap f-owned");
	t.true(await isGone("configmap f-owner"));
	t.true(await isGone("configmap f-owned"));
});

test("orphan: the owned stay and forget their owner", async (t) => {
	await kubectl.must("create configmap o-owner");
	await ownedConfigMap("o-owned", "o-owner");
	await kubectl.must("delete configmap o-owner --cascade=orphan");
	t.is(await kubectl("get configmap o-owned -o jsonpath={.metadata.ownerReferences}"), "");
});

test("an owner that never was: the owned goes", async (t) => {
	const ownerReferences = [
		{ apiVersion: "v1", kind: "ConfigMap", name: "nobody", uid: "5e1f0e8c-0000-4000-8000-000000000000" },
	];
	const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "absent-owner", ownerReferences } };
	await kubectl.must("create -f -", JSON.stringify(object));
	t.true(await isGone("configmap absent-owner"));
});

test("finalizers keep an object until the last is removed; it takes no new ones", async (t) => {
	await heldConfigMap("held");
	await kubectl.must("delete configmap held --wait=false");
	t.regex(await kubectl("get configmap held -o jsonpath={.metadata.deletionTimestamp}"), /^\d{4}-/);
	t.regex(
		await kubectl(
			`patch configmap held --type=merge -p '{"metadata":{"finalizers":["${HOLD}","example.com/more"]}}'`,
		),
		/The ConfigMap "held" is invalid: metadata\.finalizers: Forbidden: no new finalizers can be added if the object is being deleted/,
	);
	await release("configmap held");
	t.true(await isGone("configmap held"));
});

async function heldConfigMap(name: string): Promise<void> {
	const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, finalizers: [HOLD] } };
	await kubectl.must("create -f -", JSON.stringify(object));
}

test.serial("a deployment's replica sets and pods: orphaned, adopted again, and gone with it", async (t) => {
	await kubectl.must("apply -f -", WEB);
	await kubectl.must("rollout status deployment/web --timeout=20s");
	const pods = await kubectl("get pods -l app=web -o jsonpath={.items[*].metadata.uid}");
	await kubectl.must("delete deployment web --cascade=orphan");
	t.is(await kubectl("get replicasets -l app=web -o jsonpath={.items[*].metadata.ownerReferences}"), "");
	await kubectl.must("apply -f -", WEB);
	await kubectl.must("rollout status deployment/web --timeout=20s");
	t.is(
		await kubectl("get pods -l app=web -o jsonpath={.items[*].metadata.uid}"),
		pods,
		"no pod was replaced",
	);
	t.is(
		await kubectl("get replicasets -l app=web -o jsonpath={.items[*].metadata.ownerReferences[*].kind}"),
		"Deployment",
	);
	await kubectl.must("delete deployment web --cascade=foreground --timeout=20s");
	t.is(await kubectl("get pods,replicasets -l app=web -o name"), "");
});

test.serial("a namespace goes with all that is in it, and takes nothing new meanwhile", async (t) => {
	await kubectl.must("create namespace doomed");
	await kubectl.must("apply -n doomed -f -", WEB);
	await kubectl.must("rollout status -n doomed deployment/web --timeout=20s");
	const held = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "held", finalizers: [HOLD] } };
	await kubectl.must("create -n doomed -f -", JSON.stringify(held));
	await kubectl.must("delete namespace doomed --wait=false");
	t.regex(await kubectl("get namespace doomed"), /doomed +Terminating /);
	t.is(
		await kubectl("create configmap more -n doomed"),
		'error: failed to create configmap: configmaps "more" is forbidden: unable to create new content in namespace doomed because it is being terminated',
	);
	t.true(
		await eventually(async () =>
			(await kubectl("get namespace doomed -o jsonpath={.status.conditions[*].message}")).includes(
				"Some resources are remaining: configmaps. has 1 resource instances",
			),
		),
	);
	t.is(await kubectl("get pods,deployments,services -n doomed -o name"), "");
	await release("configmap held -n doomed");
	t.true(await isGone("namespace doomed"));
});

test.serial("no loop failed over what was gone", (t) => {
	t.notRegex(cluster.log(), /is forbidden|"level":"error"|reconcile failed/);
});
