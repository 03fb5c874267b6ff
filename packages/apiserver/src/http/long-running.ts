/** Which requests may stay open: they are not counted against the limits of the others and have no deadline. */
import type { RequestInfo } from "./request-info.ts";
import { isTrue } from "./request-info.ts";

const STREAMS = new Set(["attach", "exec", "portforward", "proxy"]);

export function isLongRunning(request: RequestInfo): boolean {
	if (request.type === "path") return false;
	const { verb, subresource = "" } = request.info;
	return (
		verb === "watch" ||
		STREAMS.has(subresource) ||
		(subresource === "log" && isTrue(request.query.get("follow")))
	);
}
