import test from "ava";
import { Scale } from "../../kinds/autoscaling/scale.ts";
import { KINDS } from "../../kinds.ts";
import { getPath } from "../deep.ts";
import { type OpenApiOptions, openApiGroupVersions, openApiV2, openApiV3 } from "./documents.ts";

const OPTIONS: OpenApiOptions = { version: "v1.36.0", bodies: [Scale] };
const apps = openApiV3(KINDS, "apps/v1", OPTIONS) ?? {};
const core = openApiV3(KINDS, "v1", OPTIONS) ?? {};
const v2 = openApiV2(KINDS, OPTIONS);

type Json = Readonly<Record<string, unknown>>;
const at = (document: unknown, ...keys: string[]): Json =>
	keys.reduce<unknown>((inner, key) => (inner as Json | undefined)?.[key], document) as Json;
const schema = (document: Json, name: string) => at(document, "components", "schemas", name);
const CONTAINER = "io.k8s.api.core.v1.Container";

test("one document for each group version that has paths", (t) => {
	const versions = openApiGroupVersions(KINDS);
	t.true(versions.includes("api/v1") && versions.includes("apis/apps/v1"));
	t.is(new Set(versions).size, versions.length);
	t.is(openApiV3(KINDS, "nowhere/v1", OPTIONS), undefined);
	t.deepEqual(openApiGroupVersions(KINDS, { isTopLevel: () => false }), []);
});

test("kinds say what they are", (t) => {
	const deployment = schema(apps, "io.k8s.api.apps.v1.Deployment");
	t.deepEqual(deployment["x-kubernetes-group-version-kind"], [
		{ group: "apps", kind: "Deployment", version: "v1" },
	]);
	t.deepEqual(Object.keys(at(deployment, "properties")), [
		"apiVersion",
		"kind",
		"metadata",
		"spec",
		"status",
	]);
	const list = schema(apps, "io.k8s.api.apps.v1.DeploymentList");
	t.deepEqual(list.required, ["items"]);
	t.is(getPath(list, "x-kubernetes-group-version-kind[0].kind"), "DeploymentList");
});

test("lists and patches of the schema are said in extensions", (t) => {
	const { description: _, ...ports } = at(schema(apps, CONTAINER), "properties", "ports");
	t.deepEqual(ports, {
		type: "array",
		items: { allOf: [{ $ref: "#/components/schemas/io.k8s.api.core.v1.ContainerPort" }], default: {} },
		"x-kubernetes-list-type": "map",
		"x-kubernetes-list-map-keys": ["containerPort", "protocol"],
		"x-kubernetes-patch-merge-key": "containerPort",
		"x-kubernetes-patch-strategy": "merge",
	});
	t.like(at(schema(apps, CONTAINER), "properties", "name"), { type: "string", default: "" });
	t.deepEqual(schema(apps, CONTAINER).required, ["name"]);
});

test("scalars have their formats, special ones their definitions", (t) => {
	const properties = at(schema(apps, "io.k8s.api.apps.v1.RollingUpdateDeployment"), "properties");
	const intOrString = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
	t.true(references(properties.maxSurge).includes(`#/components/schemas/${intOrString}`));
	t.deepEqual(schema(apps, intOrString).oneOf, [{ type: "integer" }, { type: "string" }]);
	t.is(at(v2, "definitions", intOrString).type, "string");
	t.is(schema(apps, "io.k8s.apimachinery.pkg.apis.meta.v1.Time").format, "date-time");
	t.deepEqual(at(schema(apps, "io.k8s.api.core.v1.ContainerPort"), "properties", "protocol").enum, [
		"SCTP",
		"TCP",
		"UDP",
	]);
});

