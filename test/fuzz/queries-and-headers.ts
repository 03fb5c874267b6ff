/** What stands around a body: hostile queries and headers. */
import type { Random } from "./random.ts";
import { TEXTS } from "./values.ts";

export const PROTOBUF = "application/vnd.kubernetes.protobuf";
export const PATCHES = [
	"application/json-patch+json",
	"application/merge-patch+json",
	"application/strategic-merge-patch+json",
	"application/apply-patch+yaml",
] as const;
export const ACCEPTS = [
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

export function query(random: Random): string {
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

export function headers(random: Random): Record<string, string> {
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
