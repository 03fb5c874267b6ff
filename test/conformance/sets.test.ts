/** Daemon sets and stateful sets as kubectl sees them: rollouts, undo, history, scaling, claims, controller revisions. */
import test from "ava";
import { eventually } from "../eventually.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import type { Kubectl } from "./kubectl.ts";

let cluster: Cluster;
let kubectl: Kubectl;
test.before(async () => {
	cluster = await startCluster();
	kubectl = cluster.kubectl;
	await cluster.addNode("one", { labels: { color: "blue" } });
	await cluster.addNode("two");
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

const daemons = (name: string, spec = "", podSpec = "") => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  ${spec}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "v:1"}], ${podSpec}}
`;
const stateful = (name: string, replicas: number, spec = "") => `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ${name}}
spec:
  serviceName: ${name}
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  ${spec}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "v:1"}]}
`;
const rolledOut = (what: string) => kubectl.must(`rollout status ${what} --timeout=30s`);
const podsOf = async (app: string, path: string) =>
	(await kubectl(`get pods -l app=${app} -o jsonpath={.items[*]${path}}`)).split(" ").filter(Boolean);
const images = (app: string) => podsOf(app, ".spec.containers[0].image");
/** A pod is deleted and another one made of its name: so soon that kubectl, waiting, could miss that it was ever gone. */
async function remade(name: string): Promise<void> {
	const uid = () => kubectl(`get pod ${name} --ignore-not-found -o jsonpath={.metadata.uid}`);
	const before = await uid();
	await kubectl.must(`delete pod ${name} --wait=false`);
	if (!(await eventually(async () => ![before, ""].includes(await uid())))) throw new Error(`${name} stays`);
}
const names = async (app: string) => (await podsOf(app, ".metadata.name")).toSorted();

test.serial("a daemon set: a pod on each node, rolled out, undone, remembered", async (t) => {
	await kubectl.must("apply -f -", daemons("agent"));
	t.regex(await rolledOut("ds/agent"), /daemon set "agent" successfully rolled out$/);
	t.deepEqual((await podsOf("agent", ".spec.nodeName")).toSorted(), ["one", "two"]);
	t.regex(await kubectl("get ds agent"), /agent +2 +2 +2 +2 +2 +<none>/);
	await kubectl.must("set image ds/agent main=v:2");
	await rolledOut("ds/agent");
	t.deepEqual(await images("agent"), ["v:2", "v:2"]);
	t.regex(await kubectl("rollout history ds/agent"), /REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>$/);
	t.regex(await kubectl("rollout history ds/agent --revision=1"), /Image:\s+v:1/);
	t.is(await kubectl("rollout undo ds/agent"), "daemonset.apps/agent rolled back");
	await rolledOut("ds/agent");
	t.deepEqual(await images("agent"), ["v:1", "v:1"]);
	t.regex(await kubectl("rollout history ds/agent"), /\n2 +<none>\n3 +<none>$/);
	t.is(await kubectl("rollout restart ds/agent"), "daemonset.apps/agent restarted");
	await rolledOut("ds/agent");
});

test.serial("a rollout that cannot go on keeps one pod back, and undo restarts no other", async (t) => {
	await kubectl.must("apply -f -", daemons("careful"));
	await rolledOut("ds/careful");
	const before = await names("careful");
	await kubectl.must("set image ds/careful main=broken");
	t.true(await eventually(async () => (await images("careful")).includes("broken")));
	t.regex(await kubectl("rollout status ds/careful --timeout=1s"), /1 out of 2 new pods have been updated/);
	await kubectl.must("rollout undo ds/careful");
	await rolledOut("ds/careful");
	t.is((await names("careful")).filter((name) => before.includes(name)).length, 1);
});

test.serial("with surge the new pod is there before the old one goes", async (t) => {
	const surge = "updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}";
	await kubectl.must("apply -f -", daemons("surge", surge));
	await rolledOut("ds/surge");
	await kubectl.must("set image ds/surge main=broken");
	t.true(await eventually(async () => (await names("surge")).length === 3));
	t.regex(await kubectl("get ds surge"), /surge +2 +2 +2 +0 +2 /);
	await kubectl.must("set image ds/surge main=v:3");
	await rolledOut("ds/surge");
	t.true(await eventually(async () => (await images("surge")).join() === "v:3,v:3"));
});

test.serial("nodes come to suit it, and cease to", async (t) => {
	await kubectl.must("apply -f -", daemons("blue", "", "nodeSelector: {color: blue}"));
	await rolledOut("ds/blue");
	t.deepEqual(await podsOf("blue", ".spec.nodeName"), ["one"]);
	await kubectl.must("label node two color=blue");
	t.true(await eventually(async () => (await names("blue")).length === 2));
	await kubectl.must("label node one color=green --overwrite");
	t.true(await eventually(async () => (await podsOf("blue", ".spec.nodeName")).join() === "two"));
	await kubectl.must("taint node two team=a:NoExecute");
	t.true(await eventually(async () => (await names("blue")).length === 0));
	t.regex(await kubectl("get ds blue"), /blue +0 +0 +0 +0 +0 +color=blue/);
	await kubectl.must("taint node two team-");
	await kubectl.must("label node two color-");
	await kubectl.must("label node one color=blue --overwrite");
});

test.serial(
	"a daemon that failed is replaced; whoever outlives his set is adopted by the next",
	async (t) => {
		await kubectl.must("apply -f -", daemons("kept"));
		await rolledOut("ds/kept");
		const [first = ""] = await names("kept");
		await kubectl.must(`patch pod ${first} --subresource=status -p {"status":{"phase":"Failed"}}`);
		t.true(await eventually(async () => !(await names("kept")).includes(first)));
		await rolledOut("ds/kept");
		t.regex(await kubectl("get events --field-selector=reason=FailedDaemonPod"), /will try to kill it/);
		const before = await names("kept");
		await kubectl.must("delete ds kept --cascade=orphan");
		const owners =
			"get pods,controllerrevisions -l app=kept -o jsonpath={.items[*].metadata.ownerReferences}";
		t.is(await kubectl(owners), "");
		await kubectl.must("apply -f -", daemons("kept"));
		await rolledOut("ds/kept");
		t.deepEqual(await names("kept"), before);
		t.is((await kubectl("get controllerrevisions -l app=kept -o name")).split("\n").length, 1);
	},
);

test.serial("a stateful set: numbered pods in order, rolled out from the last, undone", async (t) => {
	await kubectl.must("apply -f -", stateful("db", 3, "ordinals: {start: 4}"));
	t.regex(
		await rolledOut("sts/db"),
		/partitioned roll out complete|statefulset rolling update complete 3 pods/,
	);
	t.deepEqual(await names("db"), ["db-4", "db-5", "db-6"]);
	const made = await kubectl(
		"get pods -l app=db --sort-by=.metadata.resourceVersion -o jsonpath={.items[*].metadata.labels.apps\\.kubernetes\\.io/pod-index}",
	);
	t.deepEqual(made.split(" ").toSorted(), ["4", "5", "6"]);
	await kubectl.must("set image sts/db main=v:2");
	await rolledOut("sts/db");
	t.deepEqual(await images("db"), ["v:2", "v:2", "v:2"]);
	t.regex(await kubectl("rollout history sts/db"), /REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>$/);
	t.is(await kubectl("rollout undo sts/db"), "statefulset.apps/db rolled back");
	await rolledOut("sts/db");
	t.deepEqual(await images("db"), ["v:1", "v:1", "v:1"]);
	const status = await kubectl("get sts db -o jsonpath={.status.currentRevision}={.status.updateRevision}");
	t.is(new Set(status.split("=")).size, 1);
	await remade("db-5");
	await kubectl.must("scale sts/db --replicas=1");
	t.true(await eventually(async () => (await names("db")).join() === "db-4"));
	t.regex(await kubectl("get sts db"), /db +1\/1 /);
});

test.serial("a canary stays one until the partition moves", async (t) => {
	const partition = (value: number) => `updateStrategy: {rollingUpdate: {partition: ${value}}}`;
	await kubectl.must("apply -f -", stateful("canary", 3, partition(2)));
	await rolledOut("sts/canary");
	await kubectl.must("set image sts/canary main=v:2");
	t.true(await eventually(async () => (await images("canary")).join() === "v:1,v:1,v:2"));
	await remade("canary-0");
	await remade("canary-2");
	await rolledOut("sts/canary");
	t.is((await images("canary")).join(), "v:1,v:1,v:2");
	await kubectl.must(`patch sts canary -p {"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}`);
	t.true(await eventually(async () => (await images("canary")).join() === "v:2,v:2,v:2"));
});

