import { type Logger, silentLogger } from "@berth/api";
import { removeAddresses } from "./host/addresses.ts";
import { type Run, run as runProgram } from "./host/run.ts";
import { openIptables } from "./iptables/restore.ts";
import { removalTransaction } from "./iptables/transaction.ts";

/**
 * Removes every rule, chain, address and route that the proxy has made in this network namespace. Kernel settings stay:
 * others may count on them by now. Harmless where there is nothing to remove.
 */
export async function cleanupRules({
	log = silentLogger,
	run = runProgram,
}: {
	log?: Logger;
	run?: Run;
} = {}): Promise<void> {
	const iptables = await openIptables({ run, log });
	const removal = removalTransaction(await iptables.find());
	if (removal) await iptables.restore(removal);
	await removeAddresses(run);
}
