/** One hostile request after another. */
import { stringify } from "yaml";
import type { Attack } from "./attack.ts";
import { customResource, hooks, policies } from "./extensions.ts";
import { path } from "./paths.ts";
import { headers, PATCHES, PROTOBUF, query } from "./queries-and-headers.ts";
import type { Random } from "./random.ts";
import type { Ask } from "./road.ts";
import { NAME, type Sample } from "./samples.ts";
import { bend, bendBytes, hostileBody, strange, TEXTS } from "./values.ts";

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
