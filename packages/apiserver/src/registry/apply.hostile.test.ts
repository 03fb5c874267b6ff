/** Whatever is applied, and whoever it says owns what, is answered; no prototype is reached. */
import { Deployment, type KubeObject, StatusError } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { openRegistry } from "./testing/open-registry.ts";

const odd = fc.oneof(
	fc.jsonValue({ maxDepth: 3 }),
	fc.constantFrom(null, 0, "", "__proto__", [], {}, [null], [{}], { name: null }, { name: {} }),
	fc.constant(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')),
);

const usually = (...good: unknown[]) =>
	fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: odd });
const PORTS = [{ containerPort: 80 }, { containerPort: 80, protocol: "UDP", name: "u" }];

const container = fc.record(
	{
		name: usually("c", "d", "e"),
		image: usually("i"),
		ports: usually([], PORTS, PORTS.slice(0, 1)),
		env: usually([{ name: "A", value: "1" }], []),
		resources: usually({}, { limits: { cpu: "1" } }),
	},
	{ requiredKeys: ["name", "image"] },
);

const configuration = fc.record(
	{
		apiVersion: fc.constant("apps/v1"),
		kind: fc.constant("Deployment"),
		metadata: fc.record(
			{
				name: fc.constant("web"),
				labels: usually({ a: "b" }, { c: "d" }),
				annotations: usually({ "x/y": "z" }, JSON.parse('{"constructor":"1"}')),
				finalizers: usually(["example.com/a"], []),
				ownerReferences: usually([], null),
			},
			{ requiredKeys: ["name"] },
		),
		spec: fc.record(
			{
				replicas: usually(0, 1, 2),
				selector: fc.constant({ matchLabels: { a: "b" } }),
				strategy: usually({}, { type: "Recreate" }),
				template: fc.record({
					metadata: usually({ labels: { a: "b" } }),
					spec: fc.record({
						containers: fc.oneof(
							{
								weight: 12,
								arbitrary: fc.uniqueArray(container, {
									minLength: 1,
									maxLength: 2,
									selector: ({ name }) => name,
								}),
							},
							{ weight: 1, arbitrary: odd },
						),
					}),
				}),
			},
			{ requiredKeys: ["selector", "template"] },
		),
		status: usually({}, { replicas: 1 }),
	},
	{ requiredKeys: ["apiVersion", "kind", "metadata", "spec"] },
);

const entry = fc.record(
	{
		manager: fc.constantFrom("m", "n", "__proto__"),
		operation: fc.constantFrom("Apply", "Update", "Update", "Sing"),
		apiVersion: fc.constant("apps/v1"),
		fieldsType: fc.constant("FieldsV1"),
		fieldsV1: usually({ "f:spec": { ".": {}, "f:replicas": {} } }, { "k:{}": {} }),
		subresource: fc.constantFrom("", "status"),
	},
	{ requiredKeys: ["operation", "fieldsType"] },
);

test("property: any configuration, any entries", async (t) => {
	await using api = await openRegistry();
	const ask = async (verb: "patch" | "update", asked: Parameters<typeof api.ask>[2]) => {
		try {
			return await api.ask(verb, Deployment, { name: "web", ...asked });
		} catch (error) {
			if (!(error instanceof StatusError) || error.code >= 500) throw error;
			return undefined;
		}
	};
	let applied = 0;
	const force = fc.constantFrom("true", "false");
	const subresource = fc.constantFrom(undefined, "status", "scale");
	await fc.assert(
		fc.asyncProperty(
			configuration,
			fc.array(entry),
			force,
			subresource,
			async (body, entries, forced, part) => {
				const contentType = "application/apply-patch+yaml";
				const query = { fieldManager: "m", force: forced };
				await ask("patch", { body, contentType, query, ...(part ? { subresource: part } : {}) });
				const merge = { metadata: { managedFields: entries } };
				await ask("patch", { body: merge, contentType: "application/merge-patch+json" });
				const again = await ask("patch", { body, contentType, query });
				if (again) applied += 1;
				if (again?.type !== "object") return;
				const once = again.cached.object as KubeObject;
				const twice = await ask("patch", { body, contentType, query });
				t.is(twice?.type === "object" && twice.cached.object, once);
			},
		),
		{ numRuns: 150 },
	);
	t.true(applied > 0);
	t.is(({} as { polluted?: unknown }).polluted, undefined);
});
