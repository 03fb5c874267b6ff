import type { OwnerReference, PersistentVolumeClaim } from "@berth/api";
import test from "ava";
import { claimsOf, isStale, ownersToMend } from "./claims.ts";
import { pod, statefulSet } from "./fixtures.ts";
import { ordinalOf } from "./identity.ts";
import { missingIdentity, statefulPod } from "./stateful-pod.ts";

const templates = [
	{
		metadata: { name: "data", labels: { tier: "disk" } },
		spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
	},
];
type Fate = "Retain" | "Delete";
const withPolicy = (whenDeleted: Fate, whenScaled: Fate, replicas = 3) =>
	statefulSet({
		replicas,
		volumeClaimTemplates: templates,
		persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
	});
const claim = (ownerReferences?: readonly OwnerReference[], going = false): PersistentVolumeClaim => ({
	apiVersion: "v1",
	kind: "PersistentVolumeClaim",
	metadata: {
		name: "data-web-1",
		namespace: "default",
		uid: "uid-claim",
		resourceVersion: "1",
		creationTimestamp: "2026-01-01T00:00:00Z",
		...(ownerReferences ? { ownerReferences } : {}),
		...(going ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
	},
	spec: {},
});

test("a pod has its name, its labels, its host name and its own claims", (t) => {
	const set = statefulSet({ volumeClaimTemplates: templates, serviceName: "peers" });
	const template = {
		metadata: { labels: { app: "web" } },
		spec: {
			containers: [],
			volumes: [
				{ name: "data", emptyDir: {} },
				{ name: "tmp", emptyDir: {} },
			],
		},
	};
	const made = statefulPod({ set, template, revision: "web-abc", ordinal: 1 });
	t.like(made.metadata, {
		name: "web-1",
		labels: {
			app: "web",
			"statefulset.kubernetes.io/pod-name": "web-1",
			"apps.kubernetes.io/pod-index": "1",
			"controller-revision-hash": "web-abc",
		},
	});
	t.is(made.spec.hostname, "web-1");
	t.is(made.spec.subdomain, "peers");
	t.deepEqual(made.spec.volumes, [
		{ name: "data", persistentVolumeClaim: { claimName: "data-web-1" } },
		{ name: "tmp", emptyDir: {} },
	]);
	t.deepEqual(claimsOf(set, 1)[0]?.metadata, {
		name: "data-web-1",
		namespace: "default",
		labels: { tier: "disk", app: "web" },
		annotations: undefined,
	});
});

test("a name is a number of the set, or it is not", (t) => {
	const set = statefulSet();
	const known = { "web-0": 0, "web-10": 10, "web-01": undefined, "web-a": undefined, web: undefined };
	for (const [name, ordinal] of Object.entries(known)) t.is(ordinalOf(set, name), ordinal, name);
	t.is(ordinalOf(set, "other-1"), undefined);
});

test("an adopted pod lacks its labels until it has them", (t) => {
	const set = statefulSet();
	const adopted = pod(2);
	const labels = { "statefulset.kubernetes.io/pod-name": "web-2", "apps.kubernetes.io/pod-index": "2" };
	t.deepEqual(missingIdentity(set, adopted), labels);
	const whole = { ...adopted, metadata: { ...adopted.metadata, labels } };
	t.is(missingIdentity(set, whole), undefined);
});

test("claims go with the set, or with the pod that is scaled away, as the policy says", (t) => {
	const owners = (whenDeleted: Fate, whenScaled: Fate, replicas: number) =>
		ownersToMend(withPolicy(whenDeleted, whenScaled, replicas), pod(1), claim())?.map(({ uid }) => uid);
	t.deepEqual(owners("Retain", "Retain", 3), undefined);
	t.deepEqual(owners("Delete", "Retain", 3), ["uid-web"]);
	t.deepEqual(owners("Delete", "Retain", 1), ["uid-web"]);
	t.deepEqual(owners("Retain", "Delete", 3), undefined);
	t.deepEqual(owners("Retain", "Delete", 1), ["uid-web-1"]);
	t.deepEqual(owners("Delete", "Delete", 3), ["uid-web"]);
	t.deepEqual(owners("Delete", "Delete", 1), ["uid-web-1"]);
});

test("owners that are right stay, others are left alone, wrong ones go", (t) => {
	const set = withPolicy("Delete", "Retain");
	const [own] = ownersToMend(set, pod(1), claim()) ?? [];
	if (!own) return t.fail();
	const backup = { apiVersion: "x/v1", kind: "Backup", name: "b", uid: "uid-b" };
	t.is(ownersToMend(set, pod(1), claim([own, backup])), undefined);
	t.deepEqual(ownersToMend(withPolicy("Retain", "Retain"), pod(1), claim([own, backup])), [backup]);
	t.is(ownersToMend(set, pod(1), claim([{ ...backup, controller: true }])), undefined);
});

test("a claim of a pod that is gone is not used again", (t) => {
	const owner = { apiVersion: "v1", kind: "Pod", name: "web-1", uid: "uid-before", controller: true };
	t.true(isStale(claim([owner]), "web-1", undefined));
	t.false(isStale(claim([{ ...owner, uid: "uid-web-1" }]), "web-1", pod(1)));
	t.false(isStale(claim(), "web-1", undefined));
	t.true(isStale(claim(undefined, true), "web-1", undefined));
});
