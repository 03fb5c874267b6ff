/** One hostile request after another. */
import { stringify } from "yaml";
import { definition, expression, policy } from "./expressions.ts";
import type { Random } from "./random.ts";
import type { Ask } from "./road.ts";
import { NAME, NAMESPACE, type Sample } from "./samples.ts";
import { bend, bendBytes, hostileBody, strange, TEXTS } from "./values.ts";

export type Attack = (random: Random, samples: readonly Sample[]) => readonly Ask[];

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const PATCHES = [
	"application/json-patch+json",
	"application/merge-patch+json",
	"application/strategic-merge-patch+json",
	"application/apply-patch+yaml",
] as const;
const SUBRESOURCES = [
	"status",
	"scale",
	"binding",
	"eviction",
	"token",
	"finalize",
	"ephemeralcontainers",
	"resize",
	"approval",
	"log",
	"exec",
	"proxy",
	"__proto__",
] as const;
const ACCEPTS = [
	"application/json;as=Table;v=v1;g=meta.k8s.io",
	"application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
	"application/yaml",
	PROTOBUF,
	`${PROTOBUF};as=Table;v=v1;g=meta.k8s.io`,
	"*/*;q=NaN",
	",,,;;;==",
	"application/json;as=__proto__",
	"application/cbor",
] as const;
const SELECTORS = [
	"a=b",
	"a in (b,c)",
	"!a",
	"a notin ()",
	"a in (",
	"metadata.name=sample",
	"spec.nodeName!=x",
	"a==b==c",
	"a\\,b=c",
	`${"a,".repeat(5_000)}b`,
	"__proto__=x",
] as const;
const TOKENS = [
	{ v: "meta.k8s.io/v1", rv: 1, start: "a\u0000" },
	{ v: "meta.k8s.io/v1", rv: -1, start: "/registry/secrets/kube-system/x" },
	{ v: "meta.k8s.io/v1", rv: 2 ** 53, start: "a" },
	{ v: "__proto__", rv: 1, start: "a" },
	{ v: "meta.k8s.io/v1", rv: 1, start: "../../secrets" },
	null,
	[],
	7,
] as const;

function query(random: Random): string {
	const value = (): string =>
		random.one<string>(
			() => random.pick(TEXTS).slice(0, 300),
			() => random.pick(["0", "1", "-1", "true", "999999999999999999999", "All"]),
		);
	const parameters: readonly (readonly [string, () => string])[] = [
		["dryRun", () => random.pick(["All", value()])],
		["fieldValidation", () => random.pick(["Strict", "Warn", "Ignore", value()])],
		["fieldManager", () => random.pick(["m", value(), "x".repeat(200)])],
		["force", value],
		["limit", () => random.pick(["1", "500", value()])],
		[
			"continue",
			() =>
				random.one<string>(value, () =>
					Buffer.from(JSON.stringify(random.pick(TOKENS))).toString("base64url"),
				),
		],
		["resourceVersion", () => random.pick(["0", "1", "5", value()])],
		["resourceVersionMatch", () => random.pick(["Exact", "NotOlderThan", value()])],
		["sendInitialEvents", value],
		["allowWatchBookmarks", value],
		["timeoutSeconds", () => random.pick(["1", value()])],
		["timeout", () => random.pick(["1s", "999999h", value()])],
		["labelSelector", () => random.one<string>(() => random.pick(SELECTORS), value)],
		["fieldSelector", () => random.one<string>(() => random.pick(SELECTORS), value)],
		["propagationPolicy", () => random.pick(["Foreground", "Orphan", value()])],
		["gracePeriodSeconds", value],
		["orphanDependents", value],
		["pretty", value],
		["includeObject", () => random.pick(["None", "Object", value()])],
		["__proto__", value],
	];
	const chosen = random.times(3, () => {
		const [name, make] = random.pick(parameters);
		return `${name}=${random.chance(0.95) ? encode(make()) : "%zz%00"}`;
	});
	return chosen.length ? `?${chosen.join("&")}` : "";
}

const encode = (text: string) => encodeURIComponent(text.toWellFormed());

