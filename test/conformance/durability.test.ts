/** The server is killed, as by a power cut, and comes back: everything acknowledged is there, and watches go on. */
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

const WEB = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 6
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "v:1"}]}
`;

test.serial("killed in the middle of a rollout: nothing is lost, and the rollout ends", async (t) => {
	await kubectl.must("apply -f -", WEB);
	await kubectl.must("rollout status deployment/web --timeout=20s");
	await kubectl.must("create configmap kept --from-literal=a=b");
	const before = await kubectl.must("get configmap kept -o yaml");
	const token = await kubectl.must("create token default --duration=10m");
	const revision = Number(await kubectl.must("get configmap kept -o jsonpath={.metadata.resourceVersion}"));
	await kubectl.must("set image deployment/web main=v:2");
	await cluster.kill();
	t.regex(await kubectl("get pods"), /refused/);
	await cluster.start();
	t.is(await kubectl.must("get configmap kept -o yaml"), before);
	t.regex(await kubectl.must("rollout status deployment/web --timeout=30s"), /successfully rolled out/);
	const images = () => kubectl("get pods -l app=web -o jsonpath={.items[*].spec.containers[0].image}");
	t.true(await eventually(async () => (await images()) === "v:2 v:2 v:2 v:2 v:2 v:2"));
	t.regex(
		await kubectl(
			`auth whoami --kubeconfig=/dev/null --server=${cluster.url} --insecure-skip-tls-verify --token=${token}`,
		),
		/system:serviceaccount:default:default/,
		"tokens stay good",
	);
	await kubectl.must("label configmap kept after=yes");
	t.true(Number(await kubectl.must("get configmap kept -o jsonpath={.metadata.resourceVersion}")) > revision);
});

test.serial("a watch goes on from where it was before the server was killed", async (t) => {
	await kubectl.must("create configmap w1");
	const from = await kubectl.must("get configmap w1 -o jsonpath={.metadata.resourceVersion}");
	await kubectl.must("create configmap w2");
	await kubectl.must("delete configmap w1");
	await cluster.kill();
	await cluster.start();
	await kubectl.must("create configmap w3");
	const told = await kubectl.must(
		`get --raw=/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=1&resourceVersion=${from}`,
	);
	const events = told.split("\n").map(
		(line) =>
			JSON.parse(line) as {
				readonly type: string;
				readonly object: { readonly metadata: { readonly name: string } };
			},
	);
	t.deepEqual(
		events.map(({ type, object }) => `${type} ${object.metadata.name}`),
		["ADDED w2", "DELETED w1", "ADDED w3"],
	);
});

test.serial("stopped politely it ends at once and says nothing is wrong", async (t) => {
	await cluster.kill();
	await cluster.start();
	t.is(await kubectl("get --raw=/readyz"), "ok");
	t.notRegex(cluster.log(), /is forbidden|"level":"error"/);
});