test.serial("claims are made, and go as the policy says", async (t) => {
	const claims = (policy: string) => `${policy}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
  podManagementPolicy: Parallel`;
	const policy = "persistentVolumeClaimRetentionPolicy: {whenDeleted: Delete, whenScaled: Delete}";
	const claimNames = async (app: string) =>
		(await kubectl(`get pvc -l app=${app} -o jsonpath={.items[*].metadata.name}`)).split(" ").filter(Boolean);
	await kubectl.must("apply -f -", stateful("tidy", 2, claims(policy)));
	await kubectl.must("apply -f -", stateful("frugal", 2, claims("")));
	for (const app of ["tidy", "frugal"]) {
		t.true(await eventually(async () => (await names(app)).length === 2));
		t.deepEqual(await claimNames(app), [`data-${app}-0`, `data-${app}-1`]);
		t.is(
			await kubectl(`get pod ${app}-1 -o jsonpath={.spec.volumes[0].persistentVolumeClaim.claimName}`),
			`data-${app}-1`,
		);
		await kubectl.must(`scale sts/${app} --replicas=1`);
		t.true(await eventually(async () => (await names(app)).join() === `${app}-0`));
	}
	const finalizers = `patch pvc data-tidy-0 data-tidy-1 -p {"metadata":{"finalizers":null}} --type=merge`;
	await kubectl(finalizers);
	t.true(await eventually(async () => (await claimNames("tidy")).join() === "data-tidy-0"));
	t.deepEqual(await claimNames("frugal"), ["data-frugal-0", "data-frugal-1"]);
	await kubectl.must("delete sts tidy frugal");
	await kubectl(finalizers);
	t.true(await eventually(async () => (await claimNames("tidy")).length === 0));
	t.is((await claimNames("frugal")).length, 2);
});