function headers(random: Random): Record<string, string> {
	return random.chance(0.7)
		? {}
		: random.one<Record<string, string>>(
				() => ({ accept: random.pick(ACCEPTS) }),
				() => ({
					"content-type": random.pick([
						...PATCHES,
						PROTOBUF,
						"application/yaml",
						"application/cbor",
						"x",
						";;;",
						"application/json; charset=x",
					]),
				}),
				() => ({
					"impersonate-user": random.pick(["u", "", "system:admin", "system:serviceaccount:a:b:c"]),
					"impersonate-group": "g",
				}),
				() => ({ "impersonate-extra-%zz": "x", "impersonate-uid": "1" }),
				() => ({ "accept-encoding": random.pick(["gzip", "gzip;q=0, *", "zstd"]), "if-none-match": '"x"' }),
				() => ({ "user-agent": random.pick(["x".repeat(5_000), "", "é/%00"]) }),
				() => ({ authorization: random.pick(["Bearer x", "Bearer a.b.c", "Basic !!!", "Bearer "]) }),
				() => ({ "x-remote-user": "admin", "content-encoding": "gzip" }),
			);
}

const write: Attack = (random, samples) => {
	const { path, object, protobuf } = random.pick(samples);
	const fresh = random.chance(0.5);
	const name = fresh ? `f${random.below(50)}` : NAME;
	const { status, ...rest } = object;
	const whole = { ...rest, ...(random.chance(0.5) ? { status } : {}), metadata: meta(random, name, object) };
	const subresource = random.chance(0.25) ? `/${random.pick(SUBRESOURCES)}` : "";
	const at = fresh && !subresource ? path : `${path}/${name}${subresource}`;
	const common = {
		method: subresource && random.chance(0.5) ? "POST" : fresh ? "POST" : "PUT",
		path: at + query(random),
	};
	return random.one<readonly Ask[]>(
		() => [{ ...common, headers: headers(random), body: JSON.stringify(bend(random, whole)) ?? "" }],
		() => [{ ...common, headers: headers(random), body: JSON.stringify(bend(random, whole)) ?? "" }],
		() => [
			{
				...common,
				headers: { ...headers(random), "content-type": PROTOBUF },
				body: bendBytes(random, protobuf),
			},
		],
		() => [
			{
				...common,
				headers: { "content-type": "application/yaml" },
				body: stringify(bend(random, whole)) ?? "",
			},
		],
		() => [{ ...common, headers: headers(random), body: hostileBody(random) }],
		() => [{ ...common, headers: { "content-type": "application/yaml" }, body: hostileBody(random) }],
	);
};

function meta(
	random: Random,
	name: string,
	object: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
	const { namespace } = object.metadata as { namespace?: string };
	return {
		...(random.chance(0.1) ? { generateName: random.pick(TEXTS) } : { name }),
		...(namespace ? { namespace } : {}),
		labels: { fuzz: "x" },
		...(random.chance(0.2) ? { managedFields: managedFields(random) } : {}),
		...(random.chance(0.1)
			? { finalizers: [random.pick(["foregroundDeletion", "orphan", "a/b", ...TEXTS])] }
			: {}),
		...(random.chance(0.1)
			? {
					ownerReferences: [
						{
							apiVersion: "v1",
							kind: "Pod",
							name: "x",
							uid: random.pick(TEXTS).slice(0, 50),
							blockOwnerDeletion: true,
						},
					],
				}
			: {}),
	};
}

const managedFields = (random: Random) =>
	random.times(3, () => ({
		manager: random.pick(TEXTS).slice(0, 150),
		operation: random.pick(["Apply", "Update", "x"]),
		apiVersion: random.pick(["v1", "apps/v1", "x"]),
		time: random.pick(["2026-01-01T00:00:00Z", "x"]),
		fieldsType: random.pick(["FieldsV1", "x"]),
		subresource: random.pick(["", "status"]),
		fieldsV1: random.one<unknown>(
			() => ({ "f:metadata": { "f:labels": { ".": {}, "f:__proto__": {} } } }),
			() => ({ "f:spec": { 'k:{"name":"c"}': {}, "k:{": {}, "v:[": {}, "i:-1": {}, "x:": {} } }),
			() => JSON.parse(`${'{"f:a":'.repeat(500)}{}${"}".repeat(500)}`),
			() => strange(random),
		),
	}));

