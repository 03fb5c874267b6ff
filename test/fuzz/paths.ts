/** Requests whose paths are bent. */
import type { Attack } from "./attack.ts";
import { headers } from "./queries-and-headers.ts";
import { NAME, NAMESPACE } from "./samples.ts";

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

export const path: Attack = (random, samples) => {
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