test("paths carry the operations that clients look for", (t) => {
	const item = at(apps, "paths", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}");
	const patch = at(item, "patch");
	t.is(patch["x-kubernetes-action"], "patch");
	t.deepEqual(patch["x-kubernetes-group-version-kind"], { group: "apps", kind: "Deployment", version: "v1" });
	t.true(Object.hasOwn(at(patch, "requestBody", "content"), "application/strategic-merge-patch+json"));
	const parameters = (patch.parameters as readonly { name: string }[]).map(({ name }) => name);
	t.deepEqual(parameters, ["dryRun", "fieldManager", "fieldValidation", "force"]);
	t.deepEqual(Object.keys(item).sort(), ["delete", "get", "parameters", "patch", "put"]);
	t.is(
		at(apps, "paths", "/apis/apps/v1/deployments", "get").operationId,
		"listAppsV1DeploymentForAllNamespaces",
	);
	t.true(Object.hasOwn(at(core, "paths"), "/api/v1/nodes/{name}/status"));
});

test("subresources carry the bodies they have", (t) => {
	const scale = at(apps, "paths", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale", "put");
	t.deepEqual(at(scale, "requestBody", "content", "*/*", "schema"), {
		$ref: "#/components/schemas/io.k8s.api.autoscaling.v1.Scale",
	});
	t.truthy(schema(apps, "io.k8s.api.autoscaling.v1.Scale"));
	const exec = {
		name: "exec",
		kind: { group: "", version: "v1", kind: "PodExecOptions" },
		verbs: ["create"],
	};
	const document = openApiV3(KINDS, "v1", {
		...OPTIONS,
		subresourcesOf: ({ plural }) => (plural === "pods" ? [exec] : []),
	});
	const connect = at(document, "paths", "/api/v1/namespaces/{namespace}/pods/{name}/exec", "post");
	t.is(connect["x-kubernetes-action"], "connect");
	t.is(connect.operationId, "connectPostCoreV1NamespacedPodExec");
});

function references(value: unknown): string[] {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) =>
		key === "$ref" && typeof inner === "string" ? [inner] : references(inner),
	);
}

test("every reference leads somewhere, every operation has a name of its own", (t) => {
	for (const name of openApiGroupVersions(KINDS)) {
		const document = openApiV3(KINDS, name.replace(/^apis?\//, ""), OPTIONS);
		const schemas = at(document, "components", "schemas");
		for (const reference of references(document)) {
			t.true(Object.hasOwn(schemas, reference.slice("#/components/schemas/".length)), reference);
		}
	}
	for (const reference of references(v2)) {
		t.true(Object.hasOwn(at(v2, "definitions"), reference.slice("#/definitions/".length)), reference);
	}
	const ids = Object.values(at(v2, "paths"))
		.flatMap((item) => Object.values(item as object))
		.flatMap((operation: { operationId?: string }) => operation.operationId ?? []);
	t.is(new Set(ids).size, ids.length);
});

test("version 2 says the same in its own form", (t) => {
	const create = at(v2, "paths", "/api/v1/namespaces/{namespace}/pods", "post");
	const [body] = create.parameters as readonly Json[];
	t.deepEqual(body, {
		name: "body",
		in: "body",
		required: true,
		schema: { $ref: "#/definitions/io.k8s.api.core.v1.Pod" },
	});
	t.deepEqual(create.tags, ["core_v1"]);
});

test("values of several shapes are said in words: a schema that says nothing breaks kubectl explain", (t) => {
	const document = openApiV3(KINDS, "apiextensions.k8s.io/v1", OPTIONS) ?? {};
	const empty: string[] = [];
	const visit = (value: unknown, path: string) => {
		if (typeof value !== "object" || value === null || path.endsWith(".default")) return;
		if (Object.keys(value).length === 0) empty.push(path);
		for (const [key, inner] of Object.entries(value)) visit(inner, `${path}.${key}`);
	};
	visit(at(document, "components", "schemas"), "");
	t.deepEqual(empty, []);
	const home = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1";
	const { items, default: value } = at(schema(document, `${home}.JSONSchemaProps`), "properties");
	t.true(references(items).includes(`#/components/schemas/${home}.JSONSchemaPropsOrArray`));
	t.true(references(value).includes(`#/components/schemas/${home}.JSON`));
	t.is(schema(document, `${home}.JSON`).type, undefined);
});