const POINTERS = [
	"",
	"/",
	"/metadata",
	"/metadata/labels/a~1b",
	"/spec",
	"/spec/template/spec/containers/0",
	"/metadata/finalizers/-",
	"/__proto__/polluted",
	"/constructor/prototype/x",
	"/~2",
	"/spec/0/0/0",
	`${"/a".repeat(3_000)}`,
];

const patch: Attack = (random, samples) => {
	const { path, object } = random.pick(samples);
	const type = random.pick(PATCHES);
	const { metadata: _, ...rest } = object;
	const whole = { ...rest, metadata: meta(random, NAME, object) };
	const operations = () =>
		Array.from({ length: random.pick([1, 2, 5, 12_000]) }, () => ({
			op: random.pick(["add", "remove", "replace", "move", "copy", "test", "x"]),
			path: random.pick(POINTERS),
			from: random.pick(POINTERS),
			value: random.chance(0.5) ? strange(random) : {},
		}));
	const directives = () => ({
		spec: {
			$patch: random.pick(["delete", "replace", "merge", "x"]),
			$retainKeys: strange(random),
			"$setElementOrder/containers": [{ name: "c" }, strange(random)],
			"$deleteFromPrimitiveList/finalizers": strange(random),
			containers: [{ $patch: "delete", name: random.pick(TEXTS) }],
		},
	});
	const body = random.one<unknown>(
		() => (type === PATCHES[0] ? operations() : bend(random, whole)),
		() => (type === PATCHES[0] ? operations() : bend(random, whole)),
		() => (type === PATCHES[2] ? directives() : bend(random, whole)),
		() => strange(random),
	);
	const subresource = random.chance(0.2) ? `/${random.pick(SUBRESOURCES)}` : "";
	const options = query(random) || "?fieldManager=fuzz&force=true";
	const raw = random.chance(0.1) ? hostileBody(random) : (JSON.stringify(body) ?? "");
	const name = type === PATCHES[3] && random.chance(0.2) ? `f${random.below(50)}` : NAME;
	return [
		{
			method: "PATCH",
			path: `${path}/${name}${subresource}${options}`,
			headers: { ...headers(random), "content-type": type },
			body: raw,
		},
	];
};

const read: Attack = (random, samples) => {
	const { path } = random.pick(samples);
	const item = random.chance(0.4) ? `/${NAME}` : "";
	const options = query(random);
	const watch = random.chance(0.3) ? `${options ? "&" : "?"}watch=1` : "";
	return [
		{
			method: random.pick(["GET", "GET", "GET", "HEAD", "OPTIONS"]),
			path: path + item + options + watch,
			headers: headers(random),
		},
	];
};

const remove: Attack = (random, samples) => {
	const { path } = random.pick(samples);
	const body = random.one<string | Uint8Array | undefined>(
		() => undefined,
		() =>
			JSON.stringify({
				kind: "DeleteOptions",
				apiVersion: "v1",
				preconditions: { uid: strange(random) },
				gracePeriodSeconds: strange(random),
				propagationPolicy: strange(random),
				dryRun: random.chance(0.5) ? ["All"] : strange(random),
			}),
		() => hostileBody(random),
	);
	const collection = random.chance(0.1) ? "?labelSelector=fuzz%3Dx" : `/f${random.below(50)}${query(random)}`;
	return [{ method: "DELETE", path: path + collection, headers: headers(random), body }];
};

const PATHS = [
	"/",
	"/api",
	"/apis",
	"/openapi/v2",
	"/openapi/v3",
	"/openapi/v3/apis/apps/v1",
	"/version",
	"/metrics",
	"/healthz",
	"/livez",
	"/.well-known/openid-configuration",
	"/openid/v1/jwks",
	"/apis/apps",
	"/api/v1/watch/pods",
	`/api/v1/namespaces/${NAMESPACE}/pods/${NAME}/log`,
	`/api/v1/namespaces/${NAMESPACE}/services/${NAME}:p/proxy/x`,
	"/api/v1/nodes/sample/proxy/metrics",
	"/logs",
	"/debug/pprof",
] as const;

