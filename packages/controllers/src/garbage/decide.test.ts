import type { KubeObject, OwnerReference } from "@berth/api";
import test from "ava";
import { decide, type OwnerState } from "./decide.ts";

const owner = (uid: string): OwnerReference => ({ apiVersion: "v1", kind: "ConfigMap", name: uid, uid });
const object = (owners: readonly string[], rest: Partial<KubeObject["metadata"]> = {}): KubeObject => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: {
		name: "a",
		uid: "a",
		resourceVersion: "1",
		creationTimestamp: "",
		ownerReferences: owners.map(owner),
		...rest,
	},
});
const states = (of: Record<string, OwnerState>) => (reference: OwnerReference) =>
	of[reference.uid] ?? "solid";

test("an object without owners, or with all of them there, is left alone", (t) => {
	t.deepEqual(decide(object([]), states({}), false), { do: "nothing" });
	t.deepEqual(decide(object(["x", "y"]), states({}), false), { do: "nothing" });
});

test("an object is deleted only when its last owner is gone", (t) => {
	t.deepEqual(decide(object(["x", "y"]), states({ x: "absent" }), false), { do: "release", uids: ["x"] });
	t.deepEqual(decide(object(["x", "y"]), states({ x: "absent", y: "absent" }), true), {
		do: "delete",
		propagation: "Background",
	});
});

test("a cascade in the foreground goes on below; the object's own wish decides otherwise", (t) => {
	t.deepEqual(decide(object(["x"]), states({ x: "waiting" }), true), {
		do: "delete",
		propagation: "Foreground",
	});
	t.deepEqual(decide(object(["x"]), states({ x: "waiting" }), false), {
		do: "delete",
		propagation: "Background",
	});
	t.deepEqual(decide(object(["x"], { finalizers: ["orphan"] }), states({ x: "absent" }), true), {
		do: "delete",
		propagation: "Orphan",
	});
});

test("what is being deleted already is not deleted again", (t) => {
	const going = object(["x"], { deletionTimestamp: "2026-01-01T00:00:00Z" });
	t.deepEqual(decide(going, states({ x: "absent" }), false), { do: "nothing" });
});
