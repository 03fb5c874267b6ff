import test from "ava";
import fc from "fast-check";
import { Deployment } from "../kinds/apps/deployment.ts";
import { ConfigMap } from "../kinds/core/config-map.ts";
import { Pod } from "../kinds/core/pod.ts";
import { Secret } from "../kinds/core/secret.ts";
import { KINDS } from "../kinds.ts";
import { type DecodeOptions, decodeObject, decodeValue } from "./decode.ts";
import { StatusError } from "./errors.ts";
import type { AnyKind } from "./kind.ts";
import { DeleteOptions } from "./meta.ts";

const STRICT: DecodeOptions = { fieldValidation: "Strict" };
const HEAD = 'Deployment in version "v1" cannot be handled as a Deployment: ';
const decode = (value: unknown, options = STRICT, kind: AnyKind = Deployment) =>
	decodeObject(kind, value, options);
const container = (fields: object) => ({ spec: { template: { spec: { containers: [fields] } } } });
const refusal = (value: unknown, kind: AnyKind = Deployment) => {
	try {
		decode(value, STRICT, kind);
	} catch (error) {
		if (error instanceof StatusError && error.code === 400) return error.message;
		throw error;
	}
	return undefined;
};

test("unknown fields are dropped and, by the caller's choice, told", (t) => {
	const value = { spec: { replica: 1, replicas: 2, Paused: true }, other: {} };
	const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: {}, spec: { replicas: 2 } };
	const problems = ['unknown field "spec.replica"', 'unknown field "spec.Paused"', 'unknown field "other"'];
	t.deepEqual(decode(value, { fieldValidation: "Ignore" }), { object, warnings: [] });
	t.deepEqual(decode(value, { fieldValidation: "Warn" }), { object, warnings: problems });
	t.is(refusal(value), `${HEAD}strict decoding error: ${problems.join(", ")}`);
});

test("duplicates of known fields are told where they stand", (t) => {
	const value = { spec: { replica: 1, replicas: 2 }, metadata: { labels: { a: "b" } } };
	const duplicates = ["metadata.labels.a", "spec.replicas", "spec.unknown.deeper"];
	t.deepEqual(decode(value, { fieldValidation: "Warn", duplicates }).warnings, [
		'unknown field "spec.replica"',
		'duplicate field "spec.replicas"',
		'duplicate field "metadata.labels.a"',
	]);
	t.deepEqual(decode(value, { fieldValidation: "Ignore", duplicates }).warnings, []);
});

const REFUSED: readonly (readonly [unknown, string])[] = [
	[[], "json: cannot unmarshal array into Go value of type v1.Deployment"],
	[
		{ spec: [] },
		"json: cannot unmarshal array into Go struct field Deployment.spec of type v1.DeploymentSpec",
	],
	[
		{ spec: { replicas: "3" } },
		"json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
	],
	[
		{ spec: { replicas: 1.5 } },
		"json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32",
	],
	[
		{ spec: { replicas: 3e9 } },
		"json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32",
	],
	[
		{ metadata: { labels: { a: 1 } } },
		"json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
	],
	[
		container({ env: [{ name: "a", value: 1 }] }),
		"json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string",
	],
	[
		{ spec: { template: { spec: { containers: {} } } } },
		"json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container",
	],
	[
		container({ resources: { limits: { cpu: "many" } } }),
		"quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
	],
	[
		{ spec: { strategy: { rollingUpdate: { maxSurge: true } } } },
		"json: cannot unmarshal bool into Go value of type int32",
	],
	[
		{ metadata: { creationTimestamp: "now" } },
		'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"',
	],
];

for (const [value, reason] of REFUSED)
	test(`${JSON.stringify(value)} is refused`, (t) => {
		t.is(refusal(value), HEAD + reason);
	});

