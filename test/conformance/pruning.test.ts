/** Sets of manifests: what left them is pruned, by label, allow list or apply set; and kustomizations. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Deployment, Secret } from "@berth/api";
import test from "ava";
import { type Cluster, startCluster } from "./cluster.ts";
import type { Kubectl } from "./kubectl.ts";

let cluster: Cluster;
let kubectl: Kubectl;
test.before(async () => {
	cluster = await startCluster();
	kubectl = cluster.kubectl;
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

const namespaced = (namespace: string, kinds: readonly string[]) =>
	kinds.map((kind) => OBJECTS[kind]?.replace("NAMESPACE", namespace)).join("---\n");

const METADATA = "metadata: {name: one, namespace: NAMESPACE, labels: {set: a}}";
const OBJECTS: Readonly<Record<string, string>> = {
	configmap: `apiVersion: v1\nkind: ConfigMap\n${METADATA}\n`,
	secret: `apiVersion: v1\nkind: Secret\n${METADATA}\n`,
	deployment: `apiVersion: apps/v1
kind: Deployment
${METADATA}
spec:
  selector: {matchLabels: {app: one}}
  template: {metadata: {labels: {app: one}}, spec: {containers: [{name: main, image: "v:1"}]}}
`,
	job: `apiVersion: batch/v1
kind: Job
${METADATA}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: "v:1"}]}}}
`,
	ingress: `apiVersion: networking.k8s.io/v1
kind: Ingress
${METADATA}
spec: {defaultBackend: {service: {name: one, port: {number: 80}}}}
`,
};
const ALL = Object.keys(OBJECTS);
/** The lines that tell what was pruned, sorted. */
const pruned = (text: string) =>
	text
		.split("\n")
		.filter((line) => line.includes(" pruned"))
		.toSorted();

test("by label, of the kinds kubectl knows by itself", async (t) => {
	await kubectl.must("create namespace labelled");
	await kubectl.must("apply -f -", namespaced("labelled", ALL));
	const told = await kubectl.must(
		"apply -n labelled --prune -l set=a -f -",
		namespaced("labelled", ["configmap"]),
	);
	t.true(told.startsWith("configmap/one unchanged"));
	t.deepEqual(pruned(told), [
		"deployment.apps/one pruned",
		"ingress.networking.k8s.io/one pruned",
		"job.batch/one pruned",
		"secret/one pruned",
	]);
});

test("by allow list, and first as a dry run", async (t) => {
	await kubectl.must("create namespace allowed");
	await kubectl.must("apply -f -", namespaced("allowed", ALL));
	const apply = (flags: string) =>
		kubectl.must(
			`apply -n allowed --prune --all --prune-allowlist=core/v1/Secret --prune-allowlist=batch/v1/Job ${flags} -f -`,
			namespaced("allowed", ["configmap"]),
		);
	t.deepEqual(pruned(await apply("--dry-run=server")), [
		"job.batch/one pruned (server dry run)",
		"secret/one pruned (server dry run)",
	]);
	t.deepEqual(pruned(await apply("")), ["job.batch/one pruned", "secret/one pruned"]);
	t.is(
		await kubectl("get deployments,ingresses -n allowed -o name"),
		"deployment.apps/one\ningress.networking.k8s.io/one",
	);
});

test("by apply set: a secret remembers what belongs to it", async (t) => {
	const alpha = kubectl.withEnvironment({ KUBECTL_APPLYSET: "true" });
	await kubectl.must("create namespace sets");
	const apply = (kinds: readonly string[], flags = "") =>
		alpha.must(`apply -n sets --prune --applyset=mine ${flags} -f -`, namespaced("sets", kinds));
	await apply(ALL);
	const { metadata } = await kubectl.json<Secret>("get secret mine -n sets");
	t.is(
		metadata.annotations?.["applyset.kubernetes.io/contains-group-kinds"],
		"ConfigMap,Deployment.apps,Ingress.networking.k8s.io,Job.batch,Secret",
	);
	t.deepEqual(pruned(await apply(["configmap", "secret"], "--dry-run=server")), [
		"deployment.apps/one pruned (server dry run)",
		"ingress.networking.k8s.io/one pruned (server dry run)",
		"job.batch/one pruned (server dry run)",
	]);
	t.is(pruned(await apply(["configmap", "secret"])).length, 3);
	t.deepEqual(pruned(await apply(["configmap"], "--server-side --force-conflicts")), ["secret/one pruned"]);
});

test("a kustomization: applied, the same, different, shown, deleted", async (t) => {
	const directory = join(cluster.directory, "kustomization");
	mkdirSync(join(directory, "base"), { recursive: true });
	mkdirSync(join(directory, "over"));
	writeFileSync(join(directory, "base/deployment.yaml"), namespaced("default", ["deployment"]));
	writeFileSync(
		join(directory, "base/kustomization.yaml"),
		`
resources: [deployment.yaml]
configMapGenerator: [{name: settings, literals: [a=b]}]
labels: [{pairs: {team: x}, includeSelectors: true}]
`,
	);
	writeFileSync(
		join(directory, "over/kustomization.yaml"),
		`
resources: [../base]
namePrefix: my-
namespace: kustomized
replicas: [{name: one, count: 3}]
images: [{name: v, newName: w, newTag: "2"}]
`,
	);
	const over = join(directory, "over");
	await kubectl.must("create namespace kustomized");
	t.regex(
		await kubectl.must(`apply -k ${over}`),
		/^configmap\/my-settings-\w{10} created\ndeployment\.apps\/my-one created$/,
	);
	t.regex(await kubectl.must(`apply -k ${over}`), /^configmap\S+ unchanged\ndeployment\S+ unchanged$/);
	t.is(await kubectl.must(`diff -k ${over}`), "");
	const { spec } = await kubectl.json<Deployment>("get deployment my-one -n kustomized");
	t.like(spec, { replicas: 3, selector: { matchLabels: { app: "one", team: "x" } } });
	t.is(spec.template.spec?.containers[0]?.image, "w:2");
	t.regex(await kubectl.must(`get -k ${over}`), /configmap\/my-settings(?:.*\n)*.*deployment\.apps\/my-one/);
	t.regex(await kubectl.must(`delete -k ${over}`), /configmap (?:.*\n)*.*deployment\.apps "my-one" deleted/);
});
