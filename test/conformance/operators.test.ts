/** Definitions with what operators' definitions have (`fixtures/operators`): accepted, explained, printed, and kept to. */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import test from "ava";
import { type Cluster, startCluster } from "./cluster.ts";
import type { Kubectl } from "./kubectl.ts";

const FOLDER = join(import.meta.dirname, "fixtures/operators");
const PLURALS = readdirSync(FOLDER).map((file) => basename(file, ".yaml"));

let cluster: Cluster;
let kubectl: Kubectl;
test.before(async () => {
	cluster = await startCluster();
	kubectl = cluster.kubectl;
	await kubectl.must(`apply -f ${FOLDER}`);
	await kubectl.must("wait --for=condition=Established crd --all --timeout=20s");
});
test.after.always(() => cluster?.[Symbol.asyncDispose]());

interface Case {
	readonly version: string;
	/** Specs by name; all are accepted. */
	readonly valid: Readonly<Record<string, string>>;
	/** Specs, and what is said of them. */
	readonly invalid?: readonly (readonly [spec: string, told: RegExp])[];
	/** Merge patches of valid objects, and what is said of them; "" when they are fine. */
	readonly changes?: readonly (readonly [name: string, spec: string, told: RegExp])[];
	/** Commands, and their answers. */
	readonly shown: Readonly<Record<string, RegExp>>;
}

