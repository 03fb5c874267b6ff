/** Stock kubectl and a kind that users add: from its definition to the deletion of its last object. */
import { join } from "node:path";
import type { KubeObject } from "@berth/api";
import test from "ava";
import { eventually } from "../eventually.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import type { Kubectl } from "./kubectl.ts";

interface Backup extends KubeObject {
	readonly spec: Readonly<Record<string, unknown>>;
	readonly status?: Readonly<Record<string, unknown>>;
}

let cluster: Cluster;
let kubectl: Kubectl;
test.before(async () => {
	cluster = await startCluster();
	kubectl = cluster.kubectl;
	await kubectl.must(`apply -f ${join(import.meta.dirname, "fixtures/backup-definition.yaml")}`);
	await kubectl.must("wait --for=condition=Established crd/backups.store.example.com --timeout=10s");
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

const backup = (name: string, spec: string, version = "v1") =>
	`apiVersion: store.example.com/${version}\nkind: Backup\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

test.serial("the new kind is found and explained", async (t) => {
	t.regex(
		await kubectl.must("api-resources --api-group=store.example.com"),
		/^backups +bk +store\.example\.com\/v1 +true +Backup$/m,
	);
	t.regex(await kubectl.must("get crd"), /^backups\.store\.example\.com +\d{4}-/m);
	const explained = await kubectl.must("explain backups.spec");
	t.regex(explained, /What is wanted\./);
	t.regex(explained, /schedule\s+<string> -required-/);
	t.regex(await kubectl.must("explain bk.spec.target.region"), /ENUM:\s+north\s+south/);
	t.regex(await kubectl.must("explain backup --recursive"), /conditions\s+<\[\]Object>/);
	t.regex(await kubectl.must("explain backup.metadata.name"), /FIELD: name/);
});

test.serial("created, defaulted, printed, found by its names", async (t) => {
	await kubectl.must(
		"apply -f -",
		backup(
			"one",
			'{schedule: "0 0 * * *", target: {bucket: b}, volumes: [{name: a}], port: 80%, values: {x: {z: [1]}}}',
		),
	);
	const { spec, metadata } = await kubectl.json<Backup>("get backup one");
	t.like(spec, {
		copies: 1,
		limit: 10,
		suspend: false,
		timeout: "5m",
		port: "80%",
	});
	t.deepEqual(spec.values, { x: { z: [1] } });
	t.deepEqual(spec.target, { bucket: "b", region: "north" });
	t.deepEqual(spec.volumes, [{ name: "a", path: "/" }]);
	t.is(metadata.generation, 1);
	t.regex(await kubectl.must("get bk"), /^NAME +SCHEDULE +COPIES +READY +AGE\none +0 0 \* \* \* +1 +\d+s$/m);
	t.regex(await kubectl.must("get store -o wide"), /TARGET/);
	t.regex(await kubectl("get bk --field-selector spec.schedule=1"), /No resources found/);
	t.regex(await kubectl.must("describe backup one"), /Schedule: +0 0 \* \* \*/);
});

test.serial("what is wrong is said in words that lead to it", async (t) => {
	const create = (spec: string, flags = "") => kubectl(`create ${flags} -f -`, backup("wrong", spec));
	t.regex(await create("{}"), /spec\.schedule: Required value/);
	t.regex(
		await create('{schedule: "0 0 * * *", copies: 11}'),
		/spec: Invalid value: "object": copies must not be above limit/,
	);
	t.regex(
		await create('{schedule: "x"}'),
		/spec\.schedule in body should match '\^\[\^ \]\+\( \[\^ \]\+\)\{4\}\$'/,
	);
	t.regex(
		await create('{schedule: "0 0 * * *", copies: many}'),
		/spec\.copies in body must be of type integer: "string"/,
	);
	t.regex(
		await create('{schedule: "0 0 * * *", wrong: 1}'),
		/strict decoding error: unknown field "spec\.wrong"/,
	);
	t.regex(
		await create('{schedule: "0 0 * * *", wrong: 1}', "--validate=warn --dry-run=server"),
		/Warning: unknown field "spec\.wrong"/,
	);
	t.regex(await create('{schedule: "0 0 * * *", tags: [a, a]}'), /spec\.tags\[1\]: Duplicate value: "a"/);
	t.regex(
		await kubectl('patch backup one --type=merge -p {"spec":{"target":null}}'),
		/target may not be taken away/,
	);
});

test.serial("changed: patch, apply, server-side apply, scale, status, edit", async (t) => {
	await kubectl.must('patch backup one --type=merge -p {"spec":{"suspend":true}}');
	await kubectl.must('patch backup one --type=json -p [{"op":"add","path":"/spec/tags","value":["a"]}]');
	await kubectl.must("scale backup one --replicas=3");
	t.like((await kubectl.json<Backup>("get backup one")).spec, { suspend: true, tags: ["a"], copies: 3 });
	await kubectl.must(
		"apply --server-side --field-manager=other -f -",
		backup("one", '{schedule: "0 0 * * *", volumes: [{name: b, path: /b}]}'),
	);
	const applied = await kubectl.json<Backup>("get backup one");
	t.deepEqual(applied.spec.volumes, [
		{ name: "a", path: "/" },
		{ name: "b", path: "/b" },
	]);
	const status = '{"status":{"copies":2,"selector":"a=b","conditions":[{"type":"Ready","status":"True"}]}}';
	await kubectl.must(`patch backup one --subresource=status --type=merge -p ${status}`);
	const after = await kubectl.json<Backup>("get backup one");
	t.is(after.metadata.generation, applied.metadata.generation);
	t.like(after.status, { copies: 2 });
	t.regex(await kubectl.must("get backup one"), / True +/);
	await kubectl.must("wait --for=condition=Ready backup/one --timeout=5s");
	const scale = await kubectl.json<{ spec: object; status: object }>("get backup one --subresource=scale");
	t.deepEqual(scale.spec, { replicas: 3 });
	t.deepEqual(scale.status, { replicas: 2, selector: "a=b" });
	await kubectl.must("label backup one a=b");
	await kubectl.must("annotate backup one c=d");
	t.regex(await kubectl.must("get backups -l a=b -o name"), /backup\.store\.example\.com\/one/);
});

test.serial("the other version, with its warning", async (t) => {
	t.regex(
		await kubectl("get backups.v1beta1.store.example.com one"),
		/Warning: store\.example\.com\/v1beta1 Backup is deprecated/,
	);
	await kubectl.must("apply -f -", backup("old", '{schedule: "1 1 * * *"}', "v1beta1"));
	t.is(
		(await kubectl.json<Backup>("get backups.v1.store.example.com old")).apiVersion,
		"store.example.com/v1",
	);
});

test.serial("a changed schema is served within a moment, and documents change", async (t) => {
	const before = await kubectl.must("get --raw /openapi/v3");
	const path = "/spec/versions/1/schema/openAPIV3Schema/properties/spec/properties/added";
	const patch = JSON.stringify([
		{ op: "add", path, value: { type: "string", default: "new", description: "Is-new." } },
	]);
	await kubectl.must(`patch crd backups.store.example.com --type=json -p ${patch}`);
	t.true(await eventually(async () => (await kubectl.json<Backup>("get backup one")).spec.added === "new"));
	t.not(await kubectl.must("get --raw /openapi/v3"), before);
	t.regex(await kubectl.must("explain backup.spec.added"), /Is-new\./);
});

test.serial("a server that is killed serves them again", async (t) => {
	const before = await kubectl.must("get backup one -o yaml");
	await cluster.kill();
	await cluster.start();
	t.is(await kubectl.must("get backup one -o yaml"), before);
	await kubectl.must("label backup one again=yes");
});

test.serial("they go with their namespace, and what they own goes with them", async (t) => {
	await kubectl.must("create namespace short");
	await kubectl.must("apply -n short -f -", backup("inside", '{schedule: "0 0 * * *"}'));
	await kubectl.must("delete namespace short --timeout=20s");
	await kubectl.must("apply -f -", backup("owner", '{schedule: "0 0 * * *"}'));
	const uid = await kubectl.must("get backup owner -o jsonpath={.metadata.uid}");
	await kubectl.must(
		"apply -f -",
		`apiVersion: v1
kind: ConfigMap
metadata:
  name: owned
  ownerReferences: [{apiVersion: store.example.com/v1, kind: Backup, name: owner, uid: ${uid}}]
`,
	);
	await kubectl.must("delete backup owner");
	t.true(await eventually(async () => /NotFound/.test(await kubectl("get configmap owned"))));
});

test.serial("deleted with all its objects", async (t) => {
	await kubectl.must("delete crd backups.store.example.com --timeout=20s");
	t.regex(
		await kubectl("get backups"),
		/could not find the requested resource|doesn't have a resource type "backups"/,
	);
	t.false((await kubectl.must("get --raw /openapi/v2")).includes("store.example.com"));
});
