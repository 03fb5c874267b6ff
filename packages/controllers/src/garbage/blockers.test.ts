import type { KubeObject } from "@berth/api";
import test from "ava";
import { blockersOf } from "./blockers.ts";
import { FOREGROUND } from "./decide.ts";

interface Sketch {
	readonly owners?: readonly string[];
	readonly blocks?: boolean;
	readonly waits?: boolean;
}

const world = (sketches: Readonly<Record<string, Sketch>>) => {
	const objects = Object.entries(sketches).map(
		([uid, { owners = [], blocks = true, waits = false }]): KubeObject => ({
			apiVersion: "v1",
			kind: "Pod",
			metadata: {
				...{ name: uid, uid, resourceVersion: "1", creationTimestamp: "2026-01-01T00:00:00Z" },
				ownerReferences: owners.map((owner) => ({
					...{ apiVersion: "v1", kind: "Pod", name: owner, uid: owner, blockOwnerDeletion: blocks },
				})),
				...(waits && { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: [FOREGROUND] }),
			},
		}),
	);
	return (uid: string) => {
		const owner = objects.find(({ metadata }) => metadata.uid === uid);
		if (!owner) throw new Error(`no ${uid}`);
		const dependentsOf = (of: string) =>
			objects.filter(({ metadata }) => metadata.ownerReferences?.some((reference) => reference.uid === of));
		return blockersOf(owner, dependentsOf).map(({ metadata }) => metadata.uid);
	};
};

test("an owner waits for the dependents that block it, and for no others", (t) => {
	const of = world({ a: { waits: true }, b: { owners: ["a"] }, c: { owners: ["a"], blocks: false } });
	t.deepEqual(of("a"), ["b"]);
});

test("a chain waits from its end", (t) => {
	const of = world({
		a: { waits: true },
		b: { owners: ["a"], waits: true },
		c: { owners: ["b"], waits: true },
	});
	t.deepEqual(of("a"), ["b"]);
	t.deepEqual(of("b"), ["c"]);
	t.deepEqual(of("c"), []);
});

test("in a ring nobody waits for the ring, but for what hangs on it", (t) => {
	const of = world({
		a: { owners: ["c"], waits: true },
		b: { owners: ["a"], waits: true },
		c: { owners: ["b"], waits: true },
		leaf: { owners: ["b"] },
		self: { owners: ["self"], waits: true },
	});
	t.deepEqual(of("a"), []);
	t.deepEqual(of("b"), ["leaf"]);
	t.deepEqual(of("c"), []);
	t.deepEqual(of("self"), []);
});

test("a ring that does not yet wait all round still blocks", (t) => {
	const of = world({
		a: { owners: ["c"], waits: true },
		b: { owners: ["a"], waits: true },
		c: { owners: ["b"] },
	});
	t.deepEqual(of("a"), ["b"]);
	t.deepEqual(of("b"), ["c"]);
});