const PATCHED = / patched/;
const CASES: Readonly<Record<string, Case>> = {
	Certificate: {
		version: "v1",
		valid: {
			web: "{secretName: web, issuerRef: {name: ca}, duration: 2160h0m0s, usages: [server auth], ipAddresses: [10.0.0.1]}",
			keys: "{secretName: keys, issuerRef: {name: other}, keystores: {jks: {create: true}}, privateKey: {algorithm: RSA, size: 4096}}",
		},
		invalid: [
			["{secretName: '', issuerRef: {}}", /spec\.issuerRef\.name: Required value/],
			[
				"{secretName: '', issuerRef: {name: a}}",
				/spec\.secretName: Invalid value: "": spec\.secretName in body should be at least 1 chars long/,
			],
			[
				"{secretName: a, issuerRef: {name: a}, keystores: {}}",
				/"spec\.keystores" must validate one and only one schema \(oneOf\)\. Found none valid/,
			],
			[
				"{secretName: a, issuerRef: {name: a}, keystores: {jks: {create: true}, pkcs12: {create: true}}}",
				/"spec\.keystores" must validate one and only one schema \(oneOf\)\. Found 2 valid alternatives/,
			],
			[
				"{secretName: a, issuerRef: {name: a}, usages: [server auth, server auth]}",
				/spec\.usages\[1\]: Duplicate value: "server auth"/,
			],
			[
				"{secretName: a, issuerRef: {name: a}, usages: [flying]}",
				/spec\.usages\[0\]: Unsupported value: "flying": supported values: "signing", "digital signature", "server auth", "client auth"/,
			],
			[
				"{secretName: a, issuerRef: {name: a}, privateKey: {algorithm: RSA, size: 1024}}",
				/spec\.privateKey\.size: Invalid value: .*keys of RSA have 2048 bits or more, not 1024/,
			],
			[
				"{secretName: a, issuerRef: {name: a}, duration: long}",
				/spec\.duration: Invalid value: "long": .*must be of type duration/,
			],
			[
				"{secretName: a, issuerRef: {name: a}, ipAddresses: [10.0.0.300]}",
				/spec\.ipAddresses\[0\]: Invalid value: "10\.0\.0\.300": .*must be of type ipv4/,
			],
			[
				"{secretName: a, issuerRef: {name: a}, revisionHistoryLimit: 0}",
				/spec\.revisionHistoryLimit: Invalid value: 0: .*should be greater than or equal to 1/,
			],
		],
		shown: {
			"get certs": /^NAME +READY +SECRET +EXPIRES +AGE\nkeys +keys +\d+s\nweb +web +\d+s$/,
			"get security -o wide": /^NAME +READY +SECRET +STATUS +EXPIRES +AGE\n/,
			"get certificates --field-selector spec.issuerRef.name=ca -o name":
				/^certificate\.operators\.example\.com\/web$/,
			"get certificates --field-selector spec.duration=x": /field label not supported: spec\.duration/,
			"get certificate web -o jsonpath={.spec.issuerRef.kind}": /^Issuer$/,
			"explain certificate.spec.usages": /FIELD: usages <\[\]string>/,
			"explain cert.spec --recursive":
				/privateKey\t<Object>\n {4}algorithm\t<string>\n {4}enum: RSA, ECDSA, Ed25519/,
		},
	},
	Monitor: {
		version: "v1",
		valid: {
			all: "{selector: {matchLabels: {a: b}}, endpoints: [{port: web}, {port: web, scheme: https, targetPort: 8443, interval: 30s}]}",
			much: "{selector: {}, endpoints: [{port: x, targetPort: name, bearer: null}], resources: {limits: {cpu: 2, memory: 1Gi}}, ratio: 0.5}",
			pod: "{selector: {}, endpoints: [], podTemplate: {apiVersion: v1, kind: Pod, metadata: {name: a, labels: {x: z}}, spec: {any: [1]}}}",
		},
		invalid: [
			[
				"{selector: {}, endpoints: [{port: x}, {port: x, scheme: http}]}",
				/spec\.endpoints\[1\]: Duplicate value/,
			],
			["{selector: {}, endpoints: [{port: x, targetPort: true}]}", /spec\.endpoints\[0\]\.targetPort/],
			[
				"{selector: {}, endpoints: [], resources: {limits: {cpu: many}}}",
				/spec\.resources\.limits\.cpu: Invalid value: "many"/,
			],
			[
				"{selector: {}, endpoints: [], ratio: 0}",
				/spec\.ratio: Invalid value: 0: .*should be greater than 0/,
			],
			[
				"{selector: {}, endpoints: [], podTemplate: {kind: Pod}}",
				/spec\.podTemplate\.apiVersion: Required value/,
			],
			[
				"{selector: {}, endpoints: [], podTemplate: {apiVersion: v1, kind: Pod, metadata: {labels: {a: 1}}}}",
				/cannot unmarshal number into Go struct field ObjectMeta\.labels of type string/,
			],
		],
		shown: {
			"get monitor all -o jsonpath={.spec.endpoints[*].scheme}/{.spec.shards}": /^http https\/1$/,
			"scale monitor all --replicas=4": /scaled$/,
			"get monitor much -o jsonpath={.spec.resources.limits}": /^\{"cpu":2,"memory":"1Gi"\}$/,
			"explain monitor.spec.endpoints.targetPort":
				/FIELD: targetPort <(?:Object|string|integer|IntOrString)>/,
		},
	},
	Workflow: {
		version: "v1alpha1",
		valid: {
			all: "{entrypoint: a, templates: [{name: a, steps: [[{name: b}]]}, {name: c, script: {source: x}}], anything: {1: [null]}}",
		},
		invalid: [["{entrypoint: 5}", /spec\.entrypoint: Invalid value: "integer"/]],
		shown: {
			"get workflow all -o jsonpath={.spec.templates[0].steps}": /^\[\[\{"name":"b"\}\]\]$/,
			"get workflows": /^NAME +STEPS +LAST\nall +a +c$/,
			"explain workflow.spec": /entrypoint\t<string>/,
		},
	},
	Route: {
		version: "v1",
		valid: {
			plain: "{parentRefs: [{name: a}, {name: b}], hostnames: ['*.example.com']}",
			full: "{rules: [{matches: [{path: {type: Exact, value: /x}, headers: [{name: a, value: b}]}], backendRefs: [{name: x, port: 80}], timeouts: {request: 10s, backendRequest: 5s}}]}",
		},
		invalid: [
			[
				"{parentRefs: [{name: a}, {name: a}]}",
				/spec\.parentRefs: Invalid value: "array": parents differ in name or section/,
			],
			[
				"{hostnames: [UPPER]}",
				/spec\.hostnames\[0\]: Invalid value: "UPPER": spec\.hostnames\[0\] in body should match/,
			],
			[
				"{rules: [{matches: [{path: {value: x}}]}]}",
				/spec\.rules\[0\]\.matches\[0\]\.path: Invalid value: "object": paths begin with a slash/,
			],
			[
				"{rules: [{timeouts: {request: 5s, backendRequest: 10s}}]}",
				/spec\.rules\[0\]\.timeouts: Invalid value: "object": the backend has no longer than the request/,
			],
			[
				"{rules: [{matches: [{headers: [{name: a, value: b}, {name: a, value: c}]}]}]}",
				/spec\.rules\[0\]\.matches\[0\]\.headers\[1\]: Duplicate value: \{"name":"a"\}/,
			],
			[
				"{rules: [{backendRefs: [{name: a, weight: -1}]}]}",
				/weight: Invalid value: -1: .*should be greater than or equal to 0/,
			],
		],
		changes: [
			["plain", '{"className":"other"}', /spec\.className: Invalid value: "string": the class is settled/],
			["plain", '{"hostnames":["a.example.com"]}', PATCHED],
		],
		shown: {
			"get route plain -o jsonpath={.spec.className}/{.spec.parentRefs[0].kind}/{.spec.rules}":
				/^standard\/Gateway\/\[\{"matches":\[\{"path":\{"type":"PathPrefix","value":"\/"\}\}\]\}\]$/,
			"get route full -o jsonpath={.spec.rules[0].backendRefs[0].weight}": /^1$/,
			"get routes.v1beta1.operators.example.com": /Warning: use v1 of routes/,
			"get routes.v1alpha2.operators.example.com": /the server doesn't have a resource type/,
			"get gateways": /^NAME +HOSTNAMES\nfull +\nplain +\["/,
			"explain route.spec.rules.matches.path --api-version=operators.example.com/v1beta1":
				/VERSION: +v1beta1\n(?:.*\n)*.*FIELD: path <Object>/,
		},
	},
	Composition: {
		version: "v1",
		valid: {
			nulls:
				"{note: null, owner: null, revision: 1, pipeline: [{step: a, input: {apiVersion: v1, kind: Any, spec: 1}, patches: [{value: {deep: [1]}, inner: {known: 1, other: 2}}]}]}",
			resources: "{mode: Resources, note: x}",
		},
		invalid: [
			["{}", /spec\.pipeline: Required value: a pipeline has steps/],
			[
				"{mode: Resources, revision: 2}",
				/spec\.revision: Invalid value: "integer": revisions begin at 1 and never fall/,
			],
			["{pipeline: [{step: a}, {step: a}]}", /spec\.pipeline\[1\]: Duplicate value: \{"step":"a"\}/],
			[
				"{pipeline: [{step: a, patches: [{inner: {known: one}}]}]}",
				/spec\.pipeline\[0\]\.patches\[0\]\.inner\.known: Invalid value: "string"/,
			],
		],
		changes: [
			["nulls", '{"revision":2}', PATCHED],
			["nulls", '{"revision":1}', /revisions begin at 1 and never fall/],
			["resources", '{"note":null}', /notes stay/],
		],
		shown: {
			"get composition nulls -o jsonpath={.spec.pipeline[0].patches[0]}":
				/^\{"inner":\{"known":1,"other":2\},"value":\{"deep":\[1\]\}\}$/,
			"get composition nulls -o json": /"note": null,\n +"owner": null/,
			"get composition resources -o jsonpath={.spec.owner}": /^nobody$/,
		},
	},
	Cluster: {
		version: "v1",
		valid: {
			three:
				"{instances: 3, minSync: 1, storage: {size: 10Gi, pvcTemplate: {x: 1}}, addresses: ['::1', 10.0.0.1], match: {}}",
			formats:
				"{storageClass: {kind: claim, claim: c}, certificate: YQ==, contact: a@example.com, site: 'https://example.com', id: 123e4567-e89b-12d3-a456-426614174000, bootstrap: {recovery: {target: '2026-01-02T03:04:05Z'}}}",
		},
		invalid: [
			["{instances: 10}", /spec\.instances: Invalid value: 10: .*should be less than or equal to 9/],
			["{instances: 1, minSync: 1}", /spec: Invalid value: "object": fewer must agree than there are/],
			["{storage: {size: huge}}", /spec\.storage: Invalid value: "object": sizes are quantities/],
			["{parameters: {a: b, c: d, e: f, g: h}}", /spec\.parameters: Too many: 4: must have at most 3 items/],
			["{addresses: [nowhere]}", /spec\.addresses\[0\]: Invalid value: "string": no address/],
			["{bootstrap: {}}", /spec\.bootstrap in body should have at least 1 properties/],
			[
				"{bootstrap: {initdb: {database: postgres}}}",
				/"spec\.bootstrap\.initdb\.database" must not validate the schema \(not\)/,
			],
			[
				"{storageClass: {kind: ephemeral, claim: c}}",
				/"spec\.storageClass" must validate one and only one schema \(oneOf\)/,
			],
			[
				"{match: {exact: a, prefix: b}}",
				/"spec\.match" must validate one and only one schema \(oneOf\)\. Found 2 valid alternatives/,
			],
			["{certificate: '%'}", /spec\.certificate: Invalid value: .*must be of type byte/],
			["{contact: nobody, id: 1-2, site: x y}", /must be of type email(?:.*\n)*.*must be of type uuid/],
		],
		changes: [
			["three", '{"storage":{"size":"20Gi"}}', PATCHED],
			["three", '{"storage":{"size":"15000Mi"}}', /storage does not shrink/],
		],
		shown: {
			"get clusters.operators.example.com": /^NAME +INSTANCES +PRIMARY\nformats +1 +\nthree +3/,
			"explain clusters.spec.storage --api-version=operators.example.com/v1": /pvcTemplate\t<Object>/,
		},
	},
};

const manifest = (kind: string, version: string, name: string, spec: string) =>
	`apiVersion: operators.example.com/${version}\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;

for (const [kind, { version, valid, invalid = [], changes = [], shown }] of Object.entries(CASES)) {
	test(kind, async (t) => {
		const plural = `${kind.toLowerCase()}s.operators.example.com`;
		const documents = Object.entries(valid).map(([name, spec]) => manifest(kind, version, name, spec));
		const made = await kubectl("apply -f -", documents.join("---\n"));
		t.is(made.match(/ created$/gm)?.length, documents.length, made);
		const same = await kubectl("apply -f -", documents.join("---\n"));
		t.is(same.match(/ (?:unchanged|configured)$/gm)?.length, documents.length, same);
		const again = await kubectl("apply --server-side --force-conflicts -f -", documents.join("---\n"));
		t.is(again.match(/ serverside-applied$/gm)?.length, documents.length, again);
		for (const [spec, told] of invalid) {
			t.regex(await kubectl("create -f -", manifest(kind, version, "wrong", spec)), told, spec);
		}
		for (const [name, spec, told] of changes) {
			t.regex(await kubectl(`patch ${plural} ${name} --type=merge -p '{"spec":${spec}}'`), told, spec);
		}
		for (const [line, pattern] of Object.entries(shown)) t.regex(await kubectl(line), pattern, line);
	});
}

test("what is applied again is unchanged, and no condition complains", async (t) => {
	t.is((await kubectl(`apply -f ${FOLDER}`)).match(/ unchanged$/gm)?.length, PLURALS.length);
	const crds = await kubectl(
		"get crd -o jsonpath={range.items[*]}{.metadata.name}{.status.conditions[?(@.status=='False')].type}{end}",
	);
	t.notRegex(crds, /NonStructural|Terminating/);
});

test("a definition of half a megabyte", async (t) => {
	const leaf = {
		type: "string",
		description: "What is wanted here, said at some length, as generated documents do. ".repeat(4),
	};
	const fields = (depth: number): object => ({
		type: "object",
		properties: Object.fromEntries(
			Array.from({ length: 6 }, (_, index) => [`field${index}`, depth ? fields(depth - 1) : leaf]),
		),
	});
	const big = {
		apiVersion: "apiextensions.k8s.io/v1",
		kind: "CustomResourceDefinition",
		metadata: { name: "bigs.operators.example.com" },
		spec: {
			group: "operators.example.com",
			scope: "Namespaced",
			names: { plural: "bigs", singular: "big", kind: "Big", listKind: "BigList" },
			versions: [
				{
					name: "v1",
					served: true,
					storage: true,
					schema: { openAPIV3Schema: { type: "object", properties: { spec: fields(3) } } },
				},
			],
		},
	};
	const text = JSON.stringify(big);
	t.true(text.length > 400_000, `${text.length}`);
	t.regex(await kubectl("apply -f -", text), /Too long|too long/, "the annotation of client-side apply");
	const start = performance.now();
	await kubectl.must("apply --server-side -f -", text);
	await kubectl.must("wait --for=condition=Established crd/bigs.operators.example.com --timeout=10s");
	const established = performance.now();
	await kubectl.must("apply -f -", manifest("Big", "v1", "one", "{field0: {field1: {field2: {field3: x}}}}"));
	t.regex(await kubectl("explain big.spec.field0.field1"), /field5\t<Object>/);
	t.log(
		`established in ${Math.round(established - start)} ms, used in ${Math.round(performance.now() - established)} ms`,
	);
});
