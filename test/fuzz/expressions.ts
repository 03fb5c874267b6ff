/** Expressions, schemas, definitions and policies grown from a grammar: most of them are nearly right, some cost a fortune. */
import type { Random } from "./random.ts";
import { strange, TEXTS } from "./values.ts";

const PATTERNS = [
	"^(a+)+$",
	"(a|a)*b",
	"(?:(?:a{1,100}){1,100}){1,100}",
	"[",
	"\\1",
	"(?=a)",
	"a{99999}",
	".*.*.*.*=.*",
	"^[a-z]+$",
];
const LITERALS = [
	"0",
	"-1",
	"9223372036854775807",
	"-9223372036854775808",
	"1u",
	"1.5",
	"1e400",
	"true",
	"null",
	"''",
	"'a'",
	"b'\\xff'",
	"r'\\d'",
	"[]",
	"{}",
	"[1, 2, 3]",
	"{'a': 1}",
	"dyn(1)",
	"'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'",
	"duration('1h')",
	"timestamp('2026-01-01T00:00:00Z')",
	"quantity('1Gi')",
	"semver('1.2.3')",
	"ip('::1')",
	"cidr('10.0.0.0/8')",
	"url('https://x/y')",
] as const;
const VARIABLES = [
	"self",
	"oldSelf",
	"object",
	"oldObject",
	"request",
	"params",
	"namespaceObject",
	"authorizer",
	"variables.x",
	"has",
] as const;
const FIELDS = [
	"spec",
	"metadata",
	"name",
	"items",
	"labels",
	"replicas",
	"text",
	"list",
	"map",
	"__proto__",
	"constructor",
	"__namespace__",
] as const;
const MACROS = ["all", "exists", "exists_one", "map", "filter", "sortBy"] as const;
const METHODS = [
	"size()",
	"startsWith('a')",
	"matches('^(a+)+$')",
	"lowerAscii()",
	"split('')",
	"join(',')",
	"sum()",
	"min()",
	"max()",
	"isSorted()",
	"indexOf(1)",
	"replace('', 'aaaaaaaaaaaaaaaa')",
	"format([1, 'a'])",
	"getFullYear()",
	"isGreaterThan(quantity('1'))",
	"find('(a|b)*c')",
	"charAt(99)",
	"substring(-1, 5)",
	"reverse()",
	"flatten()",
	"orValue(1)",
	"value()",
	"trim()",
	"group('x').resource('y').check('z').allowed()",
] as const;
const OPERATORS = ["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||", "in"] as const;

export function expression(random: Random, depth = 0): string {
	if (depth > 5 || random.chance(0.2))
		return random.chance(0.5) ? random.pick(LITERALS) : random.pick(VARIABLES);
	const inner = () => expression(random, depth + 1);
	return random.one<string>(
		() => `${random.pick(VARIABLES)}.${random.pick(FIELDS)}`,
		() => `${inner()}.${random.pick(FIELDS)}`,
		() => `${inner()}[${inner()}]`,
		() => `${inner()}.?${random.pick(FIELDS)}`,
		() => `(${inner()} ${random.pick(OPERATORS)} ${inner()})`,
		() => `${inner()} ? ${inner()} : ${inner()}`,
		() => `!${inner()}`,
		() => `${inner()}.${random.pick(METHODS)}`,
		() => `${inner()}.${random.pick(MACROS)}(v${depth}, ${inner()})`,
		() => `${inner()}.${random.pick(MACROS)}(k${depth}, v${depth}, ${inner()})`,
		() => `[${inner()}, ${inner()}]`,
		() => `{${inner()}: ${inner()}}`,
		() => `Object{spec: Object.spec{${random.pick(FIELDS)}: ${inner()}}}`,
		() => `cel.bind(x, ${inner()}, x + x)`,
		() => `has(${inner()}.${random.pick(FIELDS)})`,
		() => `[1,2,3,4,5,6,7,8].all(a, [1,2,3,4,5,6,7,8].all(b, [1,2,3,4,5,6,7,8].all(c, ${inner()} == a)))`,
		() => `${"(".repeat(60)}${inner()}${")".repeat(60)}`,
		() => Array.from({ length: 200 }, () => "1").join(` ${random.pick(OPERATORS)} `),
		() => inner().slice(random.below(4)),
		() => `"${"a".repeat(200)}".matches(${JSON.stringify(random.pick(PATTERNS))})`,
	);
}

export function schema(random: Random, depth = 0): Record<string, unknown> {
	const inner = () => schema(random, depth + 1);
	const rules = random.chance(0.3)
		? {
				"x-kubernetes-validations": random.times(3, () => ({
					rule: expression(random),
					message: "no",
					...(random.chance(0.2) ? { messageExpression: expression(random) } : {}),
				})),
			}
		: {};
	const bounds = random.chance(0.3) ? { default: strange(random) } : {};
	const base = {
		...rules,
		...bounds,
		...(random.chance(0.1) ? { [random.pick(KEYWORDS)]: strange(random) } : {}),
	};
	if (depth > 4) return { ...base, type: random.pick(["string", "integer", "boolean", "number"]) };
	return random.one<Record<string, unknown>>(
		() => ({
			...base,
			type: "object",
			properties: Object.fromEntries(random.times(5, () => [random.pick(FIELDS), inner()])),
			required: random.times(2, () => random.pick(FIELDS)),
		}),
		() => ({ ...base, type: "object", properties: { spec: inner(), list: inner(), text: inner() } }),
		() => ({
			...base,
			type: "array",
			items: inner(),
			"x-kubernetes-list-type": random.pick(["atomic", "set", "map", "bag"]),
			maxItems: random.pick([1, 10, 1e6, -1]),
		}),
		() => ({
			...base,
			type: "object",
			additionalProperties: random.chance(0.8) ? inner() : random.chance(0.5),
		}),
		() => ({
			...base,
			type: "string",
			pattern: random.pick(PATTERNS),
			format: random.pick(["date-time", "byte", "duration", "x"]),
			maxLength: random.pick([0, 5, 1e7]),
		}),
		() => ({
			...base,
			type: "integer",
			minimum: random.pick([0, 1e300, -1]),
			multipleOf: random.pick([0, 2, 0.1]),
		}),
		() => ({ ...base, "x-kubernetes-int-or-string": true }),
		() => ({
			...base,
			type: "object",
			"x-kubernetes-preserve-unknown-fields": true,
			"x-kubernetes-embedded-resource": random.chance(0.5),
		}),
		() => ({
			...base,
			type: random.pick(["string", "object"]),
			allOf: random.times(2, inner),
			not: inner(),
			nullable: random.chance(0.5),
			enum: random.times(3, () => strange(random)),
		}),
	);
}

