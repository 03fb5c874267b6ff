/** What kubectl changes: every way of creating, changing and deleting, and the words for what goes wrong. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
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

const configMap = (name: string, value: string, labels = "{}") =>
	`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, labels: ${labels}}\ndata: {key: "${value}"}\n`;

test("apply: lists, several documents, JSON; created, unchanged, configured, pruned", async (t) => {
	const documents = `${configMap("a1", "1", "{set: a}")}---\n${configMap("a2", "1", "{set: a}")}`;
	t.is(await kubectl("apply -f -", documents), "configmap/a1 created\nconfigmap/a2 created");
	t.is(await kubectl("apply -f -", documents), "configmap/a1 unchanged\nconfigmap/a2 unchanged");
	const items = ["a1", "a3"].map((name) => ({
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: { name, labels: { set: "a" } },
		data: { key: "2" },
	}));
	const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
	t.is(await kubectl("apply -f -", list), "configmap/a1 configured\nconfigmap/a3 created");
	t.is(
		await kubectl(
			"apply -f - --prune -l set=a --prune-allowlist=core/v1/ConfigMap",
			configMap("a1", "2", "{set: a}"),
		),
		"configmap/a1 unchanged\nconfigmap/a2 pruned\nconfigmap/a3 pruned",
	);
	t.regex(await kubectl("apply view-last-applied configmap a1"), /key: "2"/);
	t.is(
		await kubectl("apply -f - --dry-run=server", configMap("a9", "1")),
		"configmap/a9 created (server dry run)",
	);
	t.regex(await kubectl("get configmap a9"), /not found/);
});

test("apply removes what left the manifest, and keeps what others added", async (t) => {
	const base = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: threeway}\n";
	await kubectl.must("apply -f -", `${base}data: {keep: "1", drop: "1"}\n`);
	await kubectl.must(`patch configmap threeway --type=merge -p '{"data":{"other":"1"}}'`);
	await kubectl.must("apply -f -", `${base}data: {keep: "2"}\n`);
	t.is(await kubectl("get configmap threeway -o jsonpath={.data}"), '{"keep":"2","other":"1"}');
});

test("diff tells what apply would do, by its exit code too", async (t) => {
	await kubectl.must("apply -f -", configMap("diffed", "1"));
	t.is(await kubectl.must("diff -f -", configMap("diffed", "1")), "");
	t.regex(await kubectl("diff -f -", configMap("diffed", "2")), /- {2}key: "1"\n\+ {2}key: "2"/);
	await t.throwsAsync(kubectl.must("diff -f -", configMap("diffed", "2")), { message: /ended with 1/ });
});

test("create, in its forms", async (t) => {
	t.is(await kubectl("create configmap c1 --from-literal=a=b"), "configmap/c1 created");
	t.is(
		await kubectl("create configmap c1"),
		'error: failed to create configmap: configmaps "c1" already exists',
	);
	t.is(await kubectl("create secret generic c2 --from-literal=k=v"), "secret/c2 created");
	t.is(await kubectl("get secret c2 -o jsonpath={.type}/{.data.k}"), "Opaque/dg==");
	t.is(await kubectl("create namespace c3"), "namespace/c3 created");
	t.is(await kubectl("create serviceaccount c4"), "serviceaccount/c4 created");
	t.is(await kubectl("create deployment c5 --image=x --replicas=2"), "deployment.apps/c5 created");
	t.is(await kubectl("expose deployment c5 --port=80 --type=NodePort"), "service/c5 exposed");
	t.regex(await kubectl("get service c5"), /NodePort +10\.96\.\d+\.\d+ +<none> +80:3\d{4}\/TCP/);
	t.is(await kubectl("run c6 --image=x --restart=Never"), "pod/c6 created");
	t.regex(
		await kubectl("create role c7 --verb=get --resource=pods"),
		/^role\.rbac\.authorization\.k8s\.io\/c7 created$/,
	);
	t.regex(await kubectl("create configmap c8 --dry-run=server -o name"), /^configmap\/c8$/);
	t.regex(await kubectl("get configmap c8"), /not found/);
	const generated = "apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: gen-}\n";
	t.regex(await kubectl("create -f -", generated), /^configmap\/gen-[a-z0-9]{5} created$/);
	t.regex(await kubectl("apply -f -", generated), /cannot use generate name with apply/);
});

test("label and annotate", async (t) => {
	await kubectl.must("create configmap l1");
	t.is(await kubectl("label configmap l1 x=y"), "configmap/l1 labeled");
	t.is(await kubectl("label configmap l1 x=y"), "configmap/l1 not labeled");
	t.is(
		await kubectl("label configmap l1 x=z"),
		"error: 'x' already has a value (y), and --overwrite is false",
	);
	t.is(await kubectl("label configmap l1 x=z --overwrite"), "configmap/l1 labeled");
	t.is(await kubectl("label configmap l1 x-"), "configmap/l1 unlabeled");
	t.is(await kubectl("annotate configmap l1 note=hi"), "configmap/l1 annotated");
	t.regex(
		await kubectl("label configmap l1 'bad key=1'"),
		/The ConfigMap "l1" is invalid: metadata\.labels: Invalid value: "bad key": name part must consist of alphanumeric characters/,
	);
});

test("patches of every type", async (t) => {
	await kubectl.must("create deployment p1 --image=x");
	const image = () => kubectl("get deployment p1 -o jsonpath={.spec.template.spec.containers[*].image}");
	t.is(
		await kubectl(
			`patch deployment p1 -p '{"spec":{"template":{"spec":{"containers":[{"name":"y","image":"y"}]}}}}'`,
		),
		"deployment.apps/p1 patched",
	);
	t.is((await image()).split(" ").toSorted().join(" "), "x y", "strategic: merged by name");
	t.is(
		await kubectl(
			`patch deployment p1 -p '{"spec":{"template":{"spec":{"containers":[{"name":"y","$patch":"delete"}]}}}}'`,
		),
		"deployment.apps/p1 patched",
	);
	t.is(await image(), "x");
	t.is(
		await kubectl(`patch deployment p1 -p '{"spec":{"replicas":1}}'`),
		"deployment.apps/p1 patched (no change)",
	);
	t.is(
		await kubectl(
			`patch deployment p1 --type=json -p '[{"op":"replace","path":"/spec/replicas","value":3}]'`,
		),
		"deployment.apps/p1 patched",
	);
	t.regex(
		await kubectl(`patch deployment p1 --type=json -p '[{"op":"test","path":"/spec/replicas","value":9}]'`),
		/^The request is invalid: the server rejected our request due to an error in our request/,
	);
	t.is(
		await kubectl(`patch deployment p1 --subresource=scale --type=merge -p '{"spec":{"replicas":2}}'`),
		"scale.autoscaling/p1 patched",
	);
	t.is(await kubectl("get deployment p1 -o jsonpath={.spec.replicas}"), "2");
	t.regex(
		await kubectl(
			`patch deployment p1 --type=merge -p '{"spec":{"selector":{"matchLabels":{"app":"other"}}}}'`,
		),
		/The Deployment "p1" is invalid: .*spec\.selector: Invalid value: .*field is immutable/s,
	);
});

test("replace, and what a stale revision is told", async (t) => {
	await kubectl.must("create -f -", configMap("r1", "1"));
	const file = join(cluster.directory, "r1.json");
	writeFileSync(file, await kubectl.must("get configmap r1 -o json"));
	t.is(await kubectl(`replace -f ${file}`), "configmap/r1 replaced");
	await kubectl.must("label configmap r1 changed=yes");
	t.is(
		await kubectl(`replace -f ${file}`),
		`Error from server (Conflict): error when replacing "${file}": Operation cannot be fulfilled on configmaps "r1": the object has been modified; please apply your changes to the latest version and try again`,
	);
	t.is(
		await kubectl("replace -f -", configMap("r2", "1")),
		'Error from server (NotFound): error when replacing "STDIN": configmaps "r2" not found',
	);
	t.regex(await kubectl("replace --force -f -", configMap("r1", "2")), /configmap\/r1 replaced$/);
	t.is(await kubectl("get configmap r1 -o jsonpath={.data.key}{.metadata.labels}"), "2");
});

test("edit", async (t) => {
	await kubectl.must("create -f -", configMap("e1", "before"));
	const editor = join(cluster.directory, "editor");
	writeFileSync(editor, '#!/bin/sh\nsed -i s/before/after/ "$1"\n', { mode: 0o755 });
	t.is(await kubectl.withEditor(editor)("edit configmap e1"), "configmap/e1 edited");
	t.is(await kubectl("get configmap e1 -o jsonpath={.data.key}"), "after");
});

test("delete, by name, label and file", async (t) => {
	for (const name of ["d1", "d2", "d3"]) await kubectl.must("create -f -", configMap(name, "1", "{set: d}"));
	t.regex(await kubectl("delete configmap d1"), /^configmap "d1" deleted/);
	t.is(await kubectl("delete configmap d1"), 'Error from server (NotFound): configmaps "d1" not found');
	t.is(await kubectl("delete configmap d1 --ignore-not-found"), "");
	t.regex(await kubectl("delete -f -", configMap("d2", "1")), /^configmap "d2" deleted/);
	t.regex(await kubectl("delete configmap -l set=d --dry-run=server"), /"d3" deleted.*\(server dry run\)/);
	t.regex(await kubectl("delete configmap -l set=d"), /^configmap "d3" deleted/);
	t.regex(
		await kubectl("delete namespace default"),
		/namespaces "default" is forbidden: this namespace may not be deleted/,
	);
});

test("uninvited input", async (t) => {
	const told = {
		"kind: ConfigMap\napiVersion: v9\nmetadata: {name: x}": /no matches for kind "ConfigMap" in version "v9"/,
		"kind: ConfigMap\nmetadata: {name: x}": /apiVersion not set/,
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndta: {}":
			/^Error from server \(BadRequest\): error when creating "STDIN": ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dta"$/,
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: 1}":
			/ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap\.data of type string$/,
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: nowhere}":
			/^Error from server \(NotFound\): error when creating "STDIN": namespaces "nowhere" not found$/,
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Bad_Name}":
			/^The ConfigMap "Bad_Name" is invalid: metadata\.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain must consist of/,
		"apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: c, image: i, resources: {limits: {cpu: lots}}}]}":
			/quantities must match the regular expression/,
	};
	for (const [manifest, pattern] of Object.entries(told))
		t.regex(await kubectl("create -f -", manifest), pattern);
	t.regex(
		await kubectl(
			"create --validate=warn -f -",
			"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: w1}\ndta: {}",
		),
		/Warning: unknown field "dta"/,
	);
});

test("what is too large is told so", async (t) => {
	t.regex(
		await kubectl("create -f -", configMap("large", "x".repeat(4 << 20))),
		/RequestEntityTooLarge|Request entity too large/,
	);
	t.regex(
		await kubectl("create -f -", configMap("largish", "x".repeat(1.5 * (1 << 20)))),
		/The ConfigMap "largish" is invalid: .*: Too long: may not be more than 1048576 bytes/,
	);
});

test("an invalid object is told every cause at once", async (t) => {
	const said = await kubectl(
		"create -f -",
		`apiVersion: v1
kind: Pod
metadata: {name: many, labels: {"a b": c}}
spec:
  restartPolicy: Sometimes
  containers:
  - {name: c}
  - {name: c, image: i, ports: [{containerPort: 99999}], resources: {requests: {cpu: 2}, limits: {cpu: 1}}}
`,
	);
	for (const cause of [
		'metadata.labels: Invalid value: "a b"',
		'spec.restartPolicy: Unsupported value: "Sometimes"',
		"spec.containers[0].image: Required value",
		'spec.containers[1].name: Duplicate value: "c"',
		"spec.containers[1].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive",
		'spec.containers[1].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
	]) {
		t.true(said.includes(`* ${cause}`), `${cause}\n${said}`);
	}
});

test("wait and a watched get see changes as they come", async (t) => {
	const watch = kubectl.start("get configmaps -w -l set=w");
	const waiting = kubectl("wait --for=create configmap/w1 --timeout=20s");
	await kubectl.must("create -f -", configMap("w0", "1", "{set: w}"));
	await watch.until(/w0 +1 /);
	await kubectl.must("create -f -", configMap("w1", "1", "{set: w}"));
	t.regex(await waiting, /configmap\/w1 condition met/);
	await watch.until(/w1 +1 /);
	await kubectl.must(`patch configmap w1 --type=merge -p '{"data":{"more":"1"}}'`);
	await watch.until(/w1 +2 /);
	await watch.stop();
	t.is(
		await kubectl("wait --for=jsonpath={.data.more}=1 configmap/w1 --timeout=10s"),
		"configmap/w1 condition met",
	);
	const gone = kubectl("wait --for=delete configmap/w1 --timeout=20s");
	await kubectl.must("delete configmap w1");
	t.regex(await gone, /^(?:configmap\/w1 condition met)?$/);
	t.regex(
		await kubectl("wait --for=delete configmap/w0 --timeout=1s"),
		/timed out waiting for the condition on configmaps\/w0/,
	);
});
