/** What no answer may be, whatever was asked. */
import type { Ask, Reply, Road } from "./road.ts";

/** What is wrong with an answer; undefined when nothing is. */
export function faultOf(ask: Ask, reply: Reply): string | undefined {
	const said = `${reply.code} ${reply.text().slice(0, 600)}`;
	if ("x-injected" in reply.headers) return `a header was injected: ${said}`;
	if (reply.code === 0 || (reply.code >= 500 && !mayFail(ask, reply))) return said;
	if (reply.code < 400 || ask.method === "HEAD") return undefined;
	if (!reply.headers["content-type"]?.startsWith("application/json")) return undefined;
	const status = parsed(reply);
	if (status === undefined) return `not JSON: ${said}`;
	return undefined;
}

/** Others may be at fault: those that are asked on the way, and those that are asked too much. */
function mayFail({ path }: Ask, reply: Reply): boolean {
	const text = reply.text();
	if (reply.code === 500)
		return /failed calling (?:webhook|admission)|conversion webhook|webhook .* failed/.test(text);
	if (reply.code === 502) return /\/proxy|\/log|\/exec|\/attach|\/portforward/.test(path);
	if (reply.code === 503 || reply.code === 504) return true;
	return reply.code === 501;
}

function parsed(reply: Reply): unknown {
	try {
		return JSON.parse(reply.text());
	} catch {
		return undefined;
	}
}

/** Errors of programming in what the server logged. */
export const blunders = (log: string): readonly string[] => [
	...new Set(
		log
			.split("\n")
			.filter((line) =>
				/TypeError|ReferenceError|RangeError|SyntaxError|ERR_[A-Z]|not a function|Cannot read prop/.test(
					line,
				),
			)
			.map((line) => line.slice(0, 900)),
	),
];

/** A fresh object has exactly the fields that it should: nobody has written to what all objects share. */
export async function canary(road: Road): Promise<string | undefined> {
	const { code, text } = await road.ask({
		method: "POST",
		path: "/api/v1/namespaces/default/configmaps?dryRun=All",
		body: '{"metadata":{"generateName":"canary-"}}',
	});
	if (code === 429 || code === 503) return undefined;
	if (code !== 201) return `the canary is refused: ${code} ${text().slice(0, 300)}`;
	const { kind, apiVersion, metadata, ...rest } = JSON.parse(text());
	const { name, generateName, namespace, uid, creationTimestamp, managedFields, resourceVersion, ...more } =
		metadata;
	const foreign = [...Object.keys(rest), ...Object.keys(more)];
	return foreign.length ? `a fresh object has ${foreign.join(", ")}` : undefined;
}

/** Asks for something small over and over, as another client would; tells the longest wait in milliseconds. */
export function bystander(road: Road, stopped: AbortSignal): Promise<number> {
	return (async () => {
		let longest = 0;
		while (!stopped.aborted) {
			const began = performance.now();
			await road.ask({ method: "GET", path: "/api/v1/namespaces/default" }).catch(() => {});
			longest = Math.max(longest, performance.now() - began);
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		return longest;
	})();
}

/** True when the server answers `/readyz`. */
export const lives = (road: Road): Promise<boolean> =>
	road.ask({ method: "GET", path: "/readyz" }).then(
		({ code }) => code === 200,
		() => false,
	);
