import test from "ava";
import { startTestServer, type TestServer } from "../../http/testing/test-server.ts";

const GROUP = "/apis/admissionregistration.k8s.io/v1";
const NS = "/api/v1/namespaces/default";

let server: TestServer;

test.before(async () => {
	server = await startTestServer();
	await server.ask("POST", `${NS}/serviceaccounts`, { body: { metadata: { name: "default" } } });
});
test.after.always(() => server?.[Symbol.asyncDispose]());

const rule = {
	apiGroups: [""],
	apiVersions: ["v1"],
	resources: ["configmaps"],
	operations: ["CREATE", "UPDATE"],
};

/** A policy about objects labelled with its own name, and a binding of the same name. */
async function policy(
	kind: "validating" | "mutating",
	name: string,
	{ spec, binding = {} }: { readonly spec: object; readonly binding?: object },
) {
	const matchConstraints = {
		resourceRules: [rule],
		objectSelector: { matchLabels: { test: name } },
	};
	const path = `${GROUP}/${kind}admissionpolic`;
	const made = await server.ask("POST", `${path}ies`, {
		body: { metadata: { name }, spec: { matchConstraints, ...spec } },
	});
	if (made.code !== 201) throw new Error(made.text);
	const actions = kind === "validating" ? { validationActions: ["Deny"] } : {};
	const bound = await server.ask("POST", `${path}ybindings`, {
		body: { metadata: { name }, spec: { policyName: name, ...actions, ...binding } },
	});
	if (bound.code !== 201) throw new Error(bound.text);
}
const validating = (name: string, spec: object, binding?: object) =>
	policy("validating", name, { spec, ...(binding ? { binding } : {}) });
const mutating = (name: string, spec: object, binding?: object) =>
	policy("mutating", name, {
		spec: { reinvocationPolicy: "Never", ...spec },
		...(binding ? { binding } : {}),
	});
const make = (label: string, name: string, body: object = {}, query = "") =>
	server.ask("POST", `${NS}/configmaps${query}`, {
		body: { metadata: { name, labels: { test: label } }, ...body },
	});

test("a policy refuses in Kubernetes' words", async (t) => {
	await validating("words", {
		validations: [{ expression: "object.data.size() <= 1" }, { expression: "'a' in object.data" }],
	});
	const refused = await make("words", "words-1", { data: { a: "1", b: "2" } });
	t.is(refused.code, 422);
	const denial =
		"ValidatingAdmissionPolicy 'words' with binding 'words' denied request: failed expression: object.data.size() <= 1";
	t.like(refused.json, {
		reason: "Invalid",
		message: `configmaps "words-1" is forbidden: ${denial}`,
		details: { name: "words-1", kind: "configmaps", causes: [{ message: denial }] },
	});
	t.is((await make("words", "words-2", { data: { a: "1" } })).code, 201);
});

test("messages and reasons are the policy's own", async (t) => {
	await validating("messages", {
		variables: [{ name: "count", expression: "object.data.size()" }],
		validations: [
			{
				expression: "variables.count <= 1",
				messageExpression: "'too many: ' + string(variables.count)",
				reason: "Forbidden",
			},
		],
	});
	const refused = await make("messages", "messages-1", { data: { a: "1", b: "2" } });
	t.is(refused.code, 403);
	t.regex(refused.json.message, /denied request: too many: 2$/);
});

test("errors of expressions refuse, or pass where the policy says so", async (t) => {
	await validating("failing", { validations: [{ expression: "object.data.missing == 'x'" }] });
	await validating("ignoring", {
		failurePolicy: "Ignore",
		validations: [{ expression: "object.data.missing == 'x'" }],
	});
	const refused = await make("failing", "failing-1", { data: {} });
	t.regex(
		refused.json.message,
		/denied request: expression 'object.data.missing == 'x'' resulted in error: no such key: (data|missing)$/,
	);
	t.is((await make("ignoring", "ignoring-1", { data: {} })).code, 201);
});

test("warnings let the request pass", async (t) => {
	await validating(
		"warning",
		{ validations: [{ expression: "false", message: "not good" }] },
		{ validationActions: ["Warn", "Audit"] },
	);
	const passed = await make("warning", "warning-1");
	t.is(passed.code, 201);
	t.regex(
		String(passed.headers.warning),
		/Validation failed for ValidatingAdmissionPolicy 'warning' with binding 'warning': not good/,
	);
});

test("match conditions choose, with what the user may do", async (t) => {
	await validating("conditions", {
		matchConditions: [
			{ name: "not-exempt", expression: "!has(object.metadata.annotations)" },
			{
				name: "may",
				expression:
					"authorizer.group('').resource('configmaps').namespace('default').check('create').allowed()",
			},
		],
		validations: [
			{ expression: "request.operation != 'CREATE' && namespaceObject.metadata.name == 'default'" },
		],
	});
	t.is((await make("conditions", "conditions-1")).code, 422);
	const exempt = {
		metadata: { name: "conditions-2", labels: { test: "conditions" }, annotations: { a: "b" } },
	};
	t.is((await server.ask("POST", `${NS}/configmaps`, { body: exempt })).code, 201);
});