const KEYWORDS = [
	"pattern",
	"enum",
	"items",
	"properties",
	"type",
	"default",
	"$ref",
	"x-kubernetes-validations",
	"x-kubernetes-map-type",
	"x-kubernetes-list-map-keys",
	"additionalProperties",
];

/** `fuzz{n}s.fuzz.example`, whose schema lets through a `spec` of whatever it says. */
export function definition(random: Random, n: number): Record<string, unknown> {
	const plural = `fuzz${n}s`;
	return {
		apiVersion: "apiextensions.k8s.io/v1",
		kind: "CustomResourceDefinition",
		metadata: { name: `${plural}.fuzz.example` },
		spec: {
			group: "fuzz.example",
			scope: random.chance(0.8) ? "Namespaced" : "Cluster",
			names: {
				plural,
				singular: `fuzz${n}`,
				kind: `Fuzz${n}`,
				shortNames: random.chance(0.2) ? [random.pick(TEXTS)] : [],
			},
			versions: [
				{
					name: "v1",
					served: true,
					storage: true,
					schema: {
						openAPIV3Schema: { type: "object", properties: { spec: schema(random), status: schema(random) } },
					},
					subresources: random.chance(0.3)
						? {
								status: {},
								scale: {
									specReplicasPath: ".spec.replicas",
									statusReplicasPath: ".status.replicas",
									labelSelectorPath: random.pick([".status.a", "..", ".spec[0]"]),
								},
							}
						: undefined,
					additionalPrinterColumns: random.times(2, () => ({
						name: random.pick(TEXTS.slice(0, 12)),
						type: random.pick(["string", "integer", "date", "x"]),
						jsonPath: random.pick([
							".spec",
							".spec.list[*].a",
							"..",
							".spec[?(@.a=='b')]",
							`.${"a.".repeat(500)}a`,
							".metadata.creationTimestamp",
							"[",
							".spec.list[-1:]",
						]),
					})),
					selectableFields: random.chance(0.1)
						? [{ jsonPath: random.pick([".spec.text", ".metadata.name", "..", ".__proto__"]) }]
						: undefined,
				},
			],
		},
	};
}

/** A policy of either sort that binds itself to config maps of the fuzzed namespace, or to nothing that exists. */
export function policy(random: Random, n: number): readonly Record<string, unknown>[] {
	const mutating = random.chance(0.4);
	const apiVersion = "admissionregistration.k8s.io/v1";
	const kind = mutating ? "MutatingAdmissionPolicy" : "ValidatingAdmissionPolicy";
	const metadata = { name: `fuzz-${n}` };
	const rules = [{ apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations: ["*"] }];
	const matchConstraints = {
		resourceRules: rules,
		namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "fuzz" } },
	};
	const common = {
		matchConstraints,
		failurePolicy: random.pick(["Fail", "Ignore"]),
		variables: random.times(2, () => ({ name: "x", expression: expression(random) })),
		matchConditions: random.times(2, (i) => ({ name: `m${i}`, expression: expression(random) })),
		...(random.chance(0.2)
			? { paramKind: { apiVersion: random.pick(["v1", "x/y/z"]), kind: random.pick(["ConfigMap", "None"]) } }
			: {}),
	};
	const spec = mutating
		? {
				...common,
				reinvocationPolicy: random.pick(["Never", "IfNeeded"]),
				mutations: [
					random.chance(0.5)
						? {
								patchType: "ApplyConfiguration",
								applyConfiguration: {
									expression: `Object{metadata: Object.metadata{labels: {"a": string(${expression(random)})}}}`,
								},
							}
						: {
								patchType: "JSONPatch",
								jsonPatch: {
									expression: `[JSONPatch{op: "add", path: "/${random.pick(FIELDS)}", value: ${expression(random)}}]`,
								},
							},
				],
			}
		: {
				...common,
				validations: random.times(3, () => ({
					expression: expression(random),
					messageExpression: random.chance(0.3) ? expression(random) : undefined,
				})),
				auditAnnotations: random.times(1, () => ({ key: "k", valueExpression: expression(random) })),
			};
	const binding = {
		apiVersion,
		kind: `${kind}Binding`,
		metadata,
		spec: {
			policyName: metadata.name,
			...(mutating ? {} : { validationActions: ["Deny"] }),
			...(common.paramKind ? { paramRef: { name: "x", parameterNotFoundAction: "Allow" } } : {}),
		},
	};
	return [{ apiVersion, kind, metadata, spec }, binding];
}
