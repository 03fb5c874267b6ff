import test from "ava";
import { defineKind } from "./kind.ts";
import { type KubeObject, ObjectMetaSchema } from "./meta.ts";
import {
	MAX_ANNOTATIONS_SIZE,
	objectNameErrors,
	validateAnnotations,
	validateLabels,
	validateObjectMeta,
	validateObjectMetaUpdate,
} from "./metadata.ts";
import { object, ref } from "./schema.ts";

const kindOf = (scope: "Namespaced" | "Cluster", name?: "dnsLabel" | "dnsLabelRfc1035" | "pathSegment") =>
	defineKind<KubeObject>({
		group: "test",
		version: "v1",
		kind: "Thing",
		plural: "things",
		scope,
		schema: object("test.v1.Thing", { metadata: ref(ObjectMetaSchema) }),
		columns: [],
		...(name ? { name } : {}),
	});
const thing = kindOf("Namespaced");
const fine = { name: "a", namespace: "b" };
const texts = (errors: readonly { field: string; message: string }[]) =>
	errors.map(({ field, message }) => `${field}: ${message}`);

test("a name and, by scope, a namespace", (t) => {
	t.deepEqual(validateObjectMeta(thing, fine), []);
	t.deepEqual(texts(validateObjectMeta(thing, {})), [
		"metadata.name: Required value: name or generateName is required",
		"metadata.namespace: Required value",
	]);
	t.deepEqual(texts(validateObjectMeta(kindOf("Cluster"), fine)), [
		"metadata.namespace: Forbidden: not allowed on this type",
	]);
});

test("each kind has its rule for names, and a prefix is judged by what it becomes", (t) => {
	t.deepEqual(objectNameErrors(thing, "a.b"), []);
	t.is(objectNameErrors(kindOf("Namespaced", "dnsLabel"), "a.b").length, 1);
	t.is(objectNameErrors(kindOf("Namespaced", "dnsLabelRfc1035"), "1").length, 1);
	t.deepEqual(objectNameErrors(kindOf("Cluster", "pathSegment"), "system:Node"), []);
	t.deepEqual(objectNameErrors(thing, "web-", true), []);
	t.is(objectNameErrors(thing, "-web-", true).length, 1);
	const [error] = validateObjectMeta(thing, { ...fine, generateName: "A" });
	t.is(error?.field, "metadata.generateName");
});

test("labels and annotations", (t) => {
	t.deepEqual(validateLabels({ "example.com/a": "b" }, "metadata.labels"), []);
	const [key, value] = validateLabels({ "-": "a b" }, "metadata.labels");
	t.regex(key?.message ?? "", /^Invalid value: "-": name part must consist/);
	t.regex(value?.message ?? "", /^Invalid value: "a b": a valid label must be/);
	t.deepEqual(validateAnnotations({ "Example.com/a": "anything at all" }, "metadata.annotations"), []);
	const large = { a: "x".repeat(MAX_ANNOTATIONS_SIZE) };
	t.deepEqual(texts(validateAnnotations(large, "metadata.annotations")), [
		"metadata.annotations: Too long: may not be more than 262144 bytes",
	]);
	const exact = { a: "é".repeat((MAX_ANNOTATIONS_SIZE - 2) / 2) };
	t.deepEqual(validateAnnotations(exact, "metadata.annotations"), []);
});

test("finalizers are standard or qualified, and do not contradict each other", (t) => {
	const check = (...finalizers: string[]) => texts(validateObjectMeta(thing, { ...fine, finalizers }));
	t.deepEqual(check("example.com/mine", "foregroundDeletion"), []);
	t.deepEqual(check("mine"), [
		'metadata.finalizers[0]: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified',
	]);
	t.deepEqual(check("orphan", "foregroundDeletion"), [
		'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
	]);
});

test("owners are whole, and one at most controls", (t) => {
	const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "1" };
	const check = (...ownerReferences: object[]) =>
		texts(validateObjectMeta(thing, { ...fine, ownerReferences: ownerReferences as (typeof owner)[] }));
	t.deepEqual(check(owner, { ...owner, uid: "2", controller: true }), []);
	t.deepEqual(check({ ...owner, apiVersion: "apps/", uid: "" }), [
		'metadata.ownerReferences[0].apiVersion: Invalid value: "apps/": version must not be empty',
		'metadata.ownerReferences[0].uid: Invalid value: "": must not be empty',
	]);
	t.is(check({ apiVersion: "v1" }).length, 3);
	t.regex(
		check({ ...owner, apiVersion: "v1", kind: "Event" })[0] ?? "",
		/is disallowed from being an owner$/,
	);
	const both = check({ ...owner, controller: true }, { ...owner, name: "other", controller: true });
	t.regex(
		both[0] ?? "",
		/Only one reference can have Controller set to true\. Found "true" in references for ReplicaSet\/web and ReplicaSet\/other$/,
	);
});

test("identity does not change", (t) => {
	const old = { ...fine, uid: "1", creationTimestamp: "2026-01-01T00:00:00Z", generation: 2 };
	t.deepEqual(validateObjectMetaUpdate(old, old), []);
	t.deepEqual(texts(validateObjectMetaUpdate({ ...old, name: "c", uid: "2", generation: 1 }, old)), [
		"metadata.generation: Invalid value: 1: must not be decremented",
		'metadata.name: Invalid value: "c": field is immutable',
		'metadata.uid: Invalid value: "2": field is immutable',
	]);
	t.deepEqual(texts(validateObjectMetaUpdate({ ...old, deletionTimestamp: "2026-01-02T00:00:00Z" }, old)), [
		'metadata.deletionTimestamp: Invalid value: "2026-01-02T00:00:00Z": field is immutable',
	]);
});

test("what is being deleted gets no new finalizers, but may lose some", (t) => {
	const old = { ...fine, deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["a.io/x", "a.io/y"] };
	t.deepEqual(validateObjectMetaUpdate({ ...old, finalizers: ["a.io/y"] }, old), []);
	t.deepEqual(texts(validateObjectMetaUpdate({ ...old, finalizers: ["a.io/z"] }, old)), [
		'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a.io/z"}',
	]);
});
