import { ConfigMap, Deployment, Event, Namespace, Node, Pod, type Status } from "@berth/api";
import test from "ava";
import { openRegistry } from "./testing/open-registry.ts";

const pod = (name: string, more: object = {}) => ({
	metadata: { name, ...more },
	spec: { containers: [{ name: "main", image: "nginx" }] },
});

test("a create gives identity, times and a generation, and answers 201", async (t) => {
	await using api = await openRegistry();
	const answer = await api.ask("create", ConfigMap, {
		body: {
			metadata: { name: "a", uid: "mine", creationTimestamp: "2001-01-01T00:00:00Z" },
			data: { k: "v" },
		},
	});
	t.is(answer.type, "object");
	if (answer.type !== "object") return;
	t.is(answer.code, 201);
	const { metadata } = answer.cached.object;
	t.regex(metadata.uid, /^[0-9a-f-]{36}$/);
	t.not(metadata.creationTimestamp, "2001-01-01T00:00:00Z");
	t.is(metadata.namespace, "default");
	t.is(metadata.generation, undefined);
	t.is(metadata.resourceVersion, String(answer.cached.revision));
	const created = await api.value("create", Pod, { body: pod("p", { generation: 7 }) });
	t.is(created.metadata.generation, 1);
});

test("status is not its maker's to say, except for nodes", async (t) => {
	await using api = await openRegistry();
	const body = { ...pod("p"), status: { phase: "Running" } };
	t.is((await api.value<Pod>("create", Pod, { body })).status?.phase, "Pending");
	const deployment = await api.value<Deployment>("create", Deployment, {
		body: {
			metadata: { name: "d" },
			spec: {
				selector: { matchLabels: { a: "b" } },
				template: { ...pod("x"), metadata: { labels: { a: "b" } } },
			},
			status: { replicas: 3 },
		},
	});
	t.deepEqual(deployment.status, {});
	const node = await api.value<Node>("create", Node, {
		body: { metadata: { name: "n" }, status: { capacity: { cpu: "4" } } },
	});
	t.is(node.status?.capacity?.cpu, "4");
});

test("names: given, generated again when taken, or missing", async (t) => {
	const numbers = [...Array(5).fill(0), ...Array(5).fill(0), ...Array(5).fill(0.5)];
	await using api = await openRegistry({ random: () => numbers.shift() ?? 0 });
	const body = { metadata: { generateName: "web-" } };
	const first = await api.value("create", ConfigMap, { body });
	t.is(first.metadata.name, "web-bbbbb");
	t.is((await api.value("create", ConfigMap, { body })).metadata.name, "web-rrrrr");
	const exhausted = await api.failure("create", ConfigMap, { body });
	t.is(exhausted.reason, "AlreadyExists");
	t.is(
		exhausted.message,
		'configmaps "web-bbbbb" already exists, the server was not able to generate a unique name for the object',
	);
	const nameless = await api.failure("create", ConfigMap, { body: { data: {} } });
	t.is(nameless.code, 422);
	t.is(
		nameless.message,
		'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
	);
	const taken = await api.failure("create", ConfigMap, { body: { metadata: { name: "web-bbbbb" } } });
	t.is(taken.message, 'configmaps "web-bbbbb" already exists');
	const long = await api.value("create", ConfigMap, { body: { metadata: { generateName: "a".repeat(80) } } });
	t.is(long.metadata.name.length, 63);
});

test("the body must be what the endpoint serves, where it serves it", async (t) => {
	await using api = await openRegistry();
	const message = async (body: unknown, kind = Pod as typeof Pod | typeof ConfigMap) =>
		(await api.failure("create", kind, { body })).message;
	t.is(
		await message({ apiVersion: "v1", kind: "Service", metadata: { name: "a" } }),
		'Service in version "v1" cannot be handled as a Pod: converting (v1.Service) to (core.Pod): unknown conversion',
	);
	t.is(
		await message({ apiVersion: "nope/v1", kind: "Nope" }),
		'Nope in version "v1" cannot be handled as a Pod: no kind "Nope" is registered for version "nope/v1"',
	);
	t.is(
		await message({ apiVersion: "v2", kind: "Pod" }),
		"the API version in the data (v2) does not match the expected API version (v1)",
	);
	t.is(
		await message({ metadata: { name: "a", namespace: "other" } }, ConfigMap),
		"the namespace of the provided object does not match the namespace sent on the request",
	);
	t.is(
		await message({ metadata: { name: "a", resourceVersion: "7" } }, ConfigMap),
		"resourceVersion should not be set on objects to be created",
	);
	for (const body of [
		null,
		[],
		"text",
		7,
		{ kind: 7 },
		{ apiVersion: {} },
		{ metadata: 1 },
		{ metadata: [] },
	]) {
		t.is((await api.failure("create", ConfigMap, { body })).code, 400, JSON.stringify(body));
	}
});

test("bytes: JSON and YAML, malformed, empty, or of a type nobody reads", async (t) => {
	await using api = await openRegistry();
	const yaml = "metadata:\n  name: y\ndata:\n  a: b\n";
	const created = await api.value<ConfigMap>("create", ConfigMap, {
		raw: yaml,
		contentType: "application/yaml",
	});
	t.deepEqual(created.data, { a: "b" });
	const failure = async (raw: string, contentType?: string) => {
		const { code, message } = await api.failure("create", ConfigMap, {
			raw,
			...(contentType ? { contentType } : {}),
		});
		return [code, message] as const;
	};
	t.deepEqual(await failure(""), [
		400,
		"the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
	]);
	const [code, message] = await failure(`{"metadata": nope, "and": "very much more of it"}`);
	t.is(code, 400);
	t.true(message.endsWith('({"metadata": nope, "and": "ver ...)'), message);
	t.is((await failure("a: [", "application/yaml"))[0], 400);
	t.is((await failure("{}", "text/plain"))[0], 415);
	t.is((await failure(`${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`))[0], 400);
	t.is((await failure(`{"metadata":{"name":"x"},"__proto__":{"polluted":true}}`).catch(() => [201]))[0], 201);
	t.is(({} as { polluted?: boolean }).polluted, undefined);
});

