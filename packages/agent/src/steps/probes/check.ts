/** One run of a probe. */
import type { Clock, Probe } from "@berth/api";
import type { Streams } from "../../runtime/runtime.ts";
import { checkExec } from "./exec-check.ts";
import { checkGrpc } from "./grpc-check.ts";
import { checkHttp } from "./http-check.ts";
import { type CheckResult, type CheckTarget, failed } from "./result.ts";
import { checkTcp } from "./tcp-check.ts";

export interface CheckOptions {
	readonly runtime: Streams;
	readonly clock: Clock;
	/** The container or the agent ends. */
	readonly signal: AbortSignal;
}

/** Rejects when nothing could be checked: the runtime does not answer, or the signal aborted. */
export async function check(probe: Probe, target: CheckTarget, options: CheckOptions): Promise<CheckResult> {
	const { runtime, clock, signal } = options;
	const seconds = probe.timeoutSeconds || 1;
	const late = new AbortController();
	const cancel = clock.after(seconds * 1000, () => late.abort());
	const either = AbortSignal.any([signal, late.signal]);
	try {
		const result = await checkWith(runtime, probe, target, { signal: either, seconds });
		signal.throwIfAborted();
		return result;
	} finally {
		cancel();
	}
}

async function checkWith(
	runtime: Streams,
	{ exec, httpGet, tcpSocket, grpc }: Probe,
	target: CheckTarget,
	time: { readonly signal: AbortSignal; readonly seconds: number },
): Promise<CheckResult> {
	if (exec) return checkExec(runtime, target.containerId, exec, time);
	if (httpGet) return checkHttp(httpGet, target, time.signal);
	if (tcpSocket) return checkTcp(tcpSocket, target, time.signal);
	if (grpc) return checkGrpc(grpc, target, time.signal);
	return failed("missing probe handler");
}
