import { type AnyKind, KINDS, Pod, StatusError, type Verb } from "@berth/api";
import test from "ava";
import fc from "fast-check";
import { type Ask, openRegistry, type TestRegistry } from "./testing/open-registry.ts";

const PATCHES = [
	"application/json-patch+json",
	"application/merge-patch+json",
	"application/strategic-merge-patch+json",
];
const template = {
	metadata: { labels: { a: "b" } },
	spec: {
		containers: [{ name: "c", image: "i", ports: [{ containerPort: 80 }], env: [{ name: "E", value: "v" }] }],
		volumes: [{ name: "v", emptyDir: {} }],
		tolerations: [{ key: "k", operator: "Exists" }],
	},
};
const workload = { replicas: 1, selector: { matchLabels: { a: "b" } }, template };
const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
const job = {
	completions: 1,
	podFailurePolicy: { rules: [{ action: "FailJob", onExitCodes: { operator: "In", values: [1] } }] },
	template: { ...template, spec: { ...template.spec, restartPolicy: "Never" } },
};
const subjects = [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "u" }];
const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "r" };

/** Something valid of every kind, to be bent. */
const VALID: Readonly<Record<string, object>> = {
	pods: {
		spec: template.spec,
		status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
	},
	services: {
		spec: { type: "NodePort", ports: [{ name: "p", port: 80, nodePort: 30000 }], selector: { a: "b" } },
	},
	namespaces: { spec: { finalizers: [] }, status: { phase: "Active" } },
	nodes: {
		spec: { taints: [{ key: "k", effect: "NoSchedule" }], podCIDRs: ["10.0.0.0/24"] },
		status: { capacity: { cpu: "1" } },
	},
	endpoints: { subsets: [{ addresses: [{ ip: "10.0.0.1" }], ports: [{ port: 80 }] }] },
	endpointslices: { addressType: "IPv4", endpoints: [{ addresses: ["10.0.0.1"] }], ports: [{ port: 80 }] },
	configmaps: { data: { a: "b" }, binaryData: { c: "AA==" }, immutable: false },
	secrets: { type: "Opaque", data: { a: "AA==" }, stringData: { b: "c" } },
	serviceaccounts: { secrets: [{ name: "s" }], imagePullSecrets: [{ name: "s" }] },
	events: { involvedObject: { kind: "Pod", namespace: "default", name: "p" }, count: 1, type: "Normal" },
	leases: { spec: { holderIdentity: "me", leaseDurationSeconds: 10 } },
	deployments: {
		spec: { ...workload, strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%" } } },
	},
	replicasets: { spec: workload },
	daemonsets: { spec: { selector: workload.selector, template } },
	statefulsets: {
		spec: { ...workload, volumeClaimTemplates: [{ metadata: { name: "d" }, spec: claim }] },
	},
	controllerrevisions: { revision: 1, data: { a: 1 } },
	jobs: { spec: job },
	cronjobs: { spec: { schedule: "*/5 * * * *", jobTemplate: { spec: job } } },
	horizontalpodautoscalers: {
		spec: {
			scaleTargetRef: { kind: "Deployment", name: "d" },
			maxReplicas: 3,
			metrics: [
				{
					type: "Pods",
					pods: { metric: { name: "m" }, target: { type: "AverageValue", averageValue: "1" } },
				},
			],
			behavior: { scaleUp: { policies: [{ type: "Pods", value: 1, periodSeconds: 1 }] } },
		},
	},
	poddisruptionbudgets: { spec: { minAvailable: "50%", selector: workload.selector } },
	priorityclasses: { value: 5 },
	podtemplates: { template },
	replicationcontrollers: { spec: { replicas: 1, selector: { a: "b" }, template } },
	limitranges: {
		spec: { limits: [{ type: "Container", max: { cpu: "9" }, maxLimitRequestRatio: { cpu: "2" } }] },
	},
	resourcequotas: { spec: { hard: { pods: "5" }, scopes: ["Terminating"] } },
	persistentvolumes: {
		spec: {
			accessModes: ["ReadWriteOnce"],
			capacity: { storage: "1Gi" },
			csi: { driver: "d.x", volumeHandle: "h" },
		},
	},
	persistentvolumeclaims: { spec: claim },
	roles: { rules: [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }] },
	clusterroles: {
		rules: [{ verbs: ["get"], nonResourceURLs: ["/x"] }],
		aggregationRule: { clusterRoleSelectors: [{}] },
	},
	rolebindings: { subjects, roleRef },
	clusterrolebindings: { subjects, roleRef },
	bindings: { target: { kind: "Node", name: "n" } },
};

const SUBRESOURCES = [
	"status",
	"scale",
	"binding",
	"eviction",
	"token",
	"finalize",
	"ephemeralcontainers",
	"resize",
	"__proto__",
];

type Bend = readonly [where: number, how: unknown];

