/** Deployments on nodes: rollouts, undo, scale, taints, drains, dead nodes. */
import test from "ava";
import { eventually } from "../eventually.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import type { HollowNode } from "./hollow-node.ts";
import type { Kubectl } from "./kubectl.ts";

let cluster: Cluster;
let kubectl: Kubectl;
let second: HollowNode;
test.before(async () => {
	cluster = await startCluster("--node-grace-period", "3s");
	kubectl = cluster.kubectl;
	await cluster.addNode("one", { labels: { zone: "a" } });
	second = await cluster.addNode("two", { labels: { zone: "b" } });
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

const deployment = (name: string, replicas: number, spec = "") => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: "v:1"}], ${spec}}
`;
const rolledOut = (name: string) => kubectl.must(`rollout status deployment/${name} --timeout=20s`);
const imageOf = (name: string) =>
	kubectl(`get deployment ${name} -o jsonpath={.spec.template.spec.containers[0].image}`);

test.serial("pods spread over nodes", async (t) => {
	await kubectl.must("apply -f -", deployment("spread", 6));
	await rolledOut("spread");
	const nodes = await kubectl("get pods -l app=spread -o jsonpath={.items[*].spec.nodeName}");
	t.is(nodes.split(" ").toSorted().join(" "), "one one one two two two");
});

test.serial("rollout: status, history, undo, restart, pause, resume", async (t) => {
	await kubectl.must("apply -f -", deployment("web", 4));
	await rolledOut("web");
	t.is(await kubectl("set image deployment/web main=v:2"), "deployment.apps/web image updated");
	t.regex(await rolledOut("web"), /deployment "web" successfully rolled out$/);
	t.regex(await kubectl("rollout history deployment/web"), /REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>$/);
	t.regex(await kubectl("rollout history deployment/web --revision=2"), /Image:\s+v:2/);
	t.is(await kubectl("rollout undo deployment/web"), "deployment.apps/web rolled back");
	await rolledOut("web");
	t.is(await imageOf("web"), "v:1");
	t.regex(await kubectl("rollout history deployment/web"), /\n2 +<none>\n3 +<none>$/);
	t.is(
		await kubectl("rollout undo deployment/web --to-revision=9"),
		"error: unable to find specified revision 9 in history",
	);
	t.is(await kubectl("rollout undo deployment/web --to-revision=2"), "deployment.apps/web rolled back");
	await rolledOut("web");
	t.is(await imageOf("web"), "v:2");
	t.is(await kubectl("rollout restart deployment/web"), "deployment.apps/web restarted");
	await rolledOut("web");
	t.is(await kubectl("rollout pause deployment/web"), "deployment.apps/web paused");
	t.is(await kubectl("rollout pause deployment/web"), 'error: deployments.apps "web" is already paused');
	await kubectl.must("set image deployment/web main=v:3");
	t.regex(
		await kubectl("wait --for=jsonpath={.status.observedGeneration}=$(x) deployment/web --timeout=1s"),
		/timed out/,
	);
	t.regex(await kubectl("get deployment web"), /web +4\/4 +0 +4 /);
	t.is(await kubectl("rollout resume deployment/web"), "deployment.apps/web resumed");
	await rolledOut("web");
	t.is(
		(await kubectl("get pods -l app=web -o jsonpath={.items[*].spec.containers[0].image}")).trim(),
		"v:3 v:3 v:3 v:3",
	);
});

test.serial("a rollout that cannot go on keeps what works, and undo mends it", async (t) => {
	await kubectl.must("apply -f -", deployment("stuck", 4));
	await rolledOut("stuck");
	await kubectl.must("set image deployment/stuck main=broken");
	t.regex(
		await kubectl("rollout status deployment/stuck --timeout=1s"),
		/Waiting for deployment "stuck" rollout to finish: 2 out of 4 new replicas have been updated/,
	);
	t.regex(await kubectl("get pods -l app=stuck"), /0\/1 +ImagePullBackOff/);
	t.regex(await kubectl("get deployment stuck"), /stuck +3\/4 +2 +3 /);
	await kubectl.must("rollout undo deployment/stuck");
	await rolledOut("stuck");
	await eventually(async () => !(await kubectl("get pods -l app=stuck")).includes("BackOff"));
	t.regex(await kubectl("get deployment stuck"), /stuck +4\/4 +4 +4 /);
});

test.serial("a deadline that passes is told", async (t) => {
	const manifest = deployment("late", 1).replace("replicas:", "progressDeadlineSeconds: 1\n  replicas:");
	await kubectl.must("apply -f -", manifest.replace("v:1", "broken"));
	t.regex(
		await kubectl("rollout status deployment/late --timeout=20s"),
		/error: deployment "late" exceeded its progress deadline$/,
	);
});

test.serial("scale, to thirty and back", async (t) => {
	await kubectl.must("apply -f -", deployment("many", 1));
	await rolledOut("many");
	t.is(
		await kubectl("scale deployment/many --replicas=2 --current-replicas=5"),
		"error: Expected replicas to be 5, was 1",
	);
	t.is(await kubectl("scale deployment/many --replicas=30"), "deployment.apps/many scaled");
	await rolledOut("many");
	t.regex(await kubectl("get deployment many"), /30\/30 +30 +30 /);
	await kubectl.must("scale deployment/many --replicas=0");
	t.true(await eventually(async () => (await kubectl("get pods -l app=many -o name")) === ""));
	t.regex(await kubectl("get deployment many"), /0\/0 +0 +0 /);
});

test.serial("services follow their pods", async (t) => {
	await kubectl.must("apply -f -", deployment("behind", 2));
	await kubectl.must("expose deployment behind --port=80");
	await rolledOut("behind");
	const addresses = async () =>
		(await kubectl("get endpoints behind -o jsonpath={.subsets[*].addresses[*].ip}"))
			.split(" ")
			.filter(Boolean).length;
	t.true(await eventually(async () => (await addresses()) === 2));
	await kubectl.must("scale deployment behind --replicas=1");
	t.true(await eventually(async () => (await addresses()) === 1));
	await kubectl.must("delete service behind");
	t.true(
		await eventually(
			async () =>
				(await kubectl("get endpoints,endpointslices -l kubernetes.io/service-name=behind -o name")) === "",
		),
	);
});

test.serial("why a pod waits, and that it stops waiting", async (t) => {
	await kubectl.must("apply -f -", deployment("huge", 1, "nodeSelector: {zone: c}"));
	const waiting = await eventually(async () => {
		const text = await kubectl("describe pods -l app=huge");
		return text.includes("FailedScheduling") && text;
	});
	t.regex(
		waiting || "",
		/Warning +FailedScheduling .* default-scheduler +0\/2 nodes are available: 2 node\(s\) didn't match Pod's node affinity\/selector\./,
	);
	t.regex(await kubectl("get pods -l app=huge"), /0\/1 +Pending/);
	await kubectl.must("label node two zone=c --overwrite");
	await rolledOut("huge");
	t.is(await kubectl("get pods -l app=huge -o jsonpath={.items[*].spec.nodeName}"), "two");
});

test.serial(
	"taints keep pods away; cordon and drain empty a node; uncordon lets waiting pods in",
	async (t) => {
		t.is(await kubectl("taint node one team=a:NoSchedule"), "node/one tainted");
		t.regex(
			await kubectl("taint node one team=a:NoSchedule"),
			/already has (?:a|team) taint\(s\) with same effect/,
		);
		t.is(await kubectl("taint node one team:NoSchedule-"), "node/one untainted");
		await kubectl.must("apply -f -", deployment("drained", 4));
		await rolledOut("drained");
		t.is(await kubectl("cordon one"), "node/one cordoned");
		t.regex(await kubectl("get nodes"), /one +Ready,SchedulingDisabled /);
		const drained = await kubectl.must("drain two --ignore-daemonsets --force --timeout=20s");
		t.regex(drained, /evicting pod default\/drained-.*\n(?:.*\n)*node\/two drained$/);
		t.is(await kubectl("get pods --field-selector=spec.nodeName=two -o name"), "");
		t.regex(await kubectl("get pods -l app=drained"), /0\/1 +Pending/);
		t.is(await kubectl("uncordon one"), "node/one uncordoned");
		t.regex(await rolledOut("drained"), /successfully rolled out/);
		await kubectl.must("uncordon two");
	},
);

test.serial("a NoExecute taint evicts those who do not tolerate it", async (t) => {
	await kubectl.must("apply -f -", deployment("evicted", 4));
	await rolledOut("evicted");
	await kubectl.must("taint node two go=away:NoExecute");
	const nodes = () => kubectl("get pods -l app=evicted -o jsonpath={.items[*].spec.nodeName}");
	t.true(await eventually(async () => (await nodes()) === "one one one one"));
	t.regex(
		await kubectl("get events --field-selector=reason=TaintManagerEviction"),
		/Marking for deletion Pod default\/evicted-/,
	);
	await kubectl.must("taint node two go-");
});

test.serial(
	"a node that falls silent is NotReady, its pods leave the service and move; it comes back",
	async (t) => {
		const impatient =
			"tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 1}]";
		await kubectl.must("apply -f -", deployment("moved", 4, impatient));
		await rolledOut("moved");
		await kubectl.must("expose deployment moved --port=80");
		second.silence();
		t.is(
			await kubectl("wait --for=condition=Ready=Unknown node/two --timeout=20s"),
			"node/two condition met",
		);
		t.regex(await kubectl("get node two"), /two +NotReady /);
		t.regex(
			await kubectl("describe node two"),
			/Taints: +node\.kubernetes\.io\/unreachable:NoExecute\n +node\.kubernetes\.io\/unreachable:NoSchedule/,
		);
		const ready =
			"get pods -l app=moved --field-selector=spec.nodeName=one -o jsonpath={.items[*].status.phase}";
		t.true(await eventually(async () => (await kubectl(ready)) === "Running Running Running Running"));
		t.regex(await kubectl("get pods -l app=moved -o wide"), /Terminating .* two /);
		t.is(
			await kubectl("get endpoints moved -o jsonpath={.subsets[*].addresses[*].nodeName}"),
			"one one one one",
		);
		second.revive();
		t.is(await kubectl("wait --for=condition=Ready node/two --timeout=20s"), "node/two condition met");
		t.true(await eventually(async () => !(await kubectl("get pods -l app=moved")).includes("Terminating")));
		t.true(await eventually(async () => (await kubectl("get node two -o jsonpath={.spec.taints}")) === ""));
	},
);

test.serial("nobody in the control plane lacked a right, and no loop failed", (t) => {
	t.notRegex(cluster.log(), /is forbidden|"level":"error"|reconcile failed/);
});
