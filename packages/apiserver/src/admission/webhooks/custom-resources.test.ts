import test from "ava";
import { widget, widgetDefinition } from "../../custom-resources/testing/definitions.ts";
import { establish } from "../../custom-resources/testing/established.ts";
import { answering, startFarServer } from "../../http/testing/far-server.ts";
import { startTestServer } from "../../http/testing/test-server.ts";

const GROUP = "/apis/admissionregistration.k8s.io/v1";
const spec = {
	type: "object",
	properties: { size: { type: "integer" }, color: { type: "string", default: "red" } },
};
const schema = { openAPIV3Schema: { type: "object", properties: { spec } } };
const versions = [
	{ name: "v1", served: true, storage: true, schema },
	{ name: "v2", served: true, storage: false, schema },
];
const path = (version: string) => `/apis/example.com/${version}/namespaces/default/widgets`;

test("custom resources: shown in the version asked for, pruned and defaulted after a patch", async (t) => {
	await using server = await startTestServer();
	// biome-ignore lint/suspicious/noExplicitAny: the test looks at questions of every shape
	const asked: any[] = [];
	let operations: object[] = [];
	await using far = await startFarServer(
		answering(({ request, ...review }) => {
			asked.push(request);
			const patch = Buffer.from(JSON.stringify(operations)).toString("base64");
			return { ...review, response: { uid: request.uid, allowed: true, patchType: "JSONPatch", patch } };
		}),
	);
	const definition = widgetDefinition();
	await establish(server, { ...definition, spec: { ...definition.spec, versions } });
	const rules = [
		{ operations: ["*"], apiGroups: ["example.com"], apiVersions: ["v2"], resources: ["widgets"] },
	];
	const hook = {
		name: "widgets.example.com",
		clientConfig: { url: far.url, caBundle: far.caBundle },
		rules,
		sideEffects: "None",
		admissionReviewVersions: ["v1"],
	};
	const config = await server.ask("POST", `${GROUP}/mutatingwebhookconfigurations`, {
		body: { metadata: { name: "widgets" }, webhooks: [hook] },
	});
	t.is(config.code, 201, config.text);

	operations = [
		{ op: "add", path: "/spec/size", value: 9 },
		{ op: "add", path: "/spec/unknown", value: true },
		{ op: "remove", path: "/spec/color" },
	];
	const made = await server.ask("POST", path("v1"), { body: widget("a", { size: 1 }) });
	t.is(made.code, 201, made.text);
	t.is(made.json.apiVersion, "example.com/v1");
	t.deepEqual(made.json.spec, { size: 9, color: "red" });
	t.like(asked[0], {
		kind: { group: "example.com", version: "v2", kind: "Widget" },
		requestKind: { version: "v1" },
		object: { apiVersion: "example.com/v2", spec: { size: 1, color: "red" } },
	});
	operations = [{ op: "replace", path: "/spec/size", value: "much" }];
	const wrong = await server.ask("POST", path("v2"), {
		body: { ...widget("b", { size: 1 }), apiVersion: "example.com/v2" },
	});
	t.true(wrong.code === 422 || wrong.code === 500, wrong.text);
	t.is((await server.ask("DELETE", `${path("v1")}/a`)).code, 500);
	t.is(asked.at(-1).operation, "DELETE");
});