const strange: fc.Arbitrary<unknown> = fc.oneof(
	fc.jsonValue({ maxDepth: 3 }),
	fc.constantFrom(
		null,
		-1,
		2 ** 31,
		1e300,
		0.5,
		"",
		"a\u0000b",
		"..",
		"constructor",
		[],
		{},
		[null],
		"9".repeat(40),
		"1e999",
		"-5Gi",
	),
	fc.constant(
		JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
	),
);
const bends: fc.Arbitrary<readonly Bend[]> = fc.array(fc.tuple(fc.nat(200), strange), {
	minLength: 1,
	maxLength: 3,
});

/** `value` with the things at the given places (counted through the whole tree) replaced. */
function bend(value: unknown, changes: readonly Bend[]): unknown {
	let count = 0;
	const places = new Map(changes);
	const walk = (at: unknown): unknown => {
		const replacement = places.get(count);
		const hit = places.has(count);
		count += 1;
		if (hit) return replacement;
		if (Array.isArray(at)) return at.map(walk);
		if (typeof at !== "object" || at === null) return at;
		return Object.fromEntries(Object.entries(at).map(([key, inner]) => [key, walk(inner)]));
	};
	return walk(value);
}

/** What may come out of anything: an answer, or a Status that blames the caller. */
async function judge(api: TestRegistry, verb: Verb, kind: AnyKind, ask: Ask): Promise<void> {
	try {
		const answer = await api.ask(verb, kind, ask);
		if (answer.type === "object") JSON.parse(new TextDecoder().decode(answer.cached.json()));
		if (answer.type === "watch") await answer.watch[Symbol.asyncDispose]();
	} catch (error) {
		const said = `${verb} ${kind.plural} ${JSON.stringify(ask)}`;
		if (!(error instanceof StatusError)) throw new Error(`${said}: ${(error as Error).stack}`);
		if (error.code >= 500) throw new Error(`${said}: ${error.code} ${error.message}`);
	}
}

test("property: whatever is sent, the answer is an answer", async (t) => {
	await using api = await openRegistry({
		tokens: {
			issue: async () => ({ token: "t", expirationTimestamp: "2030-01-01T00:00:00Z" }),
			verify: () => Promise.reject(new Error("no")),
		},
	});
	for (const kind of KINDS) {
		const valid = VALID[kind.plural];
		if (valid && !kind.virtual && !kind.stored)
			await api.ask("create", kind, { body: { metadata: { name: "kept" }, ...valid } });
	}
	const request = fc.record({
		kindName: fc.constantFrom(...KINDS.map((kind) => kind.kind)),
		bends,
		patch: strange,
		contentType: fc.constantFrom(...PATCHES),
		subresource: fc.constantFrom(...SUBRESOURCES),
		query: fc.dictionary(
			fc.constantFrom(
				"dryRun",
				"limit",
				"continue",
				"resourceVersion",
				"resourceVersionMatch",
				"labelSelector",
				"fieldSelector",
				"timeoutSeconds",
				"sendInitialEvents",
				"gracePeriodSeconds",
				"propagationPolicy",
				"fieldValidation",
				"fieldManager",
			),
			fc.oneof(
				fc.string(),
				fc.constantFrom(
					"0",
					"1",
					"-1",
					"All",
					"true",
					"metadata.name=kept",
					"a in (b)",
					"Exact",
					"NotOlderThan",
					"Strict",
				),
			),
		),
	});
	await fc.assert(
		fc.asyncProperty(request, async ({ kindName, bends, patch, contentType, subresource, query }) => {
			const kind = KINDS.find((known) => known.kind === kindName)!;
			const whole = {
				apiVersion: kind.apiVersion,
				kind: kind.kind,
				metadata: {
					name: "kept",
					labels: { a: "b" },
					annotations: { c: "d" },
					finalizers: [],
					ownerReferences: [],
				},
				...VALID[kind.plural],
			};
			const body = bend(whole, bends);
			const name = "kept";
			const dry = { dryRun: "All" };
			await judge(api, "create", kind, {
				body: bend({ ...whole, metadata: { generateName: "x-" } }, bends),
				query: dry,
			});
			await judge(api, "update", kind, { name, body, query: dry });
			await judge(api, "update", kind, { name, body, subresource, query: dry });
			await judge(api, "create", kind, { name, body, subresource, query: dry });
			await judge(api, "patch", kind, { name, body: patch, contentType, query: dry });
			await judge(api, "patch", kind, {
				name,
				body: bend(whole, bends),
				contentType: PATCHES[2]!,
				query: dry,
			});
			await judge(api, "patch", kind, { name, body: patch, contentType, subresource, query: dry });
			await judge(api, "delete", kind, { name, body: patch, query: { ...query, ...dry } });
			await judge(api, "list", kind, { query });
			await judge(api, "get", kind, { name, query: { limit: query.limit ?? "" } });
			await judge(api, "watch", kind, {
				query: { ...query, resourceVersion: query.resourceVersion === "1" ? "1" : "0" },
			});
		}),
		{ numRuns: 400 },
	);
	t.is(({} as { polluted?: boolean }).polluted, undefined);
	t.is((await api.value("get", Pod, { name: "kept" })).metadata.name, "kept");
});
