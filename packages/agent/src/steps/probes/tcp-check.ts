/** Does anybody listen? */
import { connect } from "node:net";
import type { TCPSocketAction } from "@berth/api";
import { type CheckResult, type CheckTarget, dialError, failed, PASSED, portOf } from "./result.ts";

/** Resolves as soon as a connection is there; the signal is the timeout. */
export function checkTcp(
	action: TCPSocketAction,
	target: CheckTarget,
	signal: AbortSignal,
): Promise<CheckResult> {
	const host = action.host || target.host;
	const port = portOf(action.port, target);
	if (port === undefined) return Promise.resolve(failed(`couldn't find port: ${action.port}`));
	return new Promise((resolve) => {
		const socket = connect({ host, port });
		const end = (result: CheckResult) => {
			signal.removeEventListener("abort", expire);
			socket.destroy();
			resolve(result);
		};
		const expire = () => end(failed(`dial tcp ${host}:${port}: i/o timeout`));
		socket.once("connect", () => end(PASSED));
		socket.once("error", (error) => end(failed(dialError(error, host, port))));
		if (signal.aborted) expire();
		else signal.addEventListener("abort", expire, { once: true });
	});
}
