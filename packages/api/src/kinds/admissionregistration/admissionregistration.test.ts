import test from "ava";
import { runKindTable } from "../testing/kind-table.ts";
import { MutatingAdmissionPolicy } from "./mutating-admission-policy.ts";
import { MutatingAdmissionPolicyBinding } from "./mutating-admission-policy-binding.ts";
import { MutatingWebhookConfiguration } from "./mutating-webhook-configuration.ts";
import { ValidatingAdmissionPolicy } from "./validating-admission-policy.ts";
import { ValidatingAdmissionPolicyBinding } from "./validating-admission-policy-binding.ts";
import { ValidatingWebhookConfiguration } from "./validating-webhook-configuration.ts";

const rule = { operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] };
const webhook = {
	name: "a.example.com",
	clientConfig: { service: { namespace: "n", name: "s" } },
	rules: [rule],
	sideEffects: "None",
	admissionReviewVersions: ["v1"],
};
const filled = {
	...webhook,
	clientConfig: { service: { namespace: "n", name: "s", port: 443 } },
	rules: [{ ...rule, scope: "*" }],
	failurePolicy: "Fail",
	matchPolicy: "Equivalent",
	namespaceSelector: {},
	objectSelector: {},
	timeoutSeconds: 10,
};
const withHook = (change: object) => ({ webhooks: [{ ...webhook, ...change }] });

test("webhook configurations", (t) => {
	runKindTable(t, ValidatingWebhookConfiguration, {
		sample: { webhooks: [webhook] },
		defaults: { webhooks: [filled] },
		creates: [
			[
				withHook({ name: "a.b" }),
				[
					'webhooks[0].name: Invalid value: "a.b": should be a domain with at least three segments separated by dots',
				],
			],
			[
				withHook({ clientConfig: {} }),
				["webhooks[0].clientConfig: Required value: exactly one of url or service is required"],
			],
			[
				withHook({ clientConfig: { url: "http://a/b?c" } }),
				[
					"webhooks[0].clientConfig.url: Invalid value: \"http\": 'https' is the only allowed URL scheme; desired format: https://host[/path]",
					'webhooks[0].clientConfig.url: Invalid value: "c": query parameters are not permitted in the URL',
				],
			],
			[
				withHook({ sideEffects: "Some" }),
				['webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"'],
			],
			[
				withHook({ timeoutSeconds: 31 }),
				["webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds"],
			],
			[
				withHook({ admissionReviewVersions: ["v2"] }),
				[
					'webhooks[0].admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1',
				],
			],
			[
				withHook({ rules: [{ ...rule, resources: ["*", "pods"] }] }),
				[
					'webhooks[0].rules[0].resources: Invalid value: ["*","pods"]: if \'*\' is present, must not specify other resources without subresources',
				],
			],
			[{ webhooks: [webhook, webhook] }, ['webhooks[1].name: Duplicate value: "a.example.com"']],
		],
		prints: [{}, [1, "5m"]],
	});
	runKindTable(t, MutatingWebhookConfiguration, {
		sample: { webhooks: [webhook] },
		defaults: { webhooks: [{ ...filled, reinvocationPolicy: "Never" }] },
		prints: [{}, [1, "5m"]],
	});
});

const matchConstraints = { resourceRules: [rule] };

test("policies", (t) => {
	runKindTable(t, ValidatingAdmissionPolicy, {
		sample: { spec: { matchConstraints, validations: [{ expression: "true" }] } },
		defaults: {
			"spec.failurePolicy": "Fail",
			"spec.matchConstraints.matchPolicy": "Equivalent",
			"spec.matchConstraints.resourceRules": [{ ...rule, scope: "*" }],
		},
		creates: [
			[{ spec: { matchConstraints: null } }, ["spec.matchConstraints: Required value"]],
			[
				{ spec: { validations: [{ expression: " " }] } },
				["spec.validations[0].expression: Required value: expression is not specified"],
			],
			[
				{ spec: { validations: [{ expression: "true", reason: "Odd" }] } },
				[
					'spec.validations[0].reason: Unsupported value: "Odd": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"',
				],
			],
			[
				{ spec: { variables: [{ name: "a-b", expression: "1" }] } },
				['spec.variables[0].name: Invalid value: "a-b": name is not a valid CEL identifier'],
			],
		],
		prints: [{ spec: { paramKind: { apiVersion: "v1", kind: "ConfigMap" } } }, [1, "v1/ConfigMap", "5m"]],
	});
	runKindTable(t, MutatingAdmissionPolicy, {
		sample: {
			spec: {
				matchConstraints,
				reinvocationPolicy: "Never",
				mutations: [{ patchType: "JSONPatch", jsonPatch: { expression: "[]" } }],
			},
		},
		creates: [
			[
				{ spec: { mutations: [{ patchType: "ApplyConfiguration" }] } },
				[
					"spec.mutations[0].applyConfiguration: Required value: must be specified when patchType is ApplyConfiguration",
				],
			],
			[{ spec: { reinvocationPolicy: null } }, ["spec.reinvocationPolicy: Required value"]],
		],
		prints: [{}, [1, "<unset>", "5m"]],
	});
});

test("bindings", (t) => {
	const paramRef = { name: "p", namespace: "n", parameterNotFoundAction: "Deny" };
	runKindTable(t, ValidatingAdmissionPolicyBinding, {
		sample: { spec: { policyName: "policy", validationActions: ["Deny"], paramRef } },
		creates: [
			[{ spec: { validationActions: [] } }, ["spec.validationActions: Required value"]],
			[
				{ spec: { validationActions: ["Deny", "Deny"] } },
				['spec.validationActions[1]: Duplicate value: "Deny"'],
			],
			[
				{ spec: { paramRef: { parameterNotFoundAction: null, name: null } } },
				[
					"spec.paramRef: Required value: one of name or selector must be specified",
					"spec.paramRef.parameterNotFoundAction: Required value",
				],
			],
		],
		prints: [{}, ["policy", "n/p", "5m"]],
	});
	runKindTable(t, MutatingAdmissionPolicyBinding, {
		sample: { spec: { policyName: "policy" } },
		creates: [[{ spec: { policyName: "" } }, ["spec.policyName: Required value"]]],
		prints: [{}, ["policy", "<unset>", "5m"]],
	});
});
