import test from "ava";
import { findAll, parseJsonPath } from "./json-path.ts";

const OBJECT = {
	spec: { replicas: 3, ports: [{ port: 80, name: "http" }, { port: 443 }], map: { a: 1, b: 2 } },
	metadata: { labels: { "example.com/a": "x" } },
	status: {
		conditions: [
			{ type: "Ready", status: "True" },
			{ type: "Old", status: "False" },
		],
	},
};
const find = (path: string) => findAll(parseJsonPath(path) ?? [], OBJECT);

test("fields, indexes, slices, all and filters", (t) => {
	t.deepEqual(find(".spec.replicas"), [3]);
	t.deepEqual(find("{.spec.replicas}"), [3]);
	t.deepEqual(find(".spec.ports[0].port"), [80]);
	t.deepEqual(find(".spec.ports[-1].port"), [443]);
	t.deepEqual(find(".spec.ports[*].port"), [80, 443]);
	t.deepEqual(find(".spec.ports[1:].port"), [443]);
	t.deepEqual(find(".spec.map.*"), [1, 2]);
	t.deepEqual(find(`.status.conditions[?(@.type=="Ready")].status`), ["True"]);
	t.deepEqual(find(`.status.conditions[?(@.type == 'Old')].status`), ["False"]);
	t.deepEqual(find(".spec.ports[?(@.port>100)].port"), [443]);
	t.deepEqual(find(".spec.ports[?(@.name)].port"), [80]);
	t.deepEqual(find(".metadata.labels.example\\.com/a"), ["x"]);
	t.deepEqual(find(".metadata.labels['example.com/a']"), ["x"]);
});

test("what is not there is nothing, and prototypes are not there", (t) => {
	for (const path of [".a.b", ".spec.ports[9].port", ".spec.replicas.x", ".constructor", ".__proto__"]) {
		t.deepEqual(find(path), [], path);
	}
});

test("what is no path", (t) => {
	for (const path of ["spec", ".spec[", ".a[?(@.b==]", ".a]b", ".a.{b}", `.${"a".repeat(5000)}`]) {
		t.is(parseJsonPath(path), undefined, path);
	}
});