test("base64 is checked", (t) => {
	const data = (text: string) => refusal({ data: { a: text } }, Secret);
	t.is(data("aGk="), undefined);
	t.is(data("aG\nk="), undefined);
	t.is(
		data("a!k="),
		'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 1',
	);
	t.regex(data("aGk") ?? "", /illegal base64 data at input byte/);
});

test("null is absence, and zero where nothing can be absent", (t) => {
	const { object } = decode({
		metadata: { labels: { a: null }, finalizers: [null], annotations: null },
		spec: { replicas: null, template: null },
	});
	t.deepEqual(object.metadata, { labels: { a: "" }, finalizers: [""] });
	t.deepEqual((object as { spec?: object }).spec, {});
});

test("empty is absence where the wire tells no difference, and a value where it does", (t) => {
	const { object } = decodeObject(
		Pod,
		{
			metadata: { name: "x", labels: {}, finalizers: [] },
			spec: {
				hostNetwork: false,
				nodeSelector: {},
				enableServiceLinks: false,
				volumes: [{ name: "v", emptyDir: {} }],
				containers: [{ name: "c", command: [], stdin: false, env: [{ name: "E", value: "" }] }],
			},
		},
		{ fieldValidation: "Ignore" },
	);
	t.deepEqual(object.metadata, { name: "x" });
	t.like(object, {
		spec: {
			enableServiceLinks: false,
			volumes: [{ name: "v", emptyDir: {} }],
			containers: [{ name: "c", env: [{ name: "E" }] }],
			hostNetwork: undefined,
			nodeSelector: undefined,
		},
	});
});

test("scalars get their canonical text", (t) => {
	const { object } = decode({
		metadata: { creationTimestamp: "2026-01-01T00:00:00.5+02:00" },
		...container({ resources: { limits: { cpu: 0.5, memory: " 1024Mi" } } }),
	});
	t.is(object.metadata.creationTimestamp, "2025-12-31T22:00:00Z");
	t.true(JSON.stringify(object).includes('"limits":{"cpu":"500m","memory":"1Gi"}'));
});

test("__proto__ and constructor are keys without power", (t) => {
	const value: unknown = JSON.parse(
		'{"data": {"__proto__": "a", "constructor": "b"}, "__proto__": {"x": 1}}',
	);
	const { object, warnings } = decode(value, { fieldValidation: "Warn" }, ConfigMap);
	t.deepEqual(warnings, ['unknown field "__proto__"']);
	t.is(JSON.stringify((object as { data?: object }).data), '{"__proto__":"a","constructor":"b"}');
	t.is(({} as { x?: number }).x, undefined);
});

test("an object without a kind of its own", (t) => {
	const decoded = decodeValue(DeleteOptions, { kind: "DeleteOptions", gracePeriodSeconds: 0, x: 1 });
	t.deepEqual(decoded.value, { kind: "DeleteOptions", gracePeriodSeconds: 0 });
	t.deepEqual(decoded.problems, ['unknown field "x"']);
	t.throws(() => decodeValue(DeleteOptions, { dryRun: "All" }), {
		message: "json: cannot unmarshal string into Go struct field DeleteOptions.dryRun of type []string",
	});
});

test("whatever comes, a decoded object decodes to itself; nothing is mutated", (t) => {
	const value = fc.object({
		key: fc.constantFrom("metadata", "spec", "template", "containers", "labels", "name", "x", "__proto__"),
		values: [fc.constantFrom(null, 1, "a", true)],
		maxDepth: 5,
	});
	fc.assert(
		fc.property(fc.constantFrom(...KINDS), value, (kind, any) => {
			const before = JSON.stringify(any);
			try {
				const once = decodeObject(kind, any, { fieldValidation: "Warn" });
				t.deepEqual(decodeObject(kind, once.object, STRICT).object, once.object);
			} catch (error) {
				t.true(error instanceof StatusError && error.code === 400);
			}
			t.is(JSON.stringify(any), before);
		}),
		{ numRuns: 300 },
	);
});