test.serial("revisions, statuses and collections through the API", async (t) => {
	await kubectl.must("apply -f -", daemons("api"));
	await rolledOut("ds/api");
	const [revision = ""] = (await kubectl("get controllerrevisions -l app=api -o name")).split("\n");
	t.regex(await kubectl(`get ${revision}`), /daemonset\.apps\/api +1 /);
	await kubectl.must(`label ${revision} extra=yes`);
	await kubectl.must(`delete ${revision}`);
	// What is deleted is made again, of the same template by the same name.
	t.true(await eventually(async () => (await kubectl(`get ${revision} -o name`)) === revision));
	const condition = `{"status":{"conditions":[{"type":"Seen","status":"True"}]}}`;
	await kubectl.must(`patch ds api --subresource=status -p ${condition}`);
	await kubectl.must("set image ds/api main=v:2");
	await rolledOut("ds/api");
	t.is(await kubectl("get ds api -o jsonpath={.status.conditions[*].type}"), "Seen");
	await kubectl.must("delete ds -l app!=none");
	t.true(await eventually(async () => (await names("api")).length === 0));
	t.is(await kubectl("get controllerrevisions -l app=api -o name"), "");
});

test.serial(
	"the life of revisions: made, copied, deleted, by name and by label; numbers only grow",
	async (t) => {
		await kubectl.must("apply -f -", daemons("life"));
		await rolledOut("ds/life");
		const revisions = async () => (await kubectl("get controllerrevisions -l app=life -o name")).split("\n");
		const [first = ""] = await revisions();
		const copied = await kubectl.json<Record<string, unknown> & { metadata: Record<string, unknown> }>(
			`get ${first}`,
		);
		const { labels, ownerReferences } = copied.metadata;
		const metadata = { name: "life-copy", labels, ownerReferences };
		await kubectl.must("create -f -", JSON.stringify({ ...copied, metadata, revision: 2 }));
		t.is((await revisions()).length, 2);
		await kubectl.must(`delete ${first}`);
		t.deepEqual(await revisions(), ["controllerrevision.apps/life-copy"]);
		await kubectl.must("label controllerrevision life-copy stage=updated");
		const patch = `{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":1}}}}`;
		await kubectl.must(`patch ds life -p ${patch}`);
		t.true(await eventually(async () => (await revisions()).length === 2));
		await kubectl.must("delete controllerrevisions -l stage=updated");
		t.is((await revisions()).length, 1);
		t.is(await kubectl("get controllerrevisions -l app=life -o jsonpath={.items[*].revision}"), "3");
		await rolledOut("ds/life");
	},
);

