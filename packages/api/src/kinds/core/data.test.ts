import test from "ava";
import { completed, refusals, row, sampleMeta, updateRefusals } from "../testing/samples.ts";
import { base64Length, base64OfText, textOfBase64, utf8Length } from "./base64.ts";
import { ConfigMap } from "./config-map.ts";
import { Secret } from "./secret.ts";
import { ServiceAccount } from "./service-account.ts";

const map = (extra: Partial<ConfigMap>): ConfigMap => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: sampleMeta("settings"),
	...extra,
});
const secret = (extra: Partial<Secret>): Secret => ({
	apiVersion: "v1",
	kind: "Secret",
	metadata: sampleMeta("keys"),
	...extra,
});

test("prints the number of keys", (t) => {
	t.deepEqual(row(ConfigMap, map({ data: { a: "1", b: "2" }, binaryData: { c: "AA==" } })), {
		Data: 3,
		Age: "5m",
	});
	t.deepEqual(row(Secret, secret({ type: "Opaque", data: { a: "AA==" } })), {
		Type: "Opaque",
		Data: 1,
		Age: "5m",
	});
	const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: sampleMeta("default") };
	t.deepEqual(row(ServiceAccount, account), { Age: "5m" });
});

test("text becomes data", (t) => {
	const whole = completed(
		Secret,
		secret({ data: { a: "AA==", b: "AA==" }, stringData: { b: "grüße", __proto__x: "" } }),
	);
	t.deepEqual(whole.data, { a: "AA==", b: "Z3LDvMOfZQ==", __proto__x: "" });
	t.false("stringData" in whole);
	t.is(whole.type, "Opaque");
});

test("a key named like the prototype is a key like others", (t) => {
	const data = JSON.parse('{"__proto__":"x"}') as Record<string, string>;
	const whole = completed(Secret, secret({ stringData: data }));
	t.deepEqual(Object.keys(whole.data ?? {}), ["__proto__"]);
	t.is(({} as Record<string, unknown>).x, undefined);
});

test("config map: keys, doubles and size", (t) => {
	t.deepEqual(
		refusals(ConfigMap, map({ data: { "a/b": "1", c: "2" }, binaryData: { c: "AA==", "..": "" } })),
		[
			"data[a/b]: Invalid value: \"a/b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
			'data[c]: Invalid value: "c": duplicate of key present in binaryData',
			"binaryData[..]: Invalid value: \"..\": must not be '..'",
		],
	);
	const half = "x".repeat(512 * 1024);
	t.deepEqual(refusals(ConfigMap, map({ data: { a: half, b: half } })), []);
	t.deepEqual(refusals(ConfigMap, map({ data: { a: half, b: `${half}x` } })), [
		": Too long: may not be more than 1048576 bytes",
	]);
});

test("what is immutable stays, and stays immutable", (t) => {
	const fixed = "Forbidden: field is immutable when `immutable` is set";
	t.deepEqual(
		updateRefusals(ConfigMap, map({ data: { a: "2" } }), map({ immutable: true, data: { a: "1" } })),
		[`immutable: ${fixed}`, `data: ${fixed}`],
	);
	t.deepEqual(
		updateRefusals(Secret, secret({ immutable: true, data: { a: "AA==" } }), secret({ immutable: true })),
		[`data: ${fixed}`],
	);
	t.deepEqual(updateRefusals(Secret, secret({ type: "a/b" }), secret({})), [
		'type: Invalid value: "a/b": field is immutable',
	]);
});

const typed: [type: string, data: Record<string, string>, expected: string[]][] = [
	["kubernetes.io/tls", {}, ["data[tls.crt]: Required value", "data[tls.key]: Required value"]],
	["kubernetes.io/basic-auth", {}, ["data[username]: Required value", "data[password]: Required value"]],
	["kubernetes.io/basic-auth", { username: "" }, []],
	["kubernetes.io/ssh-auth", { "ssh-privatekey": "" }, ["data[ssh-privatekey]: Required value"]],
	["kubernetes.io/dockerconfigjson", {}, ["data[.dockerconfigjson]: Required value"]],
	["kubernetes.io/dockerconfigjson", { ".dockerconfigjson": "e30=" }, []],
	[
		"kubernetes.io/dockercfg",
		{ ".dockercfg": "eA==" },
		['data[.dockercfg]: Invalid value: "<secret contents redacted>": invalid character in JSON'],
	],
	[
		"kubernetes.io/service-account-token",
		{},
		["metadata.annotations[kubernetes.io/service-account.name]: Required value"],
	],
	["example.com/anything", {}, []],
];
for (const [type, data, expected] of typed)
	test(`secrets of type ${type} with ${Object.keys(data)}`, (t) =>
		t.deepEqual(refusals(Secret, secret({ type, data })), expected));

test("base64", (t) => {
	const long = "ä".repeat(20000);
	t.is(textOfBase64(base64OfText(long)), long);
	t.is(base64Length(base64OfText(long)), utf8Length(long));
	for (const text of ["", "a", "ab", "abc"]) t.is(base64Length(base64OfText(text)), text.length);
	t.is(textOfBase64("/w=="), undefined);
	t.is(textOfBase64("%"), undefined);
});