test("parameters are found by name and by labels", async (t) => {
	await make("params-of", "limit", { data: { max: "1" } });
	const paramKind = { apiVersion: "v1", kind: "ConfigMap" };
	const validations = [{ expression: "object.data.size() <= int(params.data.max)" }];
	await validating(
		"params",
		{ paramKind, validations },
		{ paramRef: { name: "limit", parameterNotFoundAction: "Deny" } },
	);
	t.is((await make("params", "params-1", { data: { a: "1", b: "2" } })).code, 422);
	t.is((await make("params", "params-2", { data: { a: "1" } })).code, 201);
	await validating(
		"nobody",
		{ paramKind, validations },
		{ paramRef: { selector: { matchLabels: { test: "no-such" } }, parameterNotFoundAction: "Deny" } },
	);
	t.regex(
		(await make("nobody", "nobody-1")).json.message,
		/failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction$/,
	);
});

test("text that does not compile is not stored", async (t) => {
	const spec = {
		matchConstraints: { resourceRules: [rule] },
		validations: [{ expression: "object.x ==" }, { expression: "1 + 1" }, { expression: "params.x" }],
	};
	const refused = await server.ask("POST", `${GROUP}/validatingadmissionpolicies`, {
		body: { metadata: { name: "broken" }, spec },
	});
	t.is(refused.code, 422);
	const causes = refused.json.details.causes as { field: string; message: string }[];
	t.deepEqual(
		causes.map(({ field }) => field),
		[0, 1, 2].map((index) => `spec.validations[${index}].expression`),
	);
	t.regex(causes[0]?.message ?? "", /compilation failed: ERROR: <input>:1:\d+: Syntax error/);
	t.regex(causes[1]?.message ?? "", /must evaluate to bool/);
	t.regex(causes[2]?.message ?? "", /undeclared reference to 'params' \(in container ''\)/);
});

test("webhooks' match conditions are compiled as well", async (t) => {
	const refused = await server.ask("POST", `${GROUP}/validatingwebhookconfigurations`, {
		body: {
			metadata: { name: "broken" },
			webhooks: [
				{
					name: "a.example.com",
					clientConfig: { url: "https://127.0.0.1:1" },
					sideEffects: "None",
					admissionReviewVersions: ["v1"],
					matchConditions: [{ name: "bad", expression: "... [bad" }],
				},
			],
		},
	});
	t.is(refused.code, 422);
	t.regex(refused.json.message, /compilation failed/);
	t.is(refused.json.details.causes[0].field, "webhooks[0].matchConditions[0].expression");
});

test("a configuration is laid over the object", async (t) => {
	await mutating("laying", {
		variables: [{ name: "who", expression: "request.userInfo.username" }],
		mutations: [
			{
				patchType: "ApplyConfiguration",
				applyConfiguration: {
					expression:
						"Object{metadata: Object.metadata{labels: Object.metadata.labels{added: 'yes'}}, data: Object.data{who: variables.who}}",
				},
			},
		],
	});
	const made = await make("laying", "laying-1", { data: { own: "1" } });
	t.is(made.code, 201);
	t.deepEqual(made.json.metadata.labels, { test: "laying", added: "yes" });
	t.is(made.json.data.own, "1");
	t.truthy(made.json.data.who);
});

test("patches are applied one after the other", async (t) => {
	await mutating("patching", {
		mutations: [
			{
				patchType: "JSONPatch",
				jsonPatch: {
					expression:
						"has(object.data) ? [JSONPatch{op: 'add', path: '/data/' + jsonpatch.escapeKey('a/b'), value: 'x'}] : []",
				},
			},
			{
				patchType: "JSONPatch",
				jsonPatch: {
					expression: "[JSONPatch{op: 'add', path: '/data/count', value: string(object.data.size())}]",
				},
			},
		],
	});
	// A key of a config map has no slash: what a policy makes is judged like everything else.
	t.is((await make("patching", "patching-1", { data: { own: "1" } })).code, 422);
	const expression = "[JSONPatch{op: 'add', path: '/data/count', value: string(object.data.size())}]";
	await mutating("counting", { mutations: [{ patchType: "JSONPatch", jsonPatch: { expression } }] });
	t.is((await make("counting", "counting-1", { data: { own: "1" } })).json.data.count, "1");
	t.is((await make("counting", "counting-2", {}, "?dryRun=All")).code, 422);
});

test("a policy that sees again what came after it", async (t) => {
	const setting = (key: string, when: string) => ({
		mutations: [
			{
				patchType: "ApplyConfiguration",
				applyConfiguration: {
					expression: `${when} ? Object{data: Object.data{${key}: 'set'}} : Object{}`,
				},
			},
		],
		matchConstraints: { resourceRules: [rule], objectSelector: { matchLabels: { test: "again" } } },
	});
	await mutating("again-a", { ...setting("a", "'b' in object.data"), reinvocationPolicy: "IfNeeded" });
	await mutating("again-b", setting("b", "true"));
	const made = await make("again", "again-1", { data: { own: "1" } });
	t.deepEqual(made.json.data, { own: "1", a: "set", b: "set" });
});

