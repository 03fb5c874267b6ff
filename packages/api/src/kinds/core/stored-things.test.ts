import test from "ava";
import { runKindTable } from "../testing/kind-table.ts";
import { sampleContainer } from "../testing/samples.ts";
import { LimitRange } from "./limit-range.ts";
import { PersistentVolume } from "./persistent-volume.ts";
import { PersistentVolumeClaim } from "./persistent-volume-claim.ts";
import { PodTemplate } from "./pod-template.ts";
import { ReplicationController } from "./replication-controller.ts";
import { ResourceQuota } from "./resource-quota.ts";

const labels = { app: "web" };
const template = { metadata: { labels }, spec: { containers: [sampleContainer()] } };

test("replication controllers", (t) => {
	runKindTable(t, ReplicationController, {
		sample: { spec: { template } },
		defaults: {
			"spec.replicas": 1,
			"spec.selector": labels,
			"metadata.labels": labels,
			status: { replicas: 0 },
		},
		creates: [
			[
				{ spec: { selector: { app: "other" } } },
				[
					'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
				],
			],
			[{ spec: { template: null, selector: { a: "b" } } }, ["spec.template: Required value"]],
			[{ spec: { template: { metadata: null } } }, ["spec.selector: Required value"]],
			[{ spec: { replicas: -3 } }, ["spec.replicas: Invalid value: -3: must be greater than or equal to 0"]],
		],
		prints: [
			{ spec: { replicas: 3 }, status: { replicas: 2, readyReplicas: 1 } },
			[3, 2, 1, "5m", "web", "nginx:1.29", "app=web"],
		],
	});
	t.is(ReplicationController.defaultPropagation, "Orphan");
});

test("pod templates", (t) => {
	runKindTable(t, PodTemplate, {
		sample: { template },
		defaults: { "template.spec.dnsPolicy": "ClusterFirst" },
		creates: [[{ template: { spec: { containers: null } } }, ["template.spec.containers: Required value"]]],
		prints: [{}, ["web", "nginx:1.29", "app=web"]],
	});
});

test("limit ranges", (t) => {
	runKindTable(t, LimitRange, {
		sample: {
			spec: { limits: [{ type: "Container", max: { cpu: "2" }, min: { cpu: "100m", memory: "1Mi" } }] },
		},
		defaults: {
			"spec.limits.0.default": { cpu: "2" },
			"spec.limits.0.defaultRequest": { cpu: "2", memory: "1Mi" },
		},
		creates: [
			[
				{ spec: { limits: [{ type: "Container", min: { cpu: "3" }, max: { cpu: "2" } }] } },
				[
					'spec.limits[0].min[cpu]: Invalid value: "3": min value 3 is greater than max value 2',
					'spec.limits[0].defaultRequest[cpu]: Invalid value: "2": min value 3 is greater than default request value 2',
					'spec.limits[0].default[cpu]: Invalid value: "3": min value 3 is greater than default value 2',
				],
			],
			[
				{ spec: { limits: [{ type: "Pod", default: { cpu: "1" } }, { type: "Pod" }, { type: "Zoo" }] } },
				[
					"spec.limits[0].default: Forbidden: may not be specified when `type` is 'Pod'",
					'spec.limits[1].type: Duplicate value: "Pod"',
					'spec.limits[2].type: Invalid value: "Zoo": must be a standard limit type or fully qualified',
				],
			],
			[
				{ spec: { limits: [{ type: "PersistentVolumeClaim" }] } },
				[
					"spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided",
				],
			],
			[
				{ spec: { limits: [{ type: "Container", maxLimitRequestRatio: { cpu: "500m" } }] } },
				['spec.limits[0].maxLimitRequestRatio[cpu]: Invalid value: "500m": ratio 500m is less than 1'],
			],
		],
		prints: [{}, ["2026-01-02T11:55:00Z"]],
	});
});

