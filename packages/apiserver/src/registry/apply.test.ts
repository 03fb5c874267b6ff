import { ConfigMap, Deployment, type KubeObject, type Pod, type Secret, Service } from "@berth/api";
import test from "ava";
import { openRegistry, type TestRegistry } from "./testing/open-registry.ts";

interface ApplyOptions {
	readonly manager?: string;
	readonly query?: Readonly<Record<string, string>>;
	readonly subresource?: string;
}

const asked = (configuration: KubeLike, { manager = "me", query, subresource }: ApplyOptions = {}) => ({
	name: configuration.metadata?.name ?? "web",
	body: configuration,
	contentType: "application/apply-patch+yaml",
	query: { ...(manager ? { fieldManager: manager } : {}), ...query },
	...(subresource ? { subresource } : {}),
});

interface KubeLike {
	readonly metadata?: { readonly name?: string };
}

type AnyKind = typeof ConfigMap | typeof Deployment | typeof Pod | typeof Secret | typeof Service;

const apply = <T = KubeObject>(
	api: TestRegistry,
	kind: AnyKind,
	configuration: KubeLike,
	options?: ApplyOptions,
) => api.value<T>("patch", kind, asked(configuration, options));
const refused = (api: TestRegistry, kind: AnyKind, configuration: KubeLike, options?: ApplyOptions) =>
	api.failure("patch", kind, asked(configuration, options));

const config = (data: Record<string, string> | undefined, metadata: object = {}) => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: { name: "a", ...metadata },
	...(data ? { data } : {}),
});

const deployment = (spec: object = {}, container: object = {}) => ({
	apiVersion: "apps/v1",
	kind: "Deployment",
	metadata: { name: "web" },
	spec: {
		selector: { matchLabels: { app: "web" } },
		template: {
			metadata: { labels: { app: "web" } },
			spec: { containers: [{ name: "c", image: "i:1", ...container }] },
		},
		...spec,
	},
});

const ownersOf = ({ metadata }: KubeObject) =>
	(metadata.managedFields ?? []).map(
		({ manager, operation, subresource }) => `${manager} ${operation}${subresource ? ` ${subresource}` : ""}`,
	);

test("a configuration of something new makes it; its manager owns what it says and not the defaults", async (t) => {
	await using api = await openRegistry();
	const answer = await api.ask("patch", Deployment, asked(deployment({ replicas: 2 })));
	t.is(answer.type === "object" && answer.code, 201);
	const { metadata } = await api.value<Deployment>("get", Deployment, { name: "web" });
	t.like(metadata.managedFields?.[0], { manager: "me", operation: "Apply", apiVersion: "apps/v1" });
	t.deepEqual(metadata.managedFields?.[0]?.fieldsV1, {
		"f:spec": {
			"f:replicas": {},
			"f:selector": {},
			"f:template": {
				"f:metadata": { "f:labels": { "f:app": {} } },
				"f:spec": { "f:containers": { 'k:{"name":"c"}': { ".": {}, "f:image": {}, "f:name": {} } } },
			},
		},
	});
});

test("applying again writes nothing", async (t) => {
	await using api = await openRegistry();
	const first = await apply(api, Deployment, deployment());
	const again = await apply(api, Deployment, deployment());
	t.is(again.metadata.resourceVersion, first.metadata.resourceVersion);
	t.deepEqual(again, first);
});

test("what is no longer said goes, unless others own it or a default takes its place", async (t) => {
	await using api = await openRegistry();
	await apply(api, ConfigMap, config({ x: "1", y: "1" }, { labels: { l: "1" } }));
	await apply(api, ConfigMap, config({ y: "1" }), { manager: "you" });
	const left = await apply<ConfigMap>(api, ConfigMap, config(undefined));
	t.deepEqual(left.data, { y: "1" });
	t.is(left.metadata.labels, undefined);
	t.deepEqual(ownersOf(left), ["you Apply"]);
	await apply(api, Deployment, deployment({ replicas: 5 }));
	t.is((await apply<Deployment>(api, Deployment, deployment())).spec.replicas, 1);
});

