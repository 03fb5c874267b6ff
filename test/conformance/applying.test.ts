/** kubectl's server-side apply: who owns which field, conflicts, force, and the way there from client-side apply. */
import type { ConfigMap, Deployment, ManagedFieldsEntry } from "@berth/api";
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

const configMap = (name: string, data: string) =>
	`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: ${data}\n`;

const deployment = (replicas: string, image = "image:1") => `apiVersion: apps/v1
kind: Deployment
metadata: {name: served}
spec:
  ${replicas}
  selector: {matchLabels: {app: served}}
  template:
    metadata: {labels: {app: served}}
    spec:
      containers:
      - {name: main, image: "${image}"}
`;

const managers = async (what: string) => {
	const { metadata } = await kubectl.json<ConfigMap>(`get ${what} --show-managed-fields`);
	return (metadata.managedFields ?? []).map(
		({ manager, operation, subresource }: ManagedFieldsEntry) =>
			`${manager} ${operation}${subresource ? ` ${subresource}` : ""}`,
	);
};

test("applied on the server: made, the same again, and what is no longer said goes", async (t) => {
	const apply = (data: string) => kubectl("apply --server-side -f -", configMap("one", data));
	t.is(await apply('{a: "1", b: "1"}'), "configmap/one serverside-applied");
	const { metadata } = await kubectl.json<ConfigMap>("get configmap one");
	await apply('{a: "1", b: "1"}');
	t.is(
		(await kubectl.json<ConfigMap>("get configmap one")).metadata.resourceVersion,
		metadata.resourceVersion,
	);
	await apply('{a: "1"}');
	t.is(await kubectl("get configmap one -o jsonpath={.data}"), '{"a":"1"}');
	t.deepEqual(await managers("configmap one"), ["kubectl Apply"]);
	t.false((await kubectl.must("get configmap one -o yaml")).includes("managedFields"));
	t.regex(await kubectl.must("get configmap one -o yaml --show-managed-fields"), /f:data:\n {8}f:a: \{\}/);
});

test("two managers: conflicts are told, --force-conflicts takes over", async (t) => {
	await kubectl.must("apply --server-side --field-manager=first -f -", deployment("replicas: 2"));
	const conflict = await kubectl(
		"apply --server-side --field-manager=second -f -",
		deployment("replicas: 3"),
	);
	t.regex(conflict, /Apply failed with 1 conflict: conflict with "first": \.spec\.replicas/);
	t.regex(conflict, /--force-conflicts/);
	await kubectl.must(
		"apply --server-side --field-manager=second --force-conflicts -f -",
		deployment("replicas: 3"),
	);
	await kubectl.must("apply --server-side --field-manager=first -f -", deployment("paused: false"));
	const { spec } = await kubectl.json<Deployment>("get deployment served");
	t.is(spec.replicas, 3);
	await kubectl.must("scale deployment served --replicas=1");
	t.regex(
		await kubectl("apply --server-side --field-manager=second -f -", deployment("replicas: 3")),
		/conflict with "kubectl" with subresource "scale" using apps\/v1: \.spec\.replicas/,
	);
	await kubectl.must("set image deployment served main=image:2");
	t.regex(
		await kubectl("apply --server-side --field-manager=third -f -", deployment("paused: false")),
		/conflict with "kubectl-set" using apps\/v1: \.spec\.template\.spec\.containers\[name="main"\]\.image/,
	);
});

test("from client-side apply to server-side apply and back", async (t) => {
	await kubectl.must("apply -f -", configMap("moved", '{a: "1", b: "1"}'));
	t.deepEqual(await managers("configmap moved"), ["kubectl-client-side-apply Update"]);
	t.is(
		await kubectl("apply --server-side -f -", configMap("moved", '{a: "2"}')),
		"configmap/moved serverside-applied",
	);
	// kubectl keeps its record of the client's side under a name of its own.
	t.deepEqual((await managers("configmap moved")).toSorted(), [
		"kubectl Apply",
		"kubectl-last-applied Apply",
	]);
	await kubectl.must("apply --server-side -f -", configMap("moved", '{a: "3"}'));
	t.regex(await kubectl("apply view-last-applied configmap moved"), /a: "3"/);
	t.is(await kubectl("apply -f -", configMap("moved", '{a: "4"}')), "configmap/moved configured");
	t.is(await kubectl("get configmap moved -o jsonpath={.data.a}"), "4");
});

test("a dry run and a diff on the server change nothing", async (t) => {
	await kubectl.must("apply --server-side -f -", configMap("still", '{a: "1"}'));
	t.is(
		await kubectl("apply --server-side --dry-run=server -f -", configMap("still", '{a: "2"}')),
		"configmap/still serverside-applied (server dry run)",
	);
	t.is(await kubectl.must("diff --server-side -f -", configMap("still", '{a: "1"}')), "");
	t.regex(
		await kubectl("diff --server-side -f -", configMap("still", '{a: "2"}')),
		/- {2}a: "1"\n\+ {2}a: "2"/,
	);
	t.is(await kubectl("get configmap still -o jsonpath={.data.a}"), "1");
});

test("fields that nobody knows are refused", async (t) => {
	const unknown = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: odd}\nsops: {mac: x}\n";
	t.regex(
		await kubectl("apply --server-side --validate=false -f -", unknown),
		/failed to create typed patch object \(default\/odd; \/v1, Kind=ConfigMap\): \.sops: field not declared in schema/,
	);
});