test.serial(
	"stateful sets are listed, patched, scaled, and deleted as one; statuses are written alone",
	async (t) => {
		await kubectl.must("apply -f -", stateful("bulk", 2));
		await kubectl.must("label sts bulk team=a");
		await rolledOut("sts/bulk");
		t.is(await kubectl("get sts -A -l team=a -o name"), "statefulset.apps/bulk");
		t.is(
			await kubectl(
				"get sts bulk --subresource=scale -o jsonpath={.spec.replicas}/{.status.replicas}/{.status.selector}",
			),
			"2/2/app=bulk",
		);
		const scale = `{"spec":{"replicas":1}}`;
		await kubectl.must(`patch sts bulk --subresource=scale --type=merge -p ${scale}`);
		t.true(await eventually(async () => (await names("bulk")).join() === "bulk-0"));
		const condition = `{"status":{"conditions":[{"type":"Seen","status":"True"}]},"spec":{"replicas":5}}`;
		await kubectl.must(`patch sts bulk --subresource=status --type=merge -p ${condition}`);
		t.is(await kubectl("get sts bulk -o jsonpath={.spec.replicas}{.status.conditions[*].type}"), "1Seen");
		await kubectl.must("delete sts -l team=a");
		t.true(await eventually(async () => (await names("bulk")).length === 0));
	},
);

test.serial("sets go with all they have: in the foreground, and with their namespace", async (t) => {
	await kubectl.must("apply -f -", daemons("gone"));
	await kubectl.must("apply -f -", stateful("leaving", 2));
	await Promise.all([rolledOut("ds/gone"), rolledOut("sts/leaving")]);
	await kubectl.must("delete ds/gone sts/leaving --cascade=foreground --timeout=30s");
	t.is(await kubectl("get ds,sts,pods,controllerrevisions -l 'app in (gone,leaving)' -o name"), "");
	await kubectl.must("create namespace brief");
	await kubectl.must("-n brief apply -f -", daemons("gone"));
	await kubectl.must("-n brief apply -f -", stateful("leaving", 2));
	await kubectl.must("-n brief rollout status ds/gone --timeout=30s");
	await kubectl.must("delete namespace brief --timeout=30s");
});

test.serial("nobody in the control plane lacked a right, and no loop failed", (t) => {
	t.notRegex(cluster.log(), /is forbidden|"level":"error"|reconcile failed/);
});
