/** Makes the kernel forget stale UDP flows, with the host's `conntrack` program where there is one. */
import { networkInterfaces } from "node:os";
import type { Logger } from "@berth/api";
import { ProgramMissing, type Run } from "../host/run.ts";
import { isUnchanged, parseFlows, staleFlows, type UdpEntrances } from "./flows.ts";

export interface FlowFlusher {
	/** Call after the rules have changed. `always` looks even where nothing changed, as after a restart. */
	flush(before: UdpEntrances, after: UdpEntrances, always: boolean): Promise<void>;
}

export function createFlowFlusher({ run, log }: { run: Run; log: Logger }): FlowFlusher {
	let missing = false;

	async function flush(before: UdpEntrances, after: UdpEntrances, always: boolean): Promise<void> {
		if (missing || (!always && isUnchanged(before, after))) return;
		const listed = await run("conntrack", ["-L", "-p", "udp"]);
		if (listed.code !== 0) throw new Error(`conntrack cannot list flows: ${listed.stderr}`);
		const own = new Set(
			Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)),
		);
		const stale = staleFlows(parseFlows(listed.stdout), before, after, (address) => own.has(address));
		for (const { address, port, answeredBy, answeredPort } of stale) {
			const target = ["--orig-dst", address, "--dport", `${port}`, "--reply-src", answeredBy];
			const replyPort = ["--reply-port-src", `${answeredPort}`];
			// Exit code 1: gone by itself in the meantime.
			await run("conntrack", ["-D", "-p", "udp", ...target, ...replyPort]);
		}
		if (stale.length > 0) log.debug({ flows: stale.length }, "stale UDP flows forgotten");
	}

	return {
		flush: async (before, after, always) => {
			try {
				await flush(before, after, always);
			} catch (error) {
				if (!(error instanceof ProgramMissing)) throw error;
				missing = true;
				log.warn(
					{},
					"this host has no conntrack program: UDP clients may keep sending to backends that are gone; install the package conntrack",
				);
			}
		},
	};
}