test("resource quotas", (t) => {
	runKindTable(t, ResourceQuota, {
		sample: { spec: { hard: { pods: "10", "limits.cpu": "4", "count/deployments.apps": "3" } } },
		creates: [
			[
				{ spec: { hard: { pods: "1500m", zoo: "1", cpu: "-1" } } },
				[
					'spec.hard[pods]: Invalid value: "1500m": must be an integer',
					'spec.hard[zoo]: Invalid value: "zoo": must be a standard resource for quota',
					'spec.hard[cpu]: Invalid value: "-1": must be greater than or equal to 0',
				],
			],
			[
				{ spec: { scopes: ["BestEffort", "NotBestEffort"], hard: { "limits.cpu": null } } },
				['spec.scopes: Invalid value: ["BestEffort","NotBestEffort"]: conflicting scopes'],
			],
			[
				{ spec: { scopes: ["BestEffort"] } },
				['spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource'],
			],
			[
				{ spec: { scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In" }] } } },
				[
					"spec.scopeSelector.matchExpressions.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
				],
			],
		],
		updates: [
			[{ spec: { hard: { pods: "20" } } }, []],
			[
				{ spec: { scopes: ["Terminating"] } },
				['spec.scopes: Invalid value: ["Terminating"]: field is immutable'],
			],
		],
		prints: [
			{
				status: {
					hard: { pods: "10", "limits.cpu": "4", cpu: "2" },
					used: { pods: "3", "limits.cpu": "500m" },
				},
			},
			["cpu: 0/2, pods: 3/10", "limits.cpu: 500m/4", "5m"],
		],
	});
});

test("claims", (t) => {
	const IMMUTABLE =
		"spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";
	runKindTable(t, PersistentVolumeClaim, {
		sample: {
			spec: {
				accessModes: ["ReadWriteOnce"],
				resources: { requests: { storage: "1Gi" } },
				dataSource: { kind: "PersistentVolumeClaim", name: "other" },
			},
		},
		defaults: {
			"spec.volumeMode": "Filesystem",
			"spec.dataSourceRef": { kind: "PersistentVolumeClaim", name: "other" },
			status: { phase: "Pending" },
		},
		creates: [
			[
				{ spec: { accessModes: null, resources: null } },
				[
					"spec.accessModes: Required value: at least 1 access mode is required",
					"spec.resources[storage]: Required value",
				],
			],
			[
				{ spec: { accessModes: ["ReadWriteOncePod", "ReadWriteMany"] } },
				["spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes"],
			],
			[
				{ spec: { resources: { requests: { storage: "0" } } } },
				['spec.resources[storage]: Invalid value: "0": must be greater than zero'],
			],
		],
		updates: [
			[{ spec: { volumeName: "pv1" } }, []],
			[{ spec: { storageClassName: "fast" } }, []],
			[{ spec: { accessModes: ["ReadWriteMany"] } }, [IMMUTABLE]],
			[{ spec: { resources: { requests: { storage: "2Gi" } } } }, [IMMUTABLE]],
			[{ status: { phase: "Bound" }, spec: { resources: { requests: { storage: "2Gi" } } } }, []],
			[
				{ status: { phase: "Bound" }, spec: { resources: { requests: { storage: "1Mi" } } } },
				["spec.resources.requests.storage: Forbidden: field can not be less than status.capacity"],
			],
		],
		prints: [
			{
				spec: { volumeName: "pv1", storageClassName: "fast" },
				status: {
					phase: "Bound",
					accessModes: ["ReadWriteMany", "ReadWriteOnce"],
					capacity: { storage: "1024Mi" },
				},
			},
			["Bound", "pv1", "1Gi", "RWO,RWX", "fast", "<unset>", "5m", "Filesystem"],
		],
	});
});

test("volumes", (t) => {
	runKindTable(t, PersistentVolume, {
		sample: {
			spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "5Gi" }, hostPath: { path: "/data" } },
		},
		defaults: {
			"spec.persistentVolumeReclaimPolicy": "Retain",
			"spec.volumeMode": "Filesystem",
			"spec.hostPath.type": "",
			"status.phase": "Pending",
		},
		creates: [
			[{ spec: { hostPath: null } }, ["spec: Required value: must specify a volume type"]],
			[
				{ spec: { hostPath: null, local: { path: "/disk" } } },
				["spec.nodeAffinity: Required value: Local volume requires node affinity"],
			],
			[
				{ spec: { nfs: { server: "s", path: "/p" } } },
				["spec.nfs: Forbidden: may not specify more than 1 volume type"],
			],
			[
				{ spec: { hostPath: { path: "/" }, persistentVolumeReclaimPolicy: "Recycle" } },
				["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"],
			],
			[
				{ spec: { hostPath: null, csi: {} } },
				["spec.csi.driver: Required value", "spec.csi.volumeHandle: Required value"],
			],
		],
		updates: [
			[{ spec: { capacity: { storage: "6Gi" }, claimRef: { name: "c" }, storageClassName: "x" } }, []],
			[
				{ spec: { hostPath: { path: "/other" } } },
				["spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation"],
			],
			[{ spec: { volumeMode: "Block" } }, ['spec.volumeMode: Invalid value: "Block": field is immutable']],
		],
		prints: [
			{
				spec: { claimRef: { namespace: "default", name: "data" }, storageClassName: "fast" },
				status: { phase: "Bound" },
			},
			["5Gi", "RWO", "Retain", "Bound", "default/data", "fast", "<unset>", "", "5m", "Filesystem"],
		],
	});
});