test("lists that change as a whole are no policy's to lay over", async (t) => {
	await mutating("atomic", {
		matchConstraints: {
			resourceRules: [{ ...rule, resources: ["pods"] }],
			objectSelector: { matchLabels: { test: "atomic" } },
		},
		mutations: [
			{
				patchType: "ApplyConfiguration",
				applyConfiguration: {
					expression:
						"Object{spec: Object.spec{containers: [Object.spec.containers{name: 'a', args: ['x']}]}}",
				},
			},
		],
	});
	const refused = await server.ask("POST", `${NS}/pods`, {
		body: {
			metadata: { name: "atomic", labels: { test: "atomic" } },
			spec: { containers: [{ name: "a", image: "b" }] },
		},
	});
	t.regex(
		refused.json.message,
		/policy 'atomic' with binding 'atomic' denied request: .*may not mutate atomic/,
	);
});

test("policies are not about policies", async (t) => {
	await validating("everything", {
		matchConstraints: {
			resourceRules: [
				{
					apiGroups: ["admissionregistration.k8s.io"],
					apiVersions: ["*"],
					resources: ["*"],
					operations: ["*"],
				},
			],
		},
		validations: [{ expression: "false" }],
	});
	t.is((await server.ask("DELETE", `${GROUP}/validatingadmissionpolicies/everything`)).code, 200);
});

test("expressions are checked against the kinds that they will see", async (t) => {
	const spec = {
		matchConstraints: {
			resourceRules: [
				{ apiGroups: ["apps"], apiVersions: ["v1"], resources: ["deployments"], operations: ["CREATE"] },
			],
		},
		validations: [
			{ expression: "object.spec.replicas < 5" },
			{ expression: "object.spec.replicas > 'a'", messageExpression: "object.spec.nope" },
			{ expression: "object.foo == 1" },
		],
	};
	const path = `${GROUP}/validatingadmissionpolicies`;
	await server.ask("POST", path, { body: { metadata: { name: "typed" }, spec } });
	const checked = async () => (await server.ask("GET", `${path}/typed`)).json.status;
	let status = await checked();
	while (status?.observedGeneration !== 1) status = await checked();
	const warnings = status.typeChecking.expressionWarnings as { fieldRef: string; warning: string }[];
	t.deepEqual(
		warnings.map(({ fieldRef }) => fieldRef),
		[
			"spec.validations[1].expression",
			"spec.validations[1].messageExpression",
			"spec.validations[2].expression",
		],
	);
	t.regex(
		warnings[0]?.warning ?? "",
		/^apps\/v1, Kind=Deployment: ERROR: <input>:1:22: found no matching overload for '_>_' applied to '\(int, string\)'/,
	);
	t.regex(warnings[2]?.warning ?? "", /undefined field 'foo'/);
});

test("deletions, updates, subresources and dry runs", async (t) => {
	await validating("verbs", {
		matchConstraints: {
			resourceRules: [
				{
					apiGroups: [""],
					apiVersions: ["v1"],
					resources: ["configmaps", "pods/status"],
					operations: ["UPDATE", "DELETE"],
				},
			],
			objectSelector: { matchLabels: { test: "verbs" } },
		},
		validations: [
			{ expression: "request.operation != 'DELETE' || (object == null && oldObject.data.free == 'yes')" },
			{
				expression: "request.operation != 'UPDATE' || object.data.free == oldObject.data.free",
				reason: "Forbidden",
			},
		],
	});
	const path = `${NS}/configmaps/verbs-1`;
	t.is((await make("verbs", "verbs-1", { data: { free: "no" } })).code, 201);
	t.is((await server.ask("DELETE", path)).code, 422);
	t.is((await server.ask("DELETE", `${path}?dryRun=All`)).code, 422);
	const patch = (data: object, query = "") =>
		server.ask("PATCH", `${path}${query}`, {
			body: { data },
			headers: { "content-type": "application/merge-patch+json" },
		});
	t.is((await patch({ free: "yes" })).code, 403);
	t.is((await patch({ other: "x" })).code, 200);
	// A binding that is gone binds nothing.
	await server.ask("DELETE", `${GROUP}/validatingadmissionpolicybindings/verbs`);
	t.is((await patch({ free: "yes" })).code, 200);
	t.is((await server.ask("DELETE", path)).code, 200);
});

test("excluded rules, names and namespaces are spared", async (t) => {
	await validating(
		"spared",
		{
			matchConstraints: {
				resourceRules: [rule],
				excludeResourceRules: [{ ...rule, resourceNames: ["spared-by-name"] }],
				objectSelector: { matchLabels: { test: "spared" } },
			},
			validations: [{ expression: "false" }],
		},
		{ matchResources: { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "default" } } } },
	);
	t.is((await make("spared", "spared-by-name")).code, 201);
	t.is((await make("spared", "spared-1")).code, 422);
	const elsewhere = { body: { metadata: { name: "spared-2", labels: { test: "spared" } } } };
	t.is((await server.ask("POST", "/api/v1/namespaces/kube-system/configmaps", elsewhere)).code, 201);
});
