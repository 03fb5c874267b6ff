import test from "ava";
import { runKindTable } from "../testing/kind-table.ts";
import { APIService } from "./api-service.ts";

test("APIService", (t) => {
	runKindTable(t, APIService, {
		name: "v1.example.com",
		sample: {
			spec: {
				group: "example.com",
				version: "v1",
				groupPriorityMinimum: 100,
				versionPriority: 10,
				service: { namespace: "n", name: "s" },
			},
		},
		defaults: { "spec.service.port": 443 },
		creates: [
			[
				{ spec: { version: "v2" } },
				[
					'metadata.name: Invalid value: "v1.example.com": must be `spec.version+"."+spec.group`: "v2.example.com"',
				],
			],
			[
				{ spec: { versionPriority: 1001 } },
				["spec.versionPriority: Invalid value: 1001: must be positive and less than 1000"],
			],
			[{ spec: { service: { name: "" } } }, ["spec.service.name: Required value"]],
			[
				{ spec: { service: null, insecureSkipTLSVerify: true } },
				[
					"spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify",
				],
			],
		],
		prints: [
			{ status: { conditions: [{ type: "Available", status: "False", reason: "MissingEndpoints" }] } },
			["n/s", "False (MissingEndpoints)", "5m"],
		],
	});
});