test("conflicts name the manager and the field; force takes over", async (t) => {
	await using api = await openRegistry();
	await apply(api, Deployment, deployment({ replicas: 2 }));
	const status = await refused(api, Deployment, deployment({ replicas: 3 }), { manager: "you" });
	t.is(status.message, 'Apply failed with 1 conflict: conflict with "me": .spec.replicas');
	t.is(status.code, 409);
	t.is(status.reason, "Conflict");
	t.deepEqual(status.details?.causes, [
		{ reason: "FieldManagerConflict", message: 'conflict with "me"', field: ".spec.replicas" },
	]);
	const taken = await apply<Deployment>(api, Deployment, deployment({ replicas: 3 }), {
		manager: "you",
		query: { force: "true" },
	});
	t.is(taken.spec.replicas, 3);
	await api.ask("patch", Deployment, {
		name: "web",
		body: { spec: { template: { spec: { containers: [{ name: "c", image: "i:2" }] } } } },
		contentType: "application/strategic-merge-patch+json",
		query: { fieldManager: "kubectl-set" },
	});
	t.is(
		(await refused(api, Deployment, deployment({ replicas: 3 }, { image: "i:3" }), { manager: "you" }))
			.message,
		'Apply failed with 1 conflict: conflict with "kubectl-set" using apps/v1: .spec.template.spec.containers[name="c"].image',
	);
	const same = await apply(api, Deployment, deployment({ replicas: 3 }, { image: "i:2" }), {
		manager: "third",
	});
	// Their order is that of their times, in seconds.
	t.deepEqual(ownersOf(same).toSorted(), ["kubectl-set Update", "me Apply", "third Apply", "you Apply"]);
});

test("lists with keys: managers add elements side by side, defaults are part of keys", async (t) => {
	await using api = await openRegistry();
	const service = (port: number, protocol?: string) => ({
		apiVersion: "v1",
		kind: "Service",
		metadata: { name: "s" },
		spec: {
			ports: [{ name: `p${port}${protocol ?? ""}`.toLowerCase(), port, ...(protocol ? { protocol } : {}) }],
		},
	});
	await apply(api, Service, service(80));
	const both = await apply<Service>(api, Service, service(81, "UDP"), { manager: "you" });
	t.deepEqual(
		both.spec.ports?.map(({ port, protocol }) => `${port}/${protocol}`),
		["80/TCP", "81/UDP"],
	);
	const mine = await apply<Service>(api, Service, service(82));
	t.deepEqual(mine.spec.ports?.map(({ port }) => port).toSorted(), [81, 82]);
});

test("the status and the scale have managers of their own", async (t) => {
	await using api = await openRegistry();
	await apply(api, Deployment, deployment({ replicas: 2 }));
	const { apiVersion, kind, metadata } = deployment();
	const status = await apply<Deployment>(
		api,
		Deployment,
		{ apiVersion, kind, metadata, spec: { replicas: 9 }, status: { replicas: 7 } } as KubeLike,
		{ subresource: "status" },
	);
	t.is(status.status?.replicas, 7);
	t.is(status.spec.replicas, 2);
	t.deepEqual(ownersOf(status), ["me Apply", "me Apply status"]);
	const scale = { apiVersion: "autoscaling/v1", kind: "Scale", metadata, spec: { replicas: 4 } } as KubeLike;
	const conflict = await refused(api, Deployment, scale, { subresource: "scale", manager: "you" });
	t.is(conflict.message, 'Apply failed with 1 conflict: conflict with "me": .spec.replicas');
	await apply(api, Deployment, scale, { subresource: "scale", manager: "you", query: { force: "true" } });
	const scaled = await api.value<Deployment>("get", Deployment, { name: "web" });
	t.is(scaled.spec.replicas, 4);
	t.true(ownersOf(scaled).includes("you Apply scale"));
	t.is(
		(await refused(api, Deployment, { ...scale, metadata: { name: "none" } }, { subresource: "scale" })).code,
		404,
	);
});

test("what cannot be applied", async (t) => {
	await using api = await openRegistry();
	const message = async (configuration: object, options?: ApplyOptions) => {
		const { code, message } = await refused(api, ConfigMap, configuration as KubeLike, options);
		return `${code} ${message}`;
	};
	t.is(
		await message(config({}), { manager: "" }),
		'422 PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
	);
	t.is(await message({ ...config({}), kind: "Secret" }), "400 invalid object type: /v1, Kind=Secret");
	t.is(await message({ metadata: { name: "a" } }), "400 invalid object type: /, Kind=");
	t.is(
		await message(config({}, { managedFields: [{ manager: "x" }] })),
		"400 metadata.managedFields must be nil",
	);
	t.is(
		await message({ ...config({}), sops: { mac: "x" } }),
		"400 failed to create typed patch object (default/a; /v1, Kind=ConfigMap): .sops: field not declared in schema",
	);
	t.is(
		await message(config({}, { uid: "7" })),
		'409 Operation cannot be fulfilled on configmaps "a": uid mismatch: the provided object specified uid 7, and no existing object was found',
	);
	await apply(api, ConfigMap, config({ x: "1" }));
	t.regex(
		await message(config({ x: "1" }, { uid: "7" })),
		/^409 .*Precondition failed: UID in precondition: 7/,
	);
	t.regex(await message(config({ x: "1" }, { resourceVersion: "1" })), /^409 .*object has been modified/);
	const twice = deployment(
		{},
		{
			env: [
				{ name: "A", value: "1" },
				{ name: "A", value: "2" },
			],
		},
	);
	t.is(
		(await refused(api, Deployment, twice)).message,
		'failed to create typed patch object (default/web; apps/v1, Kind=Deployment): .spec.template.spec.containers[name="c"].env: duplicate entries for key [name="A"]',
	);
	const failure = await api.failure("patch", ConfigMap, { ...asked(config({})), name: "b" });
	t.is(failure.message, "the name of the object (a) does not match the name on the URL (b)");
	const merge = {
		name: "a",
		body: {},
		contentType: "application/merge-patch+json",
		query: { force: "true" },
	};
	t.is(
		(await api.failure("patch", ConfigMap, merge)).message,
		'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
	);
});

