import test from "ava";
import { runKindTable } from "../testing/kind-table.ts";
import { sampleContainer } from "../testing/samples.ts";
import { ControllerRevision } from "./controller-revision.ts";
import { DaemonSet } from "./daemon-set.ts";
import { StatefulSet } from "./stateful-set.ts";

const labels = { app: "web" };
const template = { metadata: { labels }, spec: { containers: [sampleContainer()] } };
const spec = { selector: { matchLabels: labels }, template };

test("daemon sets", (t) => {
	runKindTable(t, DaemonSet, {
		sample: { spec },
		defaults: {
			"spec.updateStrategy": {
				type: "RollingUpdate",
				rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
			},
			"spec.revisionHistoryLimit": 10,
			"spec.template.spec.restartPolicy": "Always",
			"metadata.annotations": { "deprecated.daemonset.template.generation": "1" },
		},
		creates: [
			[
				{ spec: { selector: { matchLabels: { app: "other" } } } },
				[
					'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
				],
			],
			[
				{ spec: { selector: { matchLabels: null } } },
				["spec.selector: Invalid value: {}: empty selector is invalid for daemonset"],
			],
			[
				{ spec: { template: { spec: { restartPolicy: "Never", activeDeadlineSeconds: 5 } } } },
				[
					'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
					"spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported",
				],
			],
			[
				{ spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: "10%" } } } },
				[
					'spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: "10%": may not be set when maxUnavailable is non-zero',
				],
			],
			[
				{ spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } } },
				["spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0"],
			],
			[{ spec: { updateStrategy: { type: "OnDelete" } } }, []],
			[
				{ spec: { updateStrategy: { type: "Sometimes" } } },
				[
					'spec.updateStrategy.type: Unsupported value: "Sometimes": supported values: "OnDelete", "RollingUpdate"',
				],
			],
		],
		updates: [
			[{ spec: { template: { spec: { containers: [sampleContainer({ image: "nginx:2" })] } } } }, []],
			[
				{ spec: { selector: { matchLabels: { app: "web", tier: "front" } } } },
				['spec.selector: Invalid value: {"matchLabels":{"app":"web","tier":"front"}}: field is immutable'],
			],
		],
		prints: [
			{
				spec: { template: { spec: { nodeSelector: { disk: "ssd" } } } },
				status: {
					desiredNumberScheduled: 3,
					currentNumberScheduled: 2,
					numberReady: 1,
					updatedNumberScheduled: 2,
					numberAvailable: 1,
				},
			},
			[3, 2, 1, 2, 1, "disk=ssd", "5m", "web", "nginx:1.29", "app=web"],
		],
	});
});

test("the generation of a daemon set's template is told for old clients", (t) => {
	const before = DaemonSet.prepareCreate?.({
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: "a", uid: "1", resourceVersion: "1", creationTimestamp: "" },
		spec,
	});
	if (!before) return t.fail();
	const told = (set: DaemonSet | undefined) => Object.values(set?.metadata.annotations ?? {});
	t.deepEqual(told(DaemonSet.prepareUpdate?.({ ...before, spec: { ...spec, minReadySeconds: 1 } }, before)), [
		"1",
	]);
	const changed = { ...template, spec: { containers: [sampleContainer({ image: "b" })] } };
	t.deepEqual(told(DaemonSet.prepareUpdate?.({ ...before, spec: { ...spec, template: changed } }, before)), [
		"2",
	]);
	return t.pass();
});

test("stateful sets", (t) => {
	const claim = { metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"] } };
	runKindTable(t, StatefulSet, {
		sample: { spec: { ...spec, serviceName: "web", volumeClaimTemplates: [claim] } },
		defaults: {
			"spec.replicas": 1,
			"spec.podManagementPolicy": "OrderedReady",
			"spec.revisionHistoryLimit": 10,
			"spec.updateStrategy": { type: "RollingUpdate", rollingUpdate: { partition: 0, maxUnavailable: 1 } },
			"spec.persistentVolumeClaimRetentionPolicy": { whenDeleted: "Retain", whenScaled: "Retain" },
			"spec.volumeClaimTemplates.0.kind": "PersistentVolumeClaim",
			"spec.volumeClaimTemplates.0.apiVersion": "v1",
			"spec.volumeClaimTemplates.0.spec.volumeMode": "Filesystem",
			"spec.volumeClaimTemplates.0.status": { phase: "Pending" },
		},
		creates: [
			[
				{ spec: { podManagementPolicy: "Chaos" } },
				["spec.podManagementPolicy: Invalid value: \"Chaos\": must be 'OrderedReady' or 'Parallel'"],
			],
			[
				{ spec: { updateStrategy: { rollingUpdate: { partition: -1 } } } },
				[
					"spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0",
				],
			],
			[
				{ spec: { replicas: -1, ordinals: { start: -2 } } },
				[
					"spec.replicas: Invalid value: -1: must be greater than or equal to 0",
					"spec.ordinals.start: Invalid value: -2: must be greater than or equal to 0",
				],
			],
			// Mounts of claims are not there before pods are made.
			[
				{
					spec: {
						template: {
							spec: { containers: [sampleContainer({ volumeMounts: [{ name: "data", mountPath: "/d" }] })] },
						},
					},
				},
				[],
			],
		],
		updates: [
			[{ spec: { replicas: 5, minReadySeconds: 3, revisionHistoryLimit: 2 } }, []],
			[
				{ spec: { serviceName: "other" } },
				[
					"spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
				],
			],
		],
		prints: [{ spec: { replicas: 3 }, status: { readyReplicas: 2 } }, ["2/3", "5m", "web", "nginx:1.29"]],
	});
});

test("controller revisions", (t) => {
	runKindTable(t, ControllerRevision, {
		sample: { revision: 2, data: { spec: {} } },
		creates: [
			[{ data: null }, ["data: Required value: data is mandatory"]],
			[{ revision: -1 }, ["revision: Invalid value: -1: must be greater than or equal to 0"]],
		],
		updates: [
			[{ revision: 3 }, []],
			[{ data: { spec: { a: 1 } } }, ['data: Invalid value: {"spec":{"a":1}}: field is immutable']],
		],
		prints: [
			{
				metadata: {
					ownerReferences: [
						{ apiVersion: "apps/v1", kind: "StatefulSet", name: "web", uid: "1", controller: true },
					],
				},
			},
			["statefulset.apps/web", 2, "5m"],
		],
	});
});
