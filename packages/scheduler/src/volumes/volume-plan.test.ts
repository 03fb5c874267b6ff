import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "@berth/api";
import test from "ava";
import { createCluster } from "../cluster/cluster.ts";
import { podInfo } from "../cluster/pod-info.ts";
import type { Storage } from "../cluster/storage.ts";
import { aNode, aPod, onNode, type PodWishes } from "../objects.fixture.ts";
import { explain, schedule } from "../schedule.ts";
import { missingVolumes } from "./volume-plan.ts";

const volume = (name: string, node: string, more: object = {}, size = "1Gi") =>
	({
		metadata: { name, uid: name },
		spec: {
			capacity: { storage: size },
			accessModes: ["ReadWriteOnce", "ReadWriteOncePod"],
			storageClassName: "local",
			nodeAffinity: {
				required: {
					nodeSelectorTerms: [
						{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }] },
					],
				},
			},
			...more,
		},
		status: { phase: "Available" },
	}) as unknown as PersistentVolume;

const claim = (name: string, more: object = {}, metadata: object = {}) =>
	({
		metadata: { namespace: "default", name, uid: name, ...metadata },
		spec: {
			accessModes: ["ReadWriteOnce"],
			storageClassName: "local",
			resources: { requests: { storage: "1Gi" } },
			...more,
		},
		status: { phase: "Pending" },
	}) as unknown as PersistentVolumeClaim;

const BOUND = { annotations: { "pv.kubernetes.io/bind-completed": "yes" } };

const storage = (
	claims: readonly PersistentVolumeClaim[],
	volumes: readonly PersistentVolume[],
	promises: Readonly<Record<string, string>> = {},
): Storage => ({
	claim: (key) => claims.find(({ metadata }) => `default/${metadata.name}` === key),
	volume: (name) => volumes.find(({ metadata }) => metadata.name === name),
	storageClass: (name) =>
		({
			metadata: { name },
			provisioner: name === "cloud" ? "example.com/disks" : "kubernetes.io/no-provisioner",
			volumeBindingMode: name === "now" ? "Immediate" : "WaitForFirstConsumer",
			...(name === "cloud" && {
				allowedTopologies: [{ matchLabelExpressions: [{ key: "zone", values: ["x", "y"] }] }],
			}),
		}) as unknown as StorageClass,
	volumes,
	promisedTo: (name) => promises[name],
});

const using = (...names: string[]): PodWishes => ({
	spec: { volumes: names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })) },
});

function setUp(view: Storage) {
	const cluster = createCluster(view);
	cluster.setNode(aNode("a"));
	cluster.setNode(aNode("b", { labels: { zone: "x" } }));
	return cluster;
}

function outcome(view: Storage, ...names: string[]): string {
	const verdict = schedule(podInfo(aPod("p", using(...names))), setUp(view), () => 0);
	return verdict.node ?? explain(verdict);
}

test("what keeps a pod from every node", (t) => {
	const none = "0/2 nodes are available: ";
	t.is(outcome(storage([], []), "c"), `${none}persistentvolumeclaim "c" not found.`);
	const now = claim("c", { storageClassName: "now" });
	t.is(outcome(storage([now], []), "c"), `${none}pod has unbound immediate PersistentVolumeClaims.`);
	const going = claim("c", {}, { deletionTimestamp: "2026-01-01T00:00:00Z" });
	t.is(outcome(storage([going], []), "c"), `${none}persistentvolumeclaim "c" is being deleted.`);
});

test("a bound claim holds the pod where its volume is", (t) => {
	const bound = claim("c", { volumeName: "v" }, BOUND);
	t.is(outcome(storage([bound], [volume("v", "b")]), "c"), "b");
	t.is(
		outcome(storage([bound], [volume("v", "elsewhere")]), "c"),
		"0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity.",
	);
	t.is(
		outcome(storage([bound], []), "c"),
		"0/2 nodes are available: 2 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s).",
	);
});

test("an open claim: where a volume is free for it, or can be made", (t) => {
	const open = claim("c");
	t.is(outcome(storage([open], [volume("v", "b")]), "c"), "b");
	const nowhere = "0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind.";
	t.is(outcome(storage([open], [volume("v", "b")], { v: "default/other" }), "c"), nowhere);
	t.is(outcome(storage([open], [volume("v", "b", {}, "500Mi")]), "c"), nowhere);
	t.is(outcome(storage([open, claim("d")], [volume("v", "b")]), "c", "d"), nowhere, "one volume is not two");
	t.is(outcome(storage([claim("c", { storageClassName: "cloud" })], []), "c"), "b", "by topology");
	const selected = { annotations: { "volume.kubernetes.io/selected-node": "a" } };
	t.is(outcome(storage([claim("c", { storageClassName: "cloud" }, selected)], []), "c"), "a");
});

test("what is to be written before the pod can be bound", (t) => {
	const view = storage(
		[claim("c"), claim("d", { storageClassName: "cloud" })],
		[volume("v", "b"), volume("w", "b", {}, "2Gi")],
	);
	const pod = podInfo(aPod("p", using("c", "d")));
	const node = setUp(view).node("b");
	const plan = node && missingVolumes(pod, node, view);
	t.deepEqual(
		plan?.bindings.map((each) => [each.claim.metadata.name, each.volume.metadata.name]),
		[["c", "v"]],
	);
	t.deepEqual(
		plan?.provisions.map(({ metadata }) => metadata.name),
		["d"],
	);
});

test("a claim for one pod at a time", (t) => {
	const only = claim("c", { accessModes: ["ReadWriteOncePod"], volumeName: "v" }, BOUND);
	const cluster = setUp(storage([only], [volume("v", "b")]));
	cluster.place(onNode(aPod("first", using("c")), "b"));
	const second = podInfo(aPod("second", using("c")));
	const verdict = schedule(second, cluster, () => 0);
	t.is(
		verdict.node ?? explain(verdict),
		"0/2 nodes are available: 2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode.",
	);
	cluster.remove("default/first");
	t.is(schedule(second, cluster, () => 0).node, "b");
});