test("unknown and duplicate fields warn by default, and are refused or passed over when asked", async (t) => {
	await using api = await openRegistry();
	const raw = (name: string) => `{"metadata":{"name":"${name}"},"dtaa":{},"data":{"a":"1","a":"2"}}`;
	const warned = await api.ask("create", ConfigMap, { raw: raw("a") });
	t.deepEqual(warned.warnings, ['unknown field "dtaa"', 'duplicate field "data.a"']);
	const ignored = await api.ask("create", ConfigMap, { raw: raw("b"), query: { fieldValidation: "Ignore" } });
	t.is(ignored.warnings, undefined);
	const strict = await api.failure("create", ConfigMap, {
		raw: raw("c"),
		query: { fieldValidation: "Strict" },
	});
	t.is(strict.code, 400);
	t.regex(strict.message, /strict decoding error: unknown field "dtaa", duplicate field "data.a"/);
	const wrong = await api.failure("create", ConfigMap, {
		raw: raw("d"),
		query: { fieldValidation: "Maybe" },
	});
	t.is(wrong.code, 422);
	t.is(
		wrong.message,
		'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Maybe": supported values: "", "Ignore", "Strict", "Warn"',
	);
});

test("a dry run does everything but the write", async (t) => {
	await using api = await openRegistry();
	const body = { metadata: { name: "a" } };
	const answer = await api.ask("create", ConfigMap, { body, query: { dryRun: "All" } });
	t.is(answer.type, "value");
	t.deepEqual(await api.names(ConfigMap), []);
	t.is((await api.failure("create", ConfigMap, { body, query: { dryRun: "Some" } })).code, 422);
	await api.ask("create", ConfigMap, { body });
	t.is((await api.failure("create", ConfigMap, { body, query: { dryRun: "All" } })).reason, "AlreadyExists");
});

test("namespaces must exist and not be going away", async (t) => {
	await using api = await openRegistry();
	const body = { metadata: { name: "a" } };
	const missing = await api.failure("create", ConfigMap, { namespace: "nowhere", body });
	t.is(missing.message, 'namespaces "nowhere" not found');
	await api.ask("create", Namespace, { body: { metadata: { name: "going" } } });
	await api.ask("delete", Namespace, { name: "going" });
	const refused: Status = await api.failure("create", ConfigMap, { namespace: "going", body });
	t.is(refused.code, 403);
	t.is(
		refused.message,
		'configmaps "a" is forbidden: unable to create new content in namespace going because it is being terminated',
	);
	t.deepEqual(refused.details?.causes, [
		{
			reason: "NamespaceTerminating",
			message: "namespace going is being terminated",
			field: "metadata.namespace",
		},
	]);
});

test("over all namespaces one can look only, and unknown resources are not found", async (t) => {
	await using api = await openRegistry();
	const info = { verb: "create", group: "", version: "v1", resource: "configmaps" } as const;
	const request = {
		info,
		user: {},
		query: new URLSearchParams(),
		body: { value: {}, contentType: "" },
		signal: new AbortController().signal,
	};
	await t.throwsAsync(api.registry.handle(request), { message: /create is not supported/ });
	await t.throwsAsync(api.registry.handle({ ...request, info: { ...info, resource: "gadgets" } }), {
		message: "the server could not find the requested resource",
	});
	t.is((await api.failure("create", ConfigMap, { name: "x", body: {} })).code, 405);
	t.is((await api.failure("get", ConfigMap, { name: "x", subresource: "constructor" })).code, 404);
	t.is((await api.failure("deletecollection", Namespace)).code, 405);
});

test("an object that is being deleted says so when its name is wanted again", async (t) => {
	await using api = await openRegistry();
	const body = { metadata: { name: "a", finalizers: ["example.com/hold"] } };
	await api.ask("create", ConfigMap, { body });
	await api.ask("delete", ConfigMap, { name: "a" });
	t.is(
		(await api.failure("create", ConfigMap, { body })).message,
		'object is being deleted: configmaps "a" already exists',
	);
});

test("events and leases may be created by a PUT, config maps not", async (t) => {
	await using api = await openRegistry();
	const body = {
		metadata: { name: "e" },
		involvedObject: { kind: "Pod", namespace: "default", name: "p" },
	};
	const answer = await api.ask("update", Event, { name: "e", body });
	t.is(answer.type === "object" && answer.code, 201);
	t.is((await api.failure("update", ConfigMap, { name: "e", body: { metadata: { name: "e" } } })).code, 404);
});

test("fields given twice in YAML: the last counts, unless they shall be refused", async (t) => {
	await using api = await openRegistry();
	const yaml = (name: string) => ({
		raw: `metadata: {name: ${name}}\ndata: {x: "1"}\ndata: {x: "2"}\nfoo: 1\n`,
		contentType: "application/yaml",
	});
	const answer = await api.ask("create", ConfigMap, yaml("a"));
	t.deepEqual(answer.warnings, [
		'yaml: unmarshal errors:\n  line 3: key "data" already set in map',
		'unknown field "foo"',
	]);
	t.deepEqual((await api.value<ConfigMap>("get", ConfigMap, { name: "a" })).data, { x: "2" });
	const strict = { ...yaml("b"), query: { fieldValidation: "Strict" } };
	t.is(
		(await api.failure("create", ConfigMap, strict)).message,
		'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 3: key "data" already set in map, unknown field "foo"',
	);
});
