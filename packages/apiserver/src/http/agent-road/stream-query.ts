/** The queries of exec, attach and port-forward in the agent's form. Pure. */
import { badRequest } from "@berth/api";
import { isTrue } from "../request-info.ts";

/** Kubernetes' names on the outside, the kubelet's on the inside. */
const STREAMS = [
	["stdin", "input"],
	["stdout", "output"],
	["stderr", "error"],
	["tty", "tty"],
] as const;

/** Throws BadRequest when no stream, or for exec no command, is asked for. */
export function streamQuery(subresource: "exec" | "attach", query: URLSearchParams): URLSearchParams {
	const result = new URLSearchParams();
	const commands = query.getAll("command");
	if (subresource === "exec") {
		if (!commands.length) throw badRequest("you must specify at least one command for the container");
		for (const command of commands) result.append("command", command);
	}
	const wanted = STREAMS.filter(([outside]) => isTrue(query.get(outside)));
	if (!wanted.some(([outside]) => outside !== "tty")) {
		throw badRequest("you must specify at least 1 of stdin, stdout, stderr");
	}
	for (const [, inside] of wanted) result.set(inside, "1");
	return result;
}

/** Ports come in the query for WebSockets and inside the protocol otherwise. */
export function portForwardQuery(query: URLSearchParams): URLSearchParams {
	const result = new URLSearchParams();
	for (const port of [...query.getAll("ports"), ...query.getAll("port")].flatMap((text) => text.split(","))) {
		const number = Number(port);
		if (!Number.isInteger(number) || number < 1 || number > 65_535) {
			throw badRequest(`port ${JSON.stringify(port)} must be between 1 and 65535`);
		}
		result.append("port", port);
	}
	return result;
}