const path: Attack = (random, samples) => {
	const start = random.chance(0.5) ? random.pick(PATHS) : `${random.pick(samples).path}/${NAME}`;
	const parts = start.split("/");
	const bent = random.one<string>(
		() => start,
		() =>
			parts
				.toSpliced(
					random.below(parts.length),
					1,
					random.pick([
						"%2f",
						"%2e%2e",
						"..",
						"",
						"%00",
						"__proto__",
						"constructor",
						"%zz",
						"a%20b",
						"x".repeat(8_000),
						"%ff",
						"*",
						"~",
					]),
				)
				.join("/"),
		() => parts.toSpliced(random.below(parts.length), 0, ...random.times(300, () => "a")).join("/"),
		() => `${start}/`,
		() => `/${start}`,
		() => `${start}?${"a&".repeat(3_000)}`,
	);
	return [
		{
			method: random.pick(["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"]),
			path: bent.startsWith("/") ? bent : `/${bent}`,
			headers: headers(random),
		},
	];
};

const ADMISSION = "/apis/admissionregistration.k8s.io/v1";
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

const customResource: Attack = (random) => {
	const n = random.below(4);
	const { spec } = definition(random, n);
	const made = definition(random, n);
	const body = random.chance(0.7) ? made : bend(random, { ...made, spec });
	const instance = () => ({
		apiVersion: "fuzz.example/v1",
		kind: `Fuzz${n}`,
		metadata: { name: random.pick(["a", "b"]) },
		spec: strange(random),
		status: strange(random),
	});
	const items = `/apis/fuzz.example/v1/namespaces/${NAMESPACE}/fuzz${n}s`;
	return [
		{ method: random.pick(["POST", "PUT"]), path: DEFINITIONS, body: JSON.stringify(body) ?? "" },
		...Array.from({ length: 3 }, () => ({
			method: "POST",
			path: items + query(random),
			body: JSON.stringify(instance()),
		})),
		{
			method: "PATCH",
			path: `${items}/a?fieldManager=f`,
			headers: { "content-type": random.pick(PATCHES) },
			body: JSON.stringify(instance()),
		},
		{
			method: "PUT",
			path: `${items}/a/${random.pick(["status", "scale"])}`,
			body: JSON.stringify(instance()),
		},
		{ method: "GET", path: items + query(random), headers: { accept: random.pick(ACCEPTS) } },
	];
};

const policies: Attack = (random) => {
	const made = policy(random, random.below(4)).map((object, binding) => ({
		method: "POST",
		path: `${ADMISSION}/${String(object.kind)
			.replace("Policy", binding ? "Policy" : "Policie")
			.toLowerCase()}s`,
		body: JSON.stringify(object),
	}));
	return [...made, configMap(random), configMap(random)];
};

const configMap = (random: Random): Ask => ({
	method: "POST",
	path: `/api/v1/namespaces/${NAMESPACE}/configmaps?dryRun=All`,
	body: JSON.stringify({
		metadata: { generateName: "x-", labels: { a: "b" } },
		data: { a: random.pick(TEXTS), b: expression(random) },
	}),
});

/** Matched by the hostile webhooks, which answer as their path says. */
export const hooked = (random: Random): Ask => ({
	method: "POST",
	path: `/api/v1/namespaces/${NAMESPACE}/configmaps?dryRun=All`,
	body: JSON.stringify({
		metadata: { generateName: "x-", labels: { hook: `${random.below(HOOKS)}` } },
		data: { a: "b" },
	}),
});
export const HOOKS = 20;

const hooks: Attack = (random) => [hooked(random)];

/** How often each is chosen, next to the others. */
const ATTACKS: readonly (readonly [weight: number, attack: Attack])[] = [
	[8, write],
	[8, patch],
	[5, read],
	[3, remove],
	[3, path],
	[2, customResource],
	[2, policies],
	[1, hooks],
];

export function attack(random: Random, samples: readonly Sample[]): readonly Ask[] {
	let left = random.below(ATTACKS.reduce((sum, [weight]) => sum + weight, 0));
	for (const [weight, chosen] of ATTACKS) {
		left -= weight;
		if (left < 0) return chosen(random, samples);
	}
	throw new Error("weights do not add up");
}
