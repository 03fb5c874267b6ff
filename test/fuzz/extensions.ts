/** Hostile definitions, custom resources and policies, and what meets hostile webhooks. */
import type { Attack } from "./attack.ts";
import { definition, expression, policy } from "./expressions.ts";
import { ACCEPTS, PATCHES, query } from "./queries-and-headers.ts";
import type { Random } from "./random.ts";
import type { Ask } from "./road.ts";
import { NAMESPACE } from "./samples.ts";
import { bend, strange, TEXTS } from "./values.ts";

const ADMISSION = "/apis/admissionregistration.k8s.io/v1";
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

export const customResource: Attack = (random) => {
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

export const policies: Attack = (random) => {
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

export const hooks: Attack = (random) => [hooked(random)];
