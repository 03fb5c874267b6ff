import test from "ava";
import { runKindTable } from "../testing/kind-table.ts";
import { DeviceClass } from "./device-class.ts";
import { ResourceClaim } from "./resource-claim.ts";
import { ResourceClaimTemplate } from "./resource-claim-template.ts";
import { ResourceSlice } from "./resource-slice.ts";

const devices = { requests: [{ name: "gpu", exactly: { deviceClassName: "gpu.example.com" } }] };
const filled = [
	{ name: "gpu", exactly: { deviceClassName: "gpu.example.com", allocationMode: "ExactCount", count: 1 } },
];

test("claims and their templates", (t) => {
	runKindTable(t, ResourceClaim, {
		sample: { spec: { devices } },
		defaults: { "spec.devices.requests": filled },
		creates: [
			[
				{ spec: { devices: { requests: [{ name: "gpu" }] } } },
				[
					"spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required",
				],
			],
			[
				{
					spec: {
						devices: {
							requests: [{ name: "gpu", exactly: { deviceClassName: "c", allocationMode: "All", count: 2 } }],
						},
					},
				},
				[
					'spec.devices.requests[0].exactly.count: Invalid value: 2: must not be specified when allocationMode is "All"',
				],
			],
		],
		prints: [{ status: { allocation: {}, reservedFor: [{}] } }, ["allocated,reserved", "5m"]],
	});
	runKindTable(t, ResourceClaimTemplate, {
		sample: { spec: { spec: { devices } } },
		defaults: { "spec.spec.devices.requests": filled },
		prints: [{}, ["5m"]],
	});
});

test("classes and slices", (t) => {
	runKindTable(t, DeviceClass, {
		sample: { spec: { selectors: [{ cel: { expression: "true" } }] } },
		creates: [[{ spec: { selectors: [{}] } }, ["spec.selectors[0].cel: Required value"]]],
		prints: [{}, ["5m"]],
	});
	runKindTable(t, ResourceSlice, {
		sample: {
			spec: {
				driver: "gpu.example.com",
				nodeName: "n1",
				pool: { name: "n1", generation: 0, resourceSliceCount: 1 },
				devices: [{ name: "a", attributes: { model: { string: "x" } } }],
			},
		},
		creates: [
			[
				{ spec: { nodeName: null } },
				[
					"spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required",
				],
			],
			[
				{ spec: { pool: { resourceSliceCount: 0 } } },
				["spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero"],
			],
			[
				{ spec: { devices: [{ name: "a", attributes: { model: {} } }] } },
				["spec.devices[0].attributes[model]: Required value: exactly one value must be specified"],
			],
		],
		updates: [
			[
				{ spec: { driver: "other.example.com" } },
				['spec.driver: Invalid value: "other.example.com": field is immutable'],
			],
		],
		prints: [{}, ["n1", "gpu.example.com", "n1", "5m"]],
	});
});