test("bytes: YAML and JSON, and what is neither", async (t) => {
	await using api = await openRegistry();
	const send = (raw: string) => ({ ...asked(config({})), body: undefined, raw });
	const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: '1'}\n";
	t.deepEqual((await api.value<ConfigMap>("patch", ConfigMap, send(yaml))).data, { x: "1" });
	const json = JSON.stringify(config({ x: "2" }));
	t.deepEqual((await api.value<ConfigMap>("patch", ConfigMap, send(json))).data, { x: "2" });
	const twice = {
		...send(`${yaml}data: {x: '3'}\n`),
		query: { fieldManager: "me", fieldValidation: "Strict" },
	};
	t.is(
		(await api.failure("patch", ConfigMap, twice)).message,
		'error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  line 5: key "data" already set in map',
	);
	const warned = await api.ask("patch", ConfigMap, { ...twice, query: { fieldManager: "me" } });
	t.regex(warned.warnings?.[0] ?? "", /line 5: key "data" already set in map/);
	for (const raw of ["", "7", "[1]", "{", "a: [", "null"]) {
		t.is((await api.failure("patch", ConfigMap, send(raw))).code, 400, raw);
	}
});

test("a dry run tells of conflicts and writes nothing", async (t) => {
	await using api = await openRegistry();
	const dryRun = { dryRun: "All" };
	t.deepEqual((await apply<ConfigMap>(api, ConfigMap, config({ x: "1" }), { query: dryRun })).data, {
		x: "1",
	});
	t.is((await api.failure("get", ConfigMap, { name: "a" })).code, 404);
	const stored = await apply(api, ConfigMap, config({ x: "1" }));
	t.is((await refused(api, ConfigMap, config({ x: "2" }), { manager: "you", query: dryRun })).code, 409);
	await apply(api, ConfigMap, config({ x: "3" }), { query: dryRun });
	t.deepEqual(await api.value("get", ConfigMap, { name: "a" }), stored);
});

test("kubectl takes over what it applied from the client's side, and keeps its record", async (t) => {
	await using api = await openRegistry();
	const record = "kubectl.kubernetes.io/last-applied-configuration";
	await api.ask("create", ConfigMap, {
		body: config({ x: "1", y: "1" }, { annotations: { [record]: JSON.stringify(config({ x: "1" })) } }),
		query: { fieldManager: "kubectl-client-side-apply" },
	});
	t.is((await refused(api, ConfigMap, config({ x: "2" }))).code, 409);
	const moved = await apply<ConfigMap>(api, ConfigMap, config({ x: "2" }), { manager: "kubectl" });
	t.deepEqual(moved.data, { x: "2", y: "1" });
	t.is(moved.metadata.annotations?.[record], `${JSON.stringify(config({ x: "2" }))}\n`);
	t.is((await refused(api, ConfigMap, config({ y: "2" }), { manager: "kubectl" })).code, 409);
});

test("what nobody owned belongs to before-first-apply", async (t) => {
	await using api = await openRegistry();
	await api.ask("create", ConfigMap, { body: config({ x: "1", y: "1" }) });
	await api.ask("patch", ConfigMap, {
		name: "a",
		body: { metadata: { managedFields: [] } },
		contentType: "application/merge-patch+json",
	});
	t.is(
		(await refused(api, ConfigMap, config({ x: "2" }))).message,
		'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.x',
	);
	const forced = await apply<ConfigMap>(api, ConfigMap, config({ x: "2" }), { query: { force: "true" } });
	t.deepEqual(ownersOf(forced), ["me Apply", "before-first-apply Update"]);
	t.deepEqual(forced.data, { x: "2", y: "1" });
});
