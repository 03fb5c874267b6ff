import test from "ava";
import { runKindTable } from "../testing/kind-table.ts";
import { CSIDriver } from "./csi-driver.ts";
import { CSINode } from "./csi-node.ts";
import { CSIStorageCapacity } from "./csi-storage-capacity.ts";
import { StorageClass } from "./storage-class.ts";
import { VolumeAttachment } from "./volume-attachment.ts";
import { VolumeAttributesClass } from "./volume-attributes-class.ts";

test("StorageClass", (t) => {
	runKindTable(t, StorageClass, {
		sample: { provisioner: "example.com/disk", parameters: { a: "b" } },
		defaults: { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" },
		creates: [
			[{ provisioner: "" }, ["provisioner: Required value"]],
			[
				{ reclaimPolicy: "Recycle" },
				['reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'],
			],
		],
		updates: [
			[{ parameters: { a: "c" } }, ["parameters: Forbidden: updates to parameters are forbidden."]],
			[{ provisioner: "x" }, ["provisioner: Forbidden: updates to provisioner are forbidden."]],
			[{ reclaimPolicy: "Retain" }, ["reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden."]],
			[{ allowVolumeExpansion: true }, []],
		],
		prints: [
			{ metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } } },
			["web (default)", "example.com/disk", "Delete", "Immediate", false, "5m"],
		],
	});
});

test("VolumeAttributesClass", (t) => {
	runKindTable(t, VolumeAttributesClass, {
		sample: { driverName: "example.com", parameters: { iops: "5" } },
		creates: [
			[{ parameters: null }, ["parameters: Required value: must contain at least one key/value pair"]],
		],
		updates: [
			[{ parameters: { iops: "6" } }, ["parameters: Forbidden: updates to parameters are forbidden."]],
		],
		prints: [{}, ["web", "example.com", "5m"]],
	});
});

test("VolumeAttachment", (t) => {
	runKindTable(t, VolumeAttachment, {
		sample: { spec: { attacher: "example.com", nodeName: "n1", source: { persistentVolumeName: "pv" } } },
		creates: [
			[
				{ spec: { source: { persistentVolumeName: null } } },
				[
					"spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
				],
			],
		],
		prints: [{ status: { attached: true } }, ["example.com", "pv", "n1", true, "5m"]],
	});
});

test("CSIDriver", (t) => {
	runKindTable(t, CSIDriver, {
		sample: { spec: {} },
		defaults: { "spec.attachRequired": true, "spec.volumeLifecycleModes": ["Persistent"] },
		creates: [
			[
				{ spec: { tokenRequests: [{ audience: "a" }, { audience: "a", expirationSeconds: 5 }] } },
				[
					'spec.tokenRequests[1].audience: Duplicate value: "a"',
					"spec.tokenRequests[1].expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes",
				],
			],
		],
		updates: [
			[
				{ spec: { attachRequired: false } },
				["spec.attachRequired: Invalid value: false: field is immutable"],
			],
		],
		prints: [{}, [true, false, false, "<unset>", false, "Persistent", "5m"]],
	});
});

test("CSINode", (t) => {
	runKindTable(t, CSINode, {
		sample: { spec: { drivers: [{ name: "example.com", nodeID: "n" }] } },
		creates: [
			[{ spec: { drivers: [{ name: "a", nodeID: "" }] } }, ["spec.drivers[0].nodeID: Required value"]],
			[
				{
					spec: {
						drivers: [
							{ name: "a", nodeID: "1" },
							{ name: "a", nodeID: "2" },
						],
					},
				},
				['spec.drivers[1].name: Duplicate value: "a"'],
			],
		],
		updates: [[{ spec: { drivers: [] } }, []]],
		prints: [{}, [1, "5m"]],
	});
});

test("CSIStorageCapacity", (t) => {
	runKindTable(t, CSIStorageCapacity, {
		sample: { storageClassName: "fast", capacity: "5Gi" },
		creates: [[{ capacity: "-1" }, ['capacity: Invalid value: "-1": must be greater than or equal to 0']]],
		updates: [
			[{ storageClassName: "slow" }, ['storageClassName: Invalid value: "slow": field is immutable']],
		],
		prints: [{}, ["fast", "5Gi"]],
	});
});
